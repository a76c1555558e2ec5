"""Compute, apply, invert and rebase the difference between two states of an alignment.

A state is the decoded JSON of an alignment.json. For the comparison, each position is expressed relative to the item
before it. So inserting a letter changes one word, and not the positions of all later words. A missing field counts as
None, a missing list as an empty list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, compress, count
from operator import ne
from typing import Any

from msgspec import Struct, field, to_builtins

from aligner.errors import CHANGED_MEANWHILE, ConflictError

Content = dict[str, Any]
"""The decoded JSON of an alignment.json; its words may be the records that ``alignment_json`` stores."""

Row = dict[str, Any]

LISTS = ("segments", "words", "untranscribed", "pinned_passages", "lost_pins", "annotations")
_TIMES = ("start", "end", "confidence")
_FROM_WORDS = ("coverage", "verdict")  # computed from the words
_OF_TRANSCRIPT = ("file", "sha256")
_OF_FILE = tuple(f"transcript.{name}" for name in _OF_TRANSCRIPT)  # computed from the text


class Splice(Struct, frozen=True, array_like=True):
    """The replacement of the text or list items ``before`` by ``after``. ``at`` is the index where ``before`` starts in
    the state that is edited."""

    at: int
    before: Any
    after: Any

    @property
    def end(self) -> int:
        return self.at + len(self.before)


class Edit(Struct, frozen=True, omit_defaults=True):
    """The difference between two states: splices of the transcript's ``text``, splices of each of the ``lists``, and
    the old and the new value of each changed field."""

    text: list[Splice] = field(default_factory=list)
    lists: dict[str, list[Splice]] = field(default_factory=dict)
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def difference(old: Content, new: Content) -> Edit:
    """Return the edit that turns ``old`` into ``new``."""
    # Equal words at both ends are skipped: there are many.
    head, tail = _alike(old["words"], new["words"])
    before, after = (_relative(each, head, max(0, tail - 1)) for each in (old, new))
    lists = {name: splices for name in LISTS if (splices := _splices(before[name], after[name]))}
    if "words" in lists:
        lists["words"] = _shifted(lists["words"], head)
    was, now = _fields(old), _fields(new)
    fields = {name: (was.get(name), now.get(name)) for name in [*was, *now] if was.get(name) != now.get(name)}
    return Edit(_splices(old["transcript"]["text"], new["transcript"]["text"]), lists, fields)


def applied(content: Content, *edits: Edit) -> Content:
    """Return the content after applying the edits in order. Raises ValueError if an edit does not fit the content. The
    result is not checked and may be an invalid alignment."""
    words = content.get("words") or []
    head, tail = _untouched(len(words), edits)
    rows, fields, text = _relative(content, head, tail), _fields(content), content["transcript"]["text"]
    for edit in edits:
        lists = {name: edit.lists[name] for name in LISTS if name in edit.lists}
        if "words" in lists:
            lists["words"] = _shifted(lists["words"], -head)
        rows |= {name: _spliced(rows[name], lists[name]) for name in lists}
        for name, (before, after) in edit.fields.items():
            if fields.get(name) != before:
                raise ValueError(f"{name} has another value than the edit expects")
            fields[name] = after
        text = "".join(_spliced(text, edit.text)) if edit.text else text
    transcript = {name: fields.pop(f"transcript.{name}") for name in _OF_TRANSCRIPT}
    made = _absolute(rows, words[head - 1] if head else None)
    made["words"] = [*words[:head], *made["words"], *words[len(words) - tail :]]
    joined = {**fields, **made, "transcript": {**content["transcript"], **transcript, "text": text}}
    return {name: value for name, value in joined.items() if value is not None}


def undone(edit: Edit) -> Edit:
    """Return the inverse of the edit. Applied to the new state, the inverse restores the old state."""
    lists = {name: _undone(splices) for name, splices in edit.lists.items()}
    return Edit(_undone(edit.text), lists, {name: (after, before) for name, (before, after) in edit.fields.items()})


def rebased(edit: Edit, later: Edit) -> Edit:
    """Return ``edit`` rebased, so that it can be applied after a ``later`` edit.

    If both edits change the time of a segment or of a word without a pin, the later time stays. Coverage and verdict
    are left out of the rebased edit; if ``later`` changes the text, so are the name and hash of the transcript's file.
    The caller computes these fields again from the new content, except the verdict.

    Raises ConflictError if both edits change the same item in any other way.
    """
    if later == Edit():
        return edit
    lists = {name: list(_rebased(splices, later.lists.get(name, []))) for name, splices in edit.lists.items()}
    lists = {name: moved for name, moved in lists.items() if moved}
    is_same_file = not later.text and later.fields.keys().isdisjoint(_OF_FILE)
    following = _FROM_WORDS if is_same_file else (*_FROM_WORDS, *_OF_FILE)
    fields = {name: pair for name, pair in edit.fields.items() if name not in following}
    if fields.keys() & later.fields.keys():
        raise ConflictError(CHANGED_MEANWHILE)
    return Edit(list(_rebased(edit.text, later.text)), lists, fields)


def _rebased(splices: Sequence[Splice], others: Sequence[Splice]) -> Iterator[Splice]:
    defended = [each for each in others if not _is_time_alone(each)]
    grown = [*accumulate((len(each.after) - len(each.before) for each in defended), initial=0)]
    for splice in splices:
        before = _before(splice, defended)
        if _is_time_alone(splice) and _before(splice, others) is None:
            continue
        if before is None:
            raise ConflictError(CHANGED_MEANWHILE)
        yield Splice(splice.at + grown[before], splice.before, splice.after)


def _before(splice: Splice, others: Sequence[Splice]) -> int | None:
    """Return how many of the ordered ``others`` lie before ``splice``; None if ``splice`` overlaps one of them."""
    find = bisect_right if splice.before else bisect_left  # two insertions at one index conflict
    done = find(others, (splice.at, splice.at), key=lambda each: (each.end, each.at))
    is_free = done == len(others) or others[done].at >= max(splice.at + 1, splice.end)
    return done if is_free else None


def _is_time_alone(splice: Splice) -> bool:
    """Return whether a splice changes nothing but times of segments and of words without a pin."""
    return bool(_timeless(splice.before) == _timeless(splice.after))


def _timeless(items: Any) -> Any:
    """For comparisons, return ``items`` without the times of segments and of words that have no pin; text unchanged."""
    if isinstance(items, str):
        return items
    return [{name: value for name, value in row.items() if name not in _times_of(row)} for row in items]


def _times_of(row: Row) -> tuple[str, ...]:
    if "depth" in row:
        return _TIMES
    return (*_TIMES, "status") if "status" in row and not row["pinned"] else ()


def _fields(content: Content) -> Content:
    of_transcript = {f"transcript.{name}": content["transcript"][name] for name in _OF_TRANSCRIPT}
    return of_transcript | {name: each for name, each in content.items() if name not in (*LISTS, "transcript")}


def _splices(old: Sequence[Any], new: Sequence[Any]) -> list[Splice]:
    """Return the splices that turn ``old`` into ``new``. For lists of equal length, return one splice for each changed
    item."""
    if old == new:
        return []
    head, tail = _alike(old, new)
    before, after = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(before) != len(after) or isinstance(old, str):
        return [Splice(head, before, after)] if before or after else []
    pairs = enumerate(zip(before, after, strict=True), head)
    return [Splice(k, [one], [other]) for k, (one, other) in pairs if one != other]


def _alike(old: Sequence[Any], new: Sequence[Any]) -> tuple[int, int]:
    """Return how many items are equal at the beginning, and how many of the remaining items are equal at the end."""
    most = min(len(old), len(new))
    head = next(compress(count(), map(ne, old, new)), most)
    tail = next(compress(count(), map(ne, reversed(old), reversed(new))), most)
    return head, min(tail, most - head)


def _untouched(count: int, edits: Sequence[Edit]) -> tuple[int, int]:
    """Return how many words are unchanged and unmoved at the start, and how many at the end, of ``count`` in all."""
    changed = [splices for edit in edits if (splices := edit.lists.get("words"))]
    head = min((count, *(splices[0].at for splices in changed)))
    if len(changed) != 1 or any(_extent(each.before) != _extent(each.after) for each in changed[0]):
        return head, 0
    return head, max(0, count - max(head, changed[0][-1].end))


def _extent(rows: Sequence[Row]) -> tuple[int, int]:
    return sum(row["gap"] + row["length"] for row in rows), sum(row["step"] for row in rows)


def _shifted(splices: Sequence[Splice], by: int) -> list[Splice]:
    return [Splice(each.at + by, each.before, each.after) for each in splices]


def _spliced(items: Sequence[Any], splices: Sequence[Splice]) -> list[Any]:
    """Return ``items`` after the splices. Raises ValueError if a splice does not fit the items."""
    spliced: list[Any] = []
    done = 0
    for splice in splices:
        if not done <= splice.at <= splice.end <= len(items):
            raise ValueError(f"a change at {splice.at}, of {len(splice.before)}, is not in order in {len(items)}")
        if _timeless(items[splice.at : splice.end]) != _timeless(splice.before):
            raise ValueError(f"the content at {splice.at} is not what the edit expects")
        spliced += [*items[done : splice.at], *splice.after]
        done = splice.end
    return [*spliced, *items[done:]]


def _undone(splices: Sequence[Splice]) -> list[Splice]:
    moved = accumulate((len(splice.after) - len(splice.before) for splice in splices), initial=0)
    return [Splice(s.at + by, s.after, s.before) for s, by in zip(splices, moved, strict=False)]


def _relative(content: Content, head: int = 0, tail: int = 0) -> dict[str, list[Row]]:
    """Return the lists in ``content`` with each position relative to the item before it. Omit the first ``head`` and
    the last ``tail`` words, which the edit does not touch."""
    relative = {name: content.get(name) or [] for name in LISTS}
    relative["segments"] = list(_relative_segments(relative["segments"]))
    first, words, pinned = 0, list[Row](), list[Row]()
    end, segment = _end_of(relative["words"][head - 1] if head else None)
    for word in relative["words"][head : len(relative["words"]) - tail]:
        row = to_builtins(word)
        at, stop, own = row.pop("char_start"), row.pop("char_end"), row.pop("segment")
        words.append(row | {"gap": at - end, "length": stop - at, "step": own - segment})
        end, segment = stop, own
    for pin in relative["pinned_passages"]:
        start, stop = pin["words"]
        pinned.append({**pin, "words": [start - first, stop - start]})
        first = start
    return relative | {"words": words, "pinned_passages": pinned}


def _end_of(word: Any) -> tuple[int, int]:
    """Return the character at which ``word`` ends and the index of its segment; (0, 0) if ``word`` is None."""
    row = to_builtins(word) if word else {"char_end": 0, "segment": 0}
    return row["char_end"], row["segment"]


def _absolute(rows: Mapping[str, list[Row]], before: Any = None) -> Content:
    """Return the lists with absolute positions, the inverse of ``_relative``. ``before`` is the word before the first
    word in ``rows``, if any. Optional lists that are empty become None."""
    end, segment = _end_of(before)
    first, words, pinned = 0, list[Row](), list[Row]()
    for row in rows["words"]:
        row = row.copy()
        start, segment = end + row.pop("gap"), segment + row.pop("step")
        end = start + row.pop("length")
        words.append(row | {"char_start": start, "char_end": end, "segment": segment})
    for row in rows["pinned_passages"]:
        first += row["words"][0]
        pinned.append({**row, "words": [first, first + row["words"][1]]})
    absolute: Content = {**rows, "segments": list(_absolute_segments(rows["segments"])), "words": words}
    optional = {"pinned_passages": pinned, "lost_pins": rows["lost_pins"], "annotations": rows["annotations"]}
    return absolute | {name: value or None for name, value in optional.items()}


def _relative_segments(rows: Sequence[Row]) -> Iterator[Row]:
    start = end = 0
    for number, row in enumerate(rows):
        own = {name: value for name, value in row.items() if name not in ("char_start", "char_end")}
        if own["id"] == f"s{number}":
            own["id"] = None
        depth = int(row["char_start"] < end)
        gap, length = row["char_start"] - (start if depth else end), row["char_end"] - row["char_start"]
        yield {**own, "depth": depth, "gap": gap, "length": length}
        if not depth:
            start, end = row["char_start"], row["char_end"]


def _absolute_segments(rows: Sequence[Row]) -> Iterator[Row]:
    start = end = 0
    for number, row in enumerate(rows):
        own = {name: value for name, value in row.items() if name not in ("depth", "gap", "length")}
        own["id"] = f"s{number}" if row["id"] is None else row["id"]
        begin = (start if row["depth"] else end) + row["gap"]
        yield {**own, "char_start": begin, "char_end": begin + row["length"]}
        if not row["depth"]:
            start, end = begin, begin + row["length"]
