"""Writing a waveform as MP3, M4A, WAV, FLAC or Opus, with tags and a cover, through ffmpeg."""

from __future__ import annotations

import base64
import io
import re
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from media.container import open_container
from media.errors import ClipError, DecodeError, Message
from media.ffmpeg import running
from media.temporary import scratch_folder
from media.waveform import Waveform

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

# A cover in an Ogg file is FLAC's picture block in a Vorbis comment (RFC 9639 8.8; wiki.xiph.org/VorbisComment).
_OGG_COVER_PIXELS = 600  # of the longer side; the block lies before the sound, a third longer as text than as a picture
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


def check_cover(path: Path) -> None:
    """Find out whether a file is a picture that a clip can carry.

    Raises
    ------
    ClipError
        It is not.
    """
    import av

    try:
        with closing(open_container(path)) as container:
            next(container.decode(video=0))
    except (DecodeError, av.FFmpegError, IndexError, StopIteration, ValueError) as error:
        raise ClipError("{path}: is no picture, so it cannot be a clip's cover", path=path) from error


def encode(waveform: Waveform, path: Path, encoding: Encoding) -> None:
    """Write ``waveform`` to ``path`` in the format that its ending names.

    Raises
    ------
    ClipError
        The ending is unknown, or the cover is no picture.
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
        for name, value in encoding.tags.items():
            arguments += ["-metadata", f"{name}={_CONTROL.sub(' ', value)}"]
        # Bit-exact files do not tell which version of ffmpeg made them, and the same clip is the same bytes.
        arguments += ["-fflags", "+bitexact", "-flags:a", "+bitexact", *format.muxer, f"file:{path}"]
        with running(arguments) as sound:
            sound.write(waveform.samples.tobytes())


@contextmanager
def _cover_arguments(cover: Path | None, place: _Cover) -> Iterator[list[str]]:
    """What tells ffmpeg to put the cover where the format keeps it, and to take nothing else over from its inputs."""
    if cover is None or place is _Cover.NONE:
        yield ["-map_metadata", "-1"]
        return
    check_cover(cover)
    if place is _Cover.COMMENT:
        with _picture_comment(cover) as comment:
            yield ["-i", f"file:{comment}", "-map_metadata", "1"]
        return
    picture = ["-i", f"file:{cover}", "-map", "0:a", "-map", "1:v:0", "-c:v", "mjpeg", "-q:v", "3"]
    # Covers are shown small; a large one would outweigh the clip.
    picture += ["-vf", "scale='min(1200,iw)':-2", "-disposition:v:0", "attached_pic", "-pix_fmt", "yuvj420p"]
    yield [*picture, "-metadata:s:v", "comment=Cover (front)", "-map_metadata", "-1"]


@contextmanager
def _picture_comment(cover: Path) -> Iterator[Path]:
    """A file in ffmpeg's metadata format that holds the cover; it is gone when the context is left.

    A comment of this length fits on no command line.

    Raises
    ------
    ClipError
        The cover cannot be read.
    """
    block = base64.b64encode(_picture_block(cover)).decode("ascii").replace("=", "\\=")
    with scratch_folder() as folder:
        path = folder / "cover.txt"
        path.write_text(f";FFMETADATA1\nMETADATA_BLOCK_PICTURE={block}\n", encoding="ascii")
        yield path


def _picture_block(cover: Path) -> bytes:
    from PIL import Image, UnidentifiedImageError

    jpeg = io.BytesIO()
    try:
        with Image.open(cover) as opened:
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ClipError("{path}: is no picture, so it cannot be a clip's cover", path=cover) from error
    picture.thumbnail((_OGG_COVER_PIXELS, _OGG_COVER_PIXELS))
    picture.save(jpeg, "JPEG", quality=_OGG_COVER_QUALITY)
    data, mime = jpeg.getvalue(), b"image/jpeg"
    kind = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    no_words = struct.pack(">I", 0)
    size = struct.pack(">IIII", picture.width, picture.height, 24, 0)
    return kind + no_words + size + struct.pack(">I", len(data)) + data
