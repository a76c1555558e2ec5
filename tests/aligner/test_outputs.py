"""A run's files appear together or not at all, and replace nothing that a person made."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.outputs import OutputOptions, check_outputs, output_paths, write_outputs
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows

OPENING = "the harbour was quiet when the first ferry came round the point"


def test_all_formats_are_written_into_a_new_folder(tmp_path: Path) -> None:
    written = write_outputs(alignment_of(OPENING), tmp_path / "new" / "folder", "ferry", OutputOptions())
    assert [path.name for path in written.paths] == ["ferry.vtt", "ferry.srt", "ferry.alignment.json"]
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == sorted(p.name for p in written.paths)
    assert list(written.cues) == ["vtt", "srt"]
    assert all(written.cues.values())


def test_running_again_keeps_no_copies_of_its_own_files(tmp_path: Path) -> None:
    for _ in range(2):
        write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert not list(tmp_path.glob("*.bak"))


@over_rows("formats", [("vtt",), ("srt", "json")])
def test_no_set_of_formats_makes_copies_of_our_own_files(tmp_path: Path, formats: tuple[str, ...]) -> None:
    for text in (OPENING, OPENING + " at noon", OPENING):
        written = write_outputs(alignment_of(text), tmp_path, "ferry", OutputOptions(formats))
        assert written.backups == ()
    assert not list(tmp_path.glob("*.bak*"))


@over_rows("name", ["ferry.vtt", "ferry.alignment.json"])
def test_each_edit_of_a_file_is_kept_beside_the_new_one(tmp_path: Path, name: str) -> None:
    edited = tmp_path / name
    for edit in ("first", "second"):
        write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
        edited.write_text(edited.read_text(encoding="utf-8") + edit, encoding="utf-8")
    written = write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert [path.name for path in written.backups] == [f"{name}.bak2"]
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


def test_folders_made_for_nothing_are_removed(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with pytest.raises(OutputError, match="too long"):
        write_outputs(alignment_of(OPENING), tmp_path / "here" / "a", "x" * 250, OutputOptions())
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]


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
