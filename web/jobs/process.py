"""Start the process of a job in a process group, read its progress, and end it with all its descendants."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aligner.storage.database import HIDDEN
from aligner.storage.transcript_file import FOLDER as VERSIONS
from media.errors import from_facts
from media.safe_fs import VARIABLE, make_folder, remove_folder, where
from media.temporary import sweep, temporary_path
from web.jobs import child
from web.jobs.kinds import CLIPS

GRACE = 5.0  # seconds between SIGTERM and SIGKILL

_LAST_LINES = 5.0  # seconds to read the rest of the output after the process has ended
_LONGEST_LINE = 1 << 18  # bytes; a longer line is read in parts
_LONGEST_TEXT = 2_000  # characters; the rest of a line is dropped
_CLOSING_LINES = 8
_ENOUGH_BYTES = 4_000_000_000  # ten hours of audio and a model take 1.2 GB
_OWN_VARIABLES = {
    "PYTHONUTF8": "1",
    "PYTHONUNBUFFERED": "1",  # so that lines arrive in the order in which they are printed
    # Like -P: never import a Python file, or run a program, that lies in an episode's folder.
    "PYTHONSAFEPATH": "1",
    "NoDefaultCurrentDirectoryInExePath": "1",
}
_PATHS = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_WRITTEN_TO = (".", CLIPS, VERSIONS, HIDDEN)  # the folders of an episode that jobs and corrections write to


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a job: ``done`` of ``total`` (usually seconds of audio) in the present ``stage``, the finished
    share ``run_done`` (0 to 1) of the whole job, and ``run_seconds_left``. Unknown values are None."""

    stage: str = ""
    done: float = 0.0
    total: float | None = None
    run_done: float | None = None
    run_seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The result of a process: its exit ``status`` (negative if a signal of this number ended it), the last lines it
    ``printed``, the ``reason`` of a failure, and its ``warnings``."""

    status: int
    printed: tuple[str, ...] = ()
    reason: str = ""
    warnings: tuple[str, ...] = ()


class Child:
    """A process that runs ``command``, a module and its arguments, in an episode's ``folder`` of the library at
    ``root``. ``memory_bytes`` limits each process; None: half of the machine's memory, at least 4 GB. Temporary files
    are deleted when the process has ended. Raises OSError if the process does not start."""

    def __init__(self, command: Sequence[str], folder: Path, root: Path, memory_bytes: int | None) -> None:
        import psutil

        self._scratch = temporary_path(Path(tempfile.gettempdir()))
        make_folder(self._scratch)
        there_is = psutil.virtual_memory().total
        most = min(there_is, memory_bytes or max(_ENOUGH_BYTES, there_is // 2))
        self._process = subprocess.Popen(
            [sys.executable, "-P", child.__file__, str(most), *command],
            cwd=where(folder),
            env={**_environment(), VARIABLE: str(root.resolve()), "TMPDIR": str(self._scratch), **_OWN_VARIABLES},
            stdin=subprocess.PIPE,  # nothing is written to it; the child ends when it closes
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that Ctrl-C in the server's terminal reaches the server alone
        )
        self._warnings: tuple[str, ...] = ()
        self._error = ""
        self._printed: deque[str] = deque(maxlen=_CLOSING_LINES)

    def ending(self, report: Callable[[Progress], object]) -> Ending:
        """Call ``report`` with the progress until the process ends. Then kill its descendants and return the result."""
        assert self._process.stdin
        listener = threading.Thread(target=self._listen, args=(report,), daemon=True)
        listener.start()
        self._process.wait()
        child.kill_group(self._process.pid)  # descendants that still run
        listener.join(_LAST_LINES)
        self._process.stdin.close()
        remove_folder(self._scratch)
        printed = tuple(self._printed)
        return Ending(self._process.returncode, printed, self._error or (printed or ("",))[-1], self._warnings)

    def end(self) -> None:
        """Send SIGTERM to the process group, and return at once. SIGKILL follows after ``GRACE`` seconds."""
        if self._process.poll() is None and hasattr(os, "killpg"):
            with contextlib.suppress(OSError):  # the process has already ended
                os.killpg(self._process.pid, signal.SIGTERM)
        timer = threading.Timer(GRACE, self.kill)
        timer.daemon = True
        timer.start()

    def kill(self) -> None:
        """Kill the process and its group."""
        if self._process.poll() is None:
            child.kill_group(self._process.pid)

    def _listen(self, report: Callable[[Progress], object]) -> None:
        """Read what the process prints: pass progress (``--progress json``) to ``report``, and store the rest."""
        assert self._process.stdout
        with self._process.stdout as stream:
            while line := stream.readline(_LONGEST_LINE):
                if text := line.decode("utf-8", "replace").rstrip():
                    self._take(report, text)

    def _take(self, report: Callable[[Progress], object], line: str) -> None:
        try:
            match json.loads(line):
                case {"error": facts}:
                    self._error = from_facts(facts)
                case {"done": True, "warnings": [*warnings]}:
                    self._warnings = tuple(map(from_facts, warnings))
                case {"stage": _} as content:
                    report(msgspec.convert(content, Progress))
                case _:
                    raise ValueError("not ours")
        except ValueError:
            self._printed.append(line.removeprefix("quotecast: ")[:_LONGEST_TEXT])


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files that killed jobs left in an episode's folder."""
    for name in _WRITTEN_TO:
        sweep(folder / name)


def _environment() -> dict[str, str]:
    """Return the environment variables for a child: the server's. Relative entries of search paths are made absolute,
    since the child's working folder has untrusted files."""
    own = dict(os.environ)
    for name in own.keys() & set(_PATHS):
        own[name] = os.pathsep.join(str(Path(each).absolute()) for each in own[name].split(os.pathsep) if each)
    return own
