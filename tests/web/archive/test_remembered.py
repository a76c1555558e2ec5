"""What an archive remembers of its episodes: whole, but for a line that a fall cut off, or told as damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.cli.main import quotecast
from aligner.errors import ExitStatus
from tests.web.archive.hosting import hosting
from tests.web.library.shelved import tree, write_sound
from web.archive.adding.made import Made, Part
from web.archive.adding.remembered import Archive, Memory, Source
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


def run(*arguments: str | Path) -> int:
    return int(quotecast.main(["archive", *map(str, arguments)], standalone_mode=False) or 0)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A library that somebody sent, whose archive has sources: a private folder, and a feed of this machine."""
    write_sound(tmp_path / "private" / "diary.wav", 1.0)
    (tmp_path / "private" / "diary.txt").write_text("ANNA: Cher journal, aujourd'hui.\n", "utf-8")
    library = tmp_path / "sent"
    archive = Archive(Library(library))
    archive.folder.mkdir(parents=True)
    archive.write(
        Memory({str(tmp_path / "private"): Source(str(tmp_path / "private"))}, allow_private=True, unpaired=True)
    )
    return library


@pytest.mark.nightly
@pytest.mark.parametrize("seal", [None, "", "0" * 64, "é"])
def test_sources_that_somebody_else_named_are_not_read(
    sent: Path, tmp_path: Path, seal: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = sent / ".quotecast" / "archive" / "sources.json"
    told = json.loads(sources.read_text("utf-8"))
    told.pop("seal")
    with hosting() as host:
        told["sources"].append({"place": f"{host.url}/feed.xml"})
        sources.write_text(json.dumps({**told, **({} if seal is None else {"seal": seal})}), "utf-8")
        before = tree(sent)
        with pytest.raises(Exception, match="were not named by this user"):
            run("update", sent)
        assert tree(sent) == before
        write_sound(tmp_path / "mine" / "E01.wav", 1.5)
        (tmp_path / "mine" / "E01.txt").write_text("BOB: Bonjour à tous.\n", "utf-8")
        assert run("add", "--yes", "--listen", "none", "--sure", "0.5", tmp_path / "mine", sent) == ExitStatus.DONE
        assert f"Left out  {tmp_path / 'private'}: a source that somebody else named" in capsys.readouterr().err
        assert run("update", sent) == ExitStatus.DONE
        assert host.asked == []
    assert [path.name for path in sent.iterdir() if not path.name.startswith(".")] == ["E01"]
    memory = Archive(Library(sent)).read()
    assert ([*memory.sources], memory.allow_private, memory.unpaired) == ([str(tmp_path / "mine")], False, False)


@pytest.mark.parametrize(
    "change",
    [
        {"sources": [{"place": "/home"}]},
        {"sources": []},
        {"allow_private": False},
        {"most_bytes": 1},
        {"unpaired": False},
    ],
)
def test_what_was_sealed_counts_only_as_it_was(sent: Path, change: dict[str, object]) -> None:
    sources = sent / ".quotecast" / "archive" / "sources.json"
    assert Archive(Library(sent)).read().sources
    told = json.loads(sources.read_text("utf-8"))
    sources.write_text(json.dumps({**told, "told": ["k"]}), "utf-8")
    assert Archive(Library(sent)).read().sources  # what makes nobody read anything
    sources.write_text(json.dumps({**told, **change}), "utf-8")
    memory = Archive(Library(sent)).read()
    assert (memory.sources, memory.allow_private, memory.unpaired) == ({}, False, False)


def test_a_library_that_was_moved_has_its_sources(sent: Path) -> None:
    moved = sent.rename(sent.with_name("moved"))
    assert Archive(Library(moved)).read().sources


def test_where_no_key_can_be_kept_the_sources_are_written_and_count_for_nobody(
    sent: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("no folder", "utf-8")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "config"))
    archive = Archive(Library(sent))
    archive.write(Memory({"/x": Source("/x")}))
    assert (archive.read().sources, archive.read().strange) == ({}, ("/x",))


@pytest.mark.nightly
def test_a_source_that_is_named_now_is_not_said_to_be_left_out(
    sent: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = sent / ".quotecast" / "archive" / "sources.json"
    told = json.loads(sources.read_text("utf-8"))
    sources.write_text(json.dumps({**told, "seal": "another's"}), "utf-8")
    assert run("add", "--yes", "--listen", "none", tmp_path / "private", sent) == ExitStatus.DONE
    assert "somebody else" not in capsys.readouterr().err
    assert [*Archive(Library(sent)).read().sources] == [str(tmp_path / "private")]
