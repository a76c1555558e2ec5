"""What moving an alignment to a new sound comes to, for people and programs: spans, words, what is lost and new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from aligner.model import LostPin, Span, Untranscribed
from aligner.retiming.matching import Stretch, gaps
from aligner.retiming.retime import Retimed

_SEEN = 0.01  # seconds; less is no move that anybody notices
_SAME_RATE = 0.0005  # two seconds an hour are no other speed: clocks of machines differ by that


class Fate(StrEnum):
    """What became of a span of sound."""

    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """A span of the ``old`` sound, of the ``new`` one, or of both; ``rate`` is how much faster it is now."""

    fate: Fate
    old: Span | None
    new: Span | None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Shift:
    """How many words were moved ``by`` so many seconds, to a hundredth; of what is faster or slower now, so many at the
    ``most``."""

    words: int
    by: float
    most: float


@dataclass(frozen=True, slots=True)
class Account:
    """All that a person wants to know before, or after, the new sound is taken.

    ``lost`` and ``displaced`` are texts in a row with when they were said; ``found`` is how many words that had no
    sound have some now; ``passages`` what the text lacks of what is new; ``lost_pins`` those that are lost by this.
    """

    rows: tuple[Row, ...]
    shifts: tuple[Shift, ...]
    lost: tuple[tuple[Span, str], ...]
    displaced: tuple[tuple[Span, str], ...]
    found: int
    passages: tuple[Untranscribed, ...]
    lost_pins: tuple[LostPin, ...]


def account_of(made: Retimed) -> Account:
    """What became of an alignment."""
    old, new = made.old, made.alignment
    return Account(
        tuple(rows_of(made.stretches, old.audio.duration, new.audio.duration)),
        tuple(_shifts(made)),
        tuple(_texts(made, made.lost)),
        tuple(_texts(made, made.displaced)),
        len(made.found),
        made.passages,
        new.lost_pins[len(old.lost_pins) :],
    )


def rows_of(stretches: Sequence[Stretch], old: float, new: float) -> Iterator[Row]:
    """The spans of two sounds, which last so long, in order of the new one; what was dropped, after what was before."""
    dropped = gaps([each.old for each in stretches], old)
    yield from (Row(Fate.DROPPED, span, None) for span in dropped if span.start == 0)
    added = gaps([each.new for each in stretches], new)
    parts: list[Stretch | Span] = [*stretches, *added]
    for each in sorted(parts, key=lambda each: each.start if isinstance(each, Span) else each.new.start):
        if isinstance(each, Span):
            yield Row(Fate.ADDED, None, each)
            continue
        edges = each.new.start - each.old.start, each.new.end - each.old.end
        fate = Fate.KEPT if max(map(abs, edges)) < _SEEN else Fate.MOVED
        rate = each.rate if abs(each.rate - 1) > _SAME_RATE else 1.0
        yield Row(fate, each.old, each.new, rate)
        yield from (Row(Fate.DROPPED, span, None) for span in dropped if span.start == each.old.end > 0)


def _shifts(made: Retimed) -> Iterator[Shift]:
    """How far the words of each stretch were moved, those that were moved by the same together, most words first."""
    found: dict[tuple[float, float], int] = {}
    spans = [(was.span, now.span) for was, now in zip(made.old.words, made.alignment.words, strict=True)]
    moves = [(old, new.start - old.start) for old, new in spans if old and new]
    for stretch in made.stretches:
        own = [by for old, by in moves if stretch.old.start <= old.middle < stretch.old.end]
        if own:
            key = round(min(own), 2), round(max(own), 2)
            found[key] = found.get(key, 0) + len(own)
    for (least, most), count in sorted(found.items(), key=lambda each: -each[1]):
        yield Shift(count, least, most)


def _texts(made: Retimed, words: Sequence[int]) -> Iterator[tuple[Span, str]]:
    """The texts of words in a row, with when they were said."""
    for _, run in groupby(enumerate(words), key=lambda each: each[1] - each[0]):
        timed = [made.old.words[k] for _, k in run]
        spans = [each.span for each in timed if each.span]
        if spans:
            span = Span(spans[0].start, max(each.end for each in spans))
            yield span, " ".join(each.word.text for each in timed)
