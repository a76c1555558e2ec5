"""The records of jobs on disk: ``jobs/ID.json`` in each episode's folder.

A record that is still open makes the server do something. A folder that somebody sends must not: what is open counts
only where ``seals`` finds that this user asked for it, and is shown as failed elsewhere.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from aligner.storage.user_folders import HIDDEN
from media.confinement import is_folder, is_regular, place, read_regular, status_of, where
from media.errors import Message
from media.listing import entries, folders
from media.moving import is_taken, make_folder, remove_file
from web.jobs import seals
from web.jobs.errors import LibraryInUse, RecordError
from web.jobs.homes import JOBS, Homes, holds, record_path
from web.jobs.job import Job, JobState, finished, newest_id, now
from web.jobs.kinds import Kinds
from web.jobs.record_format import LARGEST_BYTES, from_json, to_json

TRASH = "trash"

_MOST_READ = 50  # records of an episode that are not this user's, the latest
_MOST_STRANGE, _MOST_STRANGE_BYTES = 2_000, 2_000_000  # of them in a library, of each episode the latest first
_MOST_TOLD = 20  # problems
_MOST_SET_ASIDE = 100  # at a start: there may be any number
_KEPT = 20  # finished records that an episode keeps
_NOT_OURS = Message("was left open, and this server cannot know who asked for it; start it again")
_UNTOLD = Message("was over when that could no longer be written down; look at what it made, or start it again")


class Records:
    """All records of the library at ``root``, whose jobs are of these ``kinds``. ``read_only``: none is written."""

    def __init__(self, root: Path, kinds: Kinds, read_only: bool = False) -> None:
        self._root, self._kinds, self._read_only = root, kinds, read_only
        self._homes = Homes()
        self._owed: dict[str, Job] = {}  # those that are over, of whose records that could not be written
        self._ours: set[str] = set()  # the ids of those that this user's servers have written

    def folder(self, job: Job) -> Path:
        """The folder of the job's episode."""
        return self._root / job.episode

    def home(self, job: Job) -> str:
        """How the job's episode is called now, should its folder have been renamed or moved within the library; as
        before where it has gone."""
        found = self._homes.find(job, self.folder(job), self._anywhere())
        return found.relative_to(self._root).as_posix() if found else job.episode

    def arrived(self, jobs: Iterable[Job], episode: str) -> list[Job]:
        """Those of the ``jobs`` whose episode has come to be called so."""
        folder = self._root / episode
        return [job for job in self._homes.of(folder, jobs) if job.episode != episode and holds(folder, job)]

    def is_home(self, job: Job) -> bool:
        """Whether the job belongs to what is called now as its episode was."""
        return self._homes.is_at(job, self.folder(job))

    def is_ours(self, job: Job) -> bool:
        """Whether this user's servers have written the job's record."""
        return job.id in self._ours

    def episode(self, folder: Path) -> str:
        """How jobs call the episode in ``folder``: by the folder's name, "." for the library's own. A link has its own
        name and no jobs: nothing is changed through it.

        Raises
        ------
        ValueError
            It is neither the library nor a folder in it.
        """
        try:
            root, real = self._root.resolve(), where(folder)
        except OSError as error:
            raise ValueError(f"{folder}: leads out of the library") from error
        if folder.absolute().parent in (root, self._root.absolute()) and folder.is_symlink():
            return folder.name
        if real != root and (real.parent != root or real.name.startswith(".")):
            raise ValueError(f"{folder}: expected the library {root} or a folder right in it")
        return real.relative_to(root).as_posix()

    def write(self, job: Job) -> None:
        """Write the job's record, all of it or nothing. No record in which a job that is over is open counts any more,
        be it that this one cannot be written.

        Raises
        ------
        OutputError
            It cannot be written, or the episode was removed meanwhile; it does not come back.
        """
        if self._read_only:
            return
        try:
            self._put(job, seals.seals(job, self.folder(job)))
            self._homes.settle(job, self.folder(job))
            self._ours.add(job.id)
            self._owed.pop(job.id, None)
        except OutputError:
            if not job.is_open:
                self._owed[job.id] = job
            raise
        finally:
            if not job.is_open:
                seals.unseal(job)

    def forget(self, job: Job) -> None:
        """Know nothing of the job any more; its record stays."""
        self._homes.forget(job)
        self._ours.discard(job.id)
        self._owed.pop(job.id, None)

    def write_owed(self) -> None:
        """Write what could not be when its job was over: folders are brought back, and disks have room again."""
        for job in list(self._owed.values()):
            with contextlib.suppress(OutputError):  # then the next server tells that it knows nothing
                self.write(replace(job, episode=self.home(job)))

    def set_aside(self, jobs: Iterable[Job]) -> None:
        """Have the records of those ``jobs`` that were left open, but not by this user, say that they failed, so that
        the next server tells of them no more. What they are copies of still counts, so no key is thrown away. Where
        none can be kept nobody knows whose they are, and they stay."""
        strange = [job for job in jobs if job.message is _NOT_OURS or job.message is _UNTOLD]
        for job in strange[: _MOST_SET_ASIDE if seals.can_seal() else 0]:
            with contextlib.suppress(OutputError):  # the next server tells of it again
                self._put(job, [])

    def _put(self, job: Job, sealed: list[str]) -> None:
        path, folder = record_path(self.folder(job), job), self.folder(job)
        if not is_folder(folder) or not self.is_home(job):
            raise OutputError("{path}: is no longer there", path=folder)
        content = to_json(job, sealed)
        if len(content) > LARGEST_BYTES:
            raise OutputError("{path}: would be larger than the record of a job can be", path=path)
        with making(path.parent):
            write_text(path, content)

    def read_all(self) -> tuple[dict[str, Job], tuple[str, ...]]:
        """The jobs of every episode by id, and lines about those records that cannot be taken up. Those that this
        user's servers have written are all read; of any number of others that somebody has put there, some."""
        jobs: dict[str, Job] = {}
        problems = []
        paths, left_out = self._taken_up()
        for path in paths:
            try:
                job, is_ours = self.read(path)
            except RecordError as error:
                problems.append(str(error))
                continue
            other = jobs.get(job.id)
            if other and not (job.is_open or (is_ours and job.id not in self._ours)):
                problems.append(f"{path}: a copy of the record in {other.episode}; it is not taken up")
                continue
            jobs[job.id] = job
            self._homes.settle(job, self.folder(job))
            if is_ours:
                self._ours.add(job.id)
        if len(problems) > _MOST_TOLD:
            problems[_MOST_TOLD:] = [f"{self._root}: {len(problems) - _MOST_TOLD} more records are like these"]
        if left_out:
            problems.append(f"{self._root}: {left_out} more records of jobs are not this user's, and are not shown")
        if strange := sum(job.message is _NOT_OURS for job in jobs.values()):
            were, are = ("1 job was", "it is") if strange == 1 else (f"{strange} jobs were", "they are")
            told = "left open, in a copy of the library, or by an older version or another user"
            problems.append(f"{self._root}: {were} {told}; {are} not run, and shown as failed")
        return jobs, tuple(problems)

    def read(self, path: Path) -> tuple[Job, bool]:
        """The job that ``path`` holds, and whether this user's server has written it where it lies; one that is open
        without a seal that counts has failed.

        Raises
        ------
        RecordError
            It cannot be read, or is damaged.
        """
        folder = path.parent.parent
        try:
            content = read_regular(path, LARGEST_BYTES)
            job, given = from_json(content, path.stem, self.episode(folder), self._kinds)
        except OSError as error:
            raise RecordError("{path}: cannot be read ({detail})", path=path, detail=error.strerror) from error
        except RecordError as error:
            raise RecordError("{path}: {reason}", path=path, reason=error.message) from error
        is_ours = seals.is_sealed(job, folder, given)
        if job.is_open and not is_ours:
            reason = _UNTOLD if seals.is_over(job) else _NOT_OURS
            return replace(finished(job, JobState.FAILED, reason), ended=job.started or job.created), False
        if job.ended:
            job = replace(job, ended=min(job.ended, now()))  # none outlasts what ends next
        return job, is_ours

    def _taken_up(self) -> tuple[list[Path], int]:
        """The records that are read, by episode and age, and how many are left out. All with names of this user's are
        read, however many others somebody has put beside them; of others the latest of every episode first, and none
        that is from a time that is yet to come."""
        sealed, newest = seals.sealed_ids(), newest_id()
        listed, taken, strange = list[Path](), set[Path](), list[tuple[int, Path]]()
        for folder in self.episode_folders():
            named = [path for path in entries(folder / JOBS) if path.suffix == ".json"]
            others = [path for path in named if path.stem not in sealed and path.stem <= newest]
            listed += named
            taken.update(path for path in named if path.stem in sealed)
            strange += enumerate(others[: -_MOST_READ - 1 : -1])
        left_out, left_bytes = len(strange), _MOST_STRANGE_BYTES
        for _, path in sorted(strange)[:_MOST_STRANGE]:
            size_bytes = min(_size_bytes(path), LARGEST_BYTES)
            if size_bytes <= left_bytes:
                left_bytes -= size_bytes
                left_out -= 1
                taken.add(path)
        return [path for path in listed if path in taken], left_out

    def episode_folders(self) -> Iterator[Path]:
        """The folders that can hold records: the library, and all in it but those that are ours, and links."""
        yield self._root
        for folder in folders(self._root):
            if folder.name != TRASH and not folder.name.startswith(".") and not folder.is_symlink():
                yield folder

    def _anywhere(self) -> Iterator[Path]:
        """The folders in which a record may be that was not where it was looked for."""
        yield from self.episode_folders()
        yield from folders(self._root / TRASH)

    def prune(self, jobs: list[Job]) -> list[Job]:
        """Remove the oldest finished records of one episode beyond what is kept, those that are not this user's first;
        return the jobs they told of."""
        over = (job for job in jobs if not job.is_open)
        old = sorted(over, key=lambda job: (job.id in self._ours, job.ended or "", job.id))[:-_KEPT]
        for job in old:
            seals.forget(job)
            with contextlib.suppress(OSError):  # one that cannot be removed does no harm
                remove_file(record_path(self.folder(job), job))
        return old


def _size_bytes(path: Path) -> int:
    try:
        return status_of(path).st_size
    except OSError:
        return 0  # which reading says


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
