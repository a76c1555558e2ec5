"""Whatever is near together when, in a format every interval has a length, and none meets another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aligner.formats.intervals import disjoint, steps
from aligner.model import Span

_seconds = st.floats(0, 1e5, allow_nan=False)
_spans = st.lists(st.builds(lambda start, length: Span(start, start + length), _seconds, st.floats(0, 30)), max_size=40)


def test_times_go_to_the_nearest_step_and_halves_up() -> None:
    assert [steps(each, 1000) for each in (0.0004, 0.0005, 1.2344, 1.2345)] == [0, 1, 1234, 1235]


@given(_spans, st.sampled_from([25, 1000]))
def test_they_follow_each_other_and_none_is_empty(spans: list[Span], per_second: int) -> None:
    spans = sorted(spans, key=lambda span: span.start)
    found = disjoint(spans, per_second)
    assert len(found) == len(spans)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@given(st.lists(st.integers(1, 500), min_size=2, max_size=40))
def test_what_is_apart_keeps_its_times(gaps: list[int]) -> None:
    """Lengths and pauses in turns, in milliseconds."""
    edges = [sum(gaps[: k + 1]) for k in range(len(gaps) // 2 * 2)]
    places = list(zip(edges[::2], edges[1::2], strict=True))
    assert disjoint([Span(start / 1000, end / 1000) for start, end in places]) == places
