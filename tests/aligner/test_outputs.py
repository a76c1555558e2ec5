"""A run's files appear together or not at all, and replace nothing that a person made."""

import os
from pathlib import Path

import pytest
from episodes import alignment_of

from aligner.errors import OutputError
from aligner.files import replacing, write_text
from aligner.outputs import OutputOptions, check_outputs, write_outputs, write_texts

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


def test_a_caption_file_edited_since_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    captions = tmp_path / "ferry.vtt"
    captions.write_text("WEBVTT\n\nNOTE mine\n", encoding="utf-8")
    later = (tmp_path / "ferry.alignment.json").stat().st_mtime + 60
    os.utime(captions, (later, later))
    write_outputs(alignment_of(OPENING), tmp_path, "ferry", OutputOptions())
    assert "mine" in (tmp_path / "ferry.vtt.bak").read_text(encoding="utf-8")
    assert "ferry came" in captions.read_text(encoding="utf-8").replace("\n", " ")


def test_if_one_file_cannot_be_written_none_changes(tmp_path: Path) -> None:
    first, blocked = tmp_path / "a.vtt", tmp_path / "b.vtt"
    first.write_text("old", encoding="utf-8")
    blocked.mkdir()
    with pytest.raises(OutputError, match=r"b\.vtt"):
        write_texts({first: "new", blocked: "new"})
    assert first.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vtt", "b.vtt"]


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
