"""What differs between two alignments of one sound, small where they differ little: it says nothing of what only moved.

An edit holds what was and what is, so that it can be undone, and is refused where something else stands. What comes
after a splice moves with it: characters of words and segments by those of the text, the segments of words by those of
the segments, the numbers in segments' ids too. ``transcript.segments`` and ``transcript.words`` are those of the
alignment's own, as in every alignment.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from aligner.edits.splices import (
    Shift,
    Splice,
    pairs_in_order,
    parted,
    spliced,
    splices_between,
    text_splices,
    undone_splices,
)
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    EpisodeDetails,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)
from aligner.pins import LostPin, Pin
from aligner.settled import Settled

NOTHING = Alignment(
    language="und",
    episode=EpisodeDetails(),
    audio=AudioFile("", 0.0, ""),
    transcript=Transcript("", "", "", (), ()),
    engine=Engine("", ""),
    coverage=0.0,
    verdict=Verdict.POOR,
    segments=(),
    words=(),
)
"""What an alignment is made from where there was none."""


class Replaced(NamedTuple):
    """What a field held, and what it holds."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Edit:
    """What differs: of the ``text``, of an alignment's ``lists`` by their names, and of its ``fields`` by theirs, those
    of its transcript as ``transcript.file``."""

    text: tuple[Splice[str], ...] = ()
    lists: Mapping[str, tuple[Splice[tuple[Any, ...]], ...]] = field(default_factory=dict)
    fields: Mapping[str, Replaced] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.lists or self.fields)


_STILL = Shift()


@dataclass(frozen=True, slots=True)
class Moves:
    """Where an edit lets characters, segments and words go."""

    chars: Shift = _STILL
    segments: Shift = _STILL
    words: Shift = _STILL


_NOWHERE = Moves()


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
    if moves is _NOWHERE:
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
    if moves is _NOWHERE:
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
    if moves is _NOWHERE:
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

_OF_TRANSCRIPT = tuple(each.name for each in fields(Transcript) if each.name not in ("text", "segments", "words"))
_FIELDS = tuple(each.name for each in fields(Alignment) if each.name not in (*LISTS, "transcript"))


def difference(old: Alignment, new: Alignment) -> Edit:
    """What leads from ``old`` to ``new``."""
    text = text_splices(old.transcript.text, new.transcript.text)
    moves, back = Moves(chars=Shift(text)), Moves(chars=Shift(undone_splices(text)))
    lists: dict[str, tuple[Splice[tuple[Any, ...]], ...]] = {}
    for name, kind in LISTS.items():
        splices = _list_splices(kind, getattr(old, name), getattr(new, name), moves, back)
        if splices:
            lists[name] = splices
        moves, back = _with(moves, name, splices), _with(back, name, undone_splices(splices))
    return with_fields(Edit(text, lists), old, new)


def with_fields(edit: Edit, old: Alignment, new: Alignment) -> Edit:
    """The edit, where it leads from ``old`` to ``new`` in all but fields, with these."""
    before, after = fields_of(old), fields_of(new)
    return replace(edit, fields={k: Replaced(before[k], after[k]) for k in before if before[k] != after[k]})


def applied(alignment: Alignment, edit: Edit) -> Alignment:
    """The alignment after the edit.

    Raises
    ------
    ValueError
        What is to give way does not stand there, or what comes of it is no alignment.
    """
    text = "".join(spliced(alignment.transcript.text, edit.text, lambda i, j, _: alignment.transcript.text[i:j]))
    moves = Moves(chars=Shift(edit.text))
    lists: dict[str, Any] = {}
    for name, kind in LISTS.items():
        items, splices = getattr(alignment, name), edit.lists.get(name, ())
        lists[name] = tuple(spliced(items, splices, _keeper(kind, items, moves)))
        moves = _with(moves, name, splices)
    now = fields_of(alignment)
    for name, (before, after) in edit.fields.items():
        if name not in now or now[name] != before:
            raise ValueError(f"{name} is to be changed from something else than it is")
        now[name] = after
    transcript = Transcript(
        text=text,
        segments=tuple(timed.segment for timed in lists["segments"]),
        words=tuple(timed.word for timed in lists["words"]),
        **{name: now[f"transcript.{name}"] for name in _OF_TRANSCRIPT},
    )
    return Alignment(transcript=transcript, **{name: now[name] for name in _FIELDS}, **lists)


def undone(edit: Edit) -> Edit:
    """The edit that leads back."""
    lists = {name: undone_splices(splices) for name, splices in edit.lists.items()}
    swapped = {name: Replaced(each.after, each.before) for name, each in edit.fields.items()}
    return Edit(undone_splices(edit.text), lists, swapped)


def moves_of(edit: Edit) -> Moves:
    """Where an edit lets everything go."""
    lists = {name: Shift(edit.lists.get(name, ())) for name in ("segments", "words")}
    return Moves(Shift(edit.text), **lists)


def fields_of(alignment: Alignment) -> dict[str, Any]:
    """What an edit tells by the names of fields."""
    told = {name: getattr(alignment, name) for name in _FIELDS}
    return told | {f"transcript.{name}": getattr(alignment.transcript, name) for name in _OF_TRANSCRIPT}


def _with(moves: Moves, name: str, splices: Sequence[Splice[Any]]) -> Moves:
    return replace(moves, **{name: Shift(splices)}) if name in ("segments", "words") else moves


def _list_splices(
    kind: ListKind, old: Sequence[Any], new: Sequence[Any], moves: Moves, back: Moves
) -> tuple[Splice[Any], ...]:
    if old is new and kind.still(moves):
        return ()
    if kind.still(moves):
        moved: Sequence[Any] = old
        found: Sequence[Any] = new
        pairs = pairs_in_order(old, new)
    else:
        moved = [kind.taken(item, i, moves) for i, item in enumerate(old)]
        found = [kind.taken(item, j, _NOWHERE) for j, item in enumerate(new)]
        # What an undone edit would put elsewhere is no record that only moved.
        pairs = (
            (i, j) for i, j in pairs_in_order(moved, found) if kind.place(new[j], back) == kind.place(old[i], _NOWHERE)
        )
    whole = splices_between(old, new, pairs)
    splices: list[Splice[Any]] = []
    for splice, made in zip(whole, undone_splices(whole), strict=True):
        if len(splice.before) == len(splice.after):
            splices.append(splice)
        else:
            sides = moved[splice.at : splice.end], found[made.at : made.end]
            cores = ([each and kind.core(each) for each in side] for side in sides)
            splices += parted(splice, pairs_in_order(*cores))
    return tuple(splices)


def _keeper(kind: ListKind, items: Sequence[Any], moves: Moves) -> Callable[[int, int, int], Sequence[Any]]:
    def kept(start: int, stop: int, place: int) -> Sequence[Any]:
        if kind.still(moves):
            return items[start:stop]
        taken = [kind.taken(items[i], i, moves) for i in range(start, stop)]
        if None in taken:
            raise ValueError(
                f"what stands at {start + taken.index(None)} cannot stay there, and nothing takes its place"
            )
        return [kind.put(each, place + k) for k, each in enumerate(taken)]

    return kept
