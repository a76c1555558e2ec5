"""The records of jobs on disk: ``jobs/ID.json`` in each episode's folder.

A record that is still open makes the server run a command. A folder that somebody sends must not: records carry a seal
that only this library's own key makes, and without it nothing is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from aligner.storage.user_folders import HIDDEN
from web.jobs.errors import RecordError
from web.jobs.job import Job, from_text, sealed_part, to_text
from web.security import library_key

TRASH, JOBS = "trash", "jobs"

_LARGEST_BYTES = 1 << 20  # a record has a few hundred
_KEPT = 20  # finished records that an episode keeps


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
            raise OutputError(f"{folder}: is no longer there")
        with making(path.parent):
            write_text(path, to_text(job, self._seal(job)))

    def read_all(self) -> Iterator[tuple[Path, Job | RecordError]]:
        """Every record of every episode, those that cannot be read as the error that says why."""
        for folder in self.episode_folders():
            for path in sorted((folder / JOBS).glob("*.json")):
                try:
                    yield path, self.read(path)
                except RecordError as error:
                    yield path, error

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
            job, seal = from_text(content.decode("utf-8"), path.stem, self.episode(path.parent.parent))
        except (OSError, UnicodeDecodeError) as error:
            raise RecordError(f"{path}: cannot be read ({error})") from error
        except RecordError as error:
            raise RecordError(f"{path}: {error}") from error
        if job.is_open and not hmac.compare_digest(seal.encode("utf-8", "replace"), self._seal(job).encode()):
            raise RecordError(f"{path}: an open job that this library did not start; it is not run")
        return job

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
