"""A job that hangs is stopped, and one that works never is, however slow the machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from media.errors import Message
from tests.tables import over_rows
from tests.web.jobs.acts import act
from tests.web.watching import until
from web.jobs import Jobs, JobState
from web.jobs.telling import Progress
from web.jobs.time_limits import TimeLimits

HOUR = 3600.0


def working(limits: TimeLimits, stage: str, sound: float, pace: float, pieces: int) -> Message | None:
    """Go through a sound in so many pieces, at so many seconds for each of its."""
    for piece in range(1, pieces + 1):
        for _ in range(round(sound * pace / pieces / 5)):
            limits.hear(Progress(stage, sound * (piece - 1) / pieces, sound, None))  # again and again, as bars do
            if why := limits.spend(5.0):
                return why
        limits.hear(Progress(stage, sound * piece / pieces, sound, None))
    return None


@pytest.mark.nightly
@over_rows("sound", [20.0, HOUR, 10 * HOUR])
@over_rows("slowness", [1, 20])
def test_no_work_is_stopped_on_a_machine_twenty_times_as_slow_as_a_laptop(sound: float, slowness: int) -> None:
    limits = TimeLimits()
    for stage, pace, pieces in [("speech", 0.005, 100), ("words", 0.25, 100), ("locating", 0.004, 1)]:
        assert working(limits, stage, sound, pace * slowness, pieces) is None
    assert working(TimeLimits(), "audiogram", sound, 0.35 * slowness, 1000) is None


@over_rows("sound, least, most", [(60.0, HOUR / 3, HOUR), (10 * HOUR, HOUR, 5 * HOUR)])
def test_what_says_the_same_for_long_is_stopped(sound: float, least: float, most: float) -> None:
    limits, spent = TimeLimits(), 0.0
    limits.hear(Progress("locating", 0.0, sound, None))
    while not (why := limits.spend(5.0)):
        spent += 5.0
        limits.hear(Progress("locating", 0.0, sound, None, 0.5 + spent / 1e6, 100.0))  # its bar goes on
    assert least < spent < most
    assert "did not get on" in why


def test_a_sound_that_claims_to_last_for_ever_gives_no_time_for_ever() -> None:
    limits = TimeLimits()
    limits.hear(Progress("preparing", 0.0, 1e12, None))
    assert any(limits.spend(5.0) for _ in range(24 * 720))


def test_what_says_nothing_at_all_is_stopped() -> None:
    limits = TimeLimits()
    assert any(limits.spend(5.0) for _ in range(720))


def test_what_gets_on_but_never_ends_is_stopped() -> None:
    limits = TimeLimits()
    told = (limits.hear(Progress("words", float(n % 60), 60.0, None)) or limits.spend(5.0) for n in range(4 * 720))
    assert "was not done" in (next(filter(None, told)) or "")


def test_a_model_may_take_days_to_be_fetched_while_it_comes() -> None:
    limits = TimeLimits()
    for megabyte in range(300):
        limits.hear(Progress("model", float(megabyte), 300.0, None))
        assert not any(limits.spend(5.0) for _ in range(120))


def test_a_machine_that_slept_has_not_worked() -> None:
    limits = TimeLimits()
    assert limits.spend(10 * 24 * HOUR) is None


def test_a_job_that_hangs_fails_with_a_sentence_and_is_not_begun_again_by_itself(
    serve: Callable[..., Jobs], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.jobs.time_limits._LOOK_EVERY", 0.05)
    monkeypatch.setattr("web.jobs.time_limits._STILL", 0.2)
    monkeypatch.setattr("web.jobs.time_limits._STILL_BY_SOUND", 0.0)
    jobs = serve()
    job = jobs.wait(jobs.submit(folder, act("steps", "never")).id, timeout=60)
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "did not get on" in job.message
    again = jobs.submit(folder, act("steps", "never"))
    assert again.id != job.id
    until(lambda: not jobs.get(again.id).is_open)
