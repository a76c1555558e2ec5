"""The video meets the platforms' requirements, and picture and audio are in step."""

import struct
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.decode import Waveform
from media.errors import ClipError
from media.video.backdrop import Style
from media.video.drawing import SHAPES, Box
from media.video.render import Planes, render_still, render_video, with_holds
from tests.media.video.planted import FIRST, script_of, voice
from tests.tables import over_rows


@pytest.fixture(scope="module", params=sorted(SHAPES))
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, float]:
    """A video of each shape, with its name and the duration of its audio."""
    script = script_of(("Ada", "Le phare tourne encore."))
    path = tmp_path_factory.mktemp("video") / f"{request.param}.mp4"
    render_video(script, voice(script), Style(), SHAPES[request.param], path)
    return request.param, path, with_holds(script, voice(script))[1].duration


def boxes(content: bytes, path: str = "") -> list[str]:
    """The paths of an MP4's boxes, those inside movie, track and edit boxes included."""
    found, at = [], 0
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        name = f"{path}/{kind.decode('latin-1')}"
        found.append(name)
        if kind in (b"moov", b"trak", b"mdia", b"edts"):
            found += boxes(content[at + 8 : at + size], name)
        at += size or len(content)
    return found


@pytest.mark.nightly
def test_the_file_meets_the_platforms_requirements(video: tuple[str, Path, float]) -> None:
    name, path, duration = video
    with av.open(str(path)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert picture.codec_context.name == "h264"
        assert picture.codec_context.pix_fmt == "yuv420p"
        assert (picture.width, picture.height) == (SHAPES[name].width, SHAPES[name].height)
        assert picture.average_rate == 30
        assert picture.start_time == 0
        assert (sound.codec_context.name, sound.rate, sound.start_time) == ("aac", 48000, 0)
        lengths = [float(stream.duration * stream.time_base) for stream in (picture, sound)]
    assert lengths[0] == pytest.approx(lengths[1], abs=1 / 30)
    assert lengths[0] == pytest.approx(duration, abs=1 / 30)


def test_the_index_comes_first_without_an_edit_list(video: tuple[str, Path, float]) -> None:
    names = boxes(video[1].read_bytes())
    assert names.index("/moov") < names.index("/mdat")
    assert "/moov/trak/mdia" in names
    assert not any("edts" in name or "elst" in name for name in names)


def test_groups_of_pictures_are_closed_and_frames_in_order(video: tuple[str, Path, float]) -> None:
    with av.open(str(video[1])) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
        assert packets[0].is_keyframe
        assert all(packet.pts == packet.dts for packet in packets)
        steps = {(b.pts - a.pts) * a.time_base for a, b in pairwise(packets)}
    assert steps == {Fraction(1, 30)}


def test_a_click_is_played_when_its_word_is_lit(tmp_path: Path) -> None:
    """Without edit lists, the audio is right to a millisecond and the picture to a frame."""
    script, rate = script_of("Phare tourne"), 44100
    samples = np.zeros((round(script.duration * rate), 1), np.float32)
    samples[round(FIRST * rate)] = 0.9
    path, shape = tmp_path / "click.mp4", SHAPES["square"]
    render_video(script, Waveform(samples, rate), Style(), shape, path)
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    assert np.abs(np.concatenate(blocks)).argmax() / 48000 == pytest.approx(FIRST, abs=0.001)
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    rows = slice(shape.quote.top, shape.quote.bottom)
    first = next(k for k, frame in enumerate(frames) if np.abs(frame[rows].astype(int) - frames[0][rows]).max() > 60)
    assert first / 30 == pytest.approx(FIRST, abs=1 / 30)


def test_colours_come_back(video: tuple[str, Path, float]) -> None:
    with av.open(str(video[1])) as container:
        frame = next(container.decode(video=0))
        assert (frame.colorspace, frame.color_range) == (1, 1)  # BT.709, limited
    corner = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()[5, 5]
    assert corner == pytest.approx((0xFB, 0xFA, 0xF7), abs=3)


def test_a_still_is_that_frame() -> None:
    script = script_of("Le phare tourne")
    files = [BytesIO(), BytesIO()]
    for file, seconds in zip(files, (0.0, 1.0), strict=True):
        render_still(script, voice(script), Style(), SHAPES["landscape"], seconds, file)
    early, late = map(Image.open, files)
    assert early.size == (1920, 1080)
    assert early.tobytes() != late.tobytes()


@over_rows("seconds", [-1.0, 99.0, float("nan")])
def test_a_still_outside_is_refused(seconds: float) -> None:
    script = script_of("Oui.")
    with pytest.raises(ClipError, match="outside the audiogram"):
        render_still(script, voice(script), Style(), SHAPES["square"], seconds, BytesIO())


@given(
    left=st.integers(0, 30),
    top=st.integers(0, 14),
    width=st.integers(1, 10),
    height=st.integers(1, 10),
    seed=st.integers(0, 99),
)
def test_converting_changed_rows_equals_converting_all(left: int, top: int, width: int, height: int, seed: int) -> None:
    box = Box(left, top, min(32, left + width), min(16, top + height))
    pixels = np.random.default_rng(seed).integers(0, 256, (16, 32, 3), np.uint8)
    planes = Planes(pixels)
    pixels[box.top : box.bottom, box.left : box.right] = 77
    planes.update(pixels, [box])
    assert bytes(planes.data) == bytes(Planes(pixels).data)
