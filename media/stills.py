"""A small picture of a clip, by which a person knows it among others: of a video its first frame, of a sound how loud
it is along its time."""

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

LONGEST_SIDE = 320  # pixels; shown at a third of that, on screens with three for one

_QUALITY = 80
_BARS, _BAR, _GAP, _HEIGHT = 32, 6, 4, 160  # and pixels
_LOWEST = 0.04  # of the height: silence is seen to be there
_GREY = (132, 127, 119, 255)  # 3 to 1 and more on light grounds and on dark ones
_MOST_PIXELS = 20_000_000  # of a frame; 4K has eight million
_MOST_PACKETS = 300  # until a frame is there
_LONGEST = 1800.0  # seconds of a sound that are looked at


def first_frame(path: Path) -> bytes:
    """The first picture of a video, as JPEG, its longer side no longer than ``LONGEST_SIDE`` pixels.

    Raises DecodeError: it is no video, or damaged at its beginning.
    """
    with _telling(path), closing(open_container(path)) as container:
        frame = _frame(container)
        if frame is None:
            raise DecodeError("{path}: has no picture", path=path)
        scale = min(1.0, LONGEST_SIDE / max(frame.width, frame.height))
        width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
        picture = frame.reformat(width=width, height=height, format="rgb24").to_image()
    return _encoded(picture, "JPEG", quality=_QUALITY)


def drawn_sound(path: Path) -> bytes:
    """A sound as bars on no ground, as PNG: it fits any.

    Raises DecodeError, NoAudioError: it is no sound, or cannot be decoded.
    """
    from PIL import Image, ImageDraw

    with _telling(path):
        with closing(open_container(path)) as container:
            duration = min(_LONGEST, (container.duration or 0) / 1_000_000) or _LONGEST
        levels = levels_between(path, 0.0, duration, _BARS)
    loudest = float(levels.max()) or 1.0
    picture = Image.new("RGBA", (_BARS * (_BAR + _GAP) - _GAP, _HEIGHT))
    draw = ImageDraw.Draw(picture)
    for place, level in enumerate(levels):
        left, half = place * (_BAR + _GAP), max(_LOWEST, float(level) / loudest) * (_HEIGHT - 1) / 2
        middle = (_HEIGHT - 1) / 2
        draw.rounded_rectangle((left, middle - half, left + _BAR - 1, middle + half), _BAR // 2, _GREY)
    return _encoded(picture, "PNG", optimize=True)


def _frame(container: Any) -> Any:
    """The first frame of an open video; None where it has none that is found soon, or that is no work."""
    stream = next(iter(container.streams.video), None)
    context = stream.codec_context if stream else None
    if context is None or context.width * context.height > _MOST_PIXELS:
        return None
    packets = islice(container.demux(stream), _MOST_PACKETS)
    return next((frame for packet in packets for frame in packet.decode()), None)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Whatever FFmpeg finds wrong meanwhile is told as the file's."""
    import av

    try:
        yield
    except (av.FFmpegError, ValueError) as error:
        raise DecodeError("{path}: is damaged", path=path) from error


def _encoded(picture: Image.Image, kind: str, **how: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()
