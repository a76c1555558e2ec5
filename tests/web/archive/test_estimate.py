"""How long the rest takes is told by what was seen, and by how much sound is left."""

from __future__ import annotations

import pytest

from web.archive.runs import estimate
from web.archive.runs.estimate import Estimate
from web.archive.runs.outcome import Outcome, Stage, State


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(estimate.time, "monotonic", lambda: now[0])
    return now


def expecting(minutes: dict[str, int]) -> Estimate:
    """Episodes whose sounds have 600 kB a minute, which is not what is usual."""
    found = Estimate()
    for name, length in minutes.items():
        found.expect(name, Stage.ALIGN, ".mp3", 600_000 * length)
    found.begin()
    return found


def aligned(name: str, minutes: int, seconds: float) -> Outcome:
    return Outcome(
        episode=name,
        stage=Stage.ALIGN,
        key=name,
        state=State.DONE,
        ran=("align",),
        seconds=seconds,
        duration=60.0 * minutes,
    )


def test_nothing_is_told_before_anything_was_seen(clock: list[float]) -> None:
    assert expecting({"a": 1}).seconds_left is None


def test_what_is_left_goes_by_how_much_sound_it_is(clock: list[float]) -> None:
    """Two workers took 20 s each for ten minutes; forty minutes are left, which is two times as much for both."""
    found = expecting({"a": 10, "b": 10, "long": 30, "short": 10})
    clock[0] += 20.0
    found.take(aligned("a", 10, 20.0))
    found.take(aligned("b", 10, 20.0))
    assert found.seconds_left == pytest.approx(40.0)
    assert found.sound_left == pytest.approx(40 * 60.0)
    assert found.pace == pytest.approx(20 * 60 / 20.0)


def test_what_was_done_before_and_what_failed_say_nothing_of_the_pace(clock: list[float]) -> None:
    found = expecting({"a": 10, "b": 10, "c": 10})
    clock[0] += 1.0
    found.take(Outcome(episode="a", stage=Stage.ALIGN, key="a", state=State.DONE, duration=600.0))
    found.take(Outcome(episode="b", stage=Stage.ALIGN, key="b", state=State.FAILED))
    assert found.pace is None
    assert found.seconds_left is None


def test_when_all_is_done_nothing_is_left(clock: list[float]) -> None:
    found = expecting({"a": 10})
    clock[0] += 5.0
    found.take(aligned("a", 10, 5.0))
    assert found.seconds_left == 0.0
