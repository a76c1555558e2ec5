"""An audiogram as a video that every platform takes, or one of its frames as a picture.

H.264 with closed groups of pictures, yuv420p, BT.709, 30 frames a second; AAC at 48 kHz; the index first; no edit list,
for some platforms refuse one. Without it a player starts the sound with the encoder's run-up, so as much is cut off
before encoding, and without reordered frames the picture starts at 0: both are in step.
"""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from media.errors import ClipError
from media.ffmpeg import input_of, running, tagged
from media.temporary import scratch_folder
from media.video.drawing import frame_levels
from media.video.paint import RATE, Painter, type_of
from media.video.shapes import Box
from media.waveform import Waveform

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.drawing import Pixels
    from media.video.screens import Script
    from media.video.shapes import Shape

HELD = 0.3  # seconds that the first and the last frame hold, without a word lit

_SOUND_RATE = 48000
_RUN_UP_SAMPLES = 1024  # of ffmpeg's own AAC encoder, at any rate
_BT709 = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_PICTURE = f"""
    -c:v libx264 -preset veryfast -crf 20 -profile:v high -bf 0 -g {2 * RATE} -flags +cgop
    -pix_fmt yuv420p -vf {_BT709}
"""
# A still picture has little to look ahead for, and every frame kept for it is 3 MB.
_FRUGAL = "-threads 2 -filter_threads 1 -x264-params rc-lookahead=2:sync-lookahead=0:ref=1:sliced-threads=1"
# What is cut off keeps its time, so that the run-up takes its place and begins at 0.
_SOUND = f"-c:a aac -b:a 160k -ar {_SOUND_RATE} -af aresample={_SOUND_RATE},atrim=start_sample={_RUN_UP_SAMPLES}"
_FILE = "-f mp4 -movflags +faststart -use_editlist 0 -map_metadata -1"
_ENCODING = " ".join((_PICTURE, _FRUGAL, _SOUND, _FILE)).split()

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
_LUMA = np.array([_RED, _GREEN, _BLUE], np.float32) * (219 / 255)
_CHROMA = np.array(
    [
        np.array([-_RED, -_GREEN, 1 - _BLUE]) / (2 * (1 - _BLUE)),
        np.array([1 - _RED, -_GREEN, -_BLUE]) / (2 * (1 - _RED)),
    ],
    np.float32,
).T * (224 / 255)


def with_holds(script: Script, sound: Waveform) -> tuple[Script, Waveform]:
    """The script and its sound with silence added, so that the first and the last frame can hold."""
    before = max(0.0, HELD - script.words[0].start)
    after = max(0.0, HELD - (sound.duration - script.words[-1].end))
    # A whole number of video frames in all, so that picture and sound end together.
    lead = round(before * sound.rate)
    frames = np.ceil(((lead + len(sound.samples)) / sound.rate + after) * RATE - 1e-6)
    tail = round(frames / RATE * sound.rate) - lead - len(sound.samples)
    samples = np.pad(sound.samples, ((lead, max(0, tail)), (0, 0)))
    padded = Waveform(samples, sound.rate)
    shift = lead / sound.rate
    words = tuple(replace(word, start=word.start + shift, end=word.end + shift) for word in script.words)
    return replace(script, words=words, duration=padded.duration), padded


def unknown_characters(script: Script, style: Style, shape: Shape) -> str:
    """The characters of the quote that no font knows, and that are therefore left out.

    Raises
    ------
    FontError
        The font of the quote cannot be used.
    """
    return type_of(style, shape).unknown("".join(word.text for word in script.words))


def render_video(
    script: Script,
    sound: Waveform,
    style: Style,
    shape: Shape,
    target: Path,
    progress: Callable[[float, float], object] = lambda done, total: None,
) -> None:
    """Write the audiogram as MP4 to ``target``; ``progress`` is told the seconds done and in all.

    Raises
    ------
    FfmpegError
        ffmpeg is not there or fails; half a file may be left.
    ClipError
        There is no room for its temporary files.
    PictureError, FontError
        As ``Painter``.
    """
    script, sound = with_holds(script, sound)
    painter = Painter(script, style, shape, frame_levels(sound, RATE))
    with scratch_folder() as folder:
        spoken = folder / "sound.wav"
        _write_wave(sound, spoken)
        with running((*_inputs(shape, spoken), *_ENCODING, *_tags(script), f"file:{target}")) as pipe:
            planes = Planes(painter.frame(0))
            for number in range(painter.frames):
                planes.update(painter.frame(number), painter.changed)
                pipe.write(planes.data)
                progress((number + 1) / RATE, painter.frames / RATE)


def render_still(script: Script, sound: Waveform, style: Style, shape: Shape, seconds: float, file: IO[bytes]) -> None:
    """Write the frame at ``seconds`` of the video as PNG into the open ``file``.

    Raises
    ------
    ClipError
        The video has no such moment.
    PictureError, FontError
        As ``Painter``.
    """
    from PIL import Image

    script, sound = with_holds(script, sound)
    painter = Painter(script, style, shape, frame_levels(sound, RATE))
    if not 0 <= seconds <= script.duration:
        raise ClipError(
            "{seconds:g} s: no moment of the audiogram, which is {duration:.1f} s long",
            seconds=seconds,
            duration=script.duration,
        )
    number = min(int(seconds * RATE), painter.frames - 1)
    Image.fromarray(painter.frame(number)).save(file, "PNG", compress_level=4)


def _inputs(shape: Shape, spoken: Path) -> tuple[str, ...]:
    frames = f"-f rawvideo -pixel_format yuv420p -video_size {shape.width}x{shape.height} -framerate {RATE}"
    return (*["-thread_queue_size", "2"], *frames.split(), "-i", "pipe:0", *input_of(spoken, "wav"))


def _tags(script: Script) -> tuple[str, ...]:
    tags = {"title": script.title, "album": script.show, "artist": ", ".join(script.speakers)}
    return tuple(tagged({name: value for name, value in tags.items() if value}))


def _write_wave(sound: Waveform, path: Path) -> None:
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(sound.channels)
            file.setsampwidth(2)
            file.setframerate(sound.rate)
            file.writeframes((np.clip(sound.samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    except OSError as error:
        raise ClipError(
            "{path}: cannot be written ({reason})", path=tempfile.gettempdir(), reason=error.strerror
        ) from error


class Planes:
    """One frame as three planes in a row, as the encoder takes it: BT.709 in limited range, colour at half the size
    (yuv420p).

    Only what changes from frame to frame is converted. Coefficients are those of ITU-R BT.709; a sample of colour is
    the mean of its four pixels. Sides are even.
    """

    def __init__(self, pixels: Pixels) -> None:
        height, width = pixels.shape[:2]
        self._buffer = np.empty(width * height * 3 // 2, np.uint8)
        luma, blue, red = np.split(self._buffer, [width * height, width * height * 5 // 4])
        self._luma = luma.reshape(height, width)
        self._chroma = blue.reshape(height // 2, width // 2), red.reshape(height // 2, width // 2)
        self.update(pixels, [Box(0, 0, width, height)])

    @property
    def data(self) -> memoryview:
        """The bytes of the frame."""
        return self._buffer.data

    def update(self, pixels: Pixels, changed: Iterable[Box]) -> None:
        """Convert the parts of ``pixels`` that changed."""
        for box in changed:
            top, left = box.top // 2 * 2, box.left // 2 * 2
            bottom, right = (box.bottom + 1) // 2 * 2, (box.right + 1) // 2 * 2
            part = pixels[top:bottom, left:right].astype(np.float32)
            self._luma[top:bottom, left:right] = part @ _LUMA + 16.5
            quarter = (part[0::2, 0::2] + part[1::2, 0::2] + part[0::2, 1::2] + part[1::2, 1::2]) / 4
            chroma = quarter @ _CHROMA + 128.5
            for plane, values in zip(self._chroma, np.moveaxis(chroma, 2, 0), strict=True):
                plane[top // 2 : bottom // 2, left // 2 : right // 2] = values
