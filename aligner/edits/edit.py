"""What differs between two alignments of one sound, small where they differ little: it says nothing of what only moved.

An edit holds what was and what is, so that it can be undone, and is refused where something else stands. What comes
after a splice moves with it: characters of words and segments by those of the text, the segments of words by those of
the segments, the numbers in segments' ids too. ``transcript.segments`` and ``transcript.words`` are those of the
alignment's own, as in every alignment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

from aligner.edits.lists import LISTS, NOWHERE, ListKind, Moves
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
    Transcript,
    Verdict,
)

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
        found = [kind.taken(item, j, NOWHERE) for j, item in enumerate(new)]
        # What an undone edit would put elsewhere is no record that only moved.
        pairs = (
            (i, j) for i, j in pairs_in_order(moved, found) if kind.place(new[j], back) == kind.place(old[i], NOWHERE)
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
