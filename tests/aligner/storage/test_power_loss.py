"""A failure of power takes back whatever was not flushed, in any mixture: a set of files is the old one or the new."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aligner.storage import atomic, journal
from aligner.storage.atomic import write_files, write_text
from aligner.storage.keys import users_key
from aligner.storage.recovery import recover
from media import moving, temporary
from media.temporary import is_temporary

OLD = {"a.vtt": b"old vtt", "a.json": b"old json"}
NEW = {"a.vtt": b"new vtt", "a.srt": b"new srt", "a.json": b"new json"}


@dataclass(frozen=True)
class Change:
    """A name that leads to an inode from now on, or to none; and one that goes with it."""

    name: str
    inode: int | None
    gone: str | None = None


@dataclass
class Disk:
    """What a folder's file system was told, in order: changes of names, contents, and what was flushed when."""

    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    moments: list[tuple[int, int, frozenset[int]]] = field(default_factory=list)
    flushed_changes: int = 0
    flushed: set[int] = field(default_factory=set)

    def write(self, name: str, content: bytes) -> None:
        if name not in self.names:
            self.change(Change(name, len(self.contents)))
            self.contents[self.names[name]] = content
        self.contents[self.names[name]] = content
        self.flushed.discard(self.names[name])
        self.note()

    def change(self, change: Change) -> None:
        self.changes.append(change)
        if change.gone:
            self.names.pop(change.gone)
        if change.inode is None:
            self.names.pop(change.name, None)
        else:
            self.names[change.name] = change.inode
            self.contents.setdefault(change.inode, b"")
        self.note()

    def note(self) -> None:
        """Power may fail here: so many changes there are, so many are flushed, and the contents of these inodes."""
        self.moments.append((len(self.changes), self.flushed_changes, frozenset(self.flushed)))

    def states(self, chance: random.Random) -> Iterator[dict[str, bytes]]:
        """What may be found at the next start, for each moment: all that was flushed, and any part of what was not."""
        for made, sure, flushed in self.moments:
            unsure = range(sure, made)
            mixtures = {frozenset(unsure[:n]) for n in range(len(unsure) + 1)}
            mixtures |= {frozenset({n}) for n in unsure} | {frozenset(unsure) - {n} for n in unsure}
            mixtures |= {frozenset(n for n in unsure if chance.random() < 0.5) for _ in range(6)}
            for kept in mixtures:
                yield self._found([*range(sure), *sorted(kept)], flushed)

    def _found(self, kept: list[int], flushed: frozenset[int]) -> dict[str, bytes]:
        names: dict[str, int] = {name: number for number, name in enumerate(OLD)}
        for change in (self.changes[number] for number in kept):
            names.pop(change.gone or "", None)
            if change.inode is None:
                names.pop(change.name, None)
            else:
                names[change.name] = change.inode
        return {name: self.contents[inode] if inode in flushed else b"" for name, inode in names.items()}


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Hears of everything that the writers do with names and contents."""
    users_key(journal.KEY)  # the key is made before, and is no file of this disk
    told = Disk({name: n for n, name in enumerate(OLD)}, dict(enumerate(OLD.values())), flushed=set(range(len(OLD))))

    def flush(path: Path) -> None:
        told.flushed.add(told.names[path.name])
        told.note()

    def flush_names(_folder: Path) -> None:
        told.flushed_changes = len(told.changes)
        told.note()

    def write_new(path: Path, content: bytes) -> None:
        told.write(path.name, b"")
        told.write(path.name, content)
        moving.write_new(path, content)

    def move(source: Path, target: Path) -> None:
        told.change(Change(target.name, told.names[source.name], gone=source.name))
        moving.move(source, target)

    def remove_file(path: Path) -> None:
        if path.name in told.names:
            told.change(Change(path.name, None))
        moving.remove_file(path)

    def link(source: Path, target: Path) -> None:
        told.change(Change(target.name, told.names[source.name]))
        moving.link(source, target)

    for module in (atomic, journal):
        for hear in (flush, flush_names, write_new, move, remove_file, link):
            monkeypatch.setattr(module, hear.__name__, hear, raising=hear is not link)
    return told


def lay_out(folder: Path, contents: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def recovered(folder: Path, found: dict[str, bytes]) -> dict[str, bytes]:
    recover(lay_out(folder, found))
    return {path.name: path.read_bytes() for path in folder.iterdir() if not is_temporary(path.name)}


def test_a_set_is_the_old_one_or_the_new(tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "episode"
    folder.mkdir()
    for name, content in OLD.items():
        with (folder / name).open("wb") as file:
            file.write(content)
    write_files({folder / name: content for name, content in NEW.items()})
    states = list(disk.states(random.Random(1)))
    monkeypatch.undo()
    monkeypatch.setattr(temporary, "sync", lambda _descriptor: None)
    seen = {True: 0, False: 0}
    for number, found in enumerate(states):
        after = recovered(tmp_path / str(number), found)
        assert after in (OLD, NEW), found
        seen[after == NEW] += 1
    assert min(seen.values()) > 20


def test_a_single_file_is_never_empty(tmp_path: Path, disk: Disk) -> None:
    folder = tmp_path / "episode"
    folder.mkdir()
    with (folder / "a.json").open("wb") as file:
        file.write(OLD["a.json"])
    write_text(folder / "a.json", "new json")
    found = {state["a.json"] for state in disk.states(random.Random(1))}
    assert found == {OLD["a.json"], NEW["a.json"]}
