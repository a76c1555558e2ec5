"""A file that is damaged, or made to do harm, is refused in a line and leaves nothing; today's formats are read."""

import hashlib
import io
import json
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
from web.app import create_app
from web.archive.state import open_archive
from web.library import Library
from web.settings import Settings

CONTENT = b"Anna: the harbour was quiet.\n"
Change = Callable[[dict[str, Any], list[tarfile.TarInfo]], None]


def write(path: Path, change: Change) -> Path:
    """A backup of one file, changed to do harm."""
    name = "ferry/ferry.txt"
    facts: dict[str, Any] = {
        "format": "quotecast-backup", "version": 1, "quotecast": "0.1.0", "created": "2026-01-01T00:00:00+00:00",
        "episodes": 1, "has_sources": True, "records": [], "jobs": [],
        "files": [{"name": name, "size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()}],
    }  # fmt: skip
    members = [tarfile.TarInfo(f"library/{name}")]
    members[0].size = len(CONTENT)
    change(facts, members)
    with tarfile.open(path, "w") as tar:
        for member in members:
            tar.addfile(member, io.BytesIO(CONTENT) if member.isreg() else None)
        content = json.dumps(facts).encode()
        last = tarfile.TarInfo("backup.json")
        last.size = len(content)
        tar.addfile(last, io.BytesIO(content))
    return path


def renamed(name: str) -> Change:
    def change(facts: dict[str, Any], members: list[tarfile.TarInfo]) -> None:
        facts["files"][0]["name"], members[0].name = name, f"library/{name}"

    return change


def member(**values: object) -> Change:
    return lambda _facts, members: [setattr(members[0], name, value) for name, value in values.items()]  # type: ignore[func-returns-value]


def fact(**values: object) -> Change:
    return lambda facts, _members: facts.update(values)


def of_file(**values: object) -> Change:
    return lambda facts, _members: facts["files"][0].update(values)


FOREIGN = json.dumps(
    {"folder": "../../etc", "key": "1", "title": "x", "audio": {"location": "", "state": "", "sha256": ""}}
)
HARM: dict[str, tuple[Change, str]] = {
    "a link": (member(type=tarfile.SYMTYPE, linkname="/etc/passwd"), "not a regular file"),
    "a hard link": (member(type=tarfile.LNKTYPE, linkname="backup.json"), "not a regular file"),
    "a device": (member(type=tarfile.CHRTYPE), "not a regular file"),
    "an absolute path": (member(name="/library/ferry/ferry.txt"), "not what its manifest names"),
    "a path that leads out": (renamed("../../out.txt"), "damaged, or no backup"),
    "a path with dots inside": (renamed("ferry/../ferry.txt"), "not what its manifest names"),
    "derived files": (renamed("ferry/.quotecast/peaks.json"), "not what its manifest names"),
    "another name": (member(name="library/ferry/other.txt"), "not what its manifest names"),
    "a wrong hash": (of_file(sha256="0" * 64), "was changed"),
    "a wrong size": (of_file(size=3), "not what its manifest names"),
    "a negative size": (of_file(size=-1), "manifest is unknown"),
    "more than the disk holds": (of_file(size=1 << 60), "MB free, and the backup needs"),
    "a member too many": (lambda _, members: members.append(members[0]), "other files"),
    "a member too few": (lambda _, members: members.clear(), "other files"),
    "a newer version": (fact(version=2), "made by a newer quotecast; update this one"),
    "another format": (fact(format="zip"), "manifest is unknown"),
    "no files": (fact(files=None), "damaged, or no backup"),
    "an unknown record": (fact(records=[["Secret", "x", "{}"]]), "damaged, or no backup"),
    "a record of a folder elsewhere": (
        fact(records=[["ImportedEpisode", "../../etc", FOREIGN]]),
        "damaged, or no backup",
    ),
    "a job that is none": (fact(jobs=[["1", '{"kind": "rm"}']]), "damaged, or no backup"),
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
    assert not [*(tmp_path / "shows").iterdir()]
    assert not (tmp_path / "out.txt").exists()
    with connected() as db:
        assert [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("record", "job")] == [0, 0]


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "b.tar", lambda _, __: None).read_bytes()
    end = whole.rindex(b"}") + 1
    for length in (0, 1, 511, 512, 700, end - 40, end - 1):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        assert_refused(quotecast_here("restore", tmp_path / "cut.tar", tmp_path / "a" / "b"), "damaged, or no backup")
    assert quotecast_here("restore", tmp_path / "b.tar", tmp_path / "whole").returncode == 0


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
