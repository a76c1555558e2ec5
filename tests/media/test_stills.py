"""A small picture of a clip, in its proportions."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.errors import DecodeError, MediaError
from media.stills import LONGEST_SIDE, drawn_waveform, first_frame
from tests.media.audio_files import write_sound
from tests.media.videos import write_video
from tests.tables import over_rows


@over_rows("size, shown", [((1080, 1920), (180, 320)), ((640, 640), (320, 320)), ((64, 32), (64, 32))])
def test_a_video_is_shown_by_its_first_frame_in_its_proportions(
    tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    path = write_video(tmp_path / "a.mp4", size, [(200, 30, 30), (20, 20, 200)])
    picture = Image.open(io.BytesIO(first_frame(path)))
    assert (picture.format, picture.size) == ("JPEG", shown)
    red, _, blue = np.asarray(picture.convert("RGB")).mean(axis=(0, 1))
    assert red > 150 > 80 > blue
    assert max(picture.size) <= LONGEST_SIDE


def test_audio_is_drawn_as_loud_as_it_is(tmp_path: Path) -> None:
    samples = np.sin(np.arange(16_000) / 8).astype(np.float32)
    samples[:8000] *= 0.2
    write_sound(tmp_path / "a.wav", samples)
    picture = Image.open(io.BytesIO(drawn_waveform(tmp_path / "a.wav")))
    assert picture.mode == "RGBA"
    drawn = np.asarray(picture)[:, :, 3] > 0
    soft, loud = drawn[:, : drawn.shape[1] // 2], drawn[:, drawn.shape[1] // 2 :]
    assert soft.any()
    assert loud.sum() == pytest.approx(5 * soft.sum(), rel=0.2)


@over_rows("content", [b"", b"no clip", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 200])
def test_a_file_that_is_no_clip_has_no_picture(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    for made in (first_frame, drawn_waveform):
        with pytest.raises(MediaError):
            made(tmp_path / "a.mp4")


def test_an_oversized_frame_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_video(tmp_path / "a.mp4", (128, 128), [(200, 30, 30)])
    monkeypatch.setattr("media.stills._MAX_PIXELS", 127 * 127)
    with pytest.raises(DecodeError, match="no picture"):
        first_frame(path)
