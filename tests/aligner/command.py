"""Running the command as a user does."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aligner.cli.main import explain
from aligner.cli.main import quotecast as quotecast_command

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals, terminals and names as POSIX has them")


def quotecast(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False, **options)


def quotecast_here(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The same within this process, at a fraction of the time: for what a command makes and says, not for how its
    process lives and ends."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = int(quotecast_command.main([*map(str, arguments)], "quotecast", standalone_mode=False) or 0)
        except Exception as error:
            status = explain(error)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def sentence(alignment: Path, number: int = 0) -> str:
    """A sentence that is said, of five words or more."""
    text = " ".join(w["text"] for w in json.loads(alignment.read_text("utf-8"))["words"] if w["start"] is not None)
    return [s for s in re.split(r"(?<=[.?!]) ", text) if len(s.split()) >= 5][number]


def clip(alignment: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return quotecast_here("clip", alignment, "--no-listen", *options)


def clip_apart(alignment: Path, *options: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, as at a terminal."""
    return quotecast("clip", alignment, "--no-listen", *options, **settings)


def assert_refused(result: subprocess.CompletedProcess[str], complaint: str) -> None:
    assert result.returncode == 3, result.stderr
    line = result.stderr.strip().splitlines()[-1]
    assert re.search(complaint, line), result.stderr
    assert line.startswith("quotecast: ")
    assert "Traceback" not in result.stderr


def start(*arguments: object, cache: Path) -> subprocess.Popen[str]:
    """A run with a cache of its own, so that it listens."""
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    environment = {**os.environ, "QUOTECAST_CACHE": str(cache)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", env=environment)


def end_once(stage: str, process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Send the signal when ``stage`` is under way; return what was said after it."""
    assert process.stderr is not None
    while stage not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.5)
    process.send_signal(number)
    rest = process.stderr.read()
    assert process.wait(timeout=120) == 128 + number
    assert rest.strip().splitlines()[-1] == "quotecast: interrupted"
    assert "Traceback" not in rest
    return rest


def on_a_terminal(*arguments: object, kind: str) -> str:
    """What a run shows on a terminal of this kind."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": kind}
    command = [sys.executable, "-m", "aligner", *map(str, arguments)]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        assert process.wait(timeout=120) == 0
    os.close(ours)
    return shown.decode()
