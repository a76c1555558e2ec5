"""The process of a job: started in a group of its own, listened to, ended with all it has started, and tidied after.

Every process that a job starts inherits a mark in its environment: the job's id and its library. By it, not by a number
that the system may have given to a stranger since, a later server knows what an earlier one left running.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from aligner.errors import ExitStatus
from aligner.storage.recovery import recover
from aligner.storage.user_folders import HIDDEN
from aligner.storage.versions import FOLDER as VERSIONS
from media.confinement import VARIABLE, changeable
from media.moving import make_folder, remove_folder
from media.temporary import temporary_path
from web.jobs.homes import JOBS
from web.jobs.job import Ending
from web.jobs.telling import Failed, Outcome, Plain, Progress, Warned, lines, understood
from web.jobs.time_limits import TimeLimits, Watch

MARK = "QUOTECAST_JOB"

GRACE = 5.0  # seconds between asking a child to end and ending it
_ENDED_WITHIN = 5.0  # seconds that the system may take to end one
_LOOK_EVERY = 0.05  # seconds
_LAST_WORDS = 5.0  # seconds to hear what was said before the end, should a process without a mark keep a pipe open
_LONGEST_LINE = 2_000  # characters of what is kept of a line that was printed
_CLOSING_LINES = 8
_ENOUGH_BYTES = 4_000_000_000  # ten hours of sound and a model take 1.2 GB
_NICENESS = 5  # the page that waits for an answer comes first
_OUR_CODE_ALONE = {
    "PYTHONUTF8": "1",
    # As -P: no Python file that lies in an episode's folder is ever imported, nor a program in it run.
    "PYTHONSAFEPATH": "1",
    "NoDefaultCurrentDirectoryInExePath": "1",
}
_SECRET = {"QUOTECAST_PASSWORD"}
_NEEDED = (  # what names of variables begin with that a child may need: the system's, then those of our libraries
    *(
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "LANG",
        "LC_",
        "TZ",
        "XDG_",
        "SYSTEMROOT",
        "WINDIR",
        "APPDATA",
        "LOCALAPPDATA",
    ),
    *("USERPROFILE", "PROGRAMDATA", "COMSPEC", "TEMP", "TMP", "NUMBER_OF_PROCESSORS", "LD_", "DYLD_", "PYTHON"),
    *("VIRTUAL_ENV", "QUOTECAST_", "HF_", "HUGGINGFACE_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_", "REQUESTS_CA_", "CURL_CA_", "OMP_", "MKL_", "KMP_", "OPENBLAS_", "CT2_", "ORT_", "CUDA_", "NVIDIA_"),
    *("IMAGEIO_", "FONTCONFIG_", "COVERAGE_"),
)
_PATHS = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_WRITTEN_TO = (".", "clips", VERSIONS, JOBS, HIDDEN)  # the folders of an episode that jobs, and corrections, write to


class Child:
    """The running process of the job ``id``: ``command``, a module and its arguments, in ``folder``, an episode's of
    the library at ``root``, with a folder of its own for what is temporary. None of its processes may take more memory
    than ``memory_bytes``, by default half of what there is, which an honest job never needs. Where the library is
    ``read_only``, what is temporary lies with that of the system.

    Raises
    ------
    OSError
        It cannot be started.
    """

    def __init__(
        self,
        id: str,
        command: Sequence[str],
        folder: Path,
        root: Path,
        memory_bytes: int | None,
        read_only: bool = False,
    ) -> None:
        self._mark = mark(id, root)
        self._scratch = temporary_path(Path(tempfile.gettempdir())) if read_only else changeable(_scratch(root)) / id
        make_folder(self._scratch)
        own = {MARK: self._mark, VARIABLE: str(root.resolve()), "TMPDIR": str(self._scratch), **_OUR_CODE_ALONE}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", *command],
            cwd=changeable(folder),
            env={**_surroundings(os.environ), **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the server's terminal is the server's affair
        )
        _restrain(self._process.pid, memory_bytes)

    def ending(self, told: Callable[[Progress], object]) -> Ending:
        """Listen until the child and all it has started are gone, which they are once it exceeds its time; ``told``
        hears of its progress. Should that fail, it does not go on unheard."""
        try:
            return self._ending(told)
        except BaseException:
            self.kill()
            raise

    def _ending(self, told: Callable[[Progress], object]) -> Ending:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        printed: deque[str] = deque(maxlen=_CLOSING_LINES)
        plain: deque[str] = deque(maxlen=1)
        errors: deque[Failed] = deque(maxlen=1)
        warnings: deque[str] = deque(maxlen=_CLOSING_LINES)
        limits = TimeLimits()

        def hear(progress: Progress) -> None:
            limits.hear(progress)
            told(progress)

        listeners = [
            threading.Thread(target=_keep, args=(self._process.stdout, printed), daemon=True),
            threading.Thread(target=_hear, args=(self._process.stderr, hear, plain, errors, warnings), daemon=True),
        ]
        for listener in listeners:
            listener.start()
        watch = Watch(limits, self.kill)
        self._process.wait()
        watch.over()
        end_all([self._mark], grace=0.0)
        for listener in listeners:
            listener.join(_LAST_WORDS)
        remove_folder(self._scratch)
        if watch.why and self._process.returncode not in (ExitStatus.DONE, ExitStatus.POOR):
            return Ending(1, (), watch.why, tuple(warnings))
        failed = errors[0] if errors else Failed(next(iter(plain), ""))
        return Ending(self._process.returncode, tuple(printed), failed.text, tuple(warnings), failed.kind)

    def end(self) -> None:
        """Ask the child and all it has started to end; what has not after a while is ended. Returns at once."""
        threading.Thread(target=end_all, args=([self._mark], GRACE), daemon=True).start()

    def kill(self) -> None:
        """End the child and its group at once, without looking for what has left that."""
        if self._process.poll() is not None:
            return
        with contextlib.suppress(OSError):  # it has just ended
            os.killpg(self._process.pid, signal.SIGKILL) if hasattr(os, "killpg") else self._process.kill()


def mark(id: str, root: Path) -> str:
    """What all processes of a job of the library at ``root`` carry: plain letters, whatever that is called."""
    return f"{id} {hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]}"


def clear_scratch(root: Path) -> None:
    """Remove what the jobs of an earlier server left in their temporary folders."""
    remove_folder(_scratch(root))


def end_all(marks: Iterable[str], grace: float) -> None:
    """End every process that carries one of these marks, having asked it ``grace`` seconds before.

    Returns when none is left. What is being ended may start others meanwhile, so that it is looked for again and again;
    what the system does not end within some seconds, as where a disk does not answer, is left to it.
    """
    import psutil

    marks, asked, deadline = frozenset(marks), set[int](), time.monotonic() + grace
    while (found := list(_marked(marks))) and time.monotonic() < deadline + _ENDED_WITHIN:
        for process in found:
            with contextlib.suppress(psutil.Error):  # it has just ended
                if time.monotonic() >= deadline:
                    process.kill()
                elif process.pid not in asked:
                    process.terminate()
                    asked.add(process.pid)
        time.sleep(_LOOK_EVERY)


def remove_leftovers(folder: Path) -> None:
    """Finish in an episode's folder what killed jobs began to write, and remove what else they left, as far as that is
    possible."""
    recover(*(folder / name for name in _WRITTEN_TO))


def _scratch(root: Path) -> Path:
    return root / HIDDEN / "scratch"


def _marked(marks: frozenset[str]) -> Iterator[Any]:
    """The living processes that carry one of the marks. Those of other users cannot be read, and are not ours."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) in marks and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """What a child needs of the server's environment. Lists of folders mean the same folders as before: an empty or a
    relative one would be the episode's, or lie in it."""
    needed = {
        name: value for name, value in environment.items() if name.upper().startswith(_NEEDED) and name not in _SECRET
    }
    for name in needed.keys() & set(_PATHS):
        named = [each for each in needed[name].split(os.pathsep) if each]
        needed[name] = os.pathsep.join(str(Path(each).absolute()) for each in named)
    return needed


def _restrain(pid: int, memory_bytes: int | None) -> None:
    """Let what answers the page go first, and a job that takes too much memory fail before others do."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError, ValueError):  # it has ended, or is kept in narrower bounds already
        nice = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else _NICENESS
        process = psutil.Process(pid)
        process.nice(nice)
        if hasattr(process, "rlimit"):
            there_is = psutil.virtual_memory().total
            most = min(there_is, memory_bytes or max(_ENOUGH_BYTES, there_is // 2))
            process.rlimit(psutil.RLIMIT_DATA, (most, most))
            process.rlimit(psutil.RLIMIT_CORE, (0, 0))  # what fell is not written into the episode's folder


def _keep(stream: IO[bytes], kept: deque[str]) -> None:
    with stream:
        kept.extend(line[:_LONGEST_LINE] for line in lines(stream) if line.strip())


def _hear(
    stream: IO[bytes],
    told: Callable[[Progress], object],
    plain: deque[str],
    errors: deque[Failed],
    warnings: deque[str],
) -> None:
    with stream:
        for line in lines(stream):
            match understood(line):
                case Progress() as progress:
                    told(progress)
                case Warned(text):
                    warnings.append(text)
                case Outcome(all_of_them):
                    warnings.clear()
                    warnings.extend(all_of_them)
                case Failed() as failed:
                    errors.append(failed)
                case Plain(text):
                    plain.append(text)
