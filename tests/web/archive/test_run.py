"""``archive run`` aligns each episode once, despite failures and interruptions."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.aligner.command import assert_refused, posix_only
from tests.tables import over_rows
from tests.web.archive.archiving import archive, archive_of, done, write_episode, write_spoken

ALIGNED = "Episodes  {} aligned, {} failed"
COMMAND = [sys.executable, "-m", "aligner", "archive", "run", "--progress", "none"]


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """A library with two episodes of one sentence, which wait."""
    for name in ("velo", "bonjour"):
        write_spoken(tmp_path / "spoken" / name, name)
    done("add", "--yes", tmp_path / "spoken", tmp_path / "library")
    return tmp_path / "library"


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache in which nothing is recognised yet, so that a run takes long enough to disturb it."""
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))


def aligners(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Return those that align an episode."""
    found = list[psutil.Process]()
    for each in processes:
        with contextlib.suppress(psutil.Error):  # it has just ended
            if {"aligner", "align"} <= {*each.cmdline()}:
                found.append(each)
    return found


def end_once_at_work(library: Path, number: signal.Signals) -> tuple[int, str, list[psutil.Process]]:
    """Start a run, send it the signal once it aligns; return its status, what it printed and what it had started."""
    process = subprocess.Popen([*COMMAND, str(library)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    started = list[psutil.Process]()
    while not aligners(started):
        assert process.poll() is None
        started = psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.02)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=60)
    return process.returncode, printed, started


def test_waiting_and_changed_episodes_are_aligned_once(spoken: Path) -> None:
    assert ALIGNED.format(0, 0) + ", 2 wait" in done("status", spoken)
    out = done("run", "--workers", "2", spoken)
    assert out.count("Aligned   ") == 2
    assert ALIGNED.format(2, 0) in out
    assert {"velo.alignment.json", "velo.vtt", "velo.srt"} <= {path.name for path in (spoken / "velo").iterdir()}
    assert ALIGNED.format(2, 0) + "\n" in done("status", spoken)
    assert "Aligned" not in done("run", spoken)
    text = spoken / "velo" / "velo.txt"
    text.write_text(text.read_text("utf-8").replace("pneus", "roues"), "utf-8")
    (spoken / "bonjour" / "bonjour.alignment.json").unlink()
    assert ALIGNED.format(0, 0) + ", 2 wait" in done("status", spoken)
    assert done("run", spoken).count("Aligned   ") == 2
    assert "roues" in (spoken / "velo" / "velo.vtt").read_text("utf-8")


def test_a_failed_episode_does_not_stop_the_run_and_is_tried_again_when_it_changes(
    spoken: Path, tmp_path: Path
) -> None:
    write_episode(tmp_path / "spoken", 1)
    done("update", spoken)
    result = archive("run", spoken)
    reason = "Failed    E01 velo: E01 velo.wav: silence or music"
    assert (result.returncode, result.stdout.count("Aligned   ")) == (3, 2)
    assert reason in result.stdout
    assert reason in done("status", spoken)
    assert archive_of(spoken).results()["E01 velo"].error
    again = archive("run", spoken)
    assert (again.returncode, "of 1 episode" in again.stdout) == (0, False)
    assert "of 1 episode" in archive("run", "--again", spoken).stdout
    write_spoken(tmp_path / "other", "velo")
    shutil.copy(tmp_path / "other" / "velo.wav", spoken / "E01 velo" / "E01 velo.wav")
    shutil.copy(tmp_path / "other" / "velo.txt", spoken / "E01 velo" / "E01 velo.txt")
    assert ALIGNED.format(3, 0) in done("run", spoken)


def test_a_missing_library_is_refused_and_not_created(tmp_path: Path) -> None:
    assert_refused(archive("run", tmp_path / "shwo"), "nothing is there; expected a library")
    assert not (tmp_path / "shwo").exists()


@posix_only
@pytest.mark.nightly
@pytest.mark.usefixtures("empty_cache")
def test_a_killed_process_is_started_again(spoken: Path) -> None:
    killed = list[psutil.Process]()

    def kill_one() -> None:
        while not killed:
            killed.extend(aligners(psutil.Process().children(recursive=True))[:1])
            time.sleep(0.02)
        killed[0].kill()

    threading.Thread(target=kill_one, daemon=True).start()
    assert ALIGNED.format(2, 0) in done("run", "--workers", "1", spoken)
    assert killed


@posix_only
@pytest.mark.nightly
@over_rows("number, status", [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_an_interrupted_run_ends_its_processes_and_the_next_one_resumes(
    number: signal.Signals, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    for name in ("velo", "bonjour"):
        write_spoken(tmp_path / "spoken" / name, name)
    library = tmp_path / "library"
    done("add", "--yes", tmp_path / "spoken", library)
    returned, printed, started = end_once_at_work(library, number)
    assert returned == status
    assert [line for line in printed.splitlines() if line] == ["quotecast: interrupted"] * (status > 0)
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert not any(result.error for result in archive_of(library).results().values())
    assert ALIGNED.format(2, 0) in done("run", library)


@pytest.mark.nightly
@pytest.mark.usefixtures("empty_cache")
def test_a_run_opens_no_port(spoken: Path) -> None:
    process = subprocess.Popen([*COMMAND, str(spoken)], stdout=subprocess.DEVNULL)
    tree, looks, open_ports = psutil.Process(process.pid), 0, list[object]()
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):
            processes = [tree, *tree.children(recursive=True)]
            looks += bool(aligners(processes))
            open_ports += [port for each in processes for port in each.net_connections("inet")]
        time.sleep(0.05)
    assert (process.returncode, open_ports) == (0, [])
    assert looks > 3


@pytest.mark.nightly
def test_a_full_disk_ends_the_run_without_failed_episodes(small_disk: Path, tmp_path: Path) -> None:
    library = small_disk / "library"
    for name in ("velo", "bonjour"):
        write_spoken(tmp_path / "spoken" / name, name)
    done("add", "--yes", tmp_path / "spoken", library)
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free))
    result = archive("run", library)
    assert_refused(result, r"library: cannot be written \(No space left on device\); what is done stays")
    assert archive_of(library).results() == {}
    filler.unlink()
    assert ALIGNED.format(2, 0) in done("run", library)


@contextlib.contextmanager
def dask(kind: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a scheduler or worker of Dask; yield its process and the address that it prints."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", "--no-dashboard", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        lines = iter(process.stderr.readline, "")
        address = next(found[1] for line in lines if (found := re.search(r"at: *(tcp://\S+)", line)))
        reader = threading.Thread(target=process.stderr.read)
        reader.start()
        try:
            yield process, address
        finally:
            process.terminate()
            reader.join()


@posix_only
@pytest.mark.nightly
@pytest.mark.usefixtures("empty_cache")
def test_dask_workers_align_and_a_lost_scheduler_is_one_sentence(spoken: Path) -> None:
    pytest.importorskip("distributed")
    here = ("--host", "127.0.0.1")
    worker_options = (*here, "--nworkers", "1", "--nthreads", "1")
    with (
        dask("scheduler", *here, "--port", "0") as (scheduler, address),
        dask("worker", address, *worker_options) as (worker, _),
    ):
        command = [*COMMAND, "--scheduler", address, str(spoken)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not aligners(psutil.Process(worker.pid).children(recursive=True)):
            assert run.poll() is None
            time.sleep(0.02)
        scheduler.kill()
        _, err = run.communicate(timeout=120)
        assert (run.returncode, err.splitlines()) == (
            3, [f"quotecast: {address}: no scheduler answers there; what is done stays, and the same command goes on"]
        )  # fmt: skip
    assert not any(result.error for result in archive_of(spoken).results().values())
    with dask("scheduler", *here, "--port", "0") as (_, address), dask("worker", address, *worker_options):
        assert ALIGNED.format(2, 0) in done("run", "--scheduler", address, spoken)
