"""Saved quotes: read and write ``quotes.json`` in an episode's folder, and locate its quotes in the current transcript.

When quotecast edits the text, the old and the new text are known, and ``carry_over_quotes`` updates the locations of
the quotes. If the text was changed by other means, ``locate`` searches for the words of each quote. A quote that cannot
be located is lost, but its text is kept. If a similar passage is at the former location, that passage is suggested.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aligner.errors import QuoteError, SavedQuotesError
from aligner.mapping import TextMapping, reading
from aligner.model import HASH_DIGITS, Alignment, Seconds
from aligner.quotes.find import Similarity, text_similarity, words_in
from aligner.quotes.quote import Quote, quote_of_words, read_printed, words_of_chars
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode, encodable, shortened
from aligner.storage.file_names import QUOTES as FILE
from media.safe_fs import read_regular

MOST = 5000  # quotes of an episode
LONGEST = 40_000  # characters of a quote: half an hour of fast speech, as long as a clip can be

_LARGEST_BYTES = 10_000_000
_SAME_QUOTE = 0.5  # share of a quote's words from which edited text is still that quote
_SOME_LEFT = 0.25  # share from which other words replaced it; below, nothing of it is left
_SUGGESTED = 0.6  # similarity from which a passage is suggested for a lost quote

_Term = Annotated[str, Meta(max_length=200)]


class LossReason(StrEnum):
    """The reason why a saved quote is lost. WORDS: other words are in its place. SPEAKER: another person says the
    words. GONE: few or none of the words are left."""

    WORDS = "words"
    SPEAKER = "speaker"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class SavedQuote:
    """A quote as stored in ``quotes.json``.

    ``text`` is the text to print, as it was when saved. ``char_start`` and ``char_end`` are half-open offsets in the
    transcript whose hash starts with ``hash``. ``start`` and ``end`` are seconds of the audio whose hash starts with
    ``audio_hash``, None if the quote is not spoken. ``created`` and ``removed`` are ISO times in UTC. ``lost_in`` is
    the hash of a transcript that lacks the quote; ``nearest`` are the offsets of the most similar passage in that
    transcript, and ``lost_as`` says why the quote is lost.
    """

    id: _Term
    text: str
    speaker: str | None
    char_start: Annotated[int, Meta(ge=0)]
    char_end: int
    start: Seconds | None
    end: Seconds | None
    hash: _Term
    created: _Term
    removed: _Term | None = None
    lost_in: _Term | None = None
    audio_hash: _Term | None = None
    nearest: tuple[int, int] | None = None
    lost_as: LossReason | None = None

    def __post_init__(self) -> None:
        if not self.char_start < self.char_end:
            raise ValueError(f"quote {self.id!r} has no text")


class _File(Struct):
    """The content of ``quotes.json``."""

    format: Literal["quotecast-quotes"]
    version: Literal[1]
    quotes: Annotated[list[SavedQuote], Meta(max_length=MOST)]


def timestamp() -> str:
    """Return the current UTC time as an ISO string, as in ``SavedQuote.created``."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read(folder: Path) -> list[SavedQuote]:
    """Return the quotes saved in a folder; an empty list if there is no file. Raises SavedQuotesError, with the reason
    as its value ``why``, if the file cannot be read or is damaged."""
    try:
        return decode(read_regular(folder / FILE, _LARGEST_BYTES), _File).quotes
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else shortened(error)
        path = folder / FILE
        raise SavedQuotesError("{path}: is damaged ({why}); repair it or move it away", path=path, why=why) from error


def write(folder: Path, quotes: list[SavedQuote]) -> None:
    """Write ``quotes.json`` into a folder. Raises OutputError on failure."""
    write_text(folder / FILE, content_of(quotes))


def content_of(quotes: list[SavedQuote]) -> str:
    """Return the text of ``quotes.json`` with these quotes."""
    file = {"format": "quotecast-quotes", "version": 1, "quotes": [asdict(quote) for quote in quotes]}
    return encodable(json.dumps(file, ensure_ascii=False, indent=1)) + "\n"


@dataclass(frozen=True, slots=True)
class LocatedQuote:
    """A saved quote and the indices of its words in the current transcript. If the quote is lost, ``words`` is None,
    and ``nearest`` are the words of a passage to suggest, None if no passage is similar."""

    quote: SavedQuote
    words: range | None
    nearest: range | None = None


@dataclass(frozen=True, slots=True)
class CurrentQuotes:
    """An episode's saved quotes, in the order in which they were saved; removed quotes are left out. ``spoken`` has the
    quotes found in the transcript and said in the audio, each with its current words. ``lost`` has all others."""

    spoken: tuple[tuple[SavedQuote, Quote], ...] = ()
    lost: tuple[SavedQuote, ...] = ()


def new_quote(alignment: Alignment, words: range) -> SavedQuote:
    """Return a new saved quote that consists of the words with these indices."""
    place = _place(alignment, words)
    return SavedQuote(id=secrets.token_hex(4), text=text_of(alignment, words), created=timestamp(), **place)


def current_quotes(folder: Path, alignment: Alignment) -> CurrentQuotes:
    """Return the quotes saved in ``folder``, located in the alignment's transcript. Nothing is written. Raises
    SavedQuotesError if the file of quotes cannot be read."""
    spoken: list[tuple[SavedQuote, Quote]] = []
    lost: list[SavedQuote] = []
    for quote in locate([each for each in read(folder) if not each.removed], alignment):
        if words := location_of(quote, alignment).words:
            with contextlib.suppress(QuoteError):  # not spoken
                spoken.append((quote, quote_of_words(alignment, words)))
                continue
        lost.append(quote)
    return CurrentQuotes(tuple(spoken), tuple(lost))


def carry_over_quotes(folder: Path, old: Alignment, new: Alignment) -> dict[Path, bytes]:
    """Return the new content of ``quotes.json`` in ``folder`` after an edit from ``old`` to ``new``, as a mapping from
    path to bytes; {} if no quote changes.

    A file that cannot be read is not changed; ``locate`` will search for its quotes later.
    """
    if old.version == new.version:
        return {}
    with contextlib.suppress(SavedQuotesError):
        quotes = read(folder)
        moved = locate(quotes, new, old)
        if moved != quotes:
            return {folder / FILE: content_of(moved).encode("utf-8")}
    return {}


def locate(quotes: Sequence[SavedQuote], alignment: Alignment, old: Alignment | None = None) -> list[SavedQuote]:
    """Return the quotes with their locations in the alignment's transcript, or marked as lost.

    A quote with a location in the transcript of ``old`` is sought first at the corresponding place in the new
    transcript.
    """
    if not any(is_unlocated(quote, alignment) for quote in quotes):
        return list(quotes)
    search = _Search(alignment, old)
    return [search.located(quote) if is_unlocated(quote, alignment) else quote for quote in quotes]


def is_unlocated(quote: SavedQuote, alignment: Alignment) -> bool:
    """Return whether a quote is neither located in the alignment's transcript nor marked as lost or removed."""
    return not quote.removed and alignment.version not in (quote.hash, quote.lost_in)


def location_of(quote: SavedQuote, alignment: Alignment) -> LocatedQuote:
    """Return the words of a quote, if any, as ``locate`` has found them in the alignment's transcript."""
    version = alignment.version
    words = _words(alignment, (quote.char_start, quote.char_end)) if quote.hash == version else None
    nearest = quote.nearest if words is None and quote.lost_in == version else None
    return LocatedQuote(quote, words, _words(alignment, nearest) if nearest else None)


def has_current_audio(quote: SavedQuote, alignment: Alignment) -> bool:
    """Return whether the quote's times refer to the alignment's audio."""
    return quote.audio_hash in (None, alignment.audio.sha256[:HASH_DIGITS])


def text_of(alignment: Alignment, words: range) -> str:
    """Return the text to print for words, without headings and notes, unless all words are in headings and notes."""
    return read_printed(alignment, words).text or " ".join(alignment.words[k].word.text for k in words)


def length_of(alignment: Alignment, words: range) -> int:
    """Return the number of characters from the start of the first word to the end of the last."""
    return alignment.words[words[-1]].word.char_end - alignment.words[words[0]].word.char_start


class _Search:
    """A search for saved quotes in a transcript. If the alignment ``old`` is passed, a quote with a location in its
    transcript is sought first at the corresponding place in the new transcript."""

    def __init__(self, alignment: Alignment, old: Alignment | None) -> None:
        self._alignment = alignment
        self._old_version = old and old.version
        self._mapping = TextMapping(old.transcript, alignment.transcript) if old else None
        self._text = _joined([timed.word.text for timed in alignment.words])
        self._speakers = {timed.segment.speaker for timed in alignment.segments}

    def located(self, quote: SavedQuote) -> SavedQuote:
        """Return the quote with its location in the transcript, or marked as lost."""
        alignment, there = self._alignment, None
        found = list(self._occurrences(quote.text))
        if self._mapping and quote.hash == self._old_version:
            there = _words(alignment, self._mapping.chars(quote.char_start, quote.char_end) or (0, 0))
            exact = [each for each in found if there and each.start < there.stop and there.start < each.stop]
            is_same = exact or (there and self._share_left(quote, there) >= _SAME_QUOTE)
            if there and is_same and not self._has_other_speaker(quote, there):
                return _moved(quote, alignment, (*exact, there)[0])
            # Words that stood elsewhere before are another quote; inserted ones may be this one, moved.
            found = [words for words in found if self._mapping.is_inserted(words)]
        own = [words for words in found if not self._has_other_speaker(quote, words)]
        if len(own) == 1:
            return _moved(quote, alignment, own[0])
        near, nearest = there or next(iter([*own, *found]), None), None
        if near and self._similarity(quote, near).characters >= _SUGGESTED:
            nearest = alignment.words[near[0]].word.char_start, alignment.words[near[-1]].word.char_end
        reason = self._loss_reason(quote, near)
        return replace(quote, lost_in=alignment.version, nearest=nearest, lost_as=reason)

    def _occurrences(self, text: str) -> Iterator[range]:
        """Yield the index ranges at which exactly the words of ``text`` occur."""
        query = _joined(words_in(text))
        at = self._text.find(query) if query.strip() and len(text) <= LONGEST else -1
        while at >= 0:
            first = self._text.count(" ", 0, at)
            yield range(first, first + query.count(" ") - 1)
            at = self._text.find(query, at + len(query) - 1)

    def _loss_reason(self, quote: SavedQuote, near: range | None) -> LossReason:
        share = self._share_left(quote, near) if near else 0.0
        if near and share >= _SAME_QUOTE and self._has_other_speaker(quote, near):
            return LossReason.SPEAKER
        return LossReason.WORDS if share >= _SOME_LEFT else LossReason.GONE

    def _share_left(self, quote: SavedQuote, words: range) -> float:
        """Return the share of the quote's words (0 to 1) that also occur in ``words``."""
        left = self._similarity(quote, words).quote
        return sum(left) / max(1, len(left))

    def _similarity(self, quote: SavedQuote, words: range) -> Similarity:
        return text_similarity(quote.text, text_of(self._alignment, words), self._alignment.language)

    def _has_other_speaker(self, quote: SavedQuote, words: range) -> bool:
        """Return whether another person says ``words``. A speaker renamed in the whole text counts as the same."""
        now, old = _speakers(self._alignment, words), set((quote.speaker or "").split(", ")) - {""}
        return bool(now and old and now.keys() != old and old & self._speakers)


def _moved(quote: SavedQuote, alignment: Alignment, words: range) -> SavedQuote:
    """Return the quote moved to ``words``. If the alignment has no speaker or no times for these words, the quote
    retains its old speaker or times."""
    place = _place(alignment, words)
    place["speaker"] = place["speaker"] or quote.speaker
    if place["start"] is None and has_current_audio(quote, alignment):
        place |= {"start": quote.start, "end": quote.end}
    return replace(quote, **place, lost_in=None, nearest=None, lost_as=None)


def _place(alignment: Alignment, words: range) -> dict[str, Any]:
    spans = [span for k in words if (span := alignment.words[k].span)]
    return {
        "speaker": ", ".join(_speakers(alignment, words)) or None,
        "char_start": alignment.words[words[0]].word.char_start,
        "char_end": alignment.words[words[-1]].word.char_end,
        "start": spans[0].start if spans else None,
        "end": max(span.end for span in spans) if spans else None,
        "hash": alignment.version,
        "audio_hash": alignment.audio.sha256[:HASH_DIGITS],
    }


def _speakers(alignment: Alignment, words: range) -> dict[str, None]:
    """Return the names of the speakers of the words, in order of appearance, as the keys of a dict."""
    names = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return dict.fromkeys(filter(None, names))


def _joined(words: Sequence[str]) -> str:
    """Join words for a text search, without case and punctuation: ``["Well,", "yes!"]`` -> ``" well yes "``."""
    return f" {' '.join(map(reading, words))} "


def _words(alignment: Alignment, chars: tuple[int, int]) -> range | None:
    """Return the words between two character offsets; None if there are none, or their text is too long for a quote."""
    words = words_of_chars(alignment, *chars) if chars[1] - chars[0] <= LONGEST else None
    return words if words and length_of(alignment, words) <= LONGEST else None
