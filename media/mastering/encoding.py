"""Write a waveform as MP3, M4A, WAV, FLAC or Opus, as loud as is wanted, with tags and a cover.

Loudness and peaks are measured as ITU-R BS.1770 says: pyloudnorm measures integrated loudness, true peaks are those of
the oversampled sound (annex 2).
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.errors import ClipError, Message
from media.ffmpeg import input_of, running, tagged
from media.pictures import Jpeg, jpeg_of
from media.temporary import scratch_folder
from media.waveform import Waveform, read_waveform

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


CEILING_DB = -1.0  # true peak, as EBU R 128 and every platform asks for

_CLOSE_LU = 0.1  # what is aimed at before encoding; 0.5 is what is promised
_MOST_GAIN_DB = 40.0
_ROUNDS = 8
_TRIES = 5
_LOSSY_ROOM_DB = 0.5  # by about this a codec's peaks pass those that it was given

# A gated block; nothing shorter has a loudness.
SHORTEST = 0.4
SILENT_LUFS = -60.0  # quieter is no voice, and its noise is not to be made loud

_OVERSAMPLED_RATE = 192_000  # four times 48 kHz, as the annex has it
_LOOK_AHEAD_MS = 5
_RELEASE_DB_PER_MS = 0.08
_BLOCK_SECONDS = 4.0  # oversampled at a time, so that a long clip needs no more memory


@dataclass(frozen=True, slots=True)
class Level:
    """What was measured of a file; ``lufs`` None where it is too short or too quiet to have a loudness."""

    lufs: float | None
    true_peak_db: float


def finish(waveform: Waveform, lufs: float | None, ceiling_db: float = CEILING_DB) -> Waveform:
    """The sound at the loudness ``lufs``, its true peaks at most the ceiling; None leaves its level but for such peaks.

    The limiter takes away from the loudness that the gain gives, so both are found together.
    """
    loudness = loudness_lufs(waveform)
    gain = 0.0 if lufs is None or loudness is None else min(lufs - loudness, _MOST_GAIN_DB)
    finished = waveform
    for _ in range(_ROUNDS):
        finished = _under(limited(waveform, gain, ceiling_db), ceiling_db)
        loudness = loudness_lufs(finished)
        if lufs is None or loudness is None or abs(lufs - loudness) <= _CLOSE_LU:
            break
        gain = min(gain + lufs - loudness, _MOST_GAIN_DB)
    return finished


def _under(waveform: Waveform, ceiling_db: float) -> Waveform:
    """What a moving gain still leaves above the ceiling, a few hundredths of a dB, is taken off the whole."""
    over = true_peak_db(waveform) - ceiling_db
    return limited(waveform, -over, 0.0) if over > 0 else waveform


def write_finished(waveform: Waveform, path: Path, lufs: float | None, encoding: Encoding) -> Level:
    """Finish the sound as ``finish`` does, write it, and measure the file as decoded; again where a codec made it miss.

    Raises
    ------
    ClipError
        The peaks of the decoded file cannot be held under the ceiling.
    FfmpegError
        It cannot be encoded.
    """
    check_format(path)
    ceiling = CEILING_DB - (_LOSSY_ROOM_DB if is_lossy(path) else 0.02)
    aim = lufs
    for _ in range(_TRIES):
        encode(finish(waveform, aim, ceiling), path, encoding)
        level = measure(path)
        over = level.true_peak_db - CEILING_DB
        off = 0.0 if lufs is None or level.lufs is None else lufs - level.lufs
        if over <= 0 and abs(off) <= 3 * _CLOSE_LU:
            return level
        if over > 0:
            ceiling -= over + 0.1
        if aim is not None and abs(off) > _CLOSE_LU:
            aim += off
    if over > 0:
        raise ClipError(
            "{path}: peaks reach {peak:.1f} dBTP, more than {most:g}",
            path=path.name,
            peak=level.true_peak_db,
            most=CEILING_DB,
        )
    return level


def measure(path: Path) -> Level:
    """The loudness and the true peak of a file as it is decoded."""
    decoded = read_waveform(path)
    return Level(loudness_lufs(decoded), true_peak_db(decoded))


def loudness_lufs(waveform: Waveform) -> float | None:
    """Integrated loudness, a mono sound as the one channel that it is; None where there is too little to tell."""
    if waveform.duration < SHORTEST + 0.001:
        return None
    from pyloudnorm import Meter

    with np.errstate(divide="ignore", invalid="ignore"):  # digital silence
        value = float(Meter(waveform.rate).integrated_loudness(waveform.samples.astype(np.float64)))
    return value if math.isfinite(value) and value > SILENT_LUFS else None


def true_peak_db(waveform: Waveform) -> float:
    """The highest true peak of any channel in dB of full scale; -inf of digital silence."""
    peaks = _peaks(waveform, max(1, round(0.01 * waveform.rate)))
    return _db(float(peaks.max(initial=0.0)))


def limited(waveform: Waveform, gain_db: float, ceiling_db: float) -> Waveform:
    """The sound made ``gain_db`` louder, turned down for a moment where a true peak would pass the ceiling.

    The gain goes down 5 ms before a peak and comes back at 80 dB a second, for all channels alike.
    """
    from scipy.ndimage import minimum_filter1d

    hop = max(1, waveform.rate // 1000)
    peaks = _peaks(waveform, hop) * _ratio(gain_db)
    over = np.minimum(0.0, ceiling_db - 20 * np.log10(np.maximum(peaks, 1e-9)))
    if over.min(initial=0.0) == 0.0:
        return Waveform((waveform.samples * _ratio(gain_db)).astype(np.float32), waveform.rate)
    held = minimum_filter1d(over, 2 * _LOOK_AHEAD_MS + 1, mode="nearest")
    released = _released(held)
    # Averages over no more than the look-ahead never rise above what any of its blocks allows.
    shape = np.hanning(2 * _LOOK_AHEAD_MS + 1)[1:-1]
    padded = np.pad(released, len(shape) // 2, mode="edge")
    smooth_db = np.convolve(padded, shape / shape.sum(), mode="valid")
    centres = (np.arange(len(smooth_db)) + 0.5) * hop
    curve = np.interp(np.arange(len(waveform.samples)), centres, smooth_db)
    gains = 10 ** ((curve + gain_db) / 20)
    return Waveform((waveform.samples * gains[:, None]).astype(np.float32), waveform.rate)


def _released(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """The gain, in dB, coming back no faster than the release after each time that it is held down."""
    steps = _RELEASE_DB_PER_MS * np.arange(len(held))
    # g[n] = min over m <= n of held[m] + release (n - m)
    gains: NDArray[np.float64] = np.minimum(0.0, np.minimum.accumulate(held - steps) + steps)
    return gains


def _peaks(waveform: Waveform, hop: int) -> NDArray[np.float64]:
    """The highest true peak of any channel in each block of ``hop`` samples."""
    from scipy.signal import resample_poly

    times = -(-_OVERSAMPLED_RATE // waveform.rate)
    block = max(1, round(_BLOCK_SECONDS * waveform.rate / hop)) * hop
    margin = 64  # samples around a block that its filter reaches
    found = []
    for start in range(0, len(waveform.samples), block):
        left, stop = max(0, start - margin), min(len(waveform.samples), start + block)
        part = waveform.samples[left : stop + margin].astype(np.float64)
        up = np.abs(resample_poly(part, times, 1, axis=0)).max(axis=1)
        up = up[(start - left) * times : (stop - left) * times]
        up = np.pad(up, (0, -len(up) % (hop * times)))
        found.append(up.reshape(-1, hop * times).max(axis=1))
    return np.concatenate(found) if found else np.zeros(0)


def _ratio(level_db: float) -> float:
    return float(10 ** (level_db / 20))


def _db(ratio: float) -> float:
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf
