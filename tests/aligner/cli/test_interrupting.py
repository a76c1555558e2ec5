"""An interruption at any moment is quiet and leaves no file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.aligner.command import end_once, posix_only, quotecast, start


@pytest.mark.nightly
@posix_only
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupting_leaves_nothing_behind(episode: tuple[Path, Path, Path], tmp_path: Path, name: str) -> None:
    if signal.getsignal(signal.Signals[name]) is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, and so by what is started from here, as under nohup")
    audio, transcript, _ = episode
    out = tmp_path / "out"
    command = ("align", audio, transcript, "-o", out, "--progress", "json", "--method", "asr")
    with start(*command, cache=tmp_path / "cache") as process:
        end_once("asr", process, signal.Signals[name])
    assert not out.exists()
    assert not list(tmp_path.rglob(".quotecast-*"))


def wait_until_caught(process: int, number: signal.Signals) -> None:
    """Until the process has a handler of its own for a signal, which Python has not from the beginning."""
    if not Path("/proc/self/status").exists():
        time.sleep(0.5)
        return
    caught = 0
    while not caught >> (number - 1) & 1:
        (line,) = (s for s in Path(f"/proc/{process}/status").read_text().splitlines() if s.startswith("SigCgt"))
        caught = int(line.split()[1], 16)


@posix_only
def test_interrupting_in_the_first_moments_is_quiet(episode: tuple[Path, Path, Path], tmp_path: Path) -> None:
    audio, transcript, _ = episode
    for delay in (0.0, 0.2):
        with start("align", audio, transcript, "--progress", "none", cache=tmp_path / "cache") as process:
            wait_until_caught(process.pid, signal.SIGTERM)
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            said = process.stderr.read().strip()
            assert (process.wait(timeout=120), said) == (130, "quotecast: interrupted")


@posix_only
def test_a_signal_ignored_by_the_caller_stays_ignored(tmp_path: Path) -> None:
    script = (
        "import signal; from aligner.__main__ import _catch_signals as c; c([]); signal.raise_signal(signal.SIGHUP)"
    )
    command = ["nohup", sys.executable, "-c", script]
    assert subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


@pytest.mark.nightly
@posix_only
def test_the_next_run_removes_what_a_killed_run_left(alignment: Path, tmp_path: Path) -> None:
    passing, video = tmp_path / "passing", tmp_path / "video.mp4"
    passing.mkdir()
    environment = {**os.environ, "TMPDIR": str(passing)}
    before = {path.name for path in tmp_path.iterdir()}
    command = [sys.executable, "-m", "aligner", "audiogram", alignment, "--words", "0-30", "-o", video, "--no-listen"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while not list(passing.rglob("audiogram.mp4")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert list(passing.iterdir())
    other = quotecast("export", alignment, "--to", "srt", "-o", tmp_path / "x.srt", env=environment)
    assert other.returncode == 0, other.stderr
    assert list(passing.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == before | {"x.srt"}
