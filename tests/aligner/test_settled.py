"""What a person settled is found again in any stretch of which it is half or more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Untranscribed
from aligner.settled import OF_SOUND, Settled, SettledKind, SettledSound
from tests.lines_run import lines_run

MILLISECONDS = st.tuples(st.integers(0, 500), st.integers(1, 200)).map(lambda each: (each[0], each[0] + each[1]))


def spans(*edges: tuple[int, int], kind: SettledKind = SettledKind.ADVERT) -> list[Settled]:
    return [Settled(kind, start / 1000, end / 1000) for start, end in edges]


@given(st.lists(MILLISECONDS, max_size=12), MILLISECONDS)
def test_each_stretch_counts_as_far_as_it_meets(edges: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    met = sum(max(0, min(end, asked[1]) - max(start, asked[0])) for start, end in edges)
    sound = SettledSound([*spans(*edges), *spans((0, 1000), kind=SettledKind.NORM)])
    assert sound.holds(SettledKind.ADVERT, asked[0] / 1000, asked[1] / 1000) == (2 * met >= asked[1] - asked[0])


def test_half_is_enough_however_late_and_however_much_is_settled_before() -> None:
    before = [(k, k + 1) for k in range(0, 160_000_000, 1_000)]
    sound = SettledSound(spans(*before, (172_000_000, 172_000_001)))
    assert sound.kind_of(Untranscribed(172_000.0, 172_000.002, "")) is SettledKind.ADVERT
    assert sound.kind_of(Untranscribed(172_000.0, 172_000.003, "")) is None


def test_to_ask_takes_no_longer_of_more() -> None:
    few, many = (SettledSound(spans(*((k, k + 1) for k in range(count)))) for count in (10, 1000))
    asked = [lines_run(lambda sound=sound: [sound.holds(kind, 0.0, 5.0) for kind in OF_SOUND]) for sound in (few, many)]
    assert asked[0] == asked[1]
