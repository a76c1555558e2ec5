"""What an archive remembers of its episodes: whole, but for a line that a fall cut off, or told as damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.archive.adding.remembered import Archive, Made, Part
from web.archive.errors import ArchiveError
from web.library import Library


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """One that remembers three episodes."""
    found = Archive(Library(tmp_path))
    found.folder.mkdir(parents=True)
    for number in (1, 2, 3):
        found.note(Made(f"k{number}", f"Episode {number}", Part(sha256=f"{number}")))
    return found


@pytest.fixture
def lines(archive: Archive) -> Path:
    return archive.folder / "episodes.jsonl"


@pytest.mark.parametrize("cut", [1, 2, 30])
def test_a_last_line_that_was_cut_off_is_passed_over_and_goes(archive: Archive, lines: Path, cut: int) -> None:
    lines.write_bytes(lines.read_bytes()[:-cut])
    again = Archive(archive.library)
    assert [*again.read().episodes] == ["k1", "k2"]
    again.note(Made("k4", "Episode 4", Part()))
    assert [*Archive(archive.library).read().episodes] == ["k1", "k2", "k4"]


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, b'{"key": "k2", "fold', b'{"key": "k2"}', b"\xff"])
def test_a_line_that_is_damaged_before_the_last_is_told_by_its_number(
    archive: Archive, lines: Path, damage: bytes
) -> None:
    first, _, last = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(first + damage + b"\n" + last)
    with pytest.raises(ArchiveError, match="line 2 is damaged"):
        archive.read()


def test_what_is_told_of_an_episode_last_counts(archive: Archive) -> None:
    archive.note(Made("k2", "Renamed", Part()))
    archive.note(Made("k5", "Episode 1", Part(), twice=True))
    memory = archive.read()
    assert [(key, made.folder) for key, made in memory.episodes.items()] == [
        ("k1", "Episode 1"), ("k2", "Renamed"), ("k3", "Episode 3"),
    ]  # fmt: skip
    assert [*memory.twice] == ["k5"]
