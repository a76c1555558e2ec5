"""What is searched of an episode: its words, folded, and where each of them stands.

Conventions
-----------
- ``folded`` is the transcript's words in small letters without accents, each part between single spaces: ``l’été :``
  and ``L'Été`` both give `` l ete ``. The part that starts after the k-th space belongs to word ``owners[k]``.
- Times are milliseconds, -1 where a word is not said; one of a heading, a note or a stage direction then starts where
  what follows it is said, and has no end. Offsets are code points of ``text``.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aligner.durations import to_milliseconds
from aligner.model import Alignment, Kind, TimedSegment, TimedWord
from aligner.normalization import fold
from aligner.storage.alignment_json import read_alignment

LARGEST_BYTES = 1 << 26  # of what is searched of an episode; three hours of talk have some 3 MB
_PASSAGE_BYTES = 200  # that one takes in memory, about

Passage = tuple[int, int, str | None]  # its first character, the one after its last, and who speaks


class Words(Protocol):
    """What searching needs of an episode, in memory or as it is kept."""

    @property
    def folded(self) -> str: ...
    @property
    def owners(self) -> Sequence[int]: ...
    @property
    def starts_ms(self) -> Sequence[int]: ...
    @property
    def ends_ms(self) -> Sequence[int]: ...
    @property
    def char_starts(self) -> Sequence[int]: ...
    @property
    def char_ends(self) -> Sequence[int]: ...
    @property
    def segments(self) -> Sequence[int]: ...
    @property
    def passages(self) -> Sequence[Passage]: ...
    @property
    def text(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def speakers(self) -> frozenset[str]: ...


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

    @property
    def size_bytes(self) -> int:
        """The memory that it takes, about."""
        texts = sum(map(sys.getsizeof, (self.folded, self.text, *self.numbers)))
        return texts + len(self.passages) * _PASSAGE_BYTES


def build_of(path: Path) -> Index | None:
    """The words of the alignment at ``path``, for who is a child; None where they are too many.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    """
    index = build(read_alignment(path))
    return index if index.size_bytes <= LARGEST_BYTES else None


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
