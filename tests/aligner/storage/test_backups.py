"""Files are replaced together or not at all, and what is not ours is kept beside them."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.backups import to_keep, write_keeping
from aligner.storage.outputs import check_outputs
from media import confinement
from media.confinement import confine


def test_without_the_cache_a_file_is_kept_rather_than_lost_but_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "blocked" / "cache"))
    for text in ("old", "new", "old", "new"):
        write_keeping({tmp_path / "a.vtt": text.encode()})
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a.vtt", "a.vtt.bak", "a.vtt.bak2"]


def test_if_one_file_cannot_be_written_none_changes(tmp_path: Path) -> None:
    first, blocked = tmp_path / "a.vtt", tmp_path / "b.vtt"
    first.write_text("old", encoding="utf-8")
    blocked.mkdir()
    with pytest.raises(OutputError, match=r"b\.vtt"):
        write_keeping({first: b"new", tmp_path / "c.vtt": b"new", blocked: b"new"})
    assert first.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vtt", "b.vtt"]


def test_if_one_file_cannot_be_replaced_those_before_it_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a player that has the captions open holds on to them."""
    names = ("edited.vtt", "new.vtt", "held.srt", "last.json")
    for name in ("edited.vtt", "held.srt"):
        (tmp_path / name).write_text(f"old {name}", encoding="utf-8")
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "held.srt":
            raise PermissionError(13, "held by a player")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"held\.srt: .*player"):
        write_keeping({tmp_path / name: b"new" for name in names})
    left = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert left == {name: f"old {name}" for name in ("edited.vtt", "held.srt")}


def test_a_link_out_of_a_library_goes_and_what_it_leads_to_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "_confined", set())
    (tmp_path / "private").write_text("private", encoding="utf-8")
    (tmp_path / "library").mkdir()
    confine(tmp_path / "library")
    for name, target in (("a.vtt", tmp_path / "private"), ("b.vtt", "nowhere")):
        (tmp_path / "library" / name).symlink_to(target)
        check_outputs([tmp_path / "library" / name], [])
        assert write_keeping({tmp_path / "library" / name: b"new"}) == ()
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "library").iterdir()}
    assert written == {"a.vtt": "new", "b.vtt": "new"}
    assert (tmp_path / "private").read_text(encoding="utf-8") == "private"


@pytest.mark.parametrize("beside", [False, True])
def test_a_file_larger_than_any_of_ours_is_kept_without_being_read(tmp_path: Path, beside: bool) -> None:
    path = tmp_path / "a.vtt"
    path.touch()
    os.truncate(path, 1 << 42)
    kept = {tmp_path / "a.vtt.bak": path}
    if beside:
        assert to_keep(path, b"new") == kept
        assert write_keeping({}, {**to_keep(path, b"new"), path: b"new"}) == ()
    else:
        assert write_keeping({path: b"new"}) == (*kept,)
    assert {each.name: each.stat().st_size for each in tmp_path.iterdir()} == {"a.vtt": 3, "a.vtt.bak": 1 << 42}
    assert path.read_bytes() == b"new"


def test_a_link_within_the_folder_is_kept_as_what_it_led_to(tmp_path: Path) -> None:
    (tmp_path / "b.vtt").write_bytes(b"old")
    (tmp_path / "a.vtt").symlink_to("b.vtt")
    write_keeping({tmp_path / "a.vtt": b"new"})
    with (tmp_path / "b.vtt").open("r+b") as file:
        file.write(b"OLD")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.vtt": b"new", "b.vtt": b"OLD", "a.vtt.bak": b"old",
    }  # fmt: skip


def test_what_is_kept_has_the_time_at_which_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(b"old")
    os.utime(tmp_path / "a.vtt", (1000, 1000))
    write_keeping({tmp_path / "a.vtt": b"new"})
    assert (tmp_path / "a.vtt.bak").stat().st_mtime == 1000
