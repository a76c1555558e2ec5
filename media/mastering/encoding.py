"""Writing a waveform as MP3, M4A, WAV, FLAC or Opus, with tags and a cover, through ffmpeg."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from media.errors import ClipError, Message
from media.ffmpeg import input_of, running, tagged
from media.pictures import Jpeg, jpeg_of
from media.temporary import scratch_folder
from media.waveform import Waveform

# Covers are shown small; a large one would outweigh the clip.
_COVER_SIDE = 1200  # pixels
_COVER_QUALITY = 90

# A cover in an Ogg file is FLAC's picture block in a Vorbis comment (RFC 9639 8.8; wiki.xiph.org/VorbisComment).
_OGG_COVER_SIDE = 600  # pixels; the block lies before the sound, a third longer as text than as a picture
_OGG_COVER_QUALITY = 85
_FRONT_COVER = 3


class _Cover(Enum):
    """Where a file keeps its cover."""

    NONE = 0
    STREAM = 1
    COMMENT = 2


@dataclass(frozen=True, slots=True)
class _Format:
    """``codec`` and ``muxer`` are ffmpeg's arguments; ``kbits`` for mono and stereo, none where nothing is lost."""

    codec: tuple[str, ...]
    muxer: tuple[str, ...]
    kbits: tuple[int, int] | None = None
    cover: _Cover = _Cover.NONE


_OPUS = _Format(("-c:a", "libopus"), ("-f", "ogg"), (64, 96), _Cover.COMMENT)
_FORMATS = {
    # Version 2.3 of ID3 tags is what every player reads.
    ".mp3": _Format(("-c:a", "libmp3lame"), ("-f", "mp3", "-id3v2_version", "3"), (128, 192), _Cover.STREAM),
    ".m4a": _Format(("-c:a", "aac"), ("-f", "ipod", "-movflags", "+faststart"), (128, 192), _Cover.STREAM),
    ".wav": _Format(("-c:a", "pcm_s16le"), ("-f", "wav")),
    ".flac": _Format(("-c:a", "flac", "-sample_fmt", "s16"), ("-f", "flac"), cover=_Cover.STREAM),
    ".opus": _OPUS,
    ".ogg": _OPUS,
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """What goes into the file besides the sound: ``tags`` by ffmpeg's names, and the path of a cover picture."""

    tags: Mapping[str, str] = field(default_factory=dict)
    cover: Path | None = None


def formats() -> tuple[str, ...]:
    """The endings of the files that clips can be."""
    return tuple(_FORMATS)


def check_format(path: Path) -> None:
    """Find out before the work whether the ending names a format.

    Raises
    ------
    ClipError
        It does not.
    """
    if path.suffix.lower() not in _FORMATS:
        known = ", ".join(ending.removeprefix(".") for ending in _FORMATS)
        raise ClipError(
            "{path}: {ending} is no format for clips; expected one of {known}",
            path=path,
            ending=path.suffix or Message("no extension"),
            known=known,
        )


def is_lossy(path: Path) -> bool:
    """Whether decoding gives something other than what was encoded."""
    return _FORMATS[path.suffix.lower()].kbits is not None


def encode(waveform: Waveform, path: Path, encoding: Encoding) -> None:
    """Write ``waveform`` to ``path`` in the format that its ending names.

    Raises
    ------
    ClipError
        The ending is unknown.
    PictureError
        The cover is no picture, as ``media.pictures.open_picture``.
    FfmpegError
        ffmpeg is not there or fails, as on a full disk.
    """
    check_format(path)
    format = _FORMATS[path.suffix.lower()]
    arguments = ["-f", "f32le", "-ar", str(waveform.rate), "-ac", str(waveform.channels), "-i", "pipe:0"]
    with _cover_arguments(encoding.cover, format.cover) as cover:
        arguments += [*cover, *format.codec]
        if format.kbits:
            arguments += ["-b:a", f"{format.kbits[waveform.channels - 1]}k"]
        arguments += tagged(encoding.tags)
        # Bit-exact files do not tell which version of ffmpeg made them, and the same clip is the same bytes.
        arguments += ["-fflags", "+bitexact", "-flags:a", "+bitexact", *format.muxer, f"file:{path}"]
        with running(arguments) as sound:
            sound.write(waveform.samples.tobytes())


@contextmanager
def _cover_arguments(cover: Path | None, place: _Cover) -> Iterator[list[str]]:
    """What tells ffmpeg to put the cover where the format keeps it, and to take nothing else over from its inputs.

    The cover comes from a file that we have written; it is gone when the context is left.
    """
    if cover is None or place is _Cover.NONE:
        yield ["-map_metadata", "-1"]
        return
    with scratch_folder() as folder:
        path = folder / "cover"
        if place is _Cover.COMMENT:  # one of this length fits on no command line
            jpeg = jpeg_of(cover, _OGG_COVER_SIDE, _OGG_COVER_QUALITY)
            path.write_text(f";FFMETADATA1\nMETADATA_BLOCK_PICTURE={_picture_comment(jpeg)}\n", encoding="ascii")
            yield [*input_of(path, "ffmetadata"), "-map_metadata", "1"]
            return
        path.write_bytes(jpeg_of(cover, _COVER_SIDE, _COVER_QUALITY).content)
        picture = [*input_of(path, "mjpeg"), "-map", "0:a", "-map", "1:v:0", "-c:v", "copy"]
        picture += ["-disposition:v:0", "attached_pic", "-metadata:s:v", "comment=Cover (front)"]
        yield [*picture, "-map_metadata", "-1"]


def _picture_comment(jpeg: Jpeg) -> str:
    mime = b"image/jpeg"
    kind = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    no_words = struct.pack(">I", 0)
    size = struct.pack(">IIII", jpeg.width, jpeg.height, 24, 0)
    block = kind + no_words + size + struct.pack(">I", len(jpeg.content)) + jpeg.content
    return base64.b64encode(block).decode("ascii").replace("=", "\\=")
