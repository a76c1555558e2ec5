"""Render a page for each saved quote: its words, speaker and audio, and metadata for link previews."""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass

from aligner.errors import QuoteError
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.publishing import PODCAST_LUFS
from aligner.publishing.audiograms import quote_card
from aligner.publishing.clips import clip_bytes, in_quotation_marks
from aligner.publishing.excerpt import Source, cut_audio
from aligner.publishing.screens import StyleChoices
from aligner.quotes.quote import Quote
from aligner.saved_quotes import CurrentQuotes, SavedQuote
from web.quotes.links import link_to, write_fragment
from web.site.style import SiteAudio

_LONGEST = 40  # characters of a name
_OTHERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class PublishedQuote:
    """A saved quote to publish. ``name`` is the name of its files without extension. ``cited`` is the text with
    quotation marks; in a dialogue, each line starts with its speaker's name. ``fragment`` follows ``#`` in links."""

    name: str
    quote: Quote
    speaker: str | None
    cited: str
    is_dialogue: bool
    fragment: str


def published_quotes(alignment: Alignment, saved_quotes: CurrentQuotes) -> tuple[PublishedQuote, ...]:
    """Return the saved quotes that are spoken in the audio, in order of time."""
    found: dict[str, PublishedQuote] = {}
    for saved, quote in sorted(saved_quotes.spoken, key=lambda each: each[1].voice.start):
        name = _name_of(saved)
        speaker = quote.speaker or saved.speaker
        text = in_quotation_marks(quote.printed, alignment.language)
        fragment = write_fragment(link_to(alignment, quote.words))
        found.setdefault(name, PublishedQuote(name, quote, speaker, text, quote.printed.is_dialogue, fragment))
    return tuple(found.values())


def files_of(
    saved: PublishedQuote, alignment: Alignment, source: Source | None, style: StyleChoices
) -> dict[str, bytes]:
    """Return a quote's picture and audio by path. The picture is left out if it cannot be drawn, the audio if the quote
    is too long for a clip or ``source`` is None. Raises MediaError if the audio, a font or a picture is unreadable."""
    files: dict[str, bytes] = {}
    with contextlib.suppress(QuoteError):
        files[f"q/{saved.name}.png"] = quote_card(alignment, saved.quote, style)
    if source is not None:
        with contextlib.suppress(QuoteError):
            files[f"q/{saved.name}.mp3"], _ = clip_bytes(cut_audio(source, saved.quote), ".mp3", PODCAST_LUFS)
    return files


def audio_address(saved: PublishedQuote, audio: SiteAudio, has_clip: bool) -> str:
    """Return the address of the audio that a quote's page plays. If ``has_clip`` is true this is the quote's own clip,
    otherwise the episode's audio with a time range (W3C Media Fragments 1.0, 4.2.1)."""
    if has_clip:
        return f"{saved.name}.mp3"
    address = f"../{audio.address}" if audio.file else audio.address.partition("#")[0]
    return f"{address}#t={saved.quote.voice.start:.2f},{saved.quote.voice.end:.2f}"


def hyphenated(text: str, longest: int) -> str:
    """Return the words of a text in lower case, without accents and joined by hyphens, as in ``c-est-l-ete``, in at
    most ``longest`` characters. The result is safe in file names and addresses."""
    name = "-".join(filter(None, _OTHERS.split(fold(text[:400], " "))))
    return name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]


def _name_of(saved: SavedQuote) -> str:
    """Return a name for a saved quote's files. The name stays the same if the transcript changes."""
    digits = hashlib.sha256(saved.id.encode("utf-8", "replace")).hexdigest()[:6]
    return "-".join(filter(None, [hyphenated(saved.text, _LONGEST), digits]))
