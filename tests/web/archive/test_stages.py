"""What a worker does to an episode, by real processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import psutil
import pytest

from tests.perfect_ear import write_heard
from tests.places import SAMPLE
from web.archive.runs import stages
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.stages import episode_in, is_made, key_of, work
from web.jobs.job import Job, new_id, now
from web.jobs.kinds import Align
from web.jobs.record_format import to_json
from web.jobs.records import sole_server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".quotecast").mkdir()
    folder = tmp_path / "one"
    folder.mkdir()
    with wave.open(str(folder / "talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((8_000 * np.sin(np.arange(32_000) / 20)).astype("<i2").tobytes())
    (folder / "talk.txt").write_text("Anna: this is a tone.\n", encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_WAITS", 0.0)
    monkeypatch.setattr(stages, "_FULL_WAITS", 0.0)


def done(root: Path, stage: Stage, name: str = "one") -> Outcome:
    episode = episode_in(root, name)
    key = key_of(episode, stage) if episode and episode.audio else "none"
    return work(Task(str(root), name, stage, key))


@pytest.mark.nightly  # for it gives way to all other tests
def test_a_stage_is_done_once_and_known_from_the_episodes_own_files(root: Path) -> None:
    first, second = done(root, Stage.WAVEFORM), done(root, Stage.WAVEFORM)
    assert (first.state, first.ran) == (State.DONE, ("waveform",))
    assert (second.state, second.ran) == (State.DONE, ())
    episode = episode_in(root, "one")
    assert episode
    assert is_made(episode, Stage.WAVEFORM)


def test_a_process_that_crashes_takes_no_worker_along(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "command", lambda *words: ["tests.web.archive.falls"])
    ended = done(root, Stage.WAVEFORM)
    assert ended.state is State.FELL
    assert ended.message
    assert ended.message["message"] == "its process was ended by signal 6"


@pytest.mark.nightly  # for it gives way to all other tests
def test_what_is_wrong_with_a_file_is_its_own_sentence(root: Path) -> None:
    (root / "one" / "talk.wav").write_bytes(b"no sound" * 100)
    ended = done(root, Stage.WAVEFORM)
    assert ended.state is State.FAILED
    assert ended.message
    assert "expected sound" in ended.message["message"]


def test_where_nothing_can_be_written_it_is_the_machine_that_failed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    (root / "one" / "talk.wav").write_bytes(b"no sound" * 100)
    monkeypatch.setattr(stages, "write_new", full)
    ended = done(root, Stage.WAVEFORM)
    assert ended.state is State.BROKE
    assert ended.message
    assert "No space left on device" in ended.message["message"]


def test_a_library_that_is_away_is_no_failure_of_its_episodes(root: Path) -> None:
    episode = episode_in(root, "one")
    assert episode
    task = Task(str(root), "one", Stage.WAVEFORM, key_of(episode, Stage.WAVEFORM))
    root.rename(root.with_name(f"{root.name} away"))
    assert work(task).state is State.AWAY
    assert not root.exists()


def test_an_episode_that_was_removed_is_none_any_more(root: Path) -> None:
    shutil.rmtree(root / "one")
    assert done(root, Stage.ALIGN).state is State.GONE


def test_what_the_app_is_aligning_is_left_to_it_while_it_is_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_run", lambda *_: pytest.fail("it was begun"))
    job = Job(new_id(), Align(audio="talk.wav", transcript="talk.txt"), "one", created=now())
    (root / "one" / "jobs").mkdir()
    (root / "one" / "jobs" / f"{job.id}.json").write_text(to_json(job, []), encoding="utf-8")
    with sole_server(root):
        assert done(root, Stage.ALIGN).state is State.LEFT
    with pytest.raises(pytest.fail.Exception, match="begun"):
        done(root, Stage.ALIGN)


def test_a_key_is_another_one_when_a_file_that_is_read_has_changed(root: Path) -> None:
    def keys() -> list[str]:
        episode = episode_in(root, "one")
        assert episode
        return [key_of(episode, stage) for stage in Stage]

    before = keys()
    (root / "one" / "talk.txt").write_text("Anna: this is another tone.\n", encoding="utf-8")
    after = keys()
    assert before[0] != after[0]
    assert before[1] == after[1]


_STARTS_ONE = """
import subprocess, sys, time
from web.archive.runs.child import command
words = command("timeit", "-n", "1", "-r", "1", "-s", "import time", "time.sleep(60)")
one = subprocess.Popen([sys.executable, "-m", *words])
print(one.pid, flush=True)
time.sleep(60)
"""


def test_a_stages_process_ends_with_the_worker_that_started_it() -> None:
    worker = subprocess.Popen([sys.executable, "-c", _STARTS_ONE], stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    process = psutil.Process(int(worker.stdout.readline()))
    time.sleep(1.0)  # so that it watches
    worker.kill()
    worker.wait()
    worker.stdout.close()
    psutil.wait_procs([process], timeout=30)
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.nightly
def test_captions_that_are_missing_are_written_without_aligning_again(root: Path, tmp_path: Path) -> None:
    folder = root / "sample"
    folder.mkdir()
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    heard = write_heard(tmp_path / "heard.json")
    words = ["align", "episode.mp3", "transcript.txt", "--hypothesis", str(heard), "--progress", "none"]
    subprocess.run([sys.executable, "-m", "aligner", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    captions, alignment = (folder / "episode.srt").read_bytes(), (folder / "episode.alignment.json").read_bytes()
    (folder / "episode.srt").unlink()
    ended = done(root, Stage.ALIGN, "sample")
    assert (ended.state, ended.ran, ended.verdict) == (State.DONE, ("captions",), "good")
    assert (folder / "episode.srt").read_bytes() == captions
    assert (folder / "episode.alignment.json").read_bytes() == alignment
