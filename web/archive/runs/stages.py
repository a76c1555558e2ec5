"""What is done to an episode, stage by stage, by a worker: each in a process of its own, within the worker's limits.

Conventions
-----------
- What is done is known from the episode's own files: an alignment that names these bytes of sound and of text, captions
  beside it, peaks of this sound. So whatever is asked for twice is done once, by whoever and wherever.
- ``listen``, ``align`` and ``captions`` are one process, that of the app's own job: what was heard lies in the cache
  of that machine alone, and an alignment takes its place with its captions, all or none.
- A file that makes its process fall does not take the worker along; that it fell is what the worker tells.
- Of a stage goes over the network what is small: names as seen from the library, and how it ended.
"""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aligner.cli.terminal import message_of
from aligner.content_cache import content_key
from aligner.errors import ExitStatus
from aligner.recognition.pieces import THREADS
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_states import state_of
from aligner.storage.user_folders import HIDDEN
from media.confinement import confine, is_folder, read_regular
from media.errors import Message, UserError, to_facts
from media.listing import entries
from media.moving import remove_file, write_new
from media.temporary import temporary_path
from web.archive.runs import captions
from web.archive.runs.child import command
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.errors import WebError
from web.jobs.errors import LibraryInUse, RecordError
from web.jobs.homes import JOBS
from web.jobs.job import Ending
from web.jobs.kinds import KINDS, Align, Prepare, Transcribe
from web.jobs.process import Child, remove_leftovers
from web.jobs.record_format import LARGEST_BYTES, from_json
from web.jobs.records import sole_server
from web.jobs.telling import Progress
from web.library import Episode
from web.library.digests import digest_of
from web.library.folders import id_of, read_folder
from web.page.aligning import alignment_of
from web.page.preparation import ready

VERSION = 1
"""Part of every key: raised when a stage has to be looked at again though its files are the same."""

_EARS = ("letters", "words")
_WAITS, _FULL_WAITS = 30.0, 10.0  # seconds, for a library that is away, and of a worker that can write nothing
_LOOK_EVERY = 0.5  # seconds
_PROBE_BYTES = 1 << 16
_SIGNALS = 128  # programs that end at a signal in their own way have a status of this and its number


def episode_in(root: Path, name: str) -> Episode | None:
    """The episode in the folder ``name`` of the library at ``root``; None if there is none."""
    folder = root / name
    return read_folder(folder, id_of(name)) if is_folder(folder) else None


def key_of(episode: Episode, stage: Stage) -> str:
    """A hash of all that decides what a stage makes of the episode, as far as can be told without reading it.

    Raises
    ------
    OSError
        A file of it is not there any more.
    """
    read = [episode.audio, episode.transcript] if stage is Stage.ALIGN else [episode.audio]
    states = [(path.name, *state_of(path)[:2]) for path in read if path]
    return content_key(VERSION, stage, episode.folder.name, states).hex()


def is_made(episode: Episode, stage: Stage) -> bool:
    """Whether what the stage makes lies there, of whatever sound and text."""
    if stage is Stage.ALIGN:
        return episode.alignment is not None and not _captions_missing(episode)
    return bool(episode.audio and ready(episode.audio, episode.folder))


def work(task: Task, memory_bytes: int | None = None) -> Outcome:
    """Do a stage, unless it is done; never raises what has to do with the episode."""
    root, began = Path(task.root), time.monotonic()
    told = Outcome(episode=task.episode, stage=task.stage, key=task.key, state=State.DONE, worker=worker_address())
    try:
        confine(root)
        os.environ.setdefault(THREADS, "1")
        if not _is_there(root, _WAITS):
            return replace(told, state=State.AWAY, seconds=time.monotonic() - began)
        episode = episode_in(root, task.episode)
        if episode is None or episode.audio is None:
            ended = replace(told, state=State.GONE)
        elif task.stage is Stage.ALIGN:
            ended = _aligned(episode, root, told, memory_bytes)
        else:
            ended = _prepared(episode, root, told, memory_bytes)
    except WebError as error:
        ended = _failed(told, error.key)
    except (UserError, OSError) as error:
        ended = _failed(told, message_of(error))
    if ended.state not in (State.DONE, State.LEFT):
        ended = _looked_at_again(ended, root)
    return replace(ended, seconds=time.monotonic() - began)


def _looked_at_again(ended: Outcome, root: Path) -> Outcome:
    """What did not go well may be the library's, if that is away, or this machine's, where nothing can be written. Then
    this worker waits a while before it says so, and others take what is left."""
    was_away = not is_folder(root / HIDDEN)
    is_back = _is_there(root, _WAITS)
    if (
        was_away
        or not is_back
        or (ended.state is State.GONE and _is_whole(episode_in(root, ended.episode), ended.stage))
    ):
        return replace(ended, state=State.AWAY, message=None)
    for folder in (root / HIDDEN, Path(tempfile.gettempdir())):
        if error := unwritable(folder):
            time.sleep(_FULL_WAITS)
            why = Message("{path}: cannot be written ({reason})", path=folder, reason=error.strerror)
            return replace(ended, state=State.BROKE, message=to_facts(why))
    return ended


def unwritable(folder: Path) -> OSError | None:
    """What the system says where nothing can be written in ``folder`` now."""
    probe = temporary_path(folder)
    try:
        write_new(probe, bytes(_PROBE_BYTES))
    except OSError as error:
        return error
    finally:
        with contextlib.suppress(OSError):
            remove_file(probe)
    return None


def _is_whole(episode: Episode | None, stage: Stage) -> bool:
    """Whether what the stage reads is there."""
    return bool(episode and episode.audio and (episode.transcript or stage is not Stage.ALIGN))


def _is_there(root: Path, seconds: float) -> bool:
    """Whether the library is there, or comes back within so many seconds."""
    deadline = time.monotonic() + seconds
    while not (found := is_folder(root / HIDDEN)) and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY)
    return found


def _aligned(episode: Episode, root: Path, told: Outcome, memory_bytes: int | None) -> Outcome:
    if episode.transcript is None:
        return replace(told, state=State.GONE)
    if _is_with_app(episode, root):
        return replace(told, state=State.LEFT)
    if not _names_these_bytes(episode):
        heard = list[str]()
        ended, far = _run(alignment_of(episode).command(), episode, root, memory_bytes, lambda p: _hear(p, heard))
        told = _after(ended, told, (*heard, "align", "captions"), far)
    elif lacking := _captions_missing(episode):
        assert episode.alignment
        ended, _ = _run(
            [captions.__name__, episode.alignment.name, *lacking], episode, root, memory_bytes, lambda _: None
        )
        told = _after(ended, told, ("captions",), 0.0)
    if told.state is not State.DONE:
        return told
    now = episode_in(root, told.episode)
    digest = digest_of(now.alignment) if now and now.alignment else None
    if digest is None:
        return replace(told, state=State.BROKE)
    return replace(told, duration=digest.duration, verdict=str(digest.verdict), coverage=digest.coverage)


def _prepared(episode: Episode, root: Path, told: Outcome, memory_bytes: int | None) -> Outcome:
    assert episode.audio
    if ready(episode.audio, episode.folder):
        return told
    ended, far = _run(Prepare(episode.audio.name).command(), episode, root, memory_bytes, lambda _: None)
    return _after(ended, told, ("waveform",), far)


def _run(
    words: list[str], episode: Episode, root: Path, memory_bytes: int | None, told: Callable[[Progress], object]
) -> tuple[Ending, float]:
    """Run a module of ours in the episode's folder; how it ended, and how much sound it told of."""
    lengths = [0.0]

    def hear(progress: Progress) -> None:
        if progress.stage != "model":
            lengths.append(progress.total or 0.0)
        told(progress)

    remove_leftovers(episode.folder)
    id = f"archive {os.getpid()}"
    # What is temporary lies on the worker's own disk, as that of a library which cannot be written.
    child = Child(id, command(*words), episode.folder, root, memory_bytes, read_only=True)
    ending = child.ending(hear)
    remove_leftovers(episode.folder)  # also of one that went on a moment after its worker was killed
    return ending, max(lengths)


def _hear(progress: Progress, heard: list[str]) -> None:
    """An ear that has not heard this sound before begins at its beginning."""
    if progress.stage in _EARS and progress.done < (progress.total or 0.0) and not heard:
        heard.append("listen")


def _after(ending: Ending, told: Outcome, ran: tuple[str, ...], duration: float) -> Outcome:
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return replace(told, ran=ran, duration=duration)
    if ending.status < 0 or ending.status not in (ExitStatus.UNUSABLE, ExitStatus.USAGE):
        if ending.status > _SIGNALS:  # somebody asked it to end
            return replace(told, state=State.BROKE)
        reason = ending.complaint if ending.status > 0 and ending.complaint else _how(ending.status)
        return replace(told, state=State.FELL, message=to_facts(reason))
    return _failed(told, ending.complaint or _how(ending.status))


def _how(status: int) -> Message:
    if status < 0:
        return Message("its process was ended by signal {signal}", signal=-status)
    return Message("ended with status {status}", status=status)


def _failed(told: Outcome, reason: str) -> Outcome:
    state = State.BROKE if _is_systems(reason) else State.FAILED
    return replace(told, state=state, message=to_facts(reason))


def _is_systems(reason: str) -> bool:
    """Whether it is what the system says that keeps something from being done: then it may be done another time."""
    if not isinstance(reason, Message):
        return False
    said = reason.values.get("reason")
    return said is not None and (_is_systems(said) if isinstance(said, Message) else True)


def _names_these_bytes(episode: Episode) -> bool:
    """Whether there is an alignment of this sound and this text."""
    from aligner.errors import AlignmentError
    from aligner.storage.alignment_head import head_as_written, read_head

    if not episode.alignment or not episode.audio or not episode.transcript:
        return False
    try:
        head = head_as_written(episode.alignment) or read_head(episode.alignment)
    except AlignmentError:
        return False
    same_text = head.transcript.sha256 == sha256_of(episode.transcript)
    return same_text and head.audio.sha256 == sha256_of(episode.audio)


def _captions_missing(episode: Episode) -> tuple[str, ...]:
    return captions.missing(episode.alignment) if episode.alignment else ()


def _is_with_app(episode: Episode, root: Path) -> bool:
    """Whether a server is at work on the library, and is to align this episode or is doing so."""
    kinds = (Align.kind, Transcribe.kind)
    for path in entries(episode.folder / JOBS):
        try:
            job, _ = from_json(read_regular(path, LARGEST_BYTES), path.stem, episode.folder.name, KINDS)
        except (OSError, RecordError):
            continue
        if job.is_open and job.kind in kinds:
            return _is_served(root)
    return False


def _is_served(root: Path) -> bool:
    try:
        with sole_server(root):
            return False
    except LibraryInUse:
        return True


def worker_address() -> str:
    """Who this is, as the scheduler names it; else the machine."""
    from distributed import get_worker

    try:
        return str(get_worker().address)
    except ValueError:  # not in a worker
        return platform.node()
