"""The records of jobs on disk: ``jobs/ID.json`` in each episode's folder.

A record that is still open makes the server run a command. A folder that somebody sends must not: records carry a seal
that only this library's own key makes, and without it nothing is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from msgspec import Struct

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from aligner.storage.checked_json import convert, decode, shortened
from aligner.storage.user_folders import HIDDEN
from media.errors import Message, from_facts, to_facts
from web.jobs.errors import LibraryInUse, RecordError
from web.jobs.job import Job
from web.security import library_key

FORMAT, VERSION = "quotecast-job", 1
TRASH, JOBS = "trash", "jobs"

_RENAMED = {"web.prepare": "web.page.preparation"}
"""Modules that older records call by another name, by that name."""

_LARGEST_BYTES = 1 << 20  # a record has a few hundred
_LONGEST_TEXT = 4000  # characters of a message
_KEPT = 20  # finished records that an episode keeps


class _Head(Struct):
    """What a record says beside the job."""

    format: Literal["quotecast-job"]
    version: Literal[1]
    seal: str
    messages: list[dict[str, Any]] = []


class Records:
    """All records of the library at ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._key: bytes | None = None

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
        root, folder = self._root.resolve(), folder.resolve()
        if root not in (folder, folder.parent):
            raise ValueError(f"{folder}: expected the library {root} or a folder right in it")
        return folder.relative_to(root).as_posix()

    def write(self, job: Job) -> None:
        """Write the job's record, all of it or nothing.

        Raises
        ------
        OutputError
            It cannot be written, or the episode was removed meanwhile; it does not come back.
        """
        path, folder = self._path(job), self.folder(job)
        if not folder.is_dir():
            raise OutputError("{path}: is no longer there", path=folder)
        with making(path.parent):
            write_text(path, to_json(job, self._seal(job)))

    def read_all(self) -> tuple[dict[str, Job], tuple[str, ...]]:
        """The jobs of every episode by id, and lines about those records that cannot be taken up."""
        jobs: dict[str, Job] = {}
        problems = []
        for folder in self.episode_folders():
            for path in sorted((folder / JOBS).glob("*.json")):
                try:
                    job = self.read(path)
                except RecordError as error:
                    problems.append(str(error))
                    continue
                if job.id in jobs:
                    problems.append(f"{path}: a copy of the record in {jobs[job.id].episode}; it is not taken up")
                else:
                    jobs[job.id] = job
        return jobs, tuple(problems)

    def read(self, path: Path) -> Job:
        """The job that ``path`` holds.

        Raises
        ------
        RecordError
            It is damaged, or open but not written by this library.
        """
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST_BYTES)
            job, seal = from_json(content, path.stem, self.episode(path.parent.parent))
        except OSError as error:
            raise RecordError("{path}: cannot be read ({detail})", path=path, detail=error) from error
        except RecordError as error:
            raise RecordError("{path}: {reason}", path=path, reason=error.message) from error
        if job.is_open and not hmac.compare_digest(seal.encode("utf-8", "replace"), self._seal(job).encode()):
            raise RecordError("{path}: an open job that this library did not start; it is not run", path=path)
        return replace(job, module=_RENAMED.get(job.module, job.module))

    def episode_folders(self) -> Iterator[Path]:
        """The folders that can hold records: the library, and all in it but those that are ours and links."""
        yield self._root
        for folder in sorted(self._root.iterdir()):
            if folder.is_dir() and not folder.is_symlink() and folder.name != TRASH and not folder.name.startswith("."):
                yield folder

    def prune(self, jobs: list[Job]) -> list[Job]:
        """Remove the oldest finished records of one episode beyond what is kept; return the jobs they told of."""
        finished = sorted((job for job in jobs if not job.is_open), key=lambda job: (job.ended or "", job.id))
        old = finished[:-_KEPT]
        for job in old:
            with contextlib.suppress(OSError):  # one that cannot be removed does no harm
                self._path(job).unlink(missing_ok=True)
        return old

    def _path(self, job: Job) -> Path:
        return self.folder(job) / JOBS / f"{job.id}.json"

    def _seal(self, job: Job) -> str:
        if self._key is None:
            self._key = library_key(self._root / HIDDEN / "jobs.key")
        return hmac.new(self._key, sealed_part(job), hashlib.sha256).hexdigest()


def to_json(job: Job, seal: str) -> str:
    """The content of the record; the episode is told by where it lies, so that a folder can be renamed. What can be
    translated of its texts has its template in ``messages``, which older records lack."""
    fields = asdict(job)
    del fields["episode"]
    messages = [to_facts(text) for text in (job.message, *job.warnings) if isinstance(text, Message)]
    content = {"format": FORMAT, "version": VERSION, **fields, "messages": messages, "seal": seal}
    return json.dumps(content, indent=1) + "\n"


def from_json(content: bytes, id: str, episode: str) -> tuple[Job, str]:
    """The job and the seal of a record.

    Raises
    ------
    RecordError
        The content is no record of the job ``id``, or something in it cannot be; the message says what.
    """
    try:
        data = decode(content, dict[str, Any])
        head, job = convert(data, _Head), convert({**data, "episode": episode}, Job)
        if job.id != id:
            raise ValueError("the id in it is not that of its name")
        for path in job.outputs:
            _check_inside(path)
        messages = {text: text for text in map(from_facts, head.messages)}
    except ValueError as error:
        raise RecordError("damaged record of a job ({detail})", detail=shortened(error)) from error
    message = messages.get(job.message, job.message[:_LONGEST_TEXT])
    warnings = tuple(messages.get(text, text) for text in job.warnings)
    return replace(job, message=message, warnings=warnings), head.seal


def sealed_part(job: Job) -> bytes:
    """What of a job decides which command is run, for a seal over it."""
    return json.dumps([job.id, job.kind, job.module, job.arguments, job.outputs]).encode("utf-8")


def sole_server(root: Path) -> contextlib.AbstractContextManager[object]:
    """The lock that one server at a time has on a library; the system frees it with the process.

    Raises
    ------
    LibraryInUse
        Another has it.
    """
    import filelock

    (root / HIDDEN).mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(root / HIDDEN / "server.lock", blocking=False)
    try:
        return lock.acquire()
    except filelock.Timeout as error:
        raise LibraryInUse(
            "{path}: another quotecast server is at work on it; use its page, or end it", path=root
        ) from error


def _check_inside(path: str) -> None:
    """A path that leads out of the episode's folder is no output of it."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
        raise ValueError(f"{path!r} where a file in the episode's folder was expected")
