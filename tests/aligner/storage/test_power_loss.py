"""A loss of power takes back whatever was not synced, in any mixture: a change is there whole or not at all."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aligner.storage import atomic
from aligner.storage import history as storage
from aligner.storage.history import changed, open_history
from media import safe_fs, temporary
from tests.aligner.storage.corrected import later_by


@dataclass(frozen=True)
class Change:
    """A name that leads to an inode from now on, or to none; and one that goes with it."""

    name: str
    inode: int | None
    gone: str | None = None


@dataclass
class Disk:
    """What a folder's file system was told, in order: changes of names, contents, and what was synced when."""

    before: dict[str, bytes]
    names: dict[str, int] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    moments: list[tuple[int, int, frozenset[int]]] = field(default_factory=list)
    synced_changes: int = 0
    synced: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.names = {name: number for number, name in enumerate(self.before)}
        self.contents = dict(enumerate(self.before.values()))
        self.synced = {*self.contents}

    def write(self, name: str, content: bytes) -> None:
        if name not in self.names:
            self.change(Change(name, len(self.contents)))
        self.contents[self.names[name]] = content
        self.synced.discard(self.names[name])
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

    def sync(self, name: str) -> None:
        self.synced.add(self.names[name])
        self.note()

    def sync_names(self) -> None:
        self.synced_changes = len(self.changes)
        self.note()

    def note(self) -> None:
        """Power may fail here: so many changes there are, so many are synced, and the contents of these inodes."""
        self.moments.append((len(self.changes), self.synced_changes, frozenset(self.synced)))

    def states(self, chance: random.Random) -> Iterator[dict[str, bytes]]:
        """What may be found at the next start, for each moment: all that was synced, and any part of what was not."""
        for made, sure, synced in self.moments:
            unsure = range(sure, made)
            mixtures = {frozenset(unsure[:n]) for n in range(len(unsure) + 1)}
            mixtures |= {frozenset({n}) for n in unsure} | {frozenset(unsure) - {n} for n in unsure}
            mixtures |= {frozenset(n for n in unsure if chance.random() < 0.5) for _ in range(3)}
            for kept in mixtures:
                yield self._found([*range(sure), *sorted(kept)], synced)

    def _found(self, kept: list[int], synced: frozenset[int]) -> dict[str, bytes]:
        names = {name: number for number, name in enumerate(self.before)}
        for change in (self.changes[number] for number in kept):
            names.pop(change.gone or "", None)
            if change.inode is None:
                names.pop(change.name, None)
            else:
                names[change.name] = change.inode
        return {name: self.contents[inode] if inode in synced else b"" for name, inode in names.items()}


@pytest.fixture
def disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Hears of everything that is done with names and contents in the episode's folder."""
    told = Disk({each.name: each.read_bytes() for each in path.parent.iterdir()})

    def write_new(at: Path, content: bytes) -> None:
        told.write(at.name, b"")
        told.write(at.name, content)
        safe_fs.write_new(at, content)

    def move(source: Path, target: Path) -> None:
        told.change(Change(target.name, told.names[source.name], gone=source.name))
        safe_fs.move(source, target)

    def append(at: Path, content: bytes, after_bytes: int) -> None:
        told.write(at.name, content)
        told.sync(at.name)
        told.sync_names()
        temporary.append(at, content, after_bytes)

    heard = {"write_new": write_new, "flush": lambda at: told.sync(at.name), "flush_names": lambda _: told.sync_names()}
    for name, hear in {**heard, "append": append}.items():
        monkeypatch.setattr(storage, name, hear)
    monkeypatch.setattr(atomic, "move", move)
    return told


def test_a_change_is_there_whole_or_not_at_all(path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    history, audio = open_history(path), path.with_name("quotes.json")
    before = path.read_bytes()
    new = later_by(history.alignment, 3, 0.01)
    changed(history, new, {"kind": "place"}, "Ada", lambda _: {audio: b"quotes"})
    after, states = path.read_bytes(), [*disk.states(random.Random(1))]
    monkeypatch.undo()
    monkeypatch.setattr(temporary, "sync", lambda _descriptor: None)
    seen = {0: 0, 2: 0}
    for number, found in enumerate(states):
        folder = path.parent.parent / str(number)
        folder.mkdir()
        for name, content in found.items():
            (folder / name).write_bytes(content)
        changes = len(open_history(folder / path.name).changes)
        there = {each.name: each.read_bytes() for each in folder.iterdir() if not each.name.startswith(".")}
        assert (there[path.name], there.get(audio.name)) == ((after, b"quotes") if changes else (before, None))
        seen[changes] += 1
    assert min(seen.values()) > 5
