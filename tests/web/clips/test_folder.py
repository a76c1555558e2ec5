"""The clips of an episode are what lies in its folder, however much of it there is."""

import json
import os
from pathlib import Path

import pytest

from media.safe_fs import confine
from tests.tables import over_rows
from web.clips.folder import clips_of, file_of, page_of_clips
from web.errors import NotFound


def test_clips_are_listed_newest_first_with_what_their_records_tell(folder: Path) -> None:
    video, sound = clips_of(folder)
    assert (video.file.name, video.shape, video.text) == ("tide-portrait.mp4", "portrait", "")
    assert (sound.file.name, sound.shape, sound.text) == ("tide.mp3", None, "The tide waits.")
    assert (video.size_bytes, sound.size_bytes) == (len("tide-portrait.mp4"), len("tide.mp3"))
    assert (sound.duration, sound.start, sound.speaker, sound.made) == (2.5, 61.2, "Ada", 1000)
    assert [caution.message for caution in sound.cautions] == ["“not” is heard"]
    assert set(sound.files) == {"tide.mp3", "tide.vtt", "tide.txt", "tide.json"}


@over_rows(
    "name, shape",
    [
        ("2026-11-20 The tide - 01m13s It waits - square.mp4", "square"),
        ("harbour-1s-the-tide-landscape-12.mp4", "landscape"),
        ("portrait.mp4", "portrait"),
        ("The portrait-of-nobody - 01m13s In the square.mp4", None),
    ],
)
def test_the_shape_of_an_audiogram_is_told_by_the_end_of_its_name(folder: Path, name: str, shape: str | None) -> None:
    (folder / "clips" / name).touch()
    assert [clip.shape for clip in clips_of(folder) if clip.file.name == name] == [shape]


@over_rows(
    "record",
    [
        "[1]",
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "source": {"start": Infinity}}',
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "quote": 3, "source": 4, "warnings": [5, {}]}',
        "[" * 100_000,
    ],
)
def test_a_record_that_was_damaged_hides_no_clip(folder: Path, record: str) -> None:
    (folder / "clips" / "tide.json").write_text(record)
    assert [(each.file.name, each.text, each.start) for each in clips_of(folder)][1] == ("tide.mp3", "", None)


@over_rows("name", ["../quotes.json", "tide-portrait.mp4", "", "/etc/passwd", "clips/tide.mp3"])
def test_only_the_files_of_a_clip_are_its_files(folder: Path, name: str) -> None:
    (folder / "quotes.json").touch()
    sound = clips_of(folder)[1]
    assert file_of(folder, sound.id, "tide.vtt") == folder / "clips" / "tide.vtt"
    with pytest.raises(NotFound):
        file_of(folder, sound.id, name)


def test_a_link_that_leads_out_of_the_folder_is_no_clip(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.mp3").touch()
    confine(folder)
    (folder / "clips" / "secret.mp3").symlink_to(tmp_path / "secret.mp3")
    assert "secret.mp3" not in [clip.file.name for clip in clips_of(folder)]


def test_the_list_is_told_in_pieces_and_as_a_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.clips.records.call", lambda *_: None)  # which measures, with a child
    for number in range(450):
        path = folder / "clips" / f"{number:03}.mp3"
        path.touch()
        os.utime(path, (10_000 - number, 10_000 - number))
    told, start, pieces = [], 0, 0
    while start is not None:
        clips, start = page_of_clips(folder, start)
        assert len(clips) <= 200
        told += [clip["name"] for clip in clips]
        pieces += 1
    assert pieces == 3
    assert told == [f"{number:03}.mp3" for number in range(450)] + ["tide-portrait.mp4", "tide.mp3"]


@pytest.mark.nightly
def test_no_piece_of_the_list_is_large_whatever_records_tell(folder: Path) -> None:
    letter = "é"
    caution = {"kind": letter * 20, "message": letter * 1000, "detail": letter * 1000}
    for number in range(120):
        name = f"{number}.mp3"
        record = {"format": "quotecast-clip", "version": 1, "file": name, "quote": letter * 10_000}
        record |= {"duration": 1, "speaker": letter * 10_000, "warnings": [caution] * 20}
        (folder / "clips" / name).touch()
        (folder / "clips" / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")
        if number < 40:
            (folder / "clips" / f"0.{number}").touch()
    told, start = set(), 0
    while start is not None:
        clips, start = page_of_clips(folder, start)
        assert len(json.dumps(clips)) < 700_000
        told |= {clip["name"] for clip in clips}
    assert len(told) == 122
