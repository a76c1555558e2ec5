"""Sound that browsers find any moment of: which files are so by themselves, and a copy of those that are not.

Browsers seek an MP3 of varying bit rate seconds wrong, a video or a WAV wastes what is loaded, and Ogg or FLAC do not
play everywhere. MP3 of constant bit rate and AAC in MP4 are exact in all of them.

A browser that jumps in an MP3 computes the place in the file from the time, as if every second took as many bytes. That
is exact only where it is true of every frame, and what a file's header says of it is often wrong, so the frames are
looked at. Their headers are as in ISO/IEC 11172-3, 2.4.2.3, and 13818-3 for the lower sampling rates; the Xing and VBRI
frames of encoders hold no sound.
"""

from __future__ import annotations

import contextlib
import mmap
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.decode import open_container
from media.ffmpeg import running
from media.safe_fs import open_regular

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COPY_KBITS = {1: "96k", 2: "128k"}  # by channels
# FFmpeg's documentation calls this way of coding worse below 64 kbit/s, and better and much faster above. Of three
# minutes of a podcast as 96 kbit/s mono, noise is 24.7 dB below the sound, the mean of 22 bands, and 21.4 dB with the
# other way; as 128 kbit/s stereo 29.1 and 27.2 dB.
_CODER = "fast"

_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # layer III of MPEG 1
_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # layer III of MPEG 2 and 2.5
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version's bits

_FRAME_HEADER_BYTES = 4
_TAG_AREA_BYTES = 192  # what the encoder says of the file begins within this of its first frame
_LOST_BYTES = 1 << 17  # so far from the last frame, a place that no frame follows is the end
_MOST_JUNK = 0.05  # seconds' worth of bytes that are no frames; a jump behind them lands so much beside


def is_seekable(path: Path) -> bool:
    """Whether browsers play the file from any moment exactly, and count its time as the rest of this package does.

    Raises DecodeError: the file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        names = set(container.format.name.split(","))
        if "mp3" in names:
            return is_constant_mp3(path)
        return "mp4" in names and _is_plain_aac(container)


@contextlib.contextmanager
def writing_copy(path: Path, rate: int, channels: int) -> Iterator[Callable[[NDArray[np.float32]], object]]:
    """Write AAC in MP4 to ``path`` while the context lasts: give samples of shape (n, channels) to what it yields.

    Sample 0 of what is given is second 0 of the copy: what the encoder puts before it is marked as not to be played.

    Raises FfmpegError: ffmpeg is not there or fails, as on a full disk.
    """
    sound = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0"]
    codec = ["-c:a", "aac", "-aac_coder", _CODER, "-b:a", _COPY_KBITS[channels]]
    # The index goes to the front, so that a browser need not fetch the end before it can play.
    with running([*sound, *codec, "-f", "ipod", "-movflags", "+faststart", f"file:{path}"]) as sink:
        yield lambda samples: sink.write(samples.tobytes())


def _is_plain_aac(container: Any) -> bool:
    """One AAC track that begins at 0, and no picture but a cover."""
    import av

    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if pictures or len(container.streams.audio) != 1:
        return False
    stream = container.streams.audio[0]
    is_aac = stream.codec_context is not None and stream.codec_context.name == "aac"  # None: a kind that nobody knows
    return is_aac and (stream.start_time or 0) <= 0


def is_constant_mp3(path: Path) -> bool:
    """Whether every frame of an MP3 has the same bit rate and sampling rate, and hardly anything lies between them."""
    with open_regular(path) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = _next_frame(data, _after_id3(data, 0), len(data))
        if at is None:
            return False
        if any(name in data[at : at + _TAG_AREA_BYTES] for name in (b"Xing", b"Info", b"VBRI")):
            at += _Frame(data, at).length
        return _is_constant_from(data, at)


class _Frame:
    """The header at ``at``: ``length`` in bytes, 0 if it is none; ``kind`` is what all frames must share."""

    __slots__ = ("byte_rate", "kind", "length")

    def __init__(self, data: mmap.mmap, at: int) -> None:
        self.length, self.kind, self.byte_rate = 0, (0, 0), 0.0
        header = data[at : at + _FRAME_HEADER_BYTES]
        if len(header) < _FRAME_HEADER_BYTES or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:  # sync and layer III
            return
        version, bits, rate_bits = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
        if version == 1 or bits in (0, 15) or rate_bits == 3:
            return
        rate, kbits = _RATES[version][rate_bits], (_KBITS_1 if version == 3 else _KBITS_2)[bits]
        self.length = (144_000 if version == 3 else 72_000) * kbits // rate + (header[2] >> 1 & 1)
        self.kind, self.byte_rate = (rate, kbits), kbits * 125.0


def _is_constant_from(data: mmap.mmap, at: int) -> bool:
    first, junk, size = _Frame(data, at), 0, len(data)
    while at < size:
        frame = _Frame(data, at)
        if frame.length and frame.kind == first.kind:
            at += frame.length
            continue
        found = _next_frame(data, at, min(size, at + _LOST_BYTES))
        if found is None:
            return True  # tags at the end, or what was cut off
        if found == at or _Frame(data, found).kind != first.kind:
            return False
        junk += found - at
        if junk > _MOST_JUNK * first.byte_rate:
            return False
        at = found
    return first.length > 0


def _next_frame(data: mmap.mmap, at: int, end: int) -> int | None:
    """Where the next frame begins that another one like it follows, or the end of the file."""
    while (at := data.find(b"\xff", at, end)) >= 0:
        frame = _Frame(data, at)
        if frame.length:
            behind = at + frame.length
            if behind == len(data) or _Frame(data, behind).kind[0] == frame.kind[0]:
                return at
        at += 1
    return None


def _after_id3(data: mmap.mmap, at: int) -> int:
    """Past the ID3v2 tags that begin at ``at``; their pictures may hold what looks like frames."""
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size, has_footer = data[at + 6 : at + 10], data[at + 5] & 0x10
        at += 10 + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]) + (10 if has_footer else 0)
    return at
