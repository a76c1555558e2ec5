"""What a run makes of how stages end: by workers that end them as the claim has it."""

from __future__ import annotations

import errno
import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from aligner.errors import OutputError
from media.errors import to_facts
from tests.web.library.shelved import plant
from web.archive.runs import captions, records, retries, running
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.places import FolderPlace
from web.archive.runs.run import run as command
from web.archive.runs.running import Run
from web.archive.runs.telling import called_in, facts_of, lines_at_end
from web.archive.runs.workers import SchedulerLostError
from web.library import Details, Library
from web.library.details import write_details

End = Callable[[Task, int], State | Exception]


class Hands:
    """Workers that do one stage at a time, each as ``end`` says of the task and how often it was given before."""

    def __init__(self, end: End, names: Sequence[str] = ("a", "b"), most: int = 1_000) -> None:
        self.end, self.names, self.retired = end, list(names), list[str]()
        self.given, self.log = deque[Task](), list[tuple[str, str]]()
        self.most = most

    @property
    def room(self) -> int:
        return self.most - len(self.given)

    @property
    def is_idle(self) -> bool:
        return not self.given

    def give(self, task: Task, attempt: int, priority: int) -> None:
        self.given.append(task)

    def heard(self) -> list[tuple[Task, Outcome | BaseException]]:
        if not self.given:
            return []
        task = self.given[0]
        before = self.log.count((task.episode, task.stage))
        state = self.end(task, before)
        if isinstance(state, SchedulerLostError):
            self.log.append((task.episode, task.stage))
            raise state
        self.given.popleft()
        self.log.append((task.episode, task.stage))
        if isinstance(state, Exception):
            return [(task, state)]
        worker = self.addresses()[len(self.log) % len(self.addresses())]
        facts = {"message": to_facts("no room")} if state is not State.DONE else {"verdict": "good", "ran": ("align",)}
        return [
            (task, Outcome(episode=task.episode, stage=task.stage, key=task.key, state=state, worker=worker, **facts))
        ]  # type: ignore[arg-type]

    def taken_back(self) -> list[Task]:
        taken = list(self.given)
        self.given.clear()
        return taken

    def connect(self) -> None:
        pass

    def addresses(self) -> list[str]:
        return [name for name in self.names if name not in self.retired]

    def retire(self, address: str) -> None:
        self.retired.append(address)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "talk.mp3").write_bytes(b"sound")
        (tmp_path / name / "talk.txt").write_text("words", encoding="utf-8")
    (tmp_path / ".quotecast").mkdir()
    return Library(tmp_path)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_LOOK_EVERY", 0.0)
    monkeypatch.setattr(running, "_AGAIN_AFTER", 0.0)
    monkeypatch.setattr(running, "_ASK_EVERY", 0.0)


def ran(library: Library, end: End, hands: Hands | None = None, **options: bool) -> tuple[Run, Hands]:
    hands = hands or Hands(end)
    run = Run(FolderPlace(library), hands, **options)  # type: ignore[arg-type]
    run.plan()
    for _ in run.go():
        pass
    return run, hands


def test_every_stage_of_every_episode_is_done_once(library: Library) -> None:
    run, hands = ran(library, lambda task, before: State.DONE)
    assert sorted(hands.log) == sorted((name, stage) for name in ("one", "two", "three") for stage in Stage)
    assert facts_of(run)["episodes"]["done"] == 3


def test_one_bad_episode_stops_no_other_and_is_told_with_its_reason(library: Library) -> None:
    run, _ = ran(library, lambda task, before: State.FAILED if task.episode == "two" else State.DONE)
    assert facts_of(run)["episodes"] | {"all": 0} == {
        "all": 0, "done": 2, "failed": 1, "left": 0, "incomplete": 0, "with_app": 0
    }  # fmt: skip
    assert "Failed    two: align: no room" in lines_at_end(run, 1.0)
    write_details(library.root / "two", Details(title="La mer"), None, None)
    assert "Failed    La mer (two): align: no room" in lines_at_end(run, 1.0, called_in(library.root))


def test_what_an_episode_lacks_is_told(library: Library) -> None:
    (library.root / "one" / "talk.txt").unlink()
    (library.root / "two" / "talk.mp3").unlink()
    write_details(library.root / "two", Details(title="Two"), None, "talk.txt")
    run, _ = ran(library, lambda *_: State.DONE)
    told = lines_at_end(run, 1.0)
    assert {"Lacks     one: its transcript", "Lacks     two: its sound"} <= set(told)


def test_a_library_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    told = CliRunner().invoke(command, [str(tmp_path / "shwo")], standalone_mode=False)
    assert isinstance(told.exception, OutputError)
    assert str(told.exception) == f"{tmp_path / 'shwo'}: nothing is there; expected a library"
    assert not (tmp_path / "shwo").exists()


def test_what_fails_once_as_where_the_library_is_away_for_a_moment_has_not_failed(library: Library) -> None:
    def end(task: Task, before: int) -> State:
        return State.DONE if before else State.FAILED

    run, hands = ran(library, end, Hands(end, most=1))
    assert facts_of(run)["episodes"]["done"] == 3
    assert not run.progress.troubles
    assert hands.log[::2] == hands.log[1::2], "not at once"


def test_what_failed_is_not_tried_again_until_its_files_change_or_somebody_asks(library: Library) -> None:
    def fails(task: Task, before: int) -> State:
        return State.FAILED if task.episode == "two" else State.DONE

    ran(library, fails)
    _, again = ran(library, fails)
    assert {name for name, _ in again.log} & {"two"} == set()
    _, asked = ran(library, fails, retry=True)
    assert ("two", "align") in asked.log
    (library.root / "two" / "talk.txt").write_text("other words", encoding="utf-8")
    _, changed = ran(library, fails)
    assert ("two", "align") in changed.log


def _two_fails(task: Task, before: int) -> State:
    """Its alignment does not work until the failure is believed."""
    return State.FAILED if (task.episode, task.stage) == ("two", "align") and before < 2 else State.DONE


@pytest.mark.nightly
@pytest.mark.parametrize("episode", ["two", None])
def test_what_somebody_asks_for_is_tried_again_by_the_next_run_once(library: Library, episode: str | None) -> None:
    ran(library, _two_fails)
    retries.ask(library.root, "three")  # which has not failed
    retries.ask(library.root, episode)
    run, _ = ran(library, _two_fails)
    assert facts_of(run)["episodes"]["failed"] == 1  # of these hands it is the first time, too
    assert not retries.asked(library.root).any
    _, third = ran(library, _two_fails)
    assert ("two", "align") not in third.log


def test_what_somebody_asks_for_meanwhile_is_tried_again_by_the_same_run(library: Library) -> None:
    def end(task: Task, before: int) -> State:
        if task.episode == "three":  # which is heard of later than "two"
            retries.ask(library.root, "two")
        return _two_fails(task, before)

    order = {"two": "2025-02-02", "three": "2025-01-01", "one": "2024-01-01"}
    for name, date in order.items():
        write_details(library.root / name, Details(date=date), "talk.mp3", "talk.txt")
    run, hands = ran(library, end, Hands(end, most=1))
    assert hands.log.count(("two", "align")) == 3
    assert facts_of(run)["episodes"]["done"] == 3


def test_what_was_asked_for_is_not_lost_with_the_run_that_took_it_up(library: Library) -> None:
    ran(library, _two_fails)
    retries.ask(library.root, "two")
    Run(FolderPlace(library), Hands(_two_fails)).plan()  # type: ignore[arg-type]
    _, next_one = ran(library, lambda task, before: State.DONE)
    assert ("two", "align") in next_one.log


def test_what_falls_is_set_aside_after_three(library: Library) -> None:
    def falls(task: Task, before: int) -> State:
        return State.FELL if (task.episode, task.stage) == ("one", "align") else State.DONE

    run, hands = ran(library, falls)
    assert hands.log.count(("one", "align")) == 3
    assert any("set aside after 3 falls" in line and "--retry" in line for line in lines_at_end(run, 1.0))
    _, again = ran(library, falls)
    assert ("one", "align") not in again.log


def test_what_falls_twice_and_then_does_not_is_done(library: Library) -> None:
    run, _ = ran(library, lambda task, before: State.FELL if before < 2 else State.DONE)
    assert facts_of(run)["episodes"]["done"] == 3


def test_what_a_machine_cannot_do_now_is_tried_again_and_by_the_next_run(library: Library) -> None:
    def broke(task: Task, before: int) -> State:
        return State.BROKE if task.episode == "one" and task.stage == "align" else State.DONE

    run, hands = ran(library, broke)
    assert hands.log.count(("one", "align")) > 1
    assert facts_of(run)["failures"][0]["state"] == "broke"
    _, again = ran(library, lambda task, before: State.DONE)
    assert ("one", "align") in again.log


def test_a_worker_that_can_do_nothing_gets_nothing_more_and_the_others_do_it(library: Library) -> None:
    class OneIsFull(Hands):
        def heard(self) -> list[tuple[Task, Outcome | BaseException]]:
            self.end = lambda task, before: (
                State.BROKE if self.addresses()[(len(self.log) + 1) % len(self.addresses())] == "b" else State.DONE
            )
            return super().heard()

    run, hands = ran(library, lambda task, before: State.DONE, OneIsFull(lambda task, before: State.DONE))
    assert hands.retired == ["b"]
    assert facts_of(run)["episodes"]["done"] == 3
    assert any(line.startswith("Worker    b: gets nothing more") for line in lines_at_end(run, 1.0))


def test_where_no_worker_can_do_anything_the_run_ends_and_says_why(library: Library) -> None:
    run, hands = ran(library, lambda task, before: State.BROKE, Hands(lambda task, before: State.BROKE, ["a"]))
    assert len(hands.log) == 3
    assert any("no room" in line for line in lines_at_end(run, 1.0))


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Folders in which nothing can be written."""
    folders = list[str]()

    def refused(folder: Path) -> OSError | None:
        return OSError(errno.ENOSPC, "No space left on device", str(folder)) if str(folder) in folders else None

    monkeypatch.setattr(running, "unwritable", refused)
    return folders


def test_on_a_full_disk_the_run_ends_at_the_first_stage_that_is_not_done_and_says_why(
    library: Library, full: list[str]
) -> None:
    def fills(task: Task, before: int) -> State:
        if len(hands.log) < 2:
            return State.DONE
        full.append(str(library.hidden))
        return State.BROKE

    hands = Hands(fills)
    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)") as told:
        ran(library, fills, hands)
    assert str(library.root) in str(told.value)
    assert len(hands.log) == 3
    known = records.known_of(library.root, {"one", "two", "three"}).records
    assert [(name, stage, State.DONE) for name, stage in hands.log[:2]] == [
        (*which, record.outcome.state) for which, record in known.items()
    ]


def test_a_worker_that_has_no_room_ends_no_run_whose_library_has(library: Library, full: list[str]) -> None:
    full.append("/of the worker")
    run, _ = ran(library, lambda task, before: State.BROKE if task.episode == "one" and not before else State.DONE)
    assert facts_of(run)["episodes"]["done"] == 3
    assert not run.progress.put_off


def test_a_run_that_is_ended_before_something_was_tried_again_says_why_it_was_not_done(library: Library) -> None:
    def ends(task: Task, before: int) -> State:
        run.stop.set()
        return State.BROKE

    run = Run(FolderPlace(library), Hands(ends))  # type: ignore[arg-type]
    run.plan()
    for _ in run.go():
        pass
    assert [line for line in lines_at_end(run, 1.0) if line.startswith("Left")] in (
        ["Left      one and 2 more: no room"],
        ["Left      three: no room"],
        ["Left      two: no room"],
        ["Left      one: no room"],
    )


@pytest.mark.parametrize("reason", ["No space left on device", "Read-only file system"])
def test_where_nothing_can_be_written_the_command_says_what_where_and_what_to_do_in_one_line(
    library: Library, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def refuses(*_: object) -> None:
        raise OutputError(
            "{path}: cannot be written ({reason}); choose another folder with -o", path="x", reason=reason
        )

    monkeypatch.setattr(records, "write_text", refuses)
    told = CliRunner().invoke(command, [str(library.root)], standalone_mode=False)
    assert str(told.exception) == (
        f"x: cannot be written ({reason}); what is done stays: put that right, and the same command does what is left"
    )


def test_a_scheduler_that_begins_anew_is_given_what_is_left(library: Library) -> None:
    def lost(task: Task, before: int) -> State | Exception:
        return SchedulerLostError() if (task.episode, before) == ("one", 0) else State.DONE

    run, _ = ran(library, lost)
    assert facts_of(run)["episodes"]["done"] == 3


def test_a_library_that_is_away_is_waited_for(library: Library) -> None:
    away = library.root.with_name(f"{library.root.name} away")

    def goes(task: Task, before: int) -> State:
        if (task.episode, task.stage, before) != ("one", "align", 0):
            return State.DONE
        library.root.rename(away)
        return State.AWAY

    hands = Hands(goes)
    run = Run(FolderPlace(library), hands)  # type: ignore[arg-type]
    run.plan()
    waited = 0
    for _ in run.go():
        if run.progress.waits_for:
            assert str(library.root) in run.progress.waits_for
            waited += 1
            if waited == 3:
                away.rename(library.root)
    assert waited >= 3
    assert facts_of(run)["episodes"]["done"] == 3


def test_what_the_app_is_at_work_on_is_left_to_it(library: Library) -> None:
    run, _ = ran(library, lambda task, before: State.LEFT if task.stage == "align" else State.DONE)
    assert facts_of(run)["episodes"]["with_app"] == 3
    assert facts_of(run)["failures"] == []


def test_what_failed_and_was_done_in_the_app_since_is_over_without_being_asked_for(tmp_path: Path) -> None:
    folder = plant(tmp_path / "one")
    alignment = folder / "talk.alignment.json"
    (tmp_path / ".quotecast").mkdir()
    library = Library(tmp_path)

    def end(task: Task, before: int) -> State:
        return State.FAILED if task.stage == "align" and before < 2 else State.DONE

    _, hands = ran(library, end)
    run, hands = ran(library, end, hands)
    assert hands.log.count(("one", "align")) == 2
    captions.write(alignment, ("vtt", "srt"))
    run, hands = ran(library, end, hands)
    assert hands.log.count(("one", "align")) == 2  # it is of another sound
    of_sound = hashlib.sha256((folder / "talk.wav").read_bytes()).hexdigest()
    alignment.write_text(alignment.read_text("utf-8").replace("1" * 64, of_sound), "utf-8")
    run, hands = ran(library, end, hands)
    assert hands.log.count(("one", "align")) == 3
    assert facts_of(run)["episodes"]["failed"] == 0
