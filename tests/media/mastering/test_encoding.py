"""Clips as files: tagged, with a cover, in every format."""

from pathlib import Path

import av
import pytest

from media.decode import read_waveform
from media.errors import ClipError, PictureError
from media.mastering import Encoding, write_finished
from tests.media.mastering.voices import voice
from tests.tables import over_rows

WANTED_LUFS = -16.0

TAGS = {
    "title": "« Où est-ce ? »",
    "artist": "Ève",
    "album": "Quai – 3",
    "comment": "From Quai, at 00:01:02 https://q.example/3#t=62",
}


def picture(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    return path


@over_rows("ending", ["mp3", "m4a", "flac", "opus"])
def test_tags_are_read_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip.{ending}"
    write_finished(voice((0.1, 0.9), duration=1.0), path, WANTED_LUFS, Encoding(TAGS))
    with av.open(str(path)) as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    found = {key.lower(): value for key, value in tags.items()}
    assert {name: found.get(name, found.get("description")) for name in TAGS} == TAGS


@over_rows("ending", ["mp3", "m4a", "flac", "opus", "ogg"])
def test_the_cover_is_in_the_file_and_the_sound_is_whole(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip.{ending}"
    write_finished(voice((0.1, 2.9), duration=3.0), path, WANTED_LUFS, Encoding(TAGS, picture(tmp_path / "cover.jpg")))
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio", "video"]
    assert read_waveform(path).duration == pytest.approx(3.0, abs=0.05)


def test_an_ending_that_is_no_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match=r"\.docx is no format.*mp3"):
        write_finished(voice((0.1, 0.9), duration=1.0), tmp_path / "clip.docx", WANTED_LUFS, Encoding())


def test_a_cover_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    cover.write_text("not a picture", encoding="utf-8")
    with pytest.raises(PictureError, match=r"cover\.jpg.*not a picture"):
        write_finished(voice((0.1, 0.9), duration=1.0), tmp_path / "clip.mp3", WANTED_LUFS, Encoding({}, cover))
