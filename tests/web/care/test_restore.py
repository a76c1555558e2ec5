"""A file that is damaged, or made to do harm, is refused and leaves nothing; what earlier versions wrote is read."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aligner.storage.database import connected
from aligner.storage.history import open_history
from aligner.storage.undoing import undo, undoable
from tests.aligner.command import assert_refused, quotecast_here
from tests.paths import DATA
from tests.tables import over_rows
from tests.web.asking import Asker
from tests.web.library.shelved import tree
from web.app import create_app
from web.archive.state import open_archive
from web.library import Library
from web.settings import Settings

LEAVE = "from pathlib import Path; from media.temporary import temporary_path as t; (lambda f: t(Path(f)))"
CONTENT = b"Anna: the harbour was quiet.\n"
MANIFEST = "quotecast-backup-1.json"
ROW = {"key": "1", "title": "x", "audio": {"location": "", "state": "", "sha256": ""}}
Change = Callable[[tarfile.TarInfo, tarfile.TarInfo, dict[str, Any]], None]


def write(path: Path, change: Change, after: bytes = b"") -> Path:
    """A backup of one file, changed to do harm before its hash is taken, or, with bytes ``after`` it, since then."""
    member, last = tarfile.TarInfo("library/ferry/ferry.txt"), tarfile.TarInfo(MANIFEST)
    facts: dict[str, Any] = {"rows": [], "written": {}}
    member.size = len(CONTENT)
    change(member, last, facts)
    with path.open("w+b") as file, tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(member, io.BytesIO(CONTENT) if member.isreg() else None)
        file.seek(0)
        packed = file.read()
        file.write(after)
        tar.offset += len(after)
        content = json.dumps({"sha256": hashlib.sha256(packed).hexdigest()} | facts).encode()
        last.size = max(last.size, len(content))
        tar.addfile(last, io.BytesIO(content.ljust(last.size)))
    return path


def of(number: int, **values: object) -> Change:
    """Change the file (0) or the manifest (1)."""
    return lambda *members: [setattr(members[number], name, value) for name, value in values.items()]  # type: ignore[func-returns-value]


def rows(*row: str) -> Change:
    return lambda _member, _last, facts: facts.update(rows=[row])


HARM: dict[str, tuple[Change, str]] = {
    "a link": (of(0, type=tarfile.SYMTYPE, linkname="/etc/passwd"), "does not belong there"),
    "a hard link": (of(0, type=tarfile.LNKTYPE, linkname="x"), "does not belong there"),
    "a device": (of(0, type=tarfile.CHRTYPE), "does not belong there"),
    "a sparse file": (of(0, pax_headers={"GNU.sparse.map": "0,1"}), "does not belong there"),
    "an absolute path": (of(0, name="/library/ferry.txt"), "does not belong there"),
    "a path that leads out": (of(0, name="library/../../out.txt"), "does not belong there"),
    "a file beside the library": (of(0, name="out.txt"), "does not belong there"),
    "derived files": (of(0, name="library/ferry/.quotecast/peaks.json"), "does not belong there"),
    "a header of gigabytes": (of(0, pax_headers={"comment": "x" * 2_000_000}), "header is too large"),
    "a manifest of gigabytes": (of(1, size=70_000_000), "does not belong there"),
    "a newer version": (of(1, name="quotecast-backup-2.json"), "no backup that this version knows"),
    "a manifest that is a link": (of(1, type=tarfile.SYMTYPE, linkname="x"), "does not belong there"),
    "no rows": (lambda _m, _l, facts: facts.clear(), "no backup that this version knows"),
    "an unknown row": (rows("Secret", "x", "{}"), "no backup that this version knows"),
    "a row of a folder elsewhere": (
        rows("ImportedEpisode", "../../etc", json.dumps({"folder": "../../etc"} | ROW)),
        "ImportedEpisode ../../etc",
    ),
    "a job that is none": (rows("Job", "1", '{"kind": "rm"}'), "no backup that this version knows"),
}


@over_rows("change, reason", HARM)
def test_harm_is_refused_and_leaves_nothing(
    change: Change, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    (tmp_path / "shows").mkdir()
    result = quotecast_here("restore", write(tmp_path / "b.tar", change), tmp_path / "shows" / "a", "--with-sources")
    assert_refused(result, reason)
    assert len(result.stderr.splitlines()) == 1
    assert {each.name for each in tmp_path.iterdir()} <= {"b.tar", "data", "shows"}
    assert not [*(tmp_path / "shows").iterdir()]
    with connected() as db:
        assert [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("record", "job")] == [0, 0]


def test_a_file_that_is_cut_off_or_changed_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "b.tar", lambda *_: None).read_bytes()
    last = whole.index(MANIFEST.encode())
    for length in (0, 1, 511, 512, 700, last, last + 512, last + 540):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        assert_refused(quotecast_here("restore", tmp_path / "cut.tar", tmp_path / "a"), "damaged, or no backup")
    (tmp_path / "cut.tar").write_bytes(whole.replace(b"quiet", b"quite"))
    assert_refused(quotecast_here("restore", tmp_path / "cut.tar", tmp_path / "a"), "it was changed")
    write(tmp_path / "cut.tar", lambda *_: None, after=whole[:1024])
    assert_refused(quotecast_here("restore", tmp_path / "cut.tar", tmp_path / "a"), "it was changed")
    assert not (tmp_path / "a").exists()


def test_an_empty_mount_point_is_filled_and_what_a_killed_restore_left_is_removed(tmp_path: Path) -> None:
    file = write(tmp_path / "b.tar", lambda *_: None)
    (library := tmp_path / "volume").mkdir()
    killed = subprocess.run([sys.executable, "-c", f"{LEAVE}({str(library)!r}).mkdir()"], check=True)
    assert killed.returncode == 0
    assert len([*library.iterdir()]) == 1
    inode = library.stat().st_ino  # a mount point cannot be renamed over
    assert quotecast_here("restore", file, library).returncode == 0
    assert library.stat().st_ino == inode
    assert tree(library) == {"ferry/ferry.txt": CONTENT}


@over_rows("folder", sorted((DATA / "formats").iterdir()))
def test_what_earlier_versions_wrote_is_read_shown_undone_and_exported(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    library = tmp_path / "library"
    assert quotecast_here("restore", folder / "library.tar", library, "--with-sources").returncode == 0
    episode = Library(library).episode("promenade")
    assert (episode.problem, episode.title) == (None, "Une promenade")
    ask = Asker(create_app(Settings(library)).test_client())
    page = ask.client.get("/episodes/promenade").text
    assert "rebut" in page
    assert "Ada" in page  # who reviewed it
    assert len(ask.get("/api/episodes/promenade/quotes")["quotes"]) == 1
    assert "le rendez-vous de celles" in ask.client.get("/api/episodes/promenade/clips").text
    assert ask.client.get("/episodes/promenade/versions").text.count("/versions/") >= 2
    archive = open_archive(library)
    assert [len(each()) for each in (archive.sources, archive.episodes, archive.changes, archive.findings)] == [1] * 4
    alignment = library / "promenade" / "promenade.alignment.json"
    history = open_history(alignment)
    last = undoable(history, "Ada")
    assert last is not None
    assert last.kind == "place"
    assert undo(history, last, "Ada").changes[-1].what["change"] == last.id
    assert quotecast_here("export", alignment, "--to", "vtt", "-o", tmp_path / "again.vtt").returncode == 0
    assert "rebut" in (tmp_path / "again.vtt").read_text(encoding="utf-8")
    assert quotecast_here("export", alignment, "--to", "sync", "-o", tmp_path / "again.sync").returncode == 0
