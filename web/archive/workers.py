"""Who aligns episodes: processes on this machine, for which nothing listens on any port, or the workers of a Dask
scheduler on any number of machines, which see the library under the same path.

A task is idempotent: it depends on the bytes of the audio and of the transcript, and may be done twice. Workers record
nothing in the archive; they return a result, which the command that runs alone records. The hashes of what quotecast
wrote in a folder go along in both directions, so that no machine takes it for a person's.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from aligner.cli.terminal import message_of
from aligner.errors import ExitStatus, OutputError
from aligner.recognition.asr import THREADS
from aligner.storage.atomic import note_written, written_in
from aligner.storage.database import HIDDEN
from media.errors import Message, UserError, to_facts
from media.safe_fs import confine, remove_file, write_new
from media.temporary import sweep, temporary_path
from web.archive.errors import ArchiveError, reason_of
from web.archive.records import Result
from web.archive.status import inputs_of
from web.errors import WebError
from web.jobs.process import Child, Progress, remove_leftovers
from web.library import Episode, read_folder
from web.page.aligning import alignment_of

_TASK_BYTES = 2_000_000_000  # of memory that a task's process may take: ten hours of audio and a model take 1.2 GB
_WORKER_BYTES = 400_000_000  # of a worker's own process
_TRIES = 3  # of a task whose process falls
_RETRIES = 3  # by Dask, of a task whose worker cannot do it
_TIMEOUT = 10.0  # seconds for an answer of the scheduler
_PROBE_BYTES = 1 << 16

_running: set[Child] = set()
_stopped = threading.Event()


@dataclass(frozen=True, slots=True)
class Task:
    """An episode to align: the path of its library, the name of its folder, and what is known to be ``written`` there
    by the machine that gives the task (``aligner.storage.atomic.written_in``)."""

    root: str
    folder: str
    written: Mapping[str, str]


Outcome = Result | BaseException
Submit = Callable[[Task], object]
"""Has a task done by any worker; what comes of it goes to the queue."""


@contextlib.contextmanager
def local_workers(
    count: int | None, outcomes: SimpleQueue[tuple[Task, Outcome]], report: Callable[[Task, Progress], object]
) -> Iterator[Submit]:
    """Work on this machine, on so many episodes at a time; all of it ends with the context."""
    executor = ThreadPoolExecutor(count or _as_many_as_fit())
    _stopped.clear()

    def submit(task: Task) -> None:
        future = executor.submit(align_episode, task, lambda progress: report(task, progress))
        future.add_done_callback(lambda done: _put(outcomes, task, done))

    try:
        yield submit
    except BaseException:
        stop()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def cluster_workers(address: str, outcomes: SimpleQueue[tuple[Task, Outcome]]) -> Iterator[Submit]:
    """Have the workers of a scheduler do it; the files of TLS are named in Dask's own configuration.

    Raises OutputError, ArchiveError: no scheduler answers, or ``distributed`` is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ArchiveError(
            "{address}: a scheduler needs Dask; run pip install '.[cluster]' in quotecast's folder", address=address
        ) from error
    # What matters is printed by the run itself.
    for name in [each for each in logging.root.manager.loggerDict if each.startswith(("distributed", "tornado"))]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise lost(address) from error
    futures = list[Any]()  # a future that nobody holds is cancelled

    def submit(task: Task) -> None:
        try:
            future = client.submit(align_episode, task, pure=False, retries=_RETRIES, priority=-len(futures))
        except Exception as error:  # whatever Dask makes of a scheduler that is gone
            raise lost(address) from error
        futures.append(future)
        future.add_done_callback(lambda done: _put(outcomes, task, done))

    try:
        yield submit
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=1.0)


def lost(address: str) -> OutputError:
    return OutputError(
        "{address}: no scheduler answers there; what is done stays, and the same command goes on", address=address
    )


def _put(outcomes: SimpleQueue[tuple[Task, Outcome]], task: Task, done: Future[Result]) -> None:
    try:
        outcomes.put((task, done.result()))
    except (Exception, CancelledError, KeyboardInterrupt) as error:
        outcomes.put((task, error))


def _as_many_as_fit() -> int:
    """Return a worker for each core that this process may use, as far as there is memory."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fitting: int = psutil.virtual_memory().total // (_TASK_BYTES + _WORKER_BYTES)
    return max(1, min(cores, fitting))


def align_episode(task: Task, report: Callable[[Progress], object] = lambda _: None) -> Result:
    """Align an episode and write its captions.

    Raises OSError: nothing can be written in the library or on this machine, which is no fault of the episode.
    """
    root = Path(task.root)
    confine(root)
    os.environ.setdefault(THREADS, "1")
    sweep(Path(tempfile.gettempdir()))  # what runs that were killed left
    folder = root / task.folder
    note_written(folder, task.written)
    episode = read_folder(folder, task.folder)
    key = files = ""
    try:
        if episode is None or not (episode.audio and episode.transcript):
            raise FileNotFoundError(2, "its audio or its transcript is missing", str(folder))
        key, files = inputs_of(episode)
        reason = _align(episode, root, report)
    except WebError as error:
        reason = reason_of(error)
    except (UserError, OSError) as error:
        reason = message_of(error)
    if reason is None:
        return Result(task.folder, key, files, written=written_in(folder))
    _check_writable(root / HIDDEN)
    _check_writable(Path(tempfile.gettempdir()))
    return Result(task.folder, key, files, to_facts(reason), written_in(folder))


def stop() -> None:
    """End all tasks of this process at once."""
    _stopped.set()
    for process in list(_running):
        process.kill()


def _align(episode: Episode, root: Path, report: Callable[[Progress], object]) -> str | None:
    """Run the aligner; return why it failed, None if it did not. A process that falls is started again."""
    command = alignment_of(episode).command()
    for _ in range(_TRIES):
        remove_leftovers(episode.folder)
        process = Child(command, episode.folder, root, _TASK_BYTES)
        _running.add(process)
        if _stopped.is_set():  # meanwhile
            process.kill()
        try:
            ending = process.ending(report)
        finally:
            _running.discard(process)
        remove_leftovers(episode.folder)
        if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
            return None
        if _stopped.is_set():
            raise KeyboardInterrupt
        if ending.status in (ExitStatus.UNUSABLE, ExitStatus.USAGE):
            return ending.reason or Message("ended with status {status}", status=ending.status)
    if ending.status < 0:
        return Message("its process was ended by signal {signal}", signal=-ending.status)
    return ending.reason or Message("ended with status {status}", status=ending.status)


def _check_writable(folder: Path) -> None:
    """Raise OSError where nothing can be written now: an episode that failed for that has not failed."""
    probe = temporary_path(folder)
    try:
        write_new(probe, bytes(_PROBE_BYTES))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    finally:
        with contextlib.suppress(OSError):
            remove_file(probe)
