"""How the records of an alignment's lists move where others were put in or taken out before them.

Characters of words and segments move by those of the text, the segments of words by those of the segments, the words of
pins by those of the words, the numbers in segments' ids too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aligner.edits.splices import Shift
from aligner.model import TimedSegment, TimedWord, Untranscribed, Word
from aligner.pins import LostPin, Pin
from aligner.settled import Settled

_STILL = Shift()


@dataclass(frozen=True, slots=True)
class Moves:
    """Where an edit lets characters, segments and words go."""

    chars: Shift = _STILL
    segments: Shift = _STILL
    words: Shift = _STILL


NOWHERE = Moves()


@dataclass(frozen=True, slots=True)
class ListKind:
    """How the records of a list move, by their places in it.

    ``taken`` gives what of a record stays the same wherever it goes, None where it cannot stay, and ``place`` where it
    goes; ``put`` gives the record again, at a place of the new list; ``still`` is whether no record differs for what
    moved. ``core`` gives, of what ``taken`` gave, what makes it that record though it is said at another time.
    """

    taken: Callable[[Any, int, Moves], Hashable]
    place: Callable[[Any, Moves], tuple[int | None, ...]]
    put: Callable[[Any, int], Any]
    still: Callable[[Moves], bool]
    core: Callable[[Any], Hashable]


def take_segment(timed: TimedSegment, index: int, moves: Moves) -> tuple[TimedSegment, bool] | None:
    """A segment whose id has its number is known without it."""
    segment = timed.segment
    start, end = _place_of_segment(timed, moves)
    if start is None or end is None or start >= end:
        return None
    if (start, end) != (segment.char_start, segment.char_end):
        timed = replace(timed, segment=replace(segment, char_start=start, char_end=end))
    return (replace(timed, id=""), True) if timed.id == _numbered(index) else (timed, False)


def _place_of_segment(timed: TimedSegment, moves: Moves) -> tuple[int | None, int | None]:
    segment = timed.segment
    if moves is NOWHERE:
        return segment.char_start, segment.char_end
    return moves.chars.start(segment.char_start), moves.chars.end(segment.char_end)


def _put_segment(taken: tuple[TimedSegment, bool], index: int) -> TimedSegment:
    timed, is_numbered = taken
    return replace(timed, id=_numbered(index)) if is_numbered else timed


def segment_core(taken: tuple[TimedSegment, bool]) -> Hashable:
    """A segment that was taken, without its times."""
    timed, is_numbered = taken
    return replace(timed, start=None, end=None, confidence=0.0), is_numbered


def _numbered(index: int) -> str:
    return f"s{index}"


def _take_word(timed: TimedWord, _index: int, moves: Moves) -> TimedWord | None:
    if moves is NOWHERE:
        return timed
    word = timed.word
    start, end, segment = _place_of_word(timed, moves)
    if start is None or end is None or segment is None or end - start != word.char_end - word.char_start:
        return None
    if (start, segment) == (word.char_start, word.segment):
        return timed
    return TimedWord(Word(word.text, start, end, segment), timed.span, timed.status, timed.confidence, timed.pinned)


def _place_of_word(timed: TimedWord, moves: Moves) -> tuple[int | None, int | None, int | None]:
    word = timed.word
    if moves is NOWHERE:
        return word.char_start, word.char_end, word.segment
    return moves.chars.start(word.char_start), moves.chars.end(word.char_end), moves.segments.item(word.segment)


def _take_passage(passage: Untranscribed, _index: int, _moves: Moves) -> Untranscribed:
    return passage


def _take_pinned(pin: Pin, _index: int, moves: Moves) -> Pin | None:
    first, stop = _place_of_pinned(pin, moves)
    if first is None or stop is None or first >= stop:
        return None
    return pin if (first, stop) == (pin.words.start, pin.words.stop) else replace(pin, words=range(first, stop))


def _place_of_pinned(pin: Pin, moves: Moves) -> tuple[int | None, int | None]:
    return moves.words.start(pin.words.start), moves.words.end(pin.words.stop)


def _take_lost(pin: LostPin, _index: int, _moves: Moves) -> LostPin:
    return pin


def _take_settled(settled: Settled, _index: int, _moves: Moves) -> Settled:
    return settled


def _nowhere(_record: Any, _moves: Moves) -> tuple[()]:
    return ()


def _put(taken: Any, _index: int) -> Any:
    return taken


def _word_core(taken: TimedWord) -> Word:
    return taken.word


def _all(taken: Hashable) -> Hashable:
    return taken


LISTS: Mapping[str, ListKind] = {
    "segments": ListKind(take_segment, _place_of_segment, _put_segment, lambda moves: False, segment_core),
    "words": ListKind(
        _take_word,
        _place_of_word,
        _put,
        lambda moves: moves.chars.is_still and moves.segments.is_still,
        _word_core,
    ),
    "untranscribed": ListKind(_take_passage, _nowhere, _put, lambda moves: True, _all),
    "pinned_passages": ListKind(_take_pinned, _place_of_pinned, _put, lambda moves: moves.words.is_still, _all),
    "lost_pins": ListKind(_take_lost, _nowhere, _put, lambda moves: True, _all),
    "settled": ListKind(_take_settled, _nowhere, _put, lambda moves: True, _all),
}
"""By the names of an alignment's lists, those first by which others move."""
