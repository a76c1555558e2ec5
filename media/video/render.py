"""An audiogram as a video that every platform takes, or one of its frames as a picture.

H.264 with closed groups of pictures, yuv420p, BT.709, 30 frames a second; AAC at 48 kHz; the index first; no edit list,
for some platforms refuse one. Without it a player starts the sound with the encoder's run-up, so as much is cut off
before encoding, and without reordered frames the picture starts at 0: both are in step.
"""

from __future__ import annotations

import math
import tempfile
import wave
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from media.decode import Waveform
from media.errors import ClipError
from media.ffmpeg import input_of, running, tagged
from media.temporary import scratch_folder
from media.video.drawing import Box, frame_levels
from media.video.paint import RATE, Painter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from media.video.backdrop import Style
    from media.video.drawing import Pixels, Shape
    from media.video.screens import Script

HELD = 0.3  # seconds that the first and the last frame hold, without a word lit

_SOUND_RATE = 48000
_RUN_UP_SAMPLES = 1024  # of ffmpeg's own AAC encoder, at any rate
_BT709 = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_PICTURE = f"-c:v libx264 -profile:v high -bf 0 -g {2 * RATE} -flags +cgop -pix_fmt yuv420p -vf {_BT709}"
# A still picture has little to look ahead for, and every frame kept for it is 3 MB.
_FRUGAL = "-threads 2 -filter_threads 1 -x264-params rc-lookahead=2:sync-lookahead=0:ref=1:sliced-threads=1"
# What is cut off keeps its time, so that the run-up takes its place and begins at 0.
_SOUND = f"-c:a aac -b:a 160k -ar {_SOUND_RATE} -af aresample={_SOUND_RATE},atrim=start_sample={_RUN_UP_SAMPLES}"
_FILE = "-f mp4 -movflags +faststart -use_editlist 0 -map_metadata -1"
_ENCODING = " ".join((_PICTURE, _FRUGAL, _SOUND, _FILE)).split()


_BAND = 240  # rows that are converted at a time, for each takes six times its bytes meanwhile


@dataclass(frozen=True, slots=True)
class Grade:
    """How much of a video is written: every ``step``-th frame, ``factor`` times smaller, of the first ``longest``
    seconds; ``effort`` is the encoder's."""

    factor: int = 1
    step: int = 1
    longest: float = math.inf
    effort: str = "-preset veryfast -crf 20"


WHOLE = Grade()
MOVING = Grade(factor=3, step=2, effort="-preset ultrafast -crf 23")
"""For a look before the video is made: its own frames, so few and so small that they are there in a moment."""


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
    """The script and its sound with silence added, so that the first and the last frame can hold, and the end card."""
    seconds = seconds_of(replace(script, duration=sound.duration))
    lead = round(_lead_of(script) * sound.rate)
    tail = round(seconds * sound.rate) - lead - len(sound.samples)
    samples = np.pad(sound.samples, ((lead, max(0, tail)), (0, 0)))
    padded = Waveform(samples, sound.rate)
    shift = lead / sound.rate
    words = tuple(replace(word, start=word.start + shift, end=word.end + shift) for word in script.words)
    return replace(script, words=words, duration=padded.duration), padded


def seconds_of(script: Script) -> float:
    """How long the video of the script is: a whole number of frames, so that picture and sound end together."""
    after = max(0.0, HELD - (script.duration - script.words[-1].end)) + script.card
    return math.ceil((_lead_of(script) + script.duration + after) * RATE - 1e-6) / RATE


def _lead_of(script: Script) -> float:
    return max(0.0, HELD - script.words[0].start)


def render_video(
    script: Script,
    sound: Waveform,
    style: Style,
    shape: Shape,
    target: Path,
    progress: Callable[[float, float], object] = lambda done, total: None,
    grade: Grade = WHOLE,
) -> None:
    """Write the audiogram as MP4 to ``target``; ``progress`` is told the seconds done and in all.

    Raises FfmpegError: ffmpeg is not there or fails; half a file may be left; ClipError: there is no room for its
    temporary files; PictureError, FontError: as ``Painter``.
    """
    script, sound = with_holds(script, sound)
    painter = _painter_of(script, sound, style, shape)
    seconds = min(painter.frames / RATE, grade.longest)
    with scratch_folder() as folder:
        spoken = folder / "sound.wav"
        _write_wave(sound, spoken)
        inputs, encoding = _inputs(shape, spoken, grade, seconds), (*_ENCODING, *grade.effort.split())
        with running((*inputs, *encoding, *_tags(script), f"file:{target}")) as pipe:
            planes = Planes(painter.frame(0), grade.factor)
            for number in range(0, round(seconds * RATE), grade.step):
                planes.update(painter.frame(number), painter.changed)
                pipe.write(planes.data)
                progress((number + 1) / RATE, seconds)


def render_still(script: Script, sound: Waveform, style: Style, shape: Shape, seconds: float, file: IO[bytes]) -> None:
    """Write the frame at ``seconds`` of the video as PNG into the open ``file``.

    Raises ClipError: the video has no such moment; PictureError, FontError: as ``Painter``.
    """
    from PIL import Image

    script, sound = with_holds(script, sound)
    painter = _painter_of(script, sound, style, shape)
    if not 0 <= seconds <= script.duration:
        raise ClipError(
            "{seconds:g} s: no moment of the audiogram, which is {duration:.1f} s long",
            seconds=seconds,
            duration=script.duration,
        )
    number = min(int(seconds * RATE), painter.frames - 1)
    Image.fromarray(painter.frame(number)).save(file, "PNG", compress_level=4)


def _painter_of(script: Script, sound: Waveform, style: Style, shape: Shape) -> Painter:
    """The painter of a script and its sound, of which the end card is no part of the waveform."""
    quote = len(sound.samples) - round(script.card * sound.rate)
    return Painter(script, style, shape, frame_levels(Waveform(sound.samples[:quote], sound.rate), RATE))


def _inputs(shape: Shape, spoken: Path, grade: Grade, seconds: float) -> tuple[str, ...]:
    """The frames from a pipe, and as many seconds of the sound."""
    size = f"{shape.width // grade.factor}x{shape.height // grade.factor}"
    frames = f"-f rawvideo -pixel_format yuv420p -video_size {size} -framerate {RATE}/{grade.step}"
    given = f"-thread_queue_size 2 {frames} -i pipe:0 -t {seconds:.6f}"
    return (*given.split(), *input_of(spoken, "wav"))


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
    the mean of its four pixels. Sides are even, ``factor`` times smaller than those of the pixels.
    """

    def __init__(self, pixels: Pixels, factor: int = 1) -> None:
        self._factor = factor
        height, width = (side // factor for side in pixels.shape[:2])
        self._buffer = np.empty(width * height * 3 // 2, np.uint8)
        luma, blue, red = np.split(self._buffer, [width * height, width * height * 5 // 4])
        self._luma = luma.reshape(height, width)
        self._chroma = blue.reshape(height // 2, width // 2), red.reshape(height // 2, width // 2)
        self.update(pixels, [Box(0, 0, pixels.shape[1], pixels.shape[0])])

    @property
    def data(self) -> memoryview:
        """The bytes of the frame."""
        return self._buffer.data

    def update(self, pixels: Pixels, changed: Iterable[Box]) -> None:
        """Convert the parts of ``pixels`` that changed."""
        cell = 2 * self._factor
        for box in changed:
            left, right = box.left // cell * 2, -(-box.right // cell) * 2
            bottom = -(-box.bottom // cell) * 2
            for top in range(box.top // cell * 2, bottom, _BAND):
                self._convert(pixels, Box(left, top, right, min(top + _BAND, bottom)))

    def _convert(self, pixels: Pixels, box: Box) -> None:
        """Convert what becomes ``box`` of the frame."""
        factor, rows, columns = self._factor, slice(box.top, box.bottom), slice(box.left, box.right)
        part = _smaller(pixels[_times(rows, factor), _times(columns, factor)], factor)
        self._luma[rows, columns] = part @ _LUMA + 16.5
        quarter = (part[0::2, 0::2] + part[1::2, 0::2] + part[0::2, 1::2] + part[1::2, 1::2]) / 4
        chroma = quarter @ _CHROMA + 128.5
        for plane, values in zip(self._chroma, np.moveaxis(chroma, 2, 0), strict=True):
            plane[box.top // 2 : box.bottom // 2, box.left // 2 : box.right // 2] = values


def _times(part: slice, factor: int) -> slice:
    return slice(part.start * factor, part.stop * factor)


def _smaller(pixels: Pixels, factor: int) -> NDArray[np.float32]:
    """Each pixel the mean of ``factor`` times as many in both directions."""
    if factor == 1:
        return pixels.astype(np.float32)
    from PIL import Image

    return np.asarray(Image.fromarray(pixels).reduce(factor), np.float32)
