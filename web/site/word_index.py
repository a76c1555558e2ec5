"""What is searched of an episode: its words, folded, and where each of them stands.

Conventions
-----------
- ``folded`` is the transcript's words in small letters without accents, each part between single spaces: ``l’été :``
  and ``L'Été`` both give `` l ete ``. The part that starts after the k-th space belongs to word ``owners[k]``.
- Times are milliseconds, -1 where a word is not said; one of a heading, a note or a stage direction then starts where
  what follows it is said, and has no end. Offsets are code points of ``text``.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from aligner.durations import to_milliseconds
from aligner.languages import language_of
from aligner.model import Alignment, Kind, TimedSegment, TimedWord
from aligner.normalization import fold
from aligner.typography import ends_sentence

BEFORE, AFTER = 100, 140  # characters of a snippet around what was found
_WORD = re.compile(r"\S+\s*")

Passage = tuple[int, int, str | None]  # its first character, the one after its last, and who speaks


if TYPE_CHECKING:
    Numbers = array[int]
else:  # by which results are decoded: arrays have no type of their items before Python 3.12
    Numbers = array


@dataclass(frozen=True, slots=True)
class Index:
    """The words of an alignment; ``passages`` are its segments, ``segments`` the number of that of each word."""

    folded: str
    owners: Numbers
    starts_ms: Numbers
    ends_ms: Numbers
    char_starts: Numbers
    char_ends: Numbers
    segments: Numbers
    passages: Sequence[Passage]
    text: str
    sha256: str
    language: str

    @property
    def numbers(self) -> tuple[Numbers, ...]:
        """What is told of each part and each word."""
        return self.owners, self.starts_ms, self.ends_ms, self.char_starts, self.char_ends, self.segments

    @property
    def speakers(self) -> frozenset[str]:
        """All who speak by name."""
        return frozenset(speaker for _, _, speaker in self.passages if speaker)


def build(alignment: Alignment) -> Index:
    """The words of any alignment."""
    parts = [fold(timed.word.text, " ").split() for timed in alignment.words]
    return Index(
        folded=" " + "".join(f"{part} " for word in parts for part in word),
        owners=_narrow([k for k, word in enumerate(parts) for _ in word]),
        starts_ms=_narrow([_start_ms(w, alignment.segments[w.word.segment]) for w in alignment.words]),
        ends_ms=_narrow([to_milliseconds(w.span.end) if w.span else -1 for w in alignment.words]),
        char_starts=_narrow([w.word.char_start for w in alignment.words]),
        char_ends=_narrow([w.word.char_end for w in alignment.words]),
        segments=_narrow([w.word.segment for w in alignment.words]),
        passages=[(s.segment.char_start, s.segment.char_end, s.segment.speaker) for s in alignment.segments],
        text=alignment.transcript.text,
        sha256=alignment.transcript.sha256,
        language=alignment.language,
    )


def _start_ms(word: TimedWord, within: TimedSegment) -> int:
    if word.span:
        return to_milliseconds(word.span.start)
    return -1 if within.segment.kind is Kind.SPEECH or within.start is None else to_milliseconds(within.start)


def _narrow(numbers: Sequence[int]) -> Numbers:
    """The numbers with as few bytes as hold each."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    kind = "H" if least >= 0 and most < 1 << 16 else "i" if least >= -(1 << 31) and most < 1 << 31 else "q"
    return array(kind, numbers)


def sentence_ends(text: str, language: str) -> list[int]:
    """Where sentences end in a piece of text that goes on after them, spaces included."""
    known = language_of(language).captioning
    pairs = pairwise(_WORD.finditer(text))
    return [word.end() for word, following in pairs if ends_sentence(word[0].rstrip(), following[0], known)]
