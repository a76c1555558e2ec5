"""A page for each kept quote: its words, who says them, its sound, and all by which a link to it unfolds elsewhere."""

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
from aligner.publishing.clips import clip_bytes, with_marks
from aligner.publishing.excerpt import Source, cut_audio
from aligner.publishing.screens import StyleChoices
from aligner.quotes.quote import Quote
from aligner.saved_quotes import CurrentQuotes, SavedQuote
from web.quotes.links import link_to, write_fragment
from web.site.looks import SiteSound

_LONGEST = 40  # letters of a name
_OTHERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote that is published: ``name`` is that of its files, without an ending; ``cited`` its text between marks, a
    line for each paragraph, in a dialogue after who says it; ``fragment`` leads to it on the episode's page."""

    name: str
    quote: Quote
    speaker: str | None
    cited: str
    is_dialogue: bool
    fragment: str


def kept_quotes(alignment: Alignment, those: CurrentQuotes) -> tuple[KeptQuote, ...]:
    """Those quotes that are said, in order of time."""
    found: dict[str, KeptQuote] = {}
    for kept, quote in sorted(those.spoken, key=lambda each: each[1].voice.start):
        name = _name_of(kept)
        speaker = quote.speaker or kept.speaker
        text = with_marks(quote.printed, alignment.language)
        fragment = write_fragment(link_to(alignment, quote.words))
        found.setdefault(name, KeptQuote(name, quote, speaker, text, quote.printed.is_dialogue, fragment))
    return tuple(found.values())


def files_of(kept: KeptQuote, alignment: Alignment, source: Source | None, look: StyleChoices) -> dict[str, bytes]:
    """A quote's picture and, where there is a ``source``, its sound, by path below the folder; what of them cannot be
    drawn, as of a heading, or is longer than a clip may be, is left out. Raises MediaError: the sound cannot be read,
    or a font or picture of the ``look``."""
    files: dict[str, bytes] = {}
    with contextlib.suppress(QuoteError):
        files[f"q/{kept.name}.png"] = quote_card(alignment, kept.quote, look)
    if source is not None:
        with contextlib.suppress(QuoteError):
            files[f"q/{kept.name}.mp3"], _ = clip_bytes(cut_audio(source, kept.quote), ".mp3", PODCAST_LUFS)
    return files


def sound_of(kept: KeptQuote, sound: SiteSound, has_clip: bool) -> str:
    """The address of a quote's sound, seen from its page: its clip, else that part of the episode's (W3C Media
    Fragments 1.0, 4.2.1)."""
    if has_clip:
        return f"{kept.name}.mp3"
    address = f"../{sound.address}" if sound.file else sound.address.partition("#")[0]
    return f"{address}#t={kept.quote.voice.start:.2f},{kept.quote.voice.end:.2f}"


def hyphenated(text: str, longest: int) -> str:
    """Return the words of a text with hyphens between, safe in folders and addresses, as many as there is room for:
    ``c-est-l-ete``."""
    name = "-".join(filter(None, _OTHERS.split(fold(text[:400], " "))))
    return name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]


def _name_of(kept: SavedQuote) -> str:
    """Return a name that stays while a quote is kept, whatever becomes of the transcript."""
    digits = hashlib.sha256(kept.id.encode("utf-8", "replace")).hexdigest()[:6]
    return "-".join(filter(None, [hyphenated(kept.text, _LONGEST), digits]))
