"""A feed that is for one person alone: what lets in whoever has its address is told nobody."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tests.web.archive.feeding import Show
from tests.web.archive.hosting import answer
from tests.web.archive.test_update import added, library, run, show
from web.app import create_app
from web.settings import Settings

__all__ = ["library", "show"]

SECRET = "gEh31m"


def add_private(show: Show, library: Path) -> None:
    """Add a feed whose addresses all hold a secret, and of which one sound cannot be had."""
    show.add(1)
    show.add(2)
    for ending in (".wav", ".txt"):
        show.items = [item.replace(f'{ending}"', f'{ending}?key={SECRET}"') for item in show.items]
    show.items[1] = show.items[1].replace("<title>Épisode 2</title>", "").replace(">g2<", f">https://h/2?key={SECRET}<")
    show.host.say("/sound/2.wav", answer(404), answer(404))
    feed = show.publish().replace("http://", f"http://anna:{SECRET}@")
    assert run("add", "--yes", "--allow-private", f"{feed}?key={SECRET}", library) == 3


@pytest.mark.nightly
def test_what_is_said_holds_no_secret(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_private(show, library)
    assert run("update", library) == 3
    del show.host.files["/feed.xml"]
    assert run("update", library) == 3
    out, err = capsys.readouterr()
    assert "Made      Épisode 1" in out
    assert "feed.xml?…" in err
    assert SECRET not in out + err


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="has no such rights")
def test_nobody_else_reads_what_is_remembered(show: Show, library: Path) -> None:
    add_private(show, library)
    archive = library / ".quotecast" / "archive"
    (archive / "sources.json").chmod(0o644)  # as earlier versions had it
    (archive / "episodes.jsonl").chmod(0o644)
    (archive / "feeds").chmod(0o755)
    run("update", library)
    holding = [path for path in archive.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert {path.name for path in holding} >= {"sources.json", "episodes.jsonl"}
    for path in holding:
        way = [path, *path.parents][: len(path.relative_to(archive).parts)]
        assert any(stat.S_IMODE(each.stat().st_mode) & 0o077 == 0 for each in way), path


@pytest.mark.skipif(sys.platform == "win32", reason="has no such rights")
def test_a_link_in_the_place_of_a_file_changes_nobodys_rights(show: Show, library: Path, tmp_path: Path) -> None:
    show.add(1)
    added(show, library)
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    downloads = library / ".quotecast" / "archive" / "downloads"
    downloads.rmdir()
    downloads.symlink_to(theirs)
    assert run("update", library) == 0
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o755


@pytest.mark.nightly
def test_the_app_serves_nothing_of_it(show: Show, library: Path) -> None:
    add_private(show, library)
    client = create_app(Settings(library)).test_client()
    for path in ("/", "/archive", "/episodes/pisode-1", "/.quotecast/archive/sources.json"):
        assert SECRET not in client.get(path).text
    for path in library.rglob("*"):
        if path.is_file() and ".quotecast/archive/" not in path.as_posix():
            assert SECRET.encode() not in path.read_bytes(), path
