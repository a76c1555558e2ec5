"""What the user's database remembers of an archive: its sources and episodes, what waits for a person, how runs went.

An archive is that of one user and one path: where the library was moved, ``quotecast archive move`` rebinds it. Each
record lies in the database as JSON, by its kind and a name.
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
from web.archive.records import Change, Finding, Result, Source, Tracked

T = TypeVar("T")


class Archive:
    """The archive of the library at ``root``, by its number in the database."""

    def __init__(self, number: int, root: Path) -> None:
        self._number, self.root = number, root
        self.folder = data_folder() / "archives" / str(number)
        self.downloads = self.folder / "downloads"

    @contextlib.contextmanager
    def alone(self, work: str) -> Iterator[None]:
        """Let no other process of the user do this ``work`` (``import`` or ``run``) meanwhile.

        Raises ArchiveError: another one does.
        """
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
        self._put({source.place: source})

    def forget_source(self, place: str) -> None:
        """Take a source off the list; its episodes stay."""
        self._drop(Source, place)

    def episodes(self) -> dict[str, Tracked]:
        """Return the episodes that are followed, by folder, those that are missing included."""
        return self._all(Tracked)

    def put_episode(self, episode: Tracked, replacing: str | None = None) -> None:
        """Remember an episode; one that was in the folder ``replacing`` is the same under its new name."""
        with changing() as db:
            if replacing:
                self._forget_episode(replacing, db)
            self._put({episode.folder: episode}, db)

    def forget_episode(self, folder: str) -> bool:
        """Follow an episode no more; return whether it was followed."""
        with changing() as db:
            return self._forget_episode(folder, db)

    def changes(self) -> list[Change]:
        """Return what is new at the sources of episodes, by folder."""
        return [change for _, change in sorted(self._all(Change).items())]

    def put_change(self, change: Change) -> None:
        """Remember what is new; the decision on it stays as long as it does not change again."""
        name = f"{change.folder} {change.kind}"
        before = self._all(Change).get(name)
        origin, old = change.origin, before.origin if before else None
        if old is None or (old.place, old.state) != (origin.place, origin.state) or old.sha256 != origin.sha256:
            self._put({name: change})

    def decide(
        self, folder: str, kind: str, state: str, decision: str | None, problem: Mapping[str, Any] | None = None
    ) -> bool:
        """Remember a decision on a change in this ``state``, or why it was not taken; return whether it is there."""
        with changing() as db:
            change = self._all(Change, db).get(f"{folder} {kind}")
            if change is None or change.origin.state != state:
                return False
            self._put({f"{folder} {kind}": replace(change, decision=decision, problem=problem)}, db)
            return True

    def drop_change(self, folder: str, kind: str) -> None:
        self._drop(Change, f"{folder} {kind}")

    def findings(self) -> list[Finding]:
        """Return what the sources hold beside the episodes, in the order in which it was found."""
        return [*self._all(Finding).values()]

    def replace_findings(self, findings: Iterable[Finding]) -> None:
        """Remember what there is now; the answers to questions that are asked still stay."""
        with changing() as db:
            before = self._all(Finding, db)
            db.execute("DELETE FROM record WHERE library = ? AND kind = ?", (self._number, Finding.__name__))
            kept = {f"{each.kind} {each.key}": each for each in findings}
            answers = {name: before[name].answer for name in kept if name in before}
            self._put({name: replace(each, answer=answers.get(name)) for name, each in kept.items()}, db)

    def answer(self, key: str, answer: str | None) -> bool:
        """Remember the answer to a question: a transcript's key, empty for none, None to ask again; return whether it
        is asked."""
        with changing() as db:
            question = self._all(Finding, db).get(f"question {key}")
            if question:
                self._put({f"question {key}": replace(question, answer=answer)}, db)
            return question is not None

    def results(self) -> dict[str, Result]:
        """Return what the last runs made of the episodes, by folder."""
        return self._all(Result)

    def put_results(self, results: Sequence[Result]) -> None:
        self._put({each.folder: each for each in results})

    def clear_failures(self, folder: str | None = None) -> int:
        """Forget that the episode in ``folder`` failed, by default all that did; return how many there were."""
        failed = [each.folder for each in self.results().values() if each.error and folder in (None, each.folder)]
        return sum(self._drop(Result, each) for each in failed)

    def put_run(self, progress: Mapping[str, Any]) -> None:
        """Remember how far a run is."""
        self._put({"run": dict(progress)})

    def run(self) -> dict[str, Any] | None:
        """Return how far the last run was."""
        return self._all(dict).get("run")

    def cover_of(self, place: str) -> Path:
        """Return where a copy of the cover of the show with this feed lies, if there is one."""
        return self.folder / f"cover {hashlib.sha256(place.encode()).hexdigest()[:16]}"

    def _forget_episode(self, folder: str, db: sqlite3.Connection) -> bool:
        names = [(Change, f"{folder} audio"), (Change, f"{folder} transcript"), (Result, folder), (Tracked, folder)]
        sql = "DELETE FROM record WHERE library = ? AND kind = ? AND name = ?"
        return [db.execute(sql, (self._number, shape.__name__, name)).rowcount for shape, name in names][-1] > 0

    def _all(self, shape: type[T], db: sqlite3.Connection | None = None) -> dict[str, T]:
        """Return the records of a kind by their names, in the order in which they were put first."""
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
    """Make ``folder`` where it is missing and let nobody but this user look into it: feeds may have private keys."""
    make_folder(folder)
    where(folder).chmod(0o700)


def archive_at(root: Path) -> Archive | None:
    """Return the user's archive of the library at ``root``; None if they have none there."""
    if not is_regular(data_folder() / DATABASE):
        return None
    with connected() as db:
        path = str(root.resolve())
        sql = "SELECT library FROM record JOIN library ON id = library WHERE path = ? LIMIT 1"
        row = db.execute(sql, (path,)).fetchone()
        return Archive(row["library"], Path(path)) if row else None


def open_archive(root: Path) -> Archive:
    """Return the user's archive of the library at ``root``, a new one if they have none there."""
    with changing() as db:
        return Archive(library_number(db, root), root.resolve())


def move_archive(old: Path, new: Path) -> None:
    """Bind the user's archive of the library that was at ``old`` to the one at ``new``.

    Raises ArchiveError: there is none at the old path, or one at the new path.
    """
    there = archive_at(new)
    if there and (there.sources() or there.episodes()):
        raise ArchiveError("{path}: has an archive of its own already", path=new)
    with changing() as db:
        # One that only a run has begun is replaced.
        db.execute("DELETE FROM library WHERE path = ?", (str(new.resolve()),))
        paths = str(new.resolve()), str(old.resolve())
        if not db.execute("UPDATE library SET path = ? WHERE path = ?", paths).rowcount:
            raise ArchiveError("{path}: no archive of yours was there", path=old)


def show_of(root: Path) -> tuple[Show, Path | None] | None:
    """Return what the feed of a library of one show says of it, with a copy of its cover; None of several shows."""
    archive = archive_at(root)
    feeds = [each for each in archive.sources() if each.show] if archive else []
    if archive is None or len(feeds) != 1 or feeds[0].show is None:
        return None
    cover = archive.cover_of(feeds[0].place)
    return feeds[0].show, cover if is_regular(cover) else None
