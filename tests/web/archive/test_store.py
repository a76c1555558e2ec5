"""An archive in an object store: what comes of it, whoever is killed, whatever keys are called, whoever changes it."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aligner.storage.backups import write_keeping
from media.errors import Message, to_facts
from tests.tables import over_rows
from tests.web.archive.object_store import ADDRESS, PASSWORD, ObjectStore, object_store
from web.archive.runs import running
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.places import Place
from web.archive.runs.records import ArchiveInUseError
from web.archive.runs.running import Run
from web.archive.runs.store import lock, place, working
from web.archive.runs.store.episodes import LeftOut, episodes_of, is_plain
from web.archive.runs.store.lock import Lock
from web.archive.runs.store.objects import Store, StoreError, TakenError, parted
from web.archive.runs.store.place import sole_place
from web.archive.runs.telling import facts_of

Meanwhile = Callable[[Task], object]


class Hands:
    """A worker in this process, which does one stage at a time; ``meanwhile`` happens before each."""

    def __init__(self, place: Place) -> None:
        self._place, self._given, self.done = place, deque[Task](), list[Outcome]()

    @property
    def room(self) -> int:
        return 10 - len(self._given)

    @property
    def is_idle(self) -> bool:
        return not self._given

    def give(self, task: Task, attempt: int, priority: int) -> None:
        self._given.append(task)

    def heard(self) -> list[tuple[Task, Outcome]]:
        if not self._given:
            return []
        task = self._given.popleft()
        self.done.append(self._place.do(task))
        return [(task, self.done[-1])]

    def addresses(self) -> list[str]:
        return ["here"]

    def taken_back(self) -> list[Task]:
        return []

    def connect(self) -> None:
        pass

    def retire(self, address: str) -> None:
        raise AssertionError(address)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store(monkeypatch) as found:
        for name in ("one", "two"):
            found.put(f"show/{name}/talk.mp3", b"sound of " + name.encode())
            found.put(f"show/{name}/talk.txt", b"words of " + name.encode())
        yield found


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (running, "_LOOK_EVERY"),
        (running, "_AGAIN_AFTER"),
        (place, "_KEPT_EVERY"),
        (working, "_WAITS"),
        (lock, "_LOOK_EVERY"),
    ):
        monkeypatch.setattr(module, name, 0.0)
    monkeypatch.setattr(place, "_RESTS", 0)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Meanwhile]:
    """What happens, once each, while a stage is being done, which here makes files of what it reads."""
    happens = list[Meanwhile]()

    def stage(task: Task, memory_bytes: int | None = None) -> Outcome:
        folder = Path(task.root, task.episode)
        made = b"of " + (folder / "talk.txt").read_bytes()
        names = ["talk.vtt", "talk.srt", "talk.alignment.json"]
        if task.stage is Stage.WAVEFORM:
            (folder / ".quotecast").mkdir(exist_ok=True)
            made, names = (folder / "talk.mp3").read_bytes(), [".quotecast/peaks.json", ".quotecast/prepared.json"]
        for name in names:
            write_keeping({folder / name: name.encode() + b" " + made})
        if happens and task.stage is Stage.ALIGN:
            happens.pop(0)(task)
        return Outcome(episode=task.episode, stage=task.stage, key=task.key, state=State.DONE, ran=("align",))

    monkeypatch.setattr(working.stages, "work", stage)
    return happens


def ran() -> tuple[Run, Hands]:
    with sole_place(ADDRESS) as found:
        hands = Hands(found)
        run = Run(found, hands)  # type: ignore[arg-type]
        run.plan()
        for _ in run.go():
            pass
        return run, hands


def made(store: ObjectStore) -> dict[str, bytes]:
    return {name: content for name, content in store.held().items() if not name.startswith(".quotecast/")}


MADE = {".quotecast/peaks.json", ".quotecast/prepared.json", "talk.alignment.json", "talk.srt", "talk.vtt"}


def test_what_is_made_of_each_episode_lies_beside_it_and_a_second_run_does_nothing(
    store: ObjectStore, meanwhile: list[Meanwhile]
) -> None:
    before = made(store)
    run, hands = ran()
    assert facts_of(run)["episodes"]["done"] == 2
    assert len(hands.done) == 4
    after = made(store)
    assert after.keys() == before.keys() | {f"{name}/{each}" for name in ("one", "two") for each in MADE}
    assert {name: after[name] for name in before} == before
    run, hands = ran()
    assert hands.done == []
    assert facts_of(run)["episodes"]["done"] == 2
    assert made(store) == after


@pytest.mark.nightly
def test_what_was_made_and_is_not_remembered_is_found_made(store: ObjectStore, meanwhile: list[Meanwhile]) -> None:
    ran()
    after = made(store)
    store.put("show/.quotecast/archive/results.jsonl", b"")
    run, hands = ran()
    assert len(hands.done) == 4
    assert facts_of(run)["episodes"]["done"] == 2
    assert made(store) == after


@pytest.mark.nightly
def test_a_worker_that_is_killed_while_it_puts_leaves_nothing_that_looks_done_and_the_next_the_same(
    store: ObjectStore, meanwhile: list[Meanwhile], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    put, tasks = Store.put_file, list[Task]()
    with sole_place(ADDRESS) as found:
        tasks = [Task(ADDRESS, "one", each.stage, each.key) for each in found.episode("one").wanted]  # type: ignore[union-attr]
    for count, task in ((0, tasks[0]), (1, tasks[0]), (2, tasks[0]), (0, tasks[1]), (1, tasks[1])):
        left = [count]

        def puts_some(self: Store, *facts: object, left: list[int] = left) -> None:
            if not left[0]:
                raise Killed
            left[0] -= 1
            put(self, *facts)  # type: ignore[arg-type]

        monkeypatch.setattr(Store, "put_file", puts_some)
        with pytest.raises(Killed):
            working.work(task)
        [first, _] = episodes_of(Store.at(ADDRESS).listed())
        assert not first.is_made(task.stage)
        assert not {"talk.alignment.json", ".quotecast/prepared.json"} & first.objects.keys()
    monkeypatch.setattr(Store, "put_file", put)
    run, _ = ran()
    assert facts_of(run)["episodes"]["done"] == 2
    assert {
        name.removeprefix("one/"): each.replace(b"one", b"X") for name, each in made(store).items() if "one/" in name
    } == {name.removeprefix("two/"): each.replace(b"two", b"X") for name, each in made(store).items() if "two/" in name}


@pytest.mark.nightly
def test_a_transcript_that_changes_during_the_stage_is_aligned_again_and_nothing_of_the_old_goes_back(
    store: ObjectStore, meanwhile: list[Meanwhile]
) -> None:
    meanwhile.append(lambda task: store.put(f"show/{task.episode}/talk.txt", b"other words"))
    run, hands = ran()
    assert State.CHANGED in [each.state for each in hands.done]
    assert facts_of(run)["episodes"] | {"all": 0} == {
        "all": 0, "done": 2, "failed": 0, "left": 0, "incomplete": 0, "with_app": 0
    }  # fmt: skip
    [changed] = {each.episode for each in hands.done if each.state is State.CHANGED}
    assert made(store)[f"{changed}/talk.alignment.json"] == b"talk.alignment.json of other words"
    assert made(store)[f"{changed}/talk.srt"] == b"talk.srt of other words"
    _, again = ran()
    assert again.done == []


def test_what_somebody_puts_there_meanwhile_stays(store: ObjectStore, meanwhile: list[Meanwhile]) -> None:
    meanwhile.append(lambda task: store.put(f"show/{task.episode}/talk.vtt", b"captions by hand"))
    _, hands = ran()
    [changed] = {each.episode for each in hands.done if each.state is State.CHANGED}
    assert [each.state for each in hands.done if each.episode == changed][-1] is State.DONE
    assert made(store)[f"{changed}/talk.vtt.bak"] == b"captions by hand"
    assert made(store)[f"{changed}/talk.vtt"].startswith(b"talk.vtt of")


def test_a_run_that_another_has_taken_over_ends(store: ObjectStore, meanwhile: list[Meanwhile]) -> None:
    with contextlib.suppress(ArchiveInUseError), sole_place(ADDRESS) as found:
        run = Run(found, Hands(found))  # type: ignore[arg-type]
        run.plan()
        found._lock._is_lost = True
        with pytest.raises(ArchiveInUseError, match="another run is at work"):
            list(run.go())


def test_while_a_run_is_at_work_another_is_refused(store: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_RENEWED_EVERY", 0.05)
    with Lock(Store.at(ADDRESS)).taken(), pytest.raises(ArchiveInUseError), Lock(Store.at(ADDRESS)).taken():
        pytest.fail("it has it")
    with Lock(Store.at(ADDRESS)).taken():
        pass


def test_what_a_killed_run_had_is_taken_over_and_it_is_told_so_should_it_live(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_STALE_AFTER", 0.1)
    killed, heir = Lock(Store.at(ADDRESS)), Lock(Store.at(ADDRESS))
    with killed.taken():
        with heir.taken():
            killed._renew_once()
            with pytest.raises(ArchiveInUseError):
                killed.check()
        heir.check()


@pytest.mark.nightly
def test_a_store_that_writes_over_what_is_there_is_not_worked_on(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Store.put
    monkeypatch.setattr(Store, "put", lambda self, name, content, replaces: put(self, name, content, _etag(self, name)))
    with pytest.raises(StoreError, match="expected one that knows If-Match"), sole_place(ADDRESS):
        pytest.fail("it is worked on")


def _etag(store: Store, name: str) -> str | None:
    found = store.find(name)
    return found.etag if found else None


@pytest.mark.nightly
def test_a_store_that_is_away_is_waited_for(store: ObjectStore, meanwhile: list[Meanwhile]) -> None:
    meanwhile.append(lambda task: store.end())
    with sole_place(ADDRESS) as found:
        hands = Hands(found)
        run = Run(found, hands)  # type: ignore[arg-type]
        run.plan()
        waited = 0
        for _ in run.go():
            if run.progress.waits_for:
                assert run.progress.waits_for == ADDRESS
                waited += 1
                if waited == 2:
                    store.begin()
    assert waited >= 2
    assert State.AWAY in [each.state for each in hands.done]
    assert facts_of(run)["episodes"]["done"] == 2
    assert {name.removeprefix("one/") for name in made(store) if name.startswith("one/")} > MADE


HOSTILE = [
    "show/../talk.mp3",
    "show/ep/../../../talk.mp3",
    "show/ep/..",
    "show/ep//talk.mp3",
    "show//talk.mp3",
    "show/a\nb/talk.mp3",
    "show/ep/talk\x1b[2J.mp3",
    "show/ep/a\\..\\talk.mp3",
    "show/ep/talk.mp3?versionId=1",
    f"show/ep/{'x' * 250}.mp3",
    "show/ep/.quotecast/../../talk.mp3",
    "show/ep/Case.mp3",
    "show/ep/case.mp3",
    "show/ep/e\u0301te.mp3",
    "show/ep/\u00e9te.mp3",
]


def test_keys_that_are_no_names_of_files_are_left_out_and_lead_nowhere(
    store: ObjectStore, meanwhile: list[Meanwhile], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.put("show/ep/talk.mp3", b"sound")
    store.put("show/ep/talk.txt", b"words")
    for key in HOSTILE:
        store.plant(key, b"hostile")
    left_out = LeftOut()
    found = {each.name: set(each.objects) for each in episodes_of(Store.at(ADDRESS).listed(), left_out)}
    assert found["ep"] == {"talk.mp3", "talk.txt"}
    assert found.keys() == {"ep", "one", "two"}
    assert left_out.count == len(HOSTILE)
    before = _etags()
    run, _ = ran()
    assert facts_of(run)["episodes"]["done"] == 3
    said = capsys.readouterr().err
    assert f"{len(HOSTILE)} objects are left out" in said
    assert "\x1b" not in said
    assert before.items() <= _etags().items()


@pytest.mark.nightly
@pytest.mark.parametrize(("one", "other"), [("Folge 1", "folge 1"), ("\u00e9t\u00e9", "e\u0301te\u0301")])
def test_episodes_whose_folders_are_one_on_many_disks_are_left_out_and_told(
    store: ObjectStore, meanwhile: list[Meanwhile], capsys: pytest.CaptureFixture[str], one: str, other: str
) -> None:
    for name in (one, other):
        store.plant(f"show/{name}/talk.mp3", name.encode())
        store.plant(f"show/{name}/talk.txt", name.encode())
    before = {name: content for name, content in made(store).items() if not name.startswith(("one/", "two/"))}
    run, hands = ran()
    assert {each.episode for each in hands.done} == {"one", "two"}
    assert facts_of(run)["episodes"]["all"] == 2
    said = capsys.readouterr().err
    assert "2 episodes are left out" in said
    assert f"{one!r}" in said
    assert before.items() <= made(store).items()


@pytest.mark.nightly
def test_what_is_told_of_an_episode_calls_it_as_the_store_does(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(task: Task, memory_bytes: int | None = None) -> Outcome:
        why = Message("{path}: holds no words", path=Path(task.root, task.episode, "talk.txt"))
        state = State.FAILED
        return Outcome(episode=task.episode, stage=task.stage, key=task.key, state=state, message=to_facts(why))

    monkeypatch.setattr(working.stages, "work", fails)
    _, hands = ran()
    [told, *_] = [each.message for each in hands.done if each.episode == "one" and each.message]
    assert told["message"] == f"{ADDRESS}/one/talk.txt: holds no words"
    assert told["values"] == {"path": f"{ADDRESS}/one/talk.txt"}


@pytest.mark.nightly
def test_what_is_damaged_of_what_runs_remember_is_told_by_its_address(
    store: ObjectStore, meanwhile: list[Meanwhile]
) -> None:
    store.put("show/.quotecast/archive/results.jsonl", b"{not ours\n")
    run, _ = ran()
    told = f"{ADDRESS}/.quotecast/archive/results.jsonl: damaged are lines 1; what failed there is tried again"
    assert run.progress.damaged == told


def _etags() -> dict[str, str]:
    return {each.name: each.etag for each in Store.at(ADDRESS).listed()}


def test_an_episode_that_is_too_much_for_a_disk_is_not_fetched(
    store: ObjectStore, meanwhile: list[Meanwhile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_MOST_BYTES", 10)
    monkeypatch.setattr(Store, "fetch", lambda self, found, path: pytest.fail("it is fetched"))
    [first, _] = episodes_of(Store.at(ADDRESS).listed())
    ended = working.work(Task(ADDRESS, "one", Stage.ALIGN, first.key(Stage.ALIGN)))
    assert ended.state is State.FAILED


def test_an_object_that_has_grown_since_it_was_listed_is_not_fetched(store: ObjectStore, tmp_path: Path) -> None:
    [sound, *_] = Store.at(ADDRESS).listed()
    with pytest.raises(TakenError):
        Store.at(ADDRESS).fetch(replace(sound, size_bytes=3), tmp_path / "sound")
    assert not (tmp_path / "sound").exists()


@over_rows(
    "address",
    [
        "s3://",
        "s3://b",
        "s3://somebody:secret@bucket/show",
        "s3://bucket/../show",
        "s3://bucket/a?versionId=1",
        "gs://bucket/show",
        "simplecache::s3://bucket/show",
        "s3://bucket/a\nb",
    ],
)
def test_what_is_no_address_of_a_store_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(StoreError, match="expected s3://BUCKET/FOLDER") as refused:
        parted(address)
    assert "secret" not in str(refused.value)


def test_a_name_is_that_of_a_file() -> None:
    assert is_plain("Qui sommes-nous ?.mp3")
    assert not any(map(is_plain, ("", ".", "..", "a/b", "a\\b", "a\0b", "\udc80", "x" * 250)))


def test_without_what_speaks_to_stores_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = pytest.importorskip("fsspec.registry")
    monkeypatch.delitem(registry._registry, "s3", raising=False)
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(StoreError, match=r"pip install 'quotecast\[s3\]'"):
        Store(ADDRESS)


@pytest.mark.nightly
def test_what_is_told_of_a_store_that_refuses_names_no_password(
    store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreError, match="NoSuchBucket") as refused:
        list(Store("s3://another-bucket/show").listed())
    assert PASSWORD not in str(refused.value)


@pytest.mark.nightly
def test_the_command_makes_in_a_store_what_it_makes_in_a_folder_also_after_all_of_it_was_killed(
    store: ObjectStore, tmp_path: Path
) -> None:
    from tests.bench.faults import differences
    from tests.bench.faults import made as made_in
    from tests.bench.short_episodes import slices
    from tests.places import SAMPLE

    folder, copy = tmp_path / "show", tmp_path / "copy"
    for name in ("one/talk.mp3", "one/talk.txt", "two/talk.mp3", "two/talk.txt"):
        Store.at(ADDRESS)._fs.rm_file(f"bucket/show/{name}")
    for k, each in enumerate(slices(SAMPLE, 3)):
        each.write(folder / f"Épisode {k}")
    store.send(folder)
    _killed_with_all_it_started(tmp_path)
    told = [_told(library, tmp_path) for library in (ADDRESS, str(folder), ADDRESS)]
    assert "Episodes  3 done, 0 failed, 0 left" in told[0]
    assert "Stages    none was run" in told[2]
    for name, content in store.held().items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
        assert PASSWORD.encode() not in content
    assert differences(made_in(copy), made_in(folder)) == []


@pytest.mark.nightly
def test_workers_of_a_scheduler_make_the_same_in_a_store_though_they_and_the_scheduler_are_killed(
    store: ObjectStore, tmp_path: Path
) -> None:
    from tests.bench.faults import Cluster, Seen, differences
    from tests.bench.faults import made as made_in
    from tests.bench.short_episodes import slices
    from tests.places import SAMPLE

    folder, copy, draw, seen = tmp_path / "show", tmp_path / "copy", random.Random(4), Seen()
    for each in Store.at(ADDRESS).listed():
        Store.at(ADDRESS)._fs.rm_file(f"bucket/show/{each.name}")
    for k, each in enumerate(slices(SAMPLE, 4)):
        each.write(folder / f"Épisode {k}")
    store.send(folder)
    sent = len(store.held())
    with Cluster(tmp_path, 2, seen) as cluster:
        words = _words(ADDRESS, "--scheduler", cluster.address)
        run = subprocess.Popen(words, env=_surroundings(tmp_path), stdout=subprocess.PIPE, text=True)
        for most in (sent + 4, sent + 8):  # three are the run's own
            while len(_etags()) < most and run.poll() is None:
                time.sleep(0.1)
            assert run.poll() is None
            while not cluster.kill(draw):
                time.sleep(0.1)
            cluster.kill_scheduler()
        told, _ = run.communicate(timeout=900)
    assert sum(count for what, count in seen.faults.items() if "killed" in what) == 4
    assert "Episodes  4 done, 0 failed, 0 left" in told
    _told(str(folder), tmp_path)
    for name, content in store.held().items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
        assert PASSWORD.encode() not in content
    assert differences(made_in(copy), made_in(folder)) == []


def _killed_with_all_it_started(scratch: Path) -> None:
    """A run that is killed as soon as something of it lies in the store, and something does not."""
    run = subprocess.Popen(_words(ADDRESS), env=_surroundings(scratch), stderr=subprocess.DEVNULL)
    before = len(_etags())
    while len(_etags()) < before + 5 and run.poll() is None:  # three are the run's own
        time.sleep(0.1)
    assert run.poll() is None
    for each in [*psutil.Process(run.pid).children(recursive=True), psutil.Process(run.pid)]:
        with contextlib.suppress(psutil.Error):
            each.kill()
    run.wait()


def _words(library: str, *by: str) -> list[str]:
    by = by or ("--workers", "2")
    return [sys.executable, "-m", "aligner", "archive", "run", library, *by, "--progress", "none"]


def _surroundings(scratch: Path) -> dict[str, str]:
    return {**os.environ, "QUOTECAST_CONFIG": str(scratch / "config")}


def _told(library: str, scratch: Path) -> str:
    done = subprocess.run(_words(library), env=_surroundings(scratch), capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return done.stdout
