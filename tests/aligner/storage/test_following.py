"""Captions beside an alignment are those of its last change, soon after it, and nobody's own are lost."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.outputs import OutputOptions, are_behind, captions_follow, output_contents, write_alignment, write_outputs
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import open_history
from aligner.storage.transcript_file import keep_version
from tests.aligner.storage.corrected import set_right


def wanted(path: Path) -> dict[Path, bytes]:
    """What writing all of the alignment anew comes to."""
    return output_contents(read_alignment(path), path.parent, "ferry", OutputOptions(("vtt", "json")))[0]


def test_captions_follow_where_there_are_some(path: Path) -> None:
    before = path.with_name("ferry.vtt").read_bytes()
    set_right(open_history(path), 15, seconds=0.4)
    assert are_behind(path)
    captions_follow(path)
    assert not are_behind(path)
    assert path.with_name("ferry.vtt").read_bytes() != before
    assert {each: each.read_bytes() for each in wanted(path)} == wanted(path)
    assert not path.with_name("ferry.srt").exists()


def test_captions_that_were_the_transcript_stay(path: Path) -> None:
    original = path.with_name("ferry.srt")
    original.write_bytes(b"1\n00:00:01,000 --> 00:00:04,000\n>> Zo\xc3\xab: the harbour was quiet\n")
    keep_version(path.parent, "ferry.srt", original.read_bytes())
    set_right(open_history(path), 15, seconds=0.4)
    captions_follow(path)
    assert not are_behind(path)
    assert b"the harbour was quiet" in original.read_bytes()
    written = write_outputs(read_alignment(path), path.parent, "ferry", OutputOptions())
    assert original not in written.paths
    assert original.read_bytes().startswith(b"1\n00:00:01,000 --> 00:00:04,000\n>> Zo")
    assert not path.with_name("ferry.srt.bak").exists()
    original.write_bytes(b"edited since, and no version")
    set_right(open_history(path), 14, seconds=0.3)
    captions_follow(path)
    assert path.with_name("ferry.srt.bak").read_bytes() == b"edited since, and no version"


def test_what_somebody_made_of_captions_stays_until_the_next_change_and_then_as_a_copy(path: Path) -> None:
    history = set_right(open_history(path), 15, seconds=0.4)
    captions_follow(path)
    edited = path.with_name("ferry.vtt")
    edited.write_text("WEBVTT\n\nmine\n", encoding="utf-8")
    captions_follow(path)
    assert edited.read_text(encoding="utf-8") == "WEBVTT\n\nmine\n"
    set_right(history, 3)
    captions_follow(path)
    assert path.with_name("ferry.vtt.bak").read_text(encoding="utf-8") == "WEBVTT\n\nmine\n"


def test_who_changes_something_meanwhile_is_not_overtaken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = set_right(open_history(path), 15, seconds=0.4)
    made = output_contents(history.alignment, path.parent, "ferry", OutputOptions(("vtt",)))[0]

    def meanwhile(*_: object) -> dict[Path, bytes]:
        monkeypatch.undo()
        set_right(open_history(path), 3)
        return made

    monkeypatch.setattr("aligner.outputs.caption_contents", meanwhile)
    captions_follow(path)
    assert {each: each.read_bytes() for each in wanted(path)} == wanted(path)


def test_a_transcript_that_is_called_as_captions_is_none_of_them(path: Path) -> None:
    transcript = path.with_name("ferry.srt")
    transcript.write_text("mine", encoding="utf-8")
    alignment = read_alignment(path)
    write_alignment(replace(alignment, transcript=replace(alignment.transcript, file="ferry.srt")), path)
    set_right(open_history(path), 3)
    captions_follow(path)
    assert transcript.read_text(encoding="utf-8") == "mine"
