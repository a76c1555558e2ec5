"""Words that stand where a person sets others: they give way, and stay beside what was set as far as there is room.

A word that reaches into that ends where it begins, or begins where it ends. Those that lie within it share the room up
to the next word, which makes room for them where there is little; only a word that has none is nowhere. Where a word
would be beyond what was set, on its other side, a passage is misplaced: it is for a search to find that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, takewhile

from aligner.model import UNSPOKEN, Placement, Span, Status, TimedWord

_LEAST = 0.02  # seconds that are left of a word that is cut, a frame of what is heard
_SHARED = 0.06  # seconds that each word has at least which shares room with others
_LETTER = 0.065  # seconds that a word lasts for each of its letters, where nobody knows better


def giving_way(words: Sequence[TimedWord], own: range, span: Span, duration: float) -> tuple[TimedWord, ...]:
    """The words of a sound, of which those of ``own`` are set to be said in ``span``, with those around them beside
    it."""
    made = list(words)
    _give_way(made, reversed(range(own.start)), Span(-span.end, -span.start), 0.0, -1)
    _give_way(made, range(own.stop, len(made)), span, duration, 1)
    return tuple(made)


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
    if following is not None:
        near, far = _seen(words[following], sign)
        latest = min(latest, near)
        if latest - span.end < _SHARED * len(inside) and not words[following].pinned:
            inside, latest = [*inside, following], far
    _share_out(words, inside, span.end, latest, sign)


def _seen(timed: TimedWord, sign: int) -> tuple[float, float]:
    """Where a word begins and ends, as time runs."""
    assert timed.span
    return (timed.span.start, timed.span.end) if sign > 0 else (-timed.span.end, -timed.span.start)


def _cut(words: list[TimedWord], k: int, edge: float, sign: int) -> bool:
    """Have a word begin at the edge, if something of it is left then."""
    far = _seen(words[k], sign)[1]
    if far - edge < _LEAST:
        return False
    words[k] = replace(words[k], span=_span(edge, far, sign))
    return True


def _share_out(words: list[TimedWord], run: Sequence[int], edge: float, latest: float, sign: int) -> None:
    """Place a run of words, from the edge on, by their letters; where there is little room, those away from it."""
    fitting = max(0, min(len(run), int((latest - edge) / _SHARED)))
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
