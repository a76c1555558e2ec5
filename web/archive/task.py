"""Aligning one episode: what a worker does, on this machine or on another, in a process of its own.

A task is idempotent: it depends on the bytes of the audio and of the transcript, and may be done twice. Workers never
open the user's database; they return a result, which the command that runs alone records.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aligner.cli.terminal import message_of
from aligner.content_cache import content_key
from aligner.errors import ExitStatus
from aligner.recognition.pieces import THREADS
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.outputs import output_name
from aligner.storage.user_folders import HIDDEN
from media.confinement import confine
from media.errors import Message, UserError, to_facts
from media.moving import remove_file, write_new
from media.temporary import temporary_path
from web.archive.errors import reason_of
from web.archive.folders import state_of
from web.archive.records import Result
from web.errors import WebError
from web.jobs import child
from web.jobs.process import Child, remove_leftovers
from web.jobs.telling import Progress
from web.library import Episode, read_folder
from web.library.digests import digest_of
from web.library.row import transcript_hash
from web.page.aligning import alignment_of

VERSION = 1
"""Raised when the same inputs give other results: aligning a library again is offered then."""

MEMORY_BYTES = 2_000_000_000
"""The most that the process of a task may take: ten hours of audio and a model take 1.2 GB."""

_MOST_FALLS = 3
_PROBE_BYTES = 1 << 16

_running: set[Child] = set()
_stopped = threading.Event()


@dataclass(frozen=True, slots=True)
class Task:
    """An episode to align: the path of its library, the name of its folder."""

    root: str
    folder: str


def inputs_of(episode: Episode) -> tuple[str, str]:
    """Return what decides the alignment of an episode: a key of its contents, and what its files look like.

    Raises
    ------
    OSError, SourceError
        One of them is not there any more.
    """
    assert episode.audio
    assert episode.transcript
    text = transcript_hash(episode.transcript) or sha256_of(episode.transcript)
    key = content_key(sha256_of(episode.audio), text).hex()
    files = [(path.name, state_of(path)) for path in (episode.audio, episode.transcript)]
    # The alignment changes with every correction: that it is there is enough.
    return f"{VERSION} {key}", json.dumps([*files, (f"{output_name(episode.audio)}{JSON_SUFFIX}", None)])


def is_as_recorded(folder: Path, result: Result) -> bool:
    """Return whether the files that a result was made of are as they were, and the alignment is there; nothing is
    read."""
    try:
        files = [(name, state) for name, state in json.loads(result.files) if state or not result.error]
        return all(before in (None, now) for before, now in ((state, state_of(folder / name)) for name, state in files))
    except (OSError, ValueError):
        return False


def align_episode(task: Task, report: Callable[[Progress], object] = lambda _: None) -> Result:
    """Align an episode and write its captions.

    Raises
    ------
    OSError
        Nothing can be written in the library or on this machine: that may pass, and is no fault of the episode.
    """
    root = Path(task.root)
    confine(root)
    os.environ.setdefault(THREADS, "1")
    episode = read_folder(root / task.folder, task.folder)
    key = files = ""
    try:
        if episode is None or not (episode.audio and episode.transcript):
            raise FileNotFoundError(2, "its audio or its transcript is missing", str(root / task.folder))
        key, files = inputs_of(episode)
        reason = _align(episode, root, report)
    except WebError as error:
        reason = reason_of(error)
    except (UserError, OSError) as error:
        reason = message_of(error)
    if reason is None:
        return Result(task.folder, key, files)
    _check_writable(root / HIDDEN)
    _check_writable(Path(tempfile.gettempdir()))
    return Result(task.folder, key, files, to_facts(reason))


def stop() -> None:
    """End all tasks of this process at once."""
    _stopped.set()
    for process in list(_running):
        process.kill()


def _align(episode: Episode, root: Path, report: Callable[[Progress], object]) -> str | None:
    """Run the aligner; return why it failed, None if it did not. A process that falls is started again."""
    words = [child.__name__, str(os.getpid()), *alignment_of(episode).command()]
    for _ in range(_MOST_FALLS):
        remove_leftovers(episode.folder)
        # What is temporary lies on the worker's own disk; a shared one is slow.
        id = f"archive {os.getpid()} {threading.get_ident()}"  # by which its processes are known
        process = Child(id, words, episode.folder, root, MEMORY_BYTES, read_only=True)
        _running.add(process)
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
            return ending.complaint or Message("ended with status {status}", status=ending.status)
    if ending.status < 0:
        return Message("its process was ended by signal {signal}", signal=-ending.status)
    return ending.complaint or Message("ended with status {status}", status=ending.status)


def _check_writable(folder: Path) -> None:
    """Raise OSError where nothing can be written now: an episode that failed for that has not failed."""
    probe = temporary_path(folder)
    try:
        write_new(probe, bytes(_PROBE_BYTES))
    finally:
        with contextlib.suppress(OSError):
            remove_file(probe)


def is_aligned(episode: Episode) -> bool:
    """Return whether an alignment of this audio and this transcript lies in the episode's folder."""
    if not (episode.audio and episode.transcript and episode.alignment):
        return False
    digest = digest_of(episode.alignment)
    return (
        digest is not None
        and digest.transcript_sha256 == transcript_hash(episode.transcript)
        and digest.audio_sha256 == sha256_of(episode.audio)
    )
