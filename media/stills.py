"""Make a thumbnail of a clip: the first frame of a video, or the waveform of an audio file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.decode import open_container
from media.errors import DecodeError
from media.waveform import levels_between

if TYPE_CHECKING:
    from PIL import Image

LONGEST_SIDE = 320  # pixels; shown at a third of that, on screens with three pixels for one

_QUALITY = 80
_BARS, _BAR, _GAP, _HEIGHT = 32, 6, 4, 160  # a count, then pixels
_LOWEST = 0.04  # of the height, so that silence is visible
_GREY = (132, 127, 119, 255)  # contrast of at least 3 to 1 on light and dark backgrounds
_MAX_PIXELS = 20_000_000  # of a frame; 4K has eight million
_MAX_PACKETS = 300  # to read before the first frame
_MAX_SECONDS = 1800.0  # of audio that are measured


def first_frame(path: Path) -> bytes:
    """Return the first frame of a video, scaled down, as JPEG; raise DecodeError if the video has no frame."""
    with _naming_file(path), closing(open_container(path)) as container:
        frame = _frame(container)
        if frame is None:
            raise DecodeError("{path}: has no picture", path=path)
        scale = min(1.0, LONGEST_SIDE / max(frame.width, frame.height))
        width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
        picture = frame.reformat(width=width, height=height, format="rgb24").to_image()
    return _encoded(picture, "JPEG", quality=_QUALITY)


def drawn_waveform(path: Path) -> bytes:
    """Return the waveform of a file's audio as PNG, bars on a transparent background; raise DecodeError or NoAudioError
    if the file cannot be decoded."""
    from PIL import Image, ImageDraw

    with _naming_file(path):
        with closing(open_container(path)) as container:
            duration = min(_MAX_SECONDS, (container.duration or 0) / 1_000_000) or _MAX_SECONDS
        levels = levels_between(path, 0.0, duration, _BARS)
    loudest = float(levels.max()) or 1.0
    picture = Image.new("RGBA", (_BARS * (_BAR + _GAP) - _GAP, _HEIGHT))
    draw = ImageDraw.Draw(picture)
    for index, level in enumerate(levels):
        left, half = index * (_BAR + _GAP), max(_LOWEST, float(level) / loudest) * (_HEIGHT - 1) / 2
        middle = (_HEIGHT - 1) / 2
        draw.rounded_rectangle((left, middle - half, left + _BAR - 1, middle + half), _BAR // 2, _GREY)
    return _encoded(picture, "PNG", optimize=True)


def _frame(container: Any) -> Any:
    """Return the first frame of an open video; None if the first packets hold none, or if it is too large."""
    stream = next(iter(container.streams.video), None)
    context = stream.codec_context if stream else None
    if context is None or context.width * context.height > _MAX_PIXELS:
        return None
    packets = islice(container.demux(stream), _MAX_PACKETS)
    return next((frame for packet in packets for frame in packet.decode()), None)


@contextmanager
def _naming_file(path: Path) -> Iterator[None]:
    """Context manager: turn FFmpeg's errors in the block into a DecodeError that names ``path``."""
    import av

    try:
        yield
    except (av.FFmpegError, ValueError) as error:
        raise DecodeError("{path}: is damaged", path=path) from error


def _encoded(picture: Image.Image, kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
