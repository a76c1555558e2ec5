"""Align episodes in processes on this machine, or on the workers of a Dask scheduler.

All machines must see the library under the same path. A task may be repeated: its result depends only on the contents
of audio and transcript. Workers return results, and never write to the archive. Tasks and results include the hashes of
files that quotecast wrote: a file with another hash was edited by a person, and no machine overwrites it.
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
from web.jobs.process import Child, remove_leftovers
from web.library import Episode, read_folder
from web.page.aligning import alignment_job

_TASK_BYTES = 2_000_000_000  # memory limit of a task's process; ten hours of audio and a model take 1.2 GB
_WORKER_BYTES = 400_000_000  # memory of a worker's own process
_TRIES = 3  # of a task whose process crashes
_RETRIES = 3  # by Dask, of a task whose worker fails
_TIMEOUT = 10.0  # seconds until the scheduler must answer
_PROBE_BYTES = 1 << 16

_running: set[Child] = set()
_stopped = threading.Event()


@dataclass(frozen=True, slots=True)
class Task:
    """An episode to align: ``root`` is the path of the library, ``folder`` the name of the episode's folder.
    ``written`` maps the hashes of files that quotecast wrote into the folder to their names
    (``aligner.storage.atomic.written_in``)."""

    root: str
    folder: str
    written: Mapping[str, str]


Outcome = Result | BaseException
Submit = Callable[[Task], object]
"""Submits a task to the workers; its outcome is put into the queue."""


@contextlib.contextmanager
def local_workers(count: int | None, outcomes: SimpleQueue[tuple[Task, Outcome]]) -> Iterator[Submit]:
    """Context manager: yield a function that submits a task to ``count`` processes on this machine. By default, cores
    and memory determine ``count``. The result or exception of each task is put into ``outcomes``. The processes end
    with the ``with`` block."""
    executor = ThreadPoolExecutor(count or _as_many_as_fit())
    _stopped.clear()

    def submit(task: Task) -> None:
        executor.submit(align_episode, task).add_done_callback(lambda done: _put(outcomes, task, done))

    try:
        yield submit
    except BaseException:
        stop()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def cluster_workers(address: str, outcomes: SimpleQueue[tuple[Task, Outcome]]) -> Iterator[Submit]:
    """Context manager: yield a function that submits a task to the Dask scheduler at ``address``. The result or
    exception of each task is put into ``outcomes``. TLS files are set in Dask's own configuration. Raises OutputError
    if no scheduler answers, ArchiveError if the package ``distributed`` is not installed."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ArchiveError(
            "{address}: a scheduler needs Dask; run pip install '.[cluster]' in quotecast's folder", address=address
        ) from error
    # The run itself prints what matters.
    for name in [each for each in logging.root.manager.loggerDict if each.startswith(("distributed", "tornado"))]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise lost(address) from error
    futures = list[Any]()  # Dask cancels futures without a reference

    def submit(task: Task) -> None:
        try:
            future = client.submit(align_episode, task, pure=False, retries=_RETRIES, priority=-len(futures))
        except Exception as error:  # Dask raises many kinds for a lost scheduler
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
    """Return the default number of processes: one for each available core, but no more than fit into memory."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fitting: int = psutil.virtual_memory().total // (_TASK_BYTES + _WORKER_BYTES)
    return max(1, min(cores, fitting))


def align_episode(task: Task) -> Result:
    """Align an episode and write its captions. Raises OSError if the library or temporary folder is not writable."""
    root = Path(task.root)
    confine(root)
    os.environ.setdefault(THREADS, "1")
    sweep(Path(tempfile.gettempdir()))  # temporary files of killed runs
    folder = root / task.folder
    note_written(folder, task.written)
    episode = read_folder(folder, task.folder)
    key = files = ""
    try:
        if episode is None or not (episode.audio and episode.transcript):
            raise FileNotFoundError(2, "its audio or its transcript is missing", str(folder))
        key, files = inputs_of(episode)
        reason = _align(episode, root)
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
    """Kill the processes of all tasks that were started from this process."""
    _stopped.set()
    for process in list(_running):
        process.kill()


def _align(episode: Episode, root: Path) -> str | None:
    """Run the aligner, up to ``_TRIES`` times if its process crashes. Return None, or a message if aligning failed."""
    command = alignment_job(episode).command()
    for _ in range(_TRIES):
        remove_leftovers(episode.folder)
        process = Child(command, episode.folder, root, _TASK_BYTES)
        _running.add(process)
        if _stopped.is_set():  # set while the process started
            process.kill()
        try:
            ending = process.ending(lambda _: None)
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
    """Raise OSError if ``folder`` is not writable. Called after a failure, which is then not the episode's fault."""
    probe = temporary_path(folder)
    try:
        write_new(probe, bytes(_PROBE_BYTES))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(folder)) from error
    finally:
        with contextlib.suppress(OSError):
            remove_file(probe)
