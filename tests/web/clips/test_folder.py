"""The clips of an episode are what lies in its folder; they go into the trash, come back, and are taken as a ZIP."""

import json
import os
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from media.confinement import confine
from web.clips.folder import bundled, clip_of, clips_of, file_of, made_clip_facts
from web.errors import Full, NotFound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An episode with a clip and its sidecars, and a video without."""
    clips = tmp_path / "Ferries" / "clips"
    clips.mkdir(parents=True)
    record = {
        "format": "quotecast-clip",
        "version": 1,
        "file": "tide.mp3",
        "quote": "The tide waits.",
        "speaker": "Ada",
    }
    record |= {
        "duration": 2.5,
        "source": {"start": 61.2},
        "warnings": [{"kind": "negation", "message": "“not” is heard"}],
    }
    (clips / "tide.json").write_text(json.dumps(record), encoding="utf-8")
    for name in ("tide.mp3", "tide.vtt", "tide.txt", "tide-portrait.mp4"):
        (clips / name).write_bytes(name.encode())
    for name, made in (("tide.mp3", 1000), ("tide-portrait.mp4", 2000)):
        os.utime(clips / name, (made, made))
    return tmp_path / "Ferries"


def test_clips_are_listed_newest_first_with_what_their_records_tell(folder: Path) -> None:
    video, sound = clips_of(folder)
    assert (video.file.name, video.shape, video.is_video, video.text) == ("tide-portrait.mp4", "portrait", True, "")
    assert (sound.file.name, sound.shape, sound.is_video, sound.text) == ("tide.mp3", None, False, "The tide waits.")
    assert (sound.duration, sound.start, sound.speaker, sound.made) == (2.5, 61.2, "Ada", 1000)
    assert [caution.message for caution in sound.cautions] == ["“not” is heard"]
    assert set(sound.files) == {"tide.mp3", "tide.vtt", "tide.txt", "tide.json"}


def test_what_is_deleted_while_the_list_is_made_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def delete_the_other(*_: object) -> None:
        for name in ("tide.mp3", "tide.json"):
            (folder / "clips" / name).unlink()

    monkeypatch.setattr("web.clips.records._measured", delete_the_other)
    assert [clip.file.name for clip in clips_of(folder)] == ["tide-portrait.mp4"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e300", "1" + "0" * 400, "true", '"2.5"'])
def test_a_record_whose_numbers_are_none_tells_none(folder: Path, number: str) -> None:
    record = folder / "clips" / "tide.json"
    record.write_text(record.read_text(encoding="utf-8").replace("61.2", number), encoding="utf-8")
    assert clips_of(folder)[1].start is None


def test_an_episode_without_clips_has_none(tmp_path: Path) -> None:
    assert clips_of(tmp_path) == []


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[1]",
        '{"format": "quotecast-clip", "version": 1, "file": "another.mp3", "quote": "Not this"}',
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "quote": 3, "source": 4, "warnings": [5, {}]}',
        "[" * 100_000,
    ],
)
def test_a_record_that_was_damaged_hides_no_clip(folder: Path, record: str) -> None:
    (folder / "clips" / "tide.json").write_text(record)
    assert [(clip.file.name, clip.text, clip.cautions) for clip in clips_of(folder)][1] == ("tide.mp3", "", ())


@pytest.mark.parametrize(
    "name", ["../quotes.json", "tide-portrait.mp4", "", ".", "/etc/passwd", "tide.mp3/", "TIDE.MP3", "clips/tide.mp3"]
)
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


def test_a_clip_that_is_gone_is_not_there(folder: Path) -> None:
    with pytest.raises(NotFound, match=r"clips\.gone"):
        clip_of(folder, "0" * 12)


def test_a_zip_holds_every_file_once_as_it_is(folder: Path) -> None:
    (folder / "clips" / "tide.mp3").write_bytes(os.urandom(3_000_000))
    clips = clips_of(folder)
    with bundled([*clips, *clips]) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in (folder / "clips").iterdir()}


def test_a_zip_takes_files_of_any_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_year(_seconds: float) -> time.struct_time:
        raise OverflowError

    monkeypatch.setattr(time, "localtime", no_such_year)
    clips = clips_of(folder)
    with bundled(clips) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_zip_lies_without_a_name_where_uploads_pass_and_is_gone_when_it_is_closed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    with bundled(clips_of(folder)) as file:
        assert os.fstat(file.fileno()).st_dev == passing.stat().st_dev
        assert file.seek(0, os.SEEK_END) > 0
    assert list(passing.iterdir()) == []


def test_a_zip_for_which_there_is_no_room_is_not_begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(Full):
        bundled(clips_of(folder))


@pytest.mark.parametrize("name", ["L’été.mp3", "-x.mp3", "a\nb.mp3", os.fsdecode(b"\xe9.mp3")])
def test_a_zip_takes_every_name(folder: Path, name: str) -> None:
    (folder / "clips" / name).write_bytes(b"sound")
    with bundled(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
        assert b"sound" in {archive.read(each) for each in archive.namelist()}


def test_a_zip_of_nothing_is_an_empty_one() -> None:
    with bundled([]) as file:
        assert zipfile.ZipFile(file).namelist() == []


def test_a_clip_whose_name_is_no_text_is_told_found_and_taken_along(folder: Path) -> None:
    odd = folder / "clips" / os.fsdecode(b"\xff.mp3")
    try:
        odd.write_bytes(b"odd")
    except OSError:
        pytest.skip("names are text here")
    [clip] = [clip for clip in clips_of(folder) if clip.file == odd]
    assert made_clip_facts(clip)["files"] == ["?.mp3"]
    assert file_of(folder, clip.id, "?.mp3") == odd
    with bundled([clip]) as bundle, zipfile.ZipFile(bundle) as archive:
        assert archive.read("?.mp3") == b"odd"
