"""The whole run has one bar, which never falls, and a time left that is right from the first seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from aligner.cli.time_left import Whole, WholeRun

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
    monkeypatch.setattr("aligner.cli.time_left.time.monotonic", clock)
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


@pytest.mark.parametrize("slowness", [0.5, 1.0, 4.0])
def test_the_first_run_on_a_machine_knows_within_seconds_how_long_it_takes(clock: Clock, slowness: float) -> None:
    told = list(going(WholeRun(STEPS, "base"), clock, slowness))
    end = told[-1][0]
    guesses = [(at, whole.seconds_left) for at, whole in told if whole.seconds_left is not None]
    assert guesses[0][0] <= 1000 + 3 * max(1.0, slowness)
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


def test_what_is_left_does_not_go_up_and_down(clock: Clock) -> None:
    left = [whole.seconds_left for _, whole in going(WholeRun(STEPS, "base"), clock, 3.0) if whole.seconds_left]
    assert sum(b > a for a, b in pairwise(left)) <= 1


def test_listening_that_is_known_from_before_takes_no_time(clock: Clock) -> None:
    first = WholeRun(STEPS, "base")
    list(going(first, clock, 1.0))
    first.remember()
    told = list(going(WholeRun(STEPS, "base"), clock, 1.0, cached=True))
    assert (told[0][1].seconds_left or 0.0) < 120
    assert told[-1][1] == Whole(1.0, 0.0)


def test_an_ear_that_leads_nowhere_makes_it_longer_but_nothing_goes_back(clock: Clock) -> None:
    run = WholeRun(STEPS, "base")
    told = [whole for _, whole in going(run, clock, 1.0)][:-8]
    told.append(run.take("words", 0.0, HOUR))
    assert (told[-1].seconds_left or 0.0) > 300
    for done in range(36, 3601, 36):
        clock.now += 7.0
        told.append(run.take("words", done, HOUR))
    assert all(a.done <= b.done for a, b in pairwise(told))


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


def test_publishing_cuts_less_than_the_whole_hour_and_reads_faster_than_it_copies(
    clock: Clock,
) -> None:
    steps = "preparing", "quotes"
    before = WholeRun(steps)
    for stage, length, pieces in (("copying", 60.0, 6), ("quotes", 30.0, 2)):  # on a machine that was busy
        for piece in range(pieces + 1):
            before.take(stage, length * piece / pieces, length)
            clock.now += length / pieces * 0.5
    before.remember()
    run, begun = WholeRun(steps), clock.now
    told = []
    for done in range(0, 3601, 10):
        told.append((clock.now, run.take("preparing", float(done), HOUR).seconds_left))
        clock.now += 0.055
    told.append((clock.now, run.take("quotes", 0.0, 10.0).seconds_left))
    clock.now += 5.0
    run.take("quotes", 10.0, 10.0)
    took = clock.now - begun
    assert max(left for _, left in told if left is not None) < 3 * took


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


@dataclass(frozen=True)
class Step:
    """A step as it really is: seconds to begin, seconds for each of its sound, and in what pieces it is told."""

    name: str
    start: float
    pace: float
    piece: float | None = None
    part: float = 1.0  # of the sound that it gets through
    cached: bool = False


ALIGNING = (
    Step("speech", 0.0, 0.005, 32),
    Step("letters", 1.5, 0.05, 30),
    Step("locating", 0.2, 0.004),
    Step("untranscribed", 1.2, 0.5, 20, part=0.03),
    Step("writing", 0.0, 0.0006),
)
PACES = {"speech": 0.005, "letters base": 0.05, "locating": 0.004, "untranscribed base": 0.5}
CLIP = Step("cutting", 0.1, 0.006), Step("encoding", 0.6, 0.05), Step("listening", 0.8, 0.06, 27)
VIDEO = Step("cutting", 0.1, 0.006), Step("audiogram", 1.0, 0.3, 1 / 30), Step("listening", 0.8, 0.06, 27)


def steady(_: float) -> float:
    return 1.0


def slower_from_the_middle(done: float) -> float:
    return 1.0 if done < 0.5 else 2.0


def faster_from_the_middle(done: float) -> float:
    return 2.0 if done < 0.5 else 1.0


@dataclass(frozen=True)
class Told:
    """What a run said: at which second, the seconds that were left then, and what it said of them."""

    at: float
    left: float
    whole: Whole


def planted(
    clock: Clock,
    steps: Sequence[Step],
    sound: float,
    slowness: Callable[[float], float] = steady,
    paces: Mapping[str, float] | None = None,
    rounds: int = 1,
) -> list[Told]:
    """A run whose every second is known, on a machine that is so much slower when so much of its work is done; it is
    asked each second, though it has heard nothing."""
    cache = _cache()
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(json.dumps(paces or {}), encoding="utf-8")
    run = WholeRun([step.name for step in steps], "base", rounds)
    pieces = [piece for step in steps for piece in _pieces(step, sound)]
    work, done, began = rounds * sum(piece[0] for piece in pieces), 0.0, clock.now
    told, last = list[tuple[float, Whole]](), ("", 0.0, 0.0)
    for _ in range(rounds):
        run.begin_round()
        for seconds, *said in pieces:
            rest = seconds
            while rest > 1e-9:
                speed = slowness(done / work)
                passed = min(rest, 1 / speed)
                rest, done, clock.now = rest - passed, done + passed, clock.now + passed * speed
                if rest > 1e-9 and last[0]:
                    told.append((clock.now, run.take(*last)))
            last = (said[0], said[1], said[2])
            told.append((clock.now, run.take(*last)))
    return [Told(at - began, clock.now - at, whole) for at, whole in told]


def _cache() -> Path:
    from aligner.storage.user_folders import cache_folder

    return cache_folder() / "pace.json"


def _pieces(step: Step, sound: float) -> Iterator[tuple[float, str, float, float]]:
    """Seconds of work, and what is told after them."""
    amount = sound * step.part
    if step.cached:
        yield 0.05, step.name, amount, amount
        return
    yield 0.0, step.name, 0.0, amount
    at, start = 0.0, step.start
    while at < amount:
        to = min(amount, at + (step.piece or amount))
        yield start + step.pace * (to - at), step.name, to, amount
        at, start = to, 0.0


LENGTHS = pytest.mark.parametrize("sound", [600.0, HOUR, 3 * HOUR])


@LENGTHS
@pytest.mark.parametrize("paces", [{}, PACES], ids=["first", "later"])
@pytest.mark.parametrize("change", [slower_from_the_middle, faster_from_the_middle])
def test_once_a_machine_has_another_speed_the_rest_is_told_by_that(
    clock: Clock, sound: float, paces: Mapping[str, float], change: Callable[[float], float]
) -> None:
    told = planted(clock, ALIGNING, sound, change, paces)
    whole = told[-1].at
    changed = whole * (1 / 3 if change is slower_from_the_middle else 2 / 3)
    settled = [each for each in told if each.at > changed + 30 + 0.05 * whole and each.left > max(15, 0.05 * whole)]
    assert settled or whole < 100
    for each in settled:
        assert each.left / 1.6 < (each.whole.seconds_left or 0.0) < each.left * 1.6


@LENGTHS
@pytest.mark.parametrize("paces", [{}, PACES], ids=["first", "later"])
@pytest.mark.parametrize("change", [steady, slower_from_the_middle, faster_from_the_middle])
def test_the_time_left_is_never_far_off_and_does_not_jump(
    clock: Clock, sound: float, paces: Mapping[str, float], change: Callable[[float], float]
) -> None:
    told = [each for each in planted(clock, ALIGNING, sound, change, paces) if each.whole.seconds_left is not None]
    for each in told:
        if each.left > max(10, 0.05 * told[-1].at):
            assert each.left / 2.5 < (each.whole.seconds_left or 0.0) < each.left * 2.5
    left = [each.whole.seconds_left or 0.0 for each in told]
    assert all(b <= a * 1.1 + 1 for a, b in pairwise(left))
    assert _turns(left) <= 2


def _turns(left: Sequence[float]) -> int:
    """How often what is told goes from falling to rising by more than a tenth, or back."""
    turns, rising, edge = 0, False, left[0]
    for each in left:
        if (each > edge) == rising:
            edge = each
        elif (each > edge * 1.1 + 1) if not rising else (each < edge * 0.9):
            turns, rising, edge = turns + 1, not rising, each
    return turns


@pytest.mark.parametrize("wrong", [1 / 3, 3.0])
@pytest.mark.parametrize("key", ["letters base", "locating", "untranscribed base"])
def test_a_pace_that_is_remembered_wrongly_is_seen_to_be_wrong(clock: Clock, key: str, wrong: float) -> None:
    told = planted(clock, ALIGNING, HOUR, paces=PACES | {key: PACES[key] * wrong})
    for each in told:
        if each.at > 0.2 * told[-1].at and each.left > 0.1 * told[-1].at:
            assert each.left / 5 < (each.whole.seconds_left or 0.0) < each.left * 5
    assert all(a.whole.done <= b.whole.done for a, b in pairwise(told))


@pytest.mark.parametrize("sound", [30.0, HOUR, 3 * HOUR])
def test_recognition_that_is_cached_is_passed_over_smoothly(clock: Clock, sound: float) -> None:
    cached = [Step("letters", 0.0, 0.0, cached=True), *ALIGNING[2:]]
    steps = [Step("speech", 0.0, 0.0, cached=True), *cached]
    told = planted(clock, steps, sound, paces=PACES)
    later = [each for each in told if each.at > 10 and each.left > 10]
    for each in later:
        assert each.left / 1.6 < (each.whole.seconds_left or 0.0) < each.left * 1.6
    assert told[-1].whole == Whole(1.0, 0.0)


@pytest.mark.parametrize("steps", [CLIP, VIDEO], ids=["clip", "audiogram"])
@pytest.mark.parametrize("slowness", [1.0, 5.0])
def test_a_clip_has_one_bar_over_all_its_steps(clock: Clock, steps: Sequence[Step], slowness: float) -> None:
    told = planted(clock, steps, 60.0, lambda _: slowness)
    done = [each.whole.done for each in told]
    assert done == sorted(done)
    assert max(b - a for a, b in pairwise(done)) < 0.25
    for each in told:
        if each.at > 3 * slowness and each.left > 2 * slowness:
            assert each.left / 2 < (each.whole.seconds_left or 0.0) < each.left * 2


@pytest.mark.parametrize("paces", [{}, {"encoding": 0.05, "listening": 0.06}], ids=["first", "later"])
def test_many_clips_have_one_bar_from_the_first_to_the_last(clock: Clock, paces: Mapping[str, float]) -> None:
    told = planted(clock, CLIP, 20.0, paces=paces, rounds=10)
    done = [each.whole.done for each in told]
    assert done == sorted(done)
    assert max(b - a for a, b in pairwise(done)) < 0.05
    for each in told:
        if each.at > 2 and each.left > 2:
            assert each.whole.seconds_left == pytest.approx(each.left, rel=0.3)


PUBLISHING = Step("preparing", 0.1, 0.01, 10), Step("quotes", 0.5, 0.2, 4, part=0.01)


@pytest.mark.parametrize("minutes", [(6, 60, 17), (60, 6, 17), (180, 1, 2, 3)])
@pytest.mark.parametrize("slowness", [1.0, 3.0])
def test_sounds_of_known_lengths_count_as_long_as_they_are(
    clock: Clock, minutes: Sequence[int], slowness: float
) -> None:
    run = WholeRun([step.name for step in PUBLISHING], rounds=len(minutes), lengths=[60.0 * each for each in minutes])
    told = list[tuple[float, float | None]]()
    for each in minutes:
        run.begin_round()
        for step in PUBLISHING:
            for seconds, stage, done, total in _pieces(step, 60.0 * each):
                clock.now += seconds * slowness
                told.append((clock.now, run.take(stage, done, total).seconds_left))
    guesses = [(at, left) for at, left in told if at > 1000 + 3 * slowness and left is not None]
    assert len(guesses) > 20
    for at, left in guesses:
        if clock.now - at > 3 * slowness:
            assert (clock.now - at) / 1.5 < left < (clock.now - at) * 1.5


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


def test_a_later_clip_of_the_same_machine_knows_at_once(clock: Clock) -> None:
    planted(clock, VIDEO, 60.0)
    run = WholeRun([step.name for step in VIDEO], "square")
    for step in VIDEO:
        for seconds, *said in _pieces(step, 60.0):
            clock.now += 3 * seconds
            run.take(said[0], said[1], said[2])
    run.remember()
    first = WholeRun([step.name for step in VIDEO], "square").take("cutting", 0.0, 60.0)
    assert first.seconds_left == pytest.approx(3 * sum(step.start + 60 * step.pace for step in VIDEO), rel=0.1)
