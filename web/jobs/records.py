"""The records of jobs on disk: ``jobs/ID.json`` in each episode's folder.

A record that is still open makes the server do something. A folder that somebody sends must not: what is open counts
only where ``seals`` finds that this user asked for it, and is shown as failed elsewhere.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from aligner.storage.checked_json import convert, decode, shortened
from aligner.storage.moving import is_taken, make_folder, remove_file
from aligner.storage.user_folders import HIDDEN
from media.confinement import is_folder, is_regular, place, read_regular, status_of, where
from media.errors import Message, from_facts, to_facts
from media.listing import entries, folders
from web.jobs import seals
from web.jobs.errors import LibraryInUse, RecordError
from web.jobs.job import Amount, Attempts, Id, Job, JobState, Moment, PastWork, finished, newest_id, now
from web.jobs.kinds import Work

FORMAT, VERSION = "quotecast-job", 2
TRASH, JOBS = "trash", "jobs"

_LARGEST_BYTES = 1 << 18  # a record has a few hundred, and the wording of an audiogram
_LONGEST_TEXT = 4000  # characters of a message
_MOST_TEXTS = 100  # warnings, outputs, ...
_MOST_READ = 50  # finished records of an episode, the latest
_MOST_SET_ASIDE = 100  # at a start: there may be any number
_KEPT = 20  # finished records that an episode keeps
_NOT_OURS = Message("was left open, and this server cannot know who asked for it; start it again")

_Texts = Annotated[list[str], Meta(max_length=_MOST_TEXTS)]
_Kind = Annotated[str, Meta(pattern=r"^[a-z]{1,20}\Z")]


class _Record(Struct):
    """What a record holds. Version 1 has outputs instead of arguments, and no seal that counts."""

    format: Literal["quotecast-job"]
    version: Literal[1, 2]
    id: Id
    kind: _Kind
    created: Moment
    state: JobState
    started: Moment | None = None
    ended: Moment | None = None
    attempts: Attempts = 0
    stage: str = ""
    done: Amount = 0.0
    total: Amount | None = None
    seconds_left: Amount | None = None
    message: str = ""
    warnings: _Texts = []
    poor: bool = False
    arguments: Any = None
    outputs: _Texts = []
    messages: Annotated[list[dict[str, Any]], Meta(max_length=_MOST_TEXTS + 1)] = []
    seals: _Texts = []


class Records:
    """All records of the library at ``root``, whose jobs are of these ``kinds``."""

    def __init__(self, root: Path, kinds: Mapping[str, type[Work]]) -> None:
        self._root, self._kinds = root, kinds

    def folder(self, job: Job) -> Path:
        """The folder of the job's episode."""
        return self._root / job.episode

    def episode(self, folder: Path) -> str:
        """How jobs call the episode in ``folder``: by the folder's name, "." for the library's own.

        Raises
        ------
        ValueError
            It is neither the library nor a folder in it.
        """
        try:
            root, real = self._root.resolve(), where(folder)
        except OSError as error:
            raise ValueError(f"{folder}: leads out of the library") from error
        if real == root or (real.parent == root and not real.name.startswith(".")):
            return real.relative_to(root).as_posix()
        if folder.absolute().parent not in (root, self._root.absolute()):
            raise ValueError(f"{folder}: expected the library {root} or a folder right in it")
        return folder.name  # a link to a folder that lies deeper in the library, or out of sight

    def write(self, job: Job) -> None:
        """Write the job's record, all of it or nothing.

        Raises
        ------
        OutputError
            It cannot be written, or the episode was removed meanwhile; it does not come back.
        """
        self._put(job)
        if not job.is_open:
            seals.unseal(job)

    def set_aside(self, jobs: Iterable[Job]) -> None:
        """Have the records of those ``jobs`` that were left open, but not by this user, say that they failed, so that
        the next server tells of them no more. What they are copies of still counts, so no key is thrown away. Where
        none can be kept nobody knows whose they are, and they stay."""
        strange = [job for job in jobs if job.message is _NOT_OURS]
        for job in strange[: _MOST_SET_ASIDE if seals.can_seal() else 0]:
            with contextlib.suppress(OutputError):  # the next server tells of it again
                self._put(job)

    def _put(self, job: Job) -> None:
        path, folder = self._path(job), self.folder(job)
        if not is_folder(folder):
            raise OutputError("{path}: is no longer there", path=folder)
        content = to_json(job, seals.seals(job, folder) if job.is_open else [])
        if len(content) > _LARGEST_BYTES:
            raise OutputError("{path}: would be larger than the record of a job can be", path=path)
        with making(path.parent):
            write_text(path, content)

    def read_all(self) -> tuple[dict[str, Job], tuple[str, ...]]:
        """The jobs of every episode by id, and lines about those records that cannot be taken up."""
        jobs: dict[str, Job] = {}
        problems = []
        sealed = seals.sealed_ids()
        for folder in self.episode_folders():
            for path in _taken_up(folder / JOBS, sealed):
                try:
                    job = self.read(path)
                except RecordError as error:
                    problems.append(str(error))
                    continue
                other = jobs.get(job.id)
                if other and not job.is_open:
                    problems.append(f"{path}: a copy of the record in {other.episode}; it is not taken up")
                else:
                    jobs[job.id] = job
        if strange := sum(job.message is _NOT_OURS for job in jobs.values()):
            were, are = ("1 job was", "it is") if strange == 1 else (f"{strange} jobs were", "they are")
            told = "left open, in a copy of the library, or by an older version or another user"
            problems.append(f"{self._root}: {were} {told}; {are} not run, and shown as failed")
        return jobs, tuple(problems)

    def read(self, path: Path) -> Job:
        """The job that ``path`` holds; one that is open without a seal that counts has failed.

        Raises
        ------
        RecordError
            It cannot be read, or is damaged.
        """
        folder = path.parent.parent
        try:
            content = read_regular(path, _LARGEST_BYTES)
            job, given = from_json(content, path.stem, self.episode(folder), self._kinds)
        except OSError as error:
            raise RecordError("{path}: cannot be read ({detail})", path=path, detail=error.strerror) from error
        except RecordError as error:
            raise RecordError("{path}: {reason}", path=path, reason=error.message) from error
        if job.is_open and not seals.is_sealed(job, folder, given):
            return replace(finished(job, JobState.FAILED, _NOT_OURS), ended=job.started or job.created)
        return job if job.ended is None else replace(job, ended=min(job.ended, now()))  # none outlasts what ends next

    def episode_folders(self) -> Iterator[Path]:
        """The folders that can hold records: the library, and all in it but those that are ours, each by one name."""
        yield self._root
        for folder in folders(self._root):
            if folder.name != TRASH and not folder.name.startswith(".") and self.episode(folder) == folder.name:
                yield folder

    def prune(self, jobs: list[Job]) -> list[Job]:
        """Remove the oldest finished records of one episode beyond what is kept; return the jobs they told of."""
        old = sorted((job for job in jobs if not job.is_open), key=lambda job: (job.ended or "", job.id))[:-_KEPT]
        for job in old:
            with contextlib.suppress(OSError):  # one that cannot be removed does no harm
                remove_file(self._path(job))
        return old

    def _path(self, job: Job) -> Path:
        return self.folder(job) / JOBS / f"{job.id}.json"


def _taken_up(folder: Path, sealed: Collection[str]) -> list[Path]:
    """The records in ``folder`` that are read, by age: the ``sealed`` ones, however many others somebody has put beside
    them, and the latest of those. None is from a time that is yet to come."""
    named = [path for path in entries(folder) if path.suffix == ".json"]
    newest = newest_id()
    latest = [path for path in named if path.stem not in sealed and path.stem <= newest][-_MOST_READ:]
    return sorted([*latest, *(path for path in named if path.stem in sealed)])


def to_json(job: Job, sealed: list[str]) -> str:
    """The content of the record; the episode is told by where it lies, so that a folder can be renamed. What can be
    translated of its texts has its template in ``messages``, which older records lack."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "id": job.id,
        "kind": job.kind,
        "arguments": seals.arguments_of(job),
        "created": job.created,
        "state": job.state,
        "started": job.started,
        "ended": job.ended,
        "attempts": job.attempts,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "seconds_left": job.seconds_left,
        "message": job.message,
        "warnings": job.warnings,
        "poor": job.poor,
        "messages": [to_facts(text) for text in (job.message, *job.warnings) if isinstance(text, Message)],
        "seals": sealed,
        "outputs": job.outputs if isinstance(job.work, PastWork) else [],
    }
    return json.dumps(content, indent=1) + "\n"


def from_json(content: bytes, id: str, episode: str, kinds: Mapping[str, type[Work]]) -> tuple[Job, list[str]]:
    """The job and the seals of a record.

    Raises
    ------
    RecordError
        The content is no record of the job ``id``, or something in it cannot be; the message says what.
    """
    try:
        read = decode(content, _Record)
        if read.id != id:
            raise ValueError("the id in it is not that of its name")
        work = _work(read, kinds)
        messages = {text: text for text in map(from_facts, read.messages)}
    except ValueError as error:
        raise RecordError("damaged record of a job ({detail})", detail=shortened(error)) from error
    job = Job(
        id=read.id,
        work=work,
        episode=episode,
        created=read.created,
        state=read.state,
        started=read.started,
        ended=read.ended,
        attempts=read.attempts,
        stage=read.stage[:_LONGEST_TEXT],
        done=read.done,
        total=read.total,
        seconds_left=read.seconds_left,
        message=messages.get(read.message, read.message[:_LONGEST_TEXT]),
        warnings=tuple(messages.get(text, text[:_LONGEST_TEXT]) for text in read.warnings),
        poor=read.poor,
    )
    return job, read.seals


def _work(read: _Record, kinds: Mapping[str, type[Work]]) -> Work | PastWork:
    """Raises ValueError where it is to be done and the arguments are none of its kind's, or an output leads out."""
    if read.version == VERSION and read.kind in kinds:
        try:
            return convert(read.arguments, kinds[read.kind])
        except ValueError:
            if read.state in (JobState.WAITING, JobState.RUNNING):
                raise
    return PastWork(read.kind, tuple(read.outputs))


def sole_server(root: Path) -> contextlib.AbstractContextManager[object]:
    """The lock that one server at a time has on a library; the system frees it with the process.

    Raises
    ------
    LibraryInUse
        Another has it.
    OutputError
        It cannot be made.
    """
    import filelock

    path = root / HIDDEN / "server.lock"
    try:
        make_folder(path.parent)
        if place(path).is_symlink() or (is_taken(path) and (not is_regular(path) or status_of(path).st_nlink > 1)):
            remove_file(path)  # locking would empty another file
        return filelock.FileLock(place(path), blocking=False).acquire()
    except filelock.Timeout as error:
        raise LibraryInUse(
            "{path}: another quotecast server is at work on it; use its page, or end it", path=root
        ) from error
    except OSError as error:
        raise OutputError("{path}: cannot be used ({reason})", path=path, reason=error.strerror) from error
