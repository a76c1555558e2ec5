"""A page for each kept quote: its words, who says them, its sound, and all by which a link to it unfolds elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from aligner.errors import QuoteError
from aligner.kept import KeptQuotes
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.publishing.cards import quote_card
from aligner.publishing.clips import clip_bytes
from aligner.publishing.excerpt import Source, cut_sound
from aligner.publishing.platforms import PODCAST_LUFS
from aligner.publishing.post import Wording, between_marks
from aligner.publishing.styles import StyleChoices
from aligner.quotes import Quote
from aligner.saved_quotes import Kept
from media.video.card import CARD
from web.quotes.links import link_to, write_fragment
from web.site.looks import SiteSound

_LONGEST = 40  # letters of a name
# Of the page where another shows it in a frame, in pixels: as wide as there is room, and so high that all of it is seen
# in 343 of a phone's width. quote.css lays it out for that; what is longer than the highest scrolls.
_WIDEST, _HIGHEST, _REST = 600, 720, 340
_LINE, _LETTERS = 28, 31  # height of a line, and how many letters stand on one at the least
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


def kept_quotes(alignment: Alignment, those: KeptQuotes) -> tuple[KeptQuote, ...]:
    """Those quotes that are said, in order of time."""
    found: dict[str, KeptQuote] = {}
    for kept, quote in sorted(those.said, key=lambda each: each[1].voice.start):
        name = _name_of(kept)
        wording, speaker = Wording.of(quote), quote.speaker or kept.speaker
        text = between_marks(wording, alignment.language)
        fragment = write_fragment(link_to(alignment, quote.words))
        found.setdefault(name, KeptQuote(name, quote, speaker, text, wording.is_dialogue, fragment))
    return tuple(found.values())


def files_of(kept: KeptQuote, alignment: Alignment, source: Source | None, look: StyleChoices) -> dict[str, bytes]:
    """A quote's picture and, where there is a ``source``, its sound, by path below the folder; what of them cannot be
    drawn, as of a heading, or is longer than a clip may be, is left out.

    Raises
    ------
    MediaError
        The sound cannot be read, or a font or picture of the ``look``.
    """
    files: dict[str, bytes] = {}
    with contextlib.suppress(QuoteError):
        files[f"q/{kept.name}.png"] = quote_card(alignment, kept.quote, look)
    if source is not None:
        with contextlib.suppress(QuoteError):
            files[f"q/{kept.name}.mp3"], _ = clip_bytes(cut_sound(source, kept.quote), ".mp3", PODCAST_LUFS)
    return files


def embedding(alignment: Alignment, kept: KeptQuote, has_picture: bool, base: str) -> bytes:
    """The oEmbed answer for a quote's page below ``base``, which is a file as all else is (oEmbed 1.0, 2.3.4.4)."""
    episode, height = alignment.episode, frame_height(kept)
    page = f"{base}q/{kept.name}.html#embedded"
    style = f"width: 100%; max-width: {_WIDEST}px; border: 0"
    frame = '<iframe src="{}" width="{}" height="{}" style="{}" title="{}" loading="lazy"></iframe>'
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": kept.cited,
        "author_name": kept.speaker,
        "provider_name": episode.show or episode.title,
        "provider_url": base,
        "html": frame.format(*map(escape, (page, _WIDEST, height, style, kept.cited))),
        "width": _WIDEST,
        "height": height,
    }
    if has_picture:
        picture = {"url": f"{base}q/{kept.name}.png", "width": CARD.width, "height": CARD.height}
        answer |= {f"thumbnail_{name}": value for name, value in picture.items()}
    told = {name: value for name, value in answer.items() if value is not None}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def frame_height(kept: KeptQuote) -> int:
    """How high a frame is in which all of the quote's page is seen, in pixels, as far as the length of the text tells;
    letters of East Asia are twice as wide."""
    widths = (sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in kept.cited.split("\n"))
    return min(_HIGHEST, _REST + _LINE * sum(max(1, -(-width // _LETTERS)) for width in widths))


def sound_of(kept: KeptQuote, sound: SiteSound, has_clip: bool) -> str:
    """The address of a quote's sound, seen from its page: its clip, else that part of the episode's (W3C Media
    Fragments 1.0, 4.2.1)."""
    if has_clip:
        return f"{kept.name}.mp3"
    address = f"../{sound.address}" if sound.file else sound.address.partition("#")[0]
    return f"{address}#t={kept.quote.voice.start:.2f},{kept.quote.voice.end:.2f}"


def hyphenated(text: str, longest: int) -> str:
    """Return the words of a text with hyphens between, safe in folders and addresses, as many as there is room for.

    Examples
    --------
    >>> hyphenated("C’est l’été, déjà !", 11)
    'c-est-l-ete'
    """
    name = "-".join(filter(None, _OTHERS.split(fold(text[:400], " "))))
    return name if len(name) <= longest else name[: longest + 1].rpartition("-")[0] or name[:longest]


def _name_of(kept: Kept) -> str:
    """Return a name that stays while a quote is kept, whatever becomes of the transcript."""
    digits = hashlib.sha256(kept.id.encode("utf-8", "replace")).hexdigest()[:6]
    return "-".join(filter(None, [hyphenated(kept.text, _LONGEST), digits]))
