"""Saved quotes: where each is in the transcript as it is now, whatever was corrected since.

``follow`` moves the quotes of an episode with a change of its text, while the old text and the new one are both at
hand. Where only the new one is, as after a change from outside, a quote is found by its words (``settled``). A quote
that is found neither way is lost: it keeps its text, and the passage in its old place is suggested if it is like it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.errors import QuoteError, SavedQuotesError
from aligner.mapping import TextMapping, reading
from aligner.model import HASH_DIGITS, Alignment
from aligner.quotes.find import Likeness, text_likeness
from aligner.quotes.quote import Quote, quote_of_words, read_printed, words_of_chars
from aligner.saved_quotes import LONGEST, Kept, Lost, content_of, read, timestamp
from aligner.storage.file_names import QUOTES as FILE

_LEFT = 0.5  # of a quote's words, from which on it is still that quote
_SOME_LEFT = 0.25  # and from which on other words stand in its place, and not nothing of it
_SUGGESTED = 0.6  # of the letters in common with a lost quote, from which on a passage is suggested


@dataclass(frozen=True, slots=True)
class Placed:
    """A saved quote and the words that it now is, None if it is lost; ``nearest`` is then the suggested passage, if
    there is one."""

    kept: Kept
    words: range | None
    nearest: range | None = None


@dataclass(frozen=True, slots=True)
class KeptQuotes:
    """The quotes of an episode that nobody removed: those that are ``said``, as they were saved and as they are now,
    and those that are ``lost`` or not spoken. Both are in the order in which they were saved."""

    said: tuple[tuple[Kept, Quote], ...] = ()
    lost: tuple[Kept, ...] = ()


def kept_now(alignment: Alignment, words: range) -> Kept:
    """Return a new record of words."""
    there = _place(alignment, words)
    return Kept(id=secrets.token_hex(4), text=text_of(alignment, words), created=timestamp(), **there)


def quotes_of(folder: Path, alignment: Alignment) -> KeptQuotes:
    """Return the quotes saved in ``folder`` as ``alignment`` has them; nothing is written.

    Raises SavedQuotesError if their file is damaged, or holds too many.
    """
    said: list[tuple[Kept, Quote]] = []
    lost: list[Kept] = []
    for kept in settled([each for each in read(folder) if not each.removed], alignment):
        words = place_of(kept, alignment).words
        try:
            if words:
                said.append((kept, quote_of_words(alignment, words)))
                continue
        except QuoteError:  # nobody says it
            pass
        lost.append(kept)
    return KeptQuotes(tuple(said), tuple(lost))


def follow(folder: Path, old: Alignment, new: Alignment) -> dict[Path, bytes]:
    """Return the file of the quotes saved in ``folder`` as a change of the text from ``old`` to ``new`` moves them.

    It is empty if none moves. A file that cannot be read stays as it is: its quotes are then found by their words.
    """
    if old.version == new.version:
        return {}
    with contextlib.suppress(SavedQuotesError):
        quotes = read(folder)
        moved = settled(quotes, new, old)
        if moved != quotes:
            return {folder / FILE: content_of(moved).encode("utf-8")}
    return {}


def settled(quotes: Sequence[Kept], alignment: Alignment, old: Alignment | None = None) -> list[Kept]:
    """Return the quotes with the place that each has in this transcript, or marked as lost in it.

    Those of the ``old`` transcript go with their words.
    """
    if not any(is_astray(kept, alignment) for kept in quotes):
        return list(quotes)
    search = _Search(alignment, old)
    return [search.settled(kept) if is_astray(kept, alignment) else kept for kept in quotes]


def is_astray(kept: Kept, alignment: Alignment) -> bool:
    """Return whether it is not yet known where the quote is in this transcript."""
    return not kept.removed and alignment.version not in (kept.hash, kept.lost_in)


def place_of(kept: Kept, alignment: Alignment) -> Placed:
    """Return where a settled quote is in this transcript."""
    version = alignment.version
    words = _words(alignment, (kept.char_start, kept.char_end)) if kept.hash == version else None
    nearest = kept.nearest if words is None and kept.lost_in == version else None
    return Placed(kept, words, _words(alignment, nearest) if nearest else None)


def is_of_sound(kept: Kept, alignment: Alignment) -> bool:
    """Return whether the quote's times are those of the alignment's audio."""
    return kept.sound in (None, alignment.audio.sha256[:HASH_DIGITS])


def text_of(alignment: Alignment, words: range) -> str:
    """Return what is printed of the words."""
    return read_printed(alignment, words).text or as_it_stands(alignment, words)


def as_it_stands(alignment: Alignment, words: range) -> str:
    """Return the words of a heading or a note, of which nothing is printed as a quote is."""
    return " ".join(alignment.words[k].word.text for k in words)


def chars_of(alignment: Alignment, words: range) -> int:
    """Return how many characters there are from the first of the words to the last."""
    return alignment.words[words[-1]].word.char_end - alignment.words[words[0]].word.char_start


class _Search:
    """Finds quotes in a transcript: with the help of the old one, else by their words."""

    def __init__(self, alignment: Alignment, old: Alignment | None) -> None:
        self._alignment = alignment
        self._old_version = old and old.version
        self._mapping = TextMapping(old.transcript, alignment.transcript) if old else None
        self._text = _joined([timed.word.text for timed in alignment.words])
        self._names = {timed.segment.speaker for timed in alignment.segments}

    def settled(self, kept: Kept) -> Kept:
        """Return the quote with its place, or marked as lost."""
        alignment, there, nearest = self._alignment, None, None
        places = list(self._places(kept.text))
        if self._mapping and kept.hash == self._old_version:
            there = _words(alignment, self._mapping.chars(kept.char_start, kept.char_end) or (0, 0))
            whole = [each for each in places if there and each.start < there.stop and there.start < each.stop]
            if there and not self._is_anothers(kept, there) and (whole or self._share_left(kept, there) >= _LEFT):
                return _put_on(kept, alignment, (*whole, there)[0])
            # Words that stood elsewhere before are another quote; those that were inserted may be this one, moved.
            places = [words for words in places if self._mapping.is_inserted(words)]
        own = [words for words in places if not self._is_anothers(kept, words)]
        if len(own) == 1:
            return _put_on(kept, alignment, own[0])
        near = there or next(iter([*own, *places]), None)
        if near and self._likeness(kept, near).letters >= _SUGGESTED:
            nearest = alignment.words[near[0]].word.char_start, alignment.words[near[-1]].word.char_end
        return replace(kept, lost_in=alignment.version, nearest=nearest, lost_as=self._lost_as(kept, near))

    def _places(self, text: str) -> Iterator[range]:
        """Yield where just these words stand."""
        sought = _joined([token for token in text.split() if any(map(str.isalnum, token))])
        at = self._text.find(sought) if sought.strip() and len(text) <= LONGEST else -1
        while at >= 0:
            first = self._text.count(" ", 0, at)
            yield range(first, first + sought.count(" ") - 1)
            at = self._text.find(sought, at + len(sought) - 1)

    def _lost_as(self, kept: Kept, near: range | None) -> Lost:
        share = self._share_left(kept, near) if near else 0.0
        if near and share >= _LEFT and self._is_anothers(kept, near):
            return Lost.SPEAKER
        return Lost.WORDS if share >= _SOME_LEFT else Lost.GONE

    def _share_left(self, kept: Kept, words: range) -> float:
        """Return how many of the quote's words are among those."""
        left = self._likeness(kept, words).quote
        return sum(left) / max(1, len(left))

    def _likeness(self, kept: Kept, words: range) -> Likeness:
        return text_likeness(kept.text, text_of(self._alignment, words), self._alignment.language)

    def _is_anothers(self, kept: Kept, words: range) -> bool:
        """Return whether somebody else says the words; another name is another person if the old name is still used."""
        now, before = _speakers(self._alignment, words), set((kept.speaker or "").split(", ")) - {""}
        return bool(now and before and now.keys() != before and before & self._names)


def _put_on(kept: Kept, alignment: Alignment, words: range) -> Kept:
    """Return the quote as these words; a speaker whom this transcript does not name stays, and so do the times of words
    that it does not time."""
    there = _place(alignment, words)
    there["speaker"] = there["speaker"] or kept.speaker
    if there["start"] is None and is_of_sound(kept, alignment):
        there |= {"start": kept.start, "end": kept.end}
    return replace(kept, **there, lost_in=None, nearest=None, lost_as=None)


def _place(alignment: Alignment, words: range) -> dict[str, Any]:
    """Return the fields of a quote that say where the words are, when they are said, and by whom."""
    spans = [span for k in words if (span := alignment.words[k].span)]
    return {
        "speaker": ", ".join(_speakers(alignment, words)) or None,
        "char_start": alignment.words[words[0]].word.char_start,
        "char_end": alignment.words[words[-1]].word.char_end,
        "start": spans[0].start if spans else None,
        "end": max(span.end for span in spans) if spans else None,
        "hash": alignment.version,
        "sound": alignment.audio.sha256[:HASH_DIGITS],
    }


def _speakers(alignment: Alignment, words: range) -> dict[str, None]:
    """Return the names of who says the words, in order of appearance."""
    names = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return dict.fromkeys(filter(None, names))


def _joined(words: Sequence[str]) -> str:
    """Return the words as they are compared, a space before and after each."""
    return f" {' '.join(map(reading, words))} "


def _words(alignment: Alignment, chars: tuple[int, int]) -> range | None:
    """Return the words between two characters, None if they are more than a quote may hold."""
    words = words_of_chars(alignment, *chars) if chars[1] - chars[0] <= LONGEST else None
    return words if words and chars_of(alignment, words) <= LONGEST else None
