"""Two edits that were made of the same alignment at once: brought together where they touch different things.

What follows from words is nobody's to defend: where words or segments changed, the times of all segments, which are
their words', are worked out again, and so is the coverage where both changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from aligner.edits.clashes import word_and_time
from aligner.edits.edit import (
    Edit,
    Replaced,
    applied,
    difference,
    moves_of,
)
from aligner.edits.lists import LISTS, Moves, segment_core, take_segment
from aligner.edits.splices import Shift, Splice, spliced, text_splices, undone_splices
from aligner.errors import ConflictError
from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import Alignment, TimedWord, Untranscribed
from aligner.settled import Settled, Signature

_LONGEST_SHOWN = 80  # characters of each version in a sentence
_FOLLOWING = ("coverage", "verdict", "transcript.file", "transcript.sha256")  # from the words, and from the text


def rebased(edit: Edit, over: Edit, onto: Alignment) -> Edit:
    """``edit``, which was made of what ``over`` was applied to, as one of ``onto``, which that led to.

    Of two verdicts that of ``edit`` counts: what the sound has and the text lacks is not known here.

    Raises
    ------
    ConflictError
        Both touch the same, and in different ways.
    """
    if over.is_empty:
        return edit
    ours, theirs = _without_times(edit), _without_times(over)
    text = [moved for _, moved in _moved(ours.text, theirs.text)]
    comes = Moves(chars=_shift(theirs.text, ours.text))
    lists: dict[str, tuple[Splice[Any], ...]] = {}
    for name in LISTS:
        left, gone = ours.lists.get(name, ()), theirs.lists.get(name, ())
        lists[name] = _carried(name, left, gone, onto, comes)
        if name in ("segments", "words"):
            comes = replace(comes, **{name: _shift(gone, left)})
    try:
        merged = applied(onto, Edit(tuple(text), lists, _fields(edit, over)))
    except ValueError as error:
        raise _conflict(over, edit) from error
    return difference(onto, _told_again(merged, edit, over))


def words_after(words: range, over: Edit) -> range:
    """Where words stand after an edit that leaves them as they are: what is to be changed of them was seen before it.

    Raises
    ------
    ConflictError
        It changed one of them, or put others between them.
    """
    splices = over.lists.get("words", ())
    for splice in splices:
        is_between = words.start < splice.at == splice.end < words.stop
        if is_between or (splice.at < words.stop and words.start < splice.end):
            raise _conflict(splice.after, splice.before)
    start, stop = Shift(splices).start(words.start), Shift(splices).end(words.stop)
    if start is None or stop is None:
        raise AssertionError("what is in no splice is torn by none")
    return range(start, stop)


def segments_after(segments: range, over: Edit, before: Alignment) -> range:
    """Where outermost segments of ``before``, with those in them, stand after an edit that leaves what they are and
    their text; when they are said may be another time. An empty range is a place between two.

    Raises
    ------
    ConflictError
        It changed that, or put others between them.
    """
    timeless = _without_times(over)
    splices, shift = timeless.lists.get("segments", ()), Shift(timeless.lists.get("segments", ()))
    chars = [timed.segment for timed in before.segments[segments.start : segments.stop]]
    if chars:
        first, last = chars[0].char_start, max(each.char_end for each in chars)
        touching: list[Splice[Any]] = [each for each in over.text if each.at < last and first < each.end]
        touching += [each for each in over.text if first < each.at == each.end < last]
        touching += [each for each in splices if each.at < segments.stop and segments.start < each.end]
        if touching:
            raise _conflict(touching[0].after, touching[0].before)
        start, stop = shift.start(segments.start), shift.end(segments.stop)
    else:
        start, stop = shift.start(segments.start), shift.start(segments.stop)
    if start is None or stop is None:
        raise _conflict(over, over)
    return range(start, stop)


def merged_text(base: str, ours: str, theirs: str) -> str | None:
    """What two made of a text at once, as one, by words; None where words that they changed touch each other, so that
    nobody knows which is meant."""
    mine, other = text_splices(base, ours), text_splices(base, theirs)
    left = [splice for splice in mine if splice not in other]
    if any(one.at <= two.end and two.at <= one.end for one in left for two in other):
        return None
    both = sorted([*left, *other], key=lambda splice: splice.at)
    return "".join(spliced(base, both, lambda start, stop, _: base[start:stop]))


class _Pair(NamedTuple):
    """A splice of ours, and the same where theirs let it go."""

    splice: Splice[Any]
    moved: Splice[Any]


def _moved(ours: Sequence[Splice[Any]], theirs: Sequence[Splice[Any]]) -> list[_Pair]:
    """What of ours theirs do not say too. What both put in at one place has no order, and is a conflict, unless both
    say when it is."""
    shift, pairs = Shift(theirs), []
    for splice in ours:
        if splice in theirs:
            continue
        earlier = 0
        for other in theirs:
            is_one_place = splice.at == splice.end == other.at == other.end
            if is_one_place and (order := _order(splice.after, other.after)):
                earlier += len(other.after) if order < 0 else 0
                continue
            if is_one_place or (splice.at < other.end and other.at < splice.end):
                raise _conflict(other.after, splice.after)
        place = shift.start(splice.at)
        if place is None:
            raise AssertionError("what is in no other splice is torn by none")
        pairs.append(_Pair(splice, replace(splice, at=place - earlier)))
    return pairs


def _order(ours: object, theirs: object) -> int:
    """-1 where ours are speech that the text lacks before theirs, 1 after it; 0 where they have no order."""
    if not (isinstance(ours, tuple) and isinstance(theirs, tuple) and ours and theirs):
        return 0
    if not all(isinstance(each, Untranscribed) for each in (*ours, *theirs)):
        return 0
    if ours[-1].end <= theirs[0].start:
        return -1
    return 1 if theirs[-1].end <= ours[0].start else 0


def _shift(ours: Sequence[Splice[Any]], theirs: Sequence[Splice[Any]]) -> Shift:
    return Shift([moved for _, moved in _moved(ours, theirs)])


def _carried(
    name: str, ours: Sequence[Splice[Any]], theirs: Sequence[Splice[Any]], onto: Alignment, comes: Moves
) -> tuple[Splice[Any], ...]:
    """The splices of a list as ``onto`` has it: its own records give way, to ours as theirs let them come."""
    kind, there = LISTS[name], getattr(onto, name)
    pairs = _moved(ours, theirs)
    made_at = {id(splice): made.at for splice, made in zip(ours, undone_splices(ours), strict=True)}
    placed = [replace(moved, before=tuple(there[moved.at : moved.end])) for _, moved in pairs]
    splices = []
    for (splice, _), moved, new in zip(pairs, placed, undone_splices(placed), strict=True):
        at = made_at[id(splice)]
        taken = [kind.taken(record, at + k, comes) for k, record in enumerate(splice.after)]
        if None in taken:
            raise _conflict(moved.before, splice.after)
        splices.append(replace(moved, after=tuple(kind.put(each, new.at + k) for k, each in enumerate(taken))))
    return tuple(splices)


def _without_times(edit: Edit) -> Edit:
    """The edit without the segments of which nothing but the time differs."""
    splices = edit.lists.get("segments", ())
    moves, nowhere = moves_of(edit), Moves()
    left: list[Splice[Any]] = []
    for splice, made in zip(splices, undone_splices(splices), strict=True):
        if len(splice.before) != len(splice.after):
            left.append(splice)
            continue
        for k, (before, after) in enumerate(zip(splice.before, splice.after, strict=True)):
            was, now = take_segment(before, splice.at + k, moves), take_segment(after, made.at + k, nowhere)
            if was is None or now is None or segment_core(was) != segment_core(now):
                left.append(Splice(splice.at + k, (before,), (after,)))
    return replace(edit, lists={**edit.lists, "segments": tuple(left)})


def _fields(edit: Edit, over: Edit) -> dict[str, Replaced]:
    """What is left of the fields of ``edit``, as changes of what ``over`` left."""
    fields = {}
    for name, mine in edit.fields.items():
        other = over.fields.get(name, mine)
        if other.after == mine.after and name in over.fields:
            continue
        if name in over.fields and name not in _FOLLOWING:
            raise _conflict(other.after, mine.after)
        fields[name] = Replaced(other.after if name in over.fields else mine.before, mine.after)
    return fields


def _told_again(merged: Alignment, edit: Edit, over: Edit) -> Alignment:
    """The merged alignment with the times of its segments, and the coverage, by their words."""
    if any(each.lists.keys() & {"segments", "words"} for each in (edit, over)):
        by_words = timed_segments(merged.transcript, merged.words)
        segments = tuple(
            replace(timed, start=told.start, end=told.end, confidence=told.confidence)
            for timed, told in zip(merged.segments, by_words, strict=True)
        )
        merged = replace(merged, segments=segments)
    if "coverage" in edit.fields and "coverage" in over.fields:
        merged = replace(merged, coverage=round(coverage_of(merged.transcript, merged.words), 4))
    return merged


def _conflict(theirs: object, ours: object) -> ConflictError:
    what, other = told_version(theirs), told_version(ours)
    if what == other:  # they differ in what is not shown, such as whether a word is pinned
        error = ConflictError("changed by someone else meanwhile, in another way; look at it again")
    else:
        error = ConflictError(
            "changed by someone else meanwhile: to “{theirs}”, not “{ours}”; look at it again",
            theirs=what,
            ours=other,
        )
    error.versions = theirs, ours
    return error


def told_version(version: object) -> str:
    """One of the ``versions`` of a conflict as far as a person would know it again."""
    if isinstance(version, Edit):
        text = " … ".join(splice.after for splice in version.text)
    elif isinstance(version, tuple):
        text = " ".join(_told(record) for record in version)
    elif isinstance(version, Signature):
        text = f"{version.who}, {version.when[:10]}"
    else:
        text = str(version)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _told(record: object) -> str:
    """A record as far as a person would know it again."""
    if isinstance(record, TimedWord):
        return word_and_time(record)
    if isinstance(record, Settled):
        return f"{record.kind} ({record.start:.3f}–{record.end:.3f})"
    return str(getattr(record, "text", "") or getattr(getattr(record, "segment", None), "speaker", None) or "")
