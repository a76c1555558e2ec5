"""A run's files appear together or not at all, and replace nothing that a person made."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.atomic import replacing, write_text
from aligner.storage.outputs import OutputOptions, check_outputs, output_paths, write_outputs, write_texts
from tests.aligner.episodes import alignment_of

OPENING = "the harbour was quiet when the first ferry came round the point"


def test_all_formats_are_written_into_a_new_folder(tmp_path: Path) -> None:
    written = write_outputs(alignment_of(OPENING), tmp_path / "new" / "folder", "ferry", OutputOptions())
    assert [path.name for path in written.paths] == ["ferry.vtt", "ferry.srt", "ferry.alignment.json"]
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == sorted(p.name for p in written.paths)
    assert len(written.cues) == len(written.report.missed) > 0


def test_running_again_keeps_no_copies_of_its_own_files(tmp_path: Path) -> None:
    for _ in range(2):
        write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert not list(tmp_path.glob("*.bak"))


@pytest.mark.parametrize("formats", [("vtt",), ("srt", "json")])
def test_no_set_of_formats_makes_copies_of_our_own_files(tmp_path: Path, formats: tuple[str, ...]) -> None:
    for text in (OPENING, OPENING + " at noon", OPENING):
        written = write_outputs(alignment_of(text), tmp_path, "ferry", OutputOptions(formats))
        assert written.kept == ()
    assert not list(tmp_path.glob("*.bak*"))


@pytest.mark.parametrize("name", ["ferry.vtt", "ferry.alignment.json"])
def test_each_edit_of_a_file_is_kept_beside_the_new_one(tmp_path: Path, name: str) -> None:
    edited = tmp_path / name
    for edit in ("first", "second"):
        write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
        edited.write_text(edited.read_text(encoding="utf-8") + edit, encoding="utf-8")
    written = write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert [path.name for path in written.kept] == [f"{name}.bak2"]
    assert (tmp_path / f"{name}.bak").read_text(encoding="utf-8").endswith("first")
    assert (tmp_path / f"{name}.bak2").read_text(encoding="utf-8").endswith("second")
    assert not edited.read_text(encoding="utf-8").endswith("second")


def test_an_edit_within_the_same_moment_is_kept(tmp_path: Path) -> None:
    write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    captions = tmp_path / "ferry.vtt"
    state = captions.stat()
    captions.write_text("WEBVTT\n\nNOTE mine\n", encoding="utf-8")
    os.utime(captions, ns=(state.st_atime_ns, state.st_mtime_ns))
    write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert "mine" in (tmp_path / "ferry.vtt.bak").read_text(encoding="utf-8")


def test_without_the_cache_a_file_is_kept_rather_than_lost_but_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "blocked" / "cache"))
    for text in ("old", "new", "old", "new"):
        write_texts({tmp_path / "a.vtt": text})
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a.vtt", "a.vtt.bak", "a.vtt.bak2"]


def test_if_one_file_cannot_be_written_none_changes(tmp_path: Path) -> None:
    first, blocked = tmp_path / "a.vtt", tmp_path / "b.vtt"
    first.write_text("old", encoding="utf-8")
    blocked.mkdir()
    with pytest.raises(OutputError, match=r"b\.vtt"):
        write_texts({first: "new", tmp_path / "c.vtt": "new", blocked: "new"})
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
        write_texts({tmp_path / name: "new" for name in names})
    left = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert left == {name: f"old {name}" for name in ("edited.vtt", "held.srt")}


def test_folders_made_for_nothing_are_removed(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with pytest.raises(OutputError, match="too long"):
        write_outputs(alignment_of(OPENING), tmp_path / "here" / "a" / "b", "x" * 250, OutputOptions())
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]


def test_a_folder_that_cannot_be_made_leaves_none_of_its_parents(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be made"):
        write_outputs(alignment_of(OPENING), tmp_path / "a" / ("x" * 300), "ferry", OutputOptions())
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    write_text(path, "old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_text("ne", encoding="utf-8")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        write_half()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_is_written_as_utf_8_with_its_own_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "x.txt", "é\r\n»\n")
    assert (tmp_path / "x.txt").read_bytes() == "é\r\n»\n".encode()


def test_a_new_file_has_the_permissions_that_any_new_file_gets(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("", encoding="utf-8")
    write_text(tmp_path / "ours", "")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_outputs_that_are_inputs_are_refused_before_any_work(tmp_path: Path) -> None:
    captions = tmp_path / "ferry.vtt"
    captions.write_text("WEBVTT\n", encoding="utf-8")
    with pytest.raises(OutputError, match="would replace"):
        check_outputs([captions], [captions])


def test_a_name_too_long_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        check_outputs(output_paths(tmp_path, "x" * 245, ["vtt", "json"]), [])


def test_a_folder_in_an_outputs_place_is_refused_by_its_name_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "ferry.srt").mkdir()
    with pytest.raises(OutputError, match=r"ferry\.srt: is a folder"):
        check_outputs(output_paths(tmp_path, "ferry", ["vtt", "srt"]), [])


def test_making_a_file_does_not_touch_the_masks_of_other_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "umask", lambda _mask: pytest.fail("the mask is the whole process's"))
    write_text(tmp_path / "x.txt", "")
