"""Words that stand where a person sets others: they give way, and stay beside what was set as far as there is room.

A word that reaches into that ends where it begins, or begins where it ends. Those that lie within it share the room up
to the next word, which makes room for them where there is little, and so on; only a word that has none is nowhere.
Where a word would be beyond what was set, on its other side, a passage is misplaced: it is for a search to find that.
One that it does not find then has a place beside what was set all the same, if one can be made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, takewhile

from aligner.model import UNSPOKEN, Placement, Span, Status, TimedWord
from aligner.pins import Pin, PinKind

LEAST = 0.02
"""Seconds that a word lasts, and that are left of one that is cut: a frame of what is heard."""

_SHARED = 0.06  # seconds that each word has at least which shares room with others
_LETTER = 0.065  # seconds that a word lasts for each of its letters, where nobody knows better


def giving_way(words: Sequence[TimedWord], own: range, span: Span, duration: float) -> tuple[TimedWord, ...]:
    """The words of a sound, of which those of ``own`` are set to be said in ``span``, with those around them beside
    it."""
    made = list(words)
    _give_way(made, reversed(range(own.start)), Span(-span.end, -span.start), 0.0, -1)
    _give_way(made, range(own.stop, len(made)), span, duration, 1)
    return tuple(made)


def keeping_places(
    before: Sequence[TimedWord], words: Sequence[TimedWord], own: range, pins: Sequence[Pin], duration: float
) -> tuple[TimedWord, ...]:
    """The words, of which the pins say when those of ``own`` are said, with a place beside these for those that were
    said ``before`` and are nowhere since. After them, where there is little room, the words that follow make some;
    before them there is what is free."""
    said = [pin.span for pin in pins if pin.kind is PinKind.WORD and pin.span and pin.words.start in own]
    if not said:
        return tuple(words)
    span = Span(said[0].start, max(each.end for each in said))
    made = list(words)
    lost = {k for k, old in enumerate(before) if old.span and not made[k].span and not made[k].pinned}
    _put_beside(made, reversed(range(own.start)), {k for k in lost if k < own.start}, -span.start, 0.0, -1)
    _put_beside(made, range(own.stop, len(made)), {k for k in lost if k >= own.stop}, span.end, duration, 1)
    return tuple(made)


def _put_beside(
    words: list[TimedWord], outward: Iterable[int], lost: Collection[int], edge: float, last: float, sign: int
) -> None:
    """Place those that are lost, from the edge on, each between the words that are said around it."""
    run: list[int] = []
    reach = edge
    for k in outward:
        if k in lost:
            run.append(k)
        if words[k].span is None:
            continue
        near, far = _seen(words[k], sign)
        if run and sign > 0 and near - edge < _SHARED * len(run) and not words[k].pinned:
            run.append(k)
            reach = far
            continue
        _share_usual(words, run, edge, near, reach, sign)
        run, edge, reach = [], far, far
        if not any((each - k) * sign > 0 for each in lost):
            return
    _share_usual(words, run, edge, last, reach, sign)


def _share_usual(
    words: list[TimedWord], run: Sequence[int], edge: float, latest: float, reach: float, sign: int
) -> None:
    """Place a run of words from the edge on, for as long as they usually last, or as far as some of them ``reach``."""
    usual = sum(_usual_length(words[k]) for k in run)
    if run:
        _share_out(words, run, edge, min(latest, max(reach, edge + usual)), sign)


def _give_way(words: list[TimedWord], outward: Iterable[int], span: Span, last: float, sign: int) -> None:
    """Have the words on one side, from the next one on, begin where the span ends and end by ``last``; on the other
    side time runs backwards, its ``sign`` is -1."""
    said = [k for k in outward if words[k].span]
    count = max((at + 1 for at, k in enumerate(said) if _seen(words[k], sign)[0] < span.end), default=0)
    if any(_seen(words[k], sign)[1] <= span.start for k in said[:count]):
        return
    inside = [*takewhile(lambda k: not words[k].pinned, said[:count])]
    following = said[len(inside)] if len(inside) < len(said) else None
    if following is not None and len(inside) < count:
        _cut(words, following, span.end, sign)  # what a person set begins where they said, but may end earlier
    if not inside or (len(inside) == 1 and _cut(words, inside[0], span.end, sign)):
        return
    latest = min(last, span.end + sum(_usual_length(words[k]) for k in inside))
    for k in said[len(inside) :]:
        near, far = _seen(words[k], sign)
        latest = min(latest, near)
        if latest - span.end >= _SHARED * len(inside) or words[k].pinned:
            break
        inside, latest = [*inside, k], far
    _share_out(words, inside, span.end, latest, sign)


def _seen(timed: TimedWord, sign: int) -> tuple[float, float]:
    """Where a word begins and ends, as time runs."""
    assert timed.span
    return (timed.span.start, timed.span.end) if sign > 0 else (-timed.span.end, -timed.span.start)


def _cut(words: list[TimedWord], k: int, edge: float, sign: int) -> bool:
    """Have a word begin at the edge, if something of it is left then."""
    far = _seen(words[k], sign)[1]
    if far - edge < LEAST:
        return False
    words[k] = replace(words[k], span=_span(edge, far, sign))
    return True


def _share_out(words: list[TimedWord], run: Sequence[int], edge: float, latest: float, sign: int) -> None:
    """Place a run of words, from the edge on, by their letters; where there is little room, those away from it."""
    fitting = max(0, min(len(run), int((latest - edge) / _SHARED + 1e-6)))
    placed = run[len(run) - fitting :]
    lengths = [_usual_length(words[k]) for k in placed]
    ends = [edge + (latest - edge) * share / sum(lengths) for share in accumulate(lengths)]
    for k in run[: len(run) - fitting]:
        words[k] = _at(words[k], UNSPOKEN)
    for k, (near, far) in zip(placed, pairwise([edge, *ends]), strict=True):
        words[k] = _at(words[k], Placement(_span(near, far, sign), Status.INTERPOLATED, 0.0))


def _span(near: float, far: float, sign: int) -> Span:
    start, end = sorted((round(sign * near, 3), round(sign * far, 3)))
    return Span(start, end)


def _at(timed: TimedWord, placement: Placement) -> TimedWord:
    return replace(timed, span=placement.span, status=placement.status, confidence=placement.confidence)


def _usual_length(timed: TimedWord) -> float:
    return _LETTER * max(1, len(timed.word.text))
