"""Encode an audiogram as a video that every platform accepts, or save one of its frames as a picture.

The video is an MP4 with H.264 (closed groups of pictures, yuv420p, BT.709, 30 frames a second) and AAC at 48 kHz. The
index (moov) precedes the data. There is no edit list, since some platforms refuse it; without an edit list, a player
plays the encoder's padding before the audio. To keep audio and picture in sync, the start of the audio is cut by the
length of the padding, and frames are not reordered (no B-frames).
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

HELD = 0.3  # seconds that the first and the last frame are held, with no word lit

_AUDIO_RATE = 48000
_PADDING_SAMPLES = 1024  # of ffmpeg's AAC encoder, at any rate
_BT709 = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
_PICTURE = f"-c:v libx264 -profile:v high -bf 0 -g {2 * RATE} -flags +cgop -pix_fmt yuv420p -vf {_BT709}"
# A still picture gains little from look-ahead, and every frame kept for it takes 3 MB.
_FRUGAL = "-threads 2 -filter_threads 1 -x264-params rc-lookahead=2:sync-lookahead=0:ref=1:sliced-threads=1"
# After the cut, time stamps stay, so that the encoder's padding takes its place and starts at 0.
_AUDIO = f"-c:a aac -b:a 160k -ar {_AUDIO_RATE} -af aresample={_AUDIO_RATE},atrim=start_sample={_PADDING_SAMPLES}"
_FILE = "-f mp4 -movflags +faststart -use_editlist 0 -map_metadata -1"
_ENCODING = " ".join((_PICTURE, _FRUGAL, _AUDIO, _FILE)).split()


_BAND = 240  # rows converted at a time, to limit memory: each takes six times its bytes


@dataclass(frozen=True, slots=True)
class Grade:
    """The quality of a video, which may be reduced for a preview: only every ``step``-th frame is encoded, only the
    first ``longest`` seconds, and width and height are divided by ``factor``. ``effort`` has the encoder's options for
    speed and quality."""

    factor: int = 1
    step: int = 1
    longest: float = math.inf
    effort: str = "-preset veryfast -crf 20"


WHOLE = Grade()
MOVING = Grade(factor=3, step=2, effort="-preset ultrafast -crf 23")
"""For a preview: real frames, but so few and so small that they are rendered in a moment."""


_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
_LUMA = np.array([_RED, _GREEN, _BLUE], np.float32) * (219 / 255)
_CHROMA = np.array(
    [
        np.array([-_RED, -_GREEN, 1 - _BLUE]) / (2 * (1 - _BLUE)),
        np.array([1 - _RED, -_GREEN, -_BLUE]) / (2 * (1 - _RED)),
    ],
    np.float32,
).T * (224 / 255)


def with_holds(script: Script, audio: Waveform) -> tuple[Script, Waveform]:
    """Add silence to the audio: a moment at both ends, in which no word is highlighted, and time for the end card.

    Returns the script, with all times later by the length of the silence at the start, and the new audio."""
    seconds = seconds_of(replace(script, duration=audio.duration))
    lead = round(_lead_of(script) * audio.rate)
    tail = round(seconds * audio.rate) - lead - len(audio.samples)
    samples = np.pad(audio.samples, ((lead, max(0, tail)), (0, 0)))
    padded = Waveform(samples, audio.rate)
    shift = lead / audio.rate
    words = tuple(replace(word, start=word.start + shift, end=word.end + shift) for word in script.words)
    return replace(script, words=words, duration=padded.duration), padded


def seconds_of(script: Script) -> float:
    """Return the length of the script's video in seconds, including the end card, rounded up to whole frames."""
    after = max(0.0, HELD - (script.duration - script.words[-1].end)) + script.card
    return math.ceil((_lead_of(script) + script.duration + after) * RATE - 1e-6) / RATE


def _lead_of(script: Script) -> float:
    return max(0.0, HELD - script.words[0].start)


def render_video(
    script: Script,
    audio: Waveform,
    style: Style,
    shape: Shape,
    target: Path,
    progress: Callable[[float, float], object] = lambda done, total: None,
    grade: Grade = WHOLE,
) -> None:
    """Write the audiogram as MP4 to ``target``.

    ``progress`` is called with the finished and the total seconds of video. Raises FfmpegError if ffmpeg is missing or
    fails (``target`` may then be incomplete), ClipError if the disk is full, and the same errors as ``Painter``."""
    script, audio = with_holds(script, audio)
    painter = _painter_of(script, audio, style, shape)
    seconds = min(painter.frames / RATE, grade.longest)
    with scratch_folder() as folder:
        audio_file = folder / "audio.wav"
        _write_wave(audio, audio_file)
        inputs, encoding = _inputs(shape, audio_file, grade, seconds), (*_ENCODING, *grade.effort.split())
        with running((*inputs, *encoding, *_tags(script), f"file:{target}")) as pipe:
            planes = Planes(painter.frame(0), grade.factor)
            for number in range(0, round(seconds * RATE), grade.step):
                planes.update(painter.frame(number), painter.changed)
                pipe.write(planes.data)
                progress((number + 1) / RATE, seconds)


def render_still(script: Script, audio: Waveform, style: Style, shape: Shape, seconds: float, file: IO[bytes]) -> None:
    """Write the frame at ``seconds`` of the video as PNG into the open ``file``.

    Raises ClipError if there is no such frame, and the same errors as ``Painter``."""
    from PIL import Image

    script, audio = with_holds(script, audio)
    painter = _painter_of(script, audio, style, shape)
    if not 0 <= seconds <= script.duration:
        raise ClipError(
            "{seconds:g} s: outside the audiogram, which is {duration:.1f} s long",
            seconds=seconds,
            duration=script.duration,
        )
    number = min(int(seconds * RATE), painter.frames - 1)
    Image.fromarray(painter.frame(number)).save(file, "PNG", compress_level=4)


def _painter_of(script: Script, audio: Waveform, style: Style, shape: Shape) -> Painter:
    quote = len(audio.samples) - round(script.card * audio.rate)
    return Painter(script, style, shape, frame_levels(Waveform(audio.samples[:quote], audio.rate), RATE))


def _inputs(shape: Shape, audio_file: Path, grade: Grade, seconds: float) -> tuple[str, ...]:
    """Return ffmpeg's arguments to read two inputs: frames, reduced as ``grade`` says, and ``seconds`` of audio."""
    size = f"{shape.width // grade.factor}x{shape.height // grade.factor}"
    frames = f"-f rawvideo -pixel_format yuv420p -video_size {size} -framerate {RATE}/{grade.step}"
    stream = f"-thread_queue_size 2 {frames} -i pipe:0 -t {seconds:.6f}"
    return (*stream.split(), *input_of(audio_file, "wav"))


def _tags(script: Script) -> tuple[str, ...]:
    tags = {"title": script.title, "album": script.show, "artist": ", ".join(script.speakers)}
    return tuple(tagged({name: value for name, value in tags.items() if value}))


def _write_wave(audio: Waveform, path: Path) -> None:
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(audio.channels)
            file.setsampwidth(2)
            file.setframerate(audio.rate)
            file.writeframes((np.clip(audio.samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    except OSError as error:
        raise ClipError(
            "{path}: cannot be written ({reason})", path=tempfile.gettempdir(), reason=error.strerror
        ) from error


class Planes:
    """A frame for the encoder (yuv420p, BT.709, limited range): one plane of luma, and two of chroma at half the size.

    Only areas that change from frame to frame are converted, with the coefficients of ITU-R BT.709. A chroma sample is
    the mean of four pixels. The painted frame's width and height, divided by ``factor``, must be even."""

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
        """The bytes of the frame, plane after plane, to send to the encoder."""
        return self._buffer.data

    def update(self, pixels: Pixels, changed: Iterable[Box]) -> None:
        """Convert a painted frame, but only the boxes ``changed``, where ``pixels`` differ from the previous frame."""
        cell = 2 * self._factor
        for box in changed:
            left, right = box.left // cell * 2, -(-box.right // cell) * 2
            bottom = -(-box.bottom // cell) * 2
            for top in range(box.top // cell * 2, bottom, _BAND):
                self._convert(pixels, Box(left, top, right, min(top + _BAND, bottom)))

    def _convert(self, pixels: Pixels, box: Box) -> None:
        """Convert one box of a painted frame. ``box`` counts pixels of the planes, not of ``pixels``."""
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
    if factor == 1:
        return pixels.astype(np.float32)
    from PIL import Image

    return np.asarray(Image.fromarray(pixels).reduce(factor), np.float32)
