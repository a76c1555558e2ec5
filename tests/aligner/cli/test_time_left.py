"""The whole run has one bar, which never falls, and a time left that is right from the first seconds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from aligner.cli.progress import Whole, WholeRun
from tests.tables import over_rows

STEPS = "speech", "letters", "locating", "untranscribed", "writing"
HOUR = 3600.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Clock:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    clock = Clock()
    monkeypatch.setattr("aligner.cli.progress.time.monotonic", clock)
    return clock


def going(run: WholeRun, clock: Clock, slowness: float, cached: bool = False) -> Iterator[tuple[float, Whole]]:
    """When each step of an hour is told, and how far the run says it is, on a machine so much slower than usual."""

    def tell(stage: str, done: float, total: float, spent: float = 0.0) -> tuple[float, Whole]:
        clock.now += spent * slowness
        return clock.now, run.take(stage, done, total)

    if cached:
        yield tell("letters", HOUR, HOUR, 0.1)
    else:
        for done in range(32, 3601, 32):
            yield tell("speech", done, HOUR, 32 * 0.005)
        yield tell("speech", HOUR, HOUR)
        yield tell("letters", 0.0, HOUR)
        clock.now += 4.0  # the model is loaded
        for done in range(40, 3601, 40):
            yield tell("letters", done, HOUR, 40 * 0.05)
    yield tell("locating", 0.0, HOUR)
    yield tell("locating", HOUR, HOUR, 14.0)
    yield tell("untranscribed", 0.0, 100.0)
    for done in range(20, 101, 20):
        yield tell("untranscribed", done, 100.0, 10.0)
    yield tell("writing", 0.0, HOUR)
    yield tell("writing", HOUR, HOUR, 2.0)


@over_rows("slowness", [0.5, 1.0, 4.0])
def test_the_first_run_on_a_machine_knows_within_seconds_how_long_it_takes(clock: Clock, slowness: float) -> None:
    begun = clock.now
    told = list(going(WholeRun(STEPS, "base"), clock, slowness))
    end = told[-1][0]
    guesses = [(at, whole.seconds_left) for at, whole in told if whole.seconds_left is not None]
    assert guesses[0][0] <= begun + 3 * max(1.0, slowness)
    for at, left in guesses:
        if end - at > 30:
            assert left == pytest.approx(end - at, rel=0.4)


def test_later_runs_know_from_their_first_word_on(clock: Clock) -> None:
    first = WholeRun(STEPS, "base")
    list(going(first, clock, 6.0))
    first.remember()
    begun = clock.now
    told = list(going(WholeRun(STEPS, "base"), clock, 6.0))
    assert told[0][1].seconds_left == pytest.approx(clock.now - begun, rel=0.2)


def test_what_is_done_never_falls_and_ends_whole(clock: Clock) -> None:
    told = [whole for _, whole in going(WholeRun(STEPS, "base"), clock, 3.0)]
    assert all(a.done <= b.done for a, b in pairwise(told))
    assert told[-1] == Whole(1.0, 0.0)
    assert max(b.done - a.done for a, b in pairwise(told)) < 0.12


def test_listening_that_is_known_from_before_takes_no_time(clock: Clock) -> None:
    first = WholeRun(STEPS, "base")
    list(going(first, clock, 1.0))
    first.remember()
    told = list(going(WholeRun(STEPS, "base"), clock, 1.0, cached=True))
    assert (told[0][1].seconds_left or 0.0) < 120
    assert told[-1][1] == Whole(1.0, 0.0)


def test_a_model_that_is_fetched_first_is_waited_for(clock: Clock) -> None:
    run = WholeRun(STEPS, "base")
    for done in range(32, 3601, 32):
        clock.now += 0.16
        run.take("speech", float(done), HOUR)
    run.take("letters", 0.0, HOUR)
    before = run.take("letters", 0.0, HOUR).seconds_left or 0.0
    assert run.take("model", 0.0, 148.0).seconds_left is None
    clock.now += 10.0
    assert (run.take("model", 10.0, 148.0).seconds_left or 0.0) == pytest.approx(before + 138, rel=0.1)


def test_paces_that_cannot_be_read_or_kept_are_done_without(clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    kept = tmp_path / "cache" / "pace.json"
    for content in ("{", '{"speech": -1}', '{"speech": 1e99}', "[]", '{"speech": NaN}'):
        kept.write_text(content, encoding="utf-8")
        list(going(WholeRun(STEPS, "base"), clock, 1.0))
    kept.unlink()
    kept.mkdir()
    run = WholeRun(STEPS, "base")
    list(going(run, clock, 1.0))
    run.remember()


def test_a_clip_that_is_not_made_is_passed_over(clock: Clock) -> None:
    run = WholeRun(["cutting", "encoding", "listening"], rounds=3)
    told = []
    for is_there in (True, False, True):
        run.begin_round()
        for step in ("cutting", "encoding", "listening") if is_there else ():
            told.append(run.take(step, 0.0, 20.0))
            clock.now += 1.0
            told.append(run.take(step, 20.0, 20.0))
    done = [whole.done for whole in told]
    assert done == sorted(done)
    assert told[-1] == Whole(1.0, 0.0)
