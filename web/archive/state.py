"""The archive's records in the user's database: sources, episodes, changes, findings, results and the last run.

An archive belongs to one user and one library, which is identified by its path; ``quotecast archive move`` changes the
path. Each record is a row of the database: a kind, a name and JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from aligner.errors import OutputError
from aligner.feeds.items import Show
from aligner.storage.atomic import alone_in
from aligner.storage.database import NAME as DATABASE
from aligner.storage.database import changing, connected, data_folder, library_number
from media.safe_fs import is_regular, make_folder, where
from web.archive.errors import ArchiveError
from web.archive.records import Change, Finding, ImportedEpisode, Result, Source

T = TypeVar("T")


class Archive:
    """An archive: the records in the user's database about the library at ``root``."""

    def __init__(self, number: int, root: Path) -> None:
        self._number, self.root = number, root
        self.folder = data_folder() / "archives" / str(number)
        self.downloads = self.folder / "downloads"

    @contextlib.contextmanager
    def locked(self, work: str) -> Iterator[None]:
        """Context manager: hold the lock for ``work`` (``import`` or ``run``). Raises ArchiveError if it is held."""
        make_private_folder(self.folder)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(alone_in(self.folder / work))
            except OutputError as error:
                raise ArchiveError(
                    "{path}: another command is at work on this archive; wait for its end", path=self.root
                ) from error
            yield

    def sources(self) -> list[Source]:
        return [*self._all(Source).values()]

    def put_source(self, source: Source) -> None:
        self._put({source.location: source})

    def forget_source(self, location: str) -> None:
        """Delete the record of a source. Its episodes stay in the library."""
        self._drop(Source, location)

    def episodes(self) -> dict[str, ImportedEpisode]:
        """Return all imported episodes by folder name, including those whose folder is missing."""
        return self._all(ImportedEpisode)

    def put_episode(self, episode: ImportedEpisode, replacing: str | None = None) -> None:
        """Store an episode. If its folder was renamed, ``replacing`` is the old name, whose records are deleted."""
        with changing() as db:
            if replacing:
                self._forget_episode(replacing, db)
            self._put({episode.folder: episode}, db)

    def forget_episode(self, folder: str) -> bool:
        """Delete the records of the episode in ``folder``. Return whether the episode was recorded."""
        with changing() as db:
            return self._forget_episode(folder, db)

    def changes(self) -> list[Change]:
        """Return the stored changes, sorted by folder."""
        return [change for _, change in sorted(self._all(Change).items())]

    def put_change(self, change: Change) -> None:
        """Store a change. If the same change is stored already, its decision stays."""
        name = f"{change.folder} {change.kind}"
        stored = self._all(Change).get(name)
        if stored is None or stored.origin != change.origin:
            self._put({name: change})

    def decide(
        self, folder: str, kind: str, state: str, decision: str | None, problem: Mapping[str, Any] | None = None
    ) -> bool:
        """Store the user's decision on a change, or the problem that occurred when the change was applied. ``state`` is
        the ``Origin.state`` that the user saw. If the file has changed again, or if there is no such change, nothing is
        stored, and False is returned."""
        with changing() as db:
            change = self._all(Change, db).get(f"{folder} {kind}")
            if change is None or change.origin.state != state:
                return False
            self._put({f"{folder} {kind}": replace(change, decision=decision, problem=problem)}, db)
            return True

    def drop_change(self, folder: str, kind: str) -> None:
        self._drop(Change, f"{folder} {kind}")

    def findings(self) -> list[Finding]:
        """Return the findings in the order in which they were stored."""
        return [*self._all(Finding).values()]

    def replace_findings(self, findings: Iterable[Finding]) -> None:
        """Replace all stored findings. A question that was stored before keeps its answer."""
        with changing() as db:
            stored = self._all(Finding, db)
            db.execute("DELETE FROM record WHERE library = ? AND kind = ?", (self._number, Finding.__name__))
            new = {f"{each.kind} {each.key}": each for each in findings}
            answers = {name: stored[name].answer for name in new if name in stored}
            self._put({name: replace(each, answer=answers.get(name)) for name, each in new.items()}, db)

    def answer(self, key: str, answer: str | None) -> bool:
        """Store the answer (``Finding.answer``) to the question with this key. Return whether the question exists."""
        with changing() as db:
            question = self._all(Finding, db).get(f"question {key}")
            if question:
                self._put({f"question {key}": replace(question, answer=answer)}, db)
            return question is not None

    def results(self) -> dict[str, Result]:
        """Return the last result of each episode, by folder name."""
        return self._all(Result)

    def put_results(self, results: Sequence[Result]) -> None:
        self._put({each.folder: each for each in results})

    def clear_failures(self, folder: str | None = None) -> int:
        """Delete the failed result of the episode in ``folder``, or all failed results. Return their number."""
        failed = [each.folder for each in self.results().values() if each.error and folder in (None, each.folder)]
        return sum(self._drop(Result, each) for each in failed)

    def put_run(self, progress: Mapping[str, Any]) -> None:
        """Store the progress of a run."""
        self._put({"run": dict(progress)})

    def run(self) -> dict[str, Any] | None:
        """Return the progress of the last run, or None before the first run."""
        return self._all(dict).get("run")

    def cover_of(self, feed: str) -> Path:
        """Return the path at which the cover of a feed's show is stored."""
        return self.folder / f"cover {hashlib.sha256(feed.encode()).hexdigest()[:16]}"

    def _forget_episode(self, folder: str, db: sqlite3.Connection) -> bool:
        names = [
            (Change, f"{folder} audio"),
            (Change, f"{folder} transcript"),
            (Result, folder),
            (ImportedEpisode, folder),
        ]
        sql = "DELETE FROM record WHERE library = ? AND kind = ? AND name = ?"
        return [db.execute(sql, (self._number, shape.__name__, name)).rowcount for shape, name in names][-1] > 0

    def _all(self, shape: type[T], db: sqlite3.Connection | None = None) -> dict[str, T]:
        with contextlib.nullcontext(db) if db else connected() as open_db:
            sql = "SELECT name, content FROM record WHERE library = ? AND kind = ? ORDER BY rowid"
            rows = open_db.execute(sql, (self._number, shape.__name__))
            return {row["name"]: msgspec.json.decode(row["content"], type=shape) for row in rows}

    def _put(self, records: Mapping[str, object], db: sqlite3.Connection | None = None) -> None:
        with contextlib.nullcontext(db) if db else changing() as open_db:
            open_db.executemany(
                "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content",
                (
                    (self._number, type(record).__name__, name, msgspec.json.encode(record).decode())
                    for name, record in records.items()
                ),
            )

    def _drop(self, shape: type[object], name: str) -> bool:
        with changing() as db:
            sql = "DELETE FROM record WHERE library = ? AND kind = ? AND name = ?"
            return bool(db.execute(sql, (self._number, shape.__name__, name)).rowcount)


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` if it is missing. Only this user may read it, as its files may contain passwords of feeds."""
    make_folder(folder)
    where(folder).chmod(0o700)


def archive_at(root: Path) -> Archive | None:
    """Return the user's archive of the library at ``root``, or None if there is none."""
    if not is_regular(data_folder() / DATABASE):
        return None
    with connected() as db:
        path = str(root.resolve())
        sql = "SELECT library FROM record JOIN library ON id = library WHERE path = ? LIMIT 1"
        row = db.execute(sql, (path,)).fetchone()
        return Archive(row["library"], Path(path)) if row else None


def open_archive(root: Path) -> Archive:
    """Return the user's archive of the library at ``root``; create one if there is none."""
    with changing() as db:
        return Archive(library_number(db, root), root.resolve())


def move_archive(old: Path, new: Path) -> None:
    """Change the path of the user's archive from ``old`` to ``new``, after the library was moved. Raises ArchiveError
    if there is no archive at the old path, or if there is one with contents at the new path."""
    target = archive_at(new)
    if target and (target.sources() or target.episodes()):
        raise ArchiveError("{path}: has an archive of its own already", path=new)
    with changing() as db:
        # A run alone also registers the library; such a row is replaced.
        db.execute("DELETE FROM library WHERE path = ?", (str(new.resolve()),))
        paths = str(new.resolve()), str(old.resolve())
        if not db.execute("UPDATE library SET path = ? WHERE path = ?", paths).rowcount:
            raise ArchiveError("{path}: no archive of yours was there", path=old)


def show_of(root: Path) -> tuple[Show, Path | None] | None:
    """Return the show of a library's feed, and the path of the show's cover (None without one). Return None if the
    library has no feed, or more than one."""
    archive = archive_at(root)
    feeds = [each for each in archive.sources() if each.show] if archive else []
    if archive is None or len(feeds) != 1 or feeds[0].show is None:
        return None
    cover = archive.cover_of(feeds[0].location)
    return feeds[0].show, cover if is_regular(cover) else None
