"""Clips: from a passage of audio to a file that can be posted as it is.

First the passage is edited: where it is cut, what sounds beside the voice, and which pauses are kept. Then it is made
as loud as is asked for, its peaks under a ceiling, and written as MP3, M4A, WAV, FLAC or Opus, with tags and a cover.

From the voice outwards there is first what belongs to it, an onset or a dying away, then quiet, then perhaps something
else. Where quiet parts the two a cut between them is clean. A breath is quiet: it is much softer than a voice.

Conventions
-----------
Seconds are those of the waveform in hand, whose first sample is at 0. Levels are in dB: ``_lufs`` integrated loudness
(ITU-R BS.1770, by pyloudnorm), ``_db`` of peaks true peaks over full scale (dBTP), those of the oversampled audio
(annex 2).
"""

from __future__ import annotations

import base64
import math
import struct
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.decode import Waveform, read_waveform
from media.errors import ClipError, Message
from media.ffmpeg import input_of, running, tagged
from media.pictures import Jpeg, jpeg_of
from media.temporary import scratch_folder

_LEVEL_WINDOW = 0.010  # seconds that one level is measured over, three periods of a low voice's loudest formant
_SILENT_DB = -80.0  # of full scale: what lies below is silence whatever its figure

_CUT_HOP = 0.001
_AS_QUIET_DB = 3.0  # within this of the quietest point a cut sounds the same

_LONG_PAUSE = 0.7  # seconds: a pause from here on sounds like a wait
_LEFT_PAUSE = 0.4  # seconds that are left of it: a breath between sentences
_PAUSE_HOP = 0.005
# Nothing louder is cut out, compared to the voice; a laugh, a breath or music stays.
_BELOW_VOICE_DB = 25.0

# At a join the two sides melt into each other, so that a step in the background is no click.
_JOIN_MS = 10
# pydub holds whole numbers; 32-bit ones lose nothing of a float sample that can be heard.
_FULL_SCALE = 2.0**30  # one bit of headroom, for decoded audio may pass full scale


def quietest(waveform: Waveform, low: float, high: float, prefer_late: bool) -> float:
    """The time between ``low`` and ``high``, both included, where the sound is quietest.

    Among points as quiet as the quietest the latest is taken, or the earliest: the end of a clip wants as much room
    after its voice as there is, its beginning as much before.
    """
    if high - low < _CUT_HOP:
        return (low + high) / 2
    first, last = np.ceil(low / _CUT_HOP - 1e-6), np.floor(high / _CUT_HOP + 1e-6)
    levels = levels_db(waveform, _CUT_HOP)[int(first) : int(last) + 1]
    if not len(levels):
        return (low + high) / 2
    quiet = np.flatnonzero(levels <= levels.min() + _AS_QUIET_DB)
    return float((first + quiet[-1 if prefer_late else 0]) * _CUT_HOP)


def tightened(
    waveform: Waveform, span: tuple[float, float], pauses: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The parts of ``span`` that are left when the middles of its long ``pauses`` are cut out; in order, disjoint.

    A pause in which something sounds is left as it is.
    """
    levels = levels_db(waveform, _PAUSE_HOP)
    voice = float(np.percentile(levels, 95))
    parts, begin = [], span[0]
    for start, end in pauses:
        if end - start <= _LONG_PAUSE:
            continue
        low, high = round(start + _LEFT_PAUSE / 2, 3), round(end - _LEFT_PAUSE / 2, 3)
        middle = levels[int(low / _PAUSE_HOP) : int(high / _PAUSE_HOP) + 1]
        if len(middle) and middle.max() < voice - _BELOW_VOICE_DB:
            parts.append((begin, low))
            begin = high
    return [*parts, (begin, span[1])]


def join(waveform: Waveform, parts: Sequence[tuple[float, float]], fade_in: float, fade_out: float) -> Waveform:
    """The ``parts`` of the waveform one after the other, as long together as they are alone, faded at both ends.

    Times are taken to the millisecond.
    """
    segment = _segment(waveform)
    edges_ms = [(round(start * 1000), round(end * 1000)) for start, end in parts]
    joined = segment[edges_ms[0][0] : edges_ms[0][1]]
    for (start_ms, end_ms), (_, before_ms) in zip(edges_ms[1:], edges_ms, strict=False):
        # The part before lends the join what follows it, so that the clip does not become shorter.
        lent = segment[before_ms : before_ms + _JOIN_MS]
        joined = (joined + lent).append(segment[start_ms:end_ms], crossfade=min(len(lent), end_ms - start_ms))
    faded = joined.fade_in(min(round(fade_in * 1000), len(joined))).fade_out(min(round(fade_out * 1000), len(joined)))
    samples = np.frombuffer(faded.raw_data, np.int32).reshape(-1, waveform.channels)
    return Waveform((samples / _FULL_SCALE).astype(np.float32), waveform.rate)


def _segment(waveform: Waveform) -> Any:
    whole = np.clip(np.round(waveform.samples * _FULL_SCALE), -(2.0**31), 2.0**31 - 1).astype(np.int32)
    return _audio_segment()(data=whole.tobytes(), sample_width=4, frame_rate=waveform.rate, channels=waveform.channels)


def _audio_segment() -> Any:
    """pydub's class, without what its import says: that audioop goes, that no ffmpeg is there (which it never runs)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning, "pydub")
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning, "pydub")
        warnings.filterwarnings("ignore", '(invalid escape sequence|"\\\\\\\\)', SyntaxWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence", DeprecationWarning)
        from pydub import AudioSegment
    return AudioSegment


def levels_db(waveform: Waveform, hop: float) -> NDArray[np.float64]:
    """The level of 10 ms around every ``hop`` seconds, in dB of full scale (RMS), from 0 to the end, both included."""
    power = np.concatenate([[0.0], np.cumsum((waveform.samples.astype(np.float64) ** 2).mean(axis=1))])
    centres = np.round(np.arange(0.0, waveform.duration + hop / 2, hop) * waveform.rate).astype(np.int64)
    reach = max(1, round(_LEVEL_WINDOW / 2 * waveform.rate))
    low, high = np.clip(centres - reach, 0, len(power) - 1), np.clip(centres + reach, 0, len(power) - 1)
    mean = (power[high] - power[low]) / np.maximum(high - low, 1)
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(mean, 1e-12)), _SILENT_DB)
    return levels


_HOP = 0.005
_QUIET_BELOW_VOICE_DB = 20.0  # what is softer than the voice by so much is quiet
_OVER_FLOOR_DB = 6.0  # ... and so is what is hardly louder than the quietest there is
_LEAST_CONTRAST_DB = 8.0  # between quiet and the voice, without which nothing can be told
_VOICE = 0.6  # seconds of the voice that its loudness is taken from
_ONSET, _DECAY = 0.060, 0.150  # seconds that a voice may sound before its first word is timed, and after its last one
_FADES_WITHIN, _FADES_DB = 0.030, 3.0  # a room in which sound dies away for 0.6 s
_GAP = 0.010  # seconds of quiet that part two sounds
_SIDE, _DIP_DB = 0.060, 3.0  # by so much it is softer between two sounds than within so many seconds on both sides
_CLOSURE = 0.080  # seconds for which speech is silent within a word, before a stop is released
_WORD = 0.050  # seconds that something has to sound to be one: a stop is released in less
_LOUD_DB = 15.0  # what is softer than a voice by more may be a breath
_SILENT_BELOW_DB, _AROUND, _LEAST_WORD = 25.0, 2.0, 0.1
_FLAT_DB = 5.0  # between the loudest and the softest tenth of a stretch in which no word is
_SHIFT = 0.020  # seconds by which the time of a word may be wrong


@dataclass(frozen=True, slots=True)
class Beside:
    """``low`` to ``high`` is where a cut leaves the other sound out; ``clean`` where quiet parts it from the voice, if
    only for as long as a stop takes; ``dips`` where it becomes softer, or swells, at least."""

    low: float
    high: float
    clean: bool
    dips: bool


def beside(waveform: Waveform, voice: tuple[float, float], pause: tuple[float, float], before: bool) -> Beside | None:
    """Where to cut since something else sounds in the ``pause`` before the voice, or after it; None where nothing does,
    or the sound does not tell.

    All times are of the waveform; ``pause`` ends where the voice begins, or begins where it ends.
    """
    levels = levels_db(waveform, _HOP)
    edge = voice[0] if before else voice[1]
    inner = levels[_hops(edge) : _hops(min(edge + _VOICE, voice[1])) + 1]
    if not before:
        inner = levels[_hops(max(edge - _VOICE, voice[0])) : _hops(edge) + 1]
    outward = levels[_hops(pause[0]) : _hops(edge) + 1][::-1] if before else levels[_hops(edge) : _hops(pause[1]) + 1]
    if len(inner) < 2 or len(outward) < _hops(_WORD):
        return None
    loud = float(np.percentile(inner, 90))
    quiet = max(loud - _QUIET_BELOW_VOICE_DB, float(np.percentile(levels, 5)) + _OVER_FLOOR_DB)
    if quiet > loud - _LEAST_CONTRAST_DB:
        return None
    near, far = _gap(outward > quiet, _hops(_ONSET if before else _DECAY))
    if far is None:
        return None
    clean = near is not None and (before or _dies_away(outward[:near]))
    low, high = -_SHIFT, _SHIFT
    if near is not None and clean and far - near > _hops(_CLOSURE):
        # No nearer to the other sound than to the voice.
        low, high = near * _HOP, (near + far) / 2 * _HOP
    dips = clean or _dips(levels, _hops(edge))
    return Beside(edge - high, edge - low, clean, dips) if before else Beside(edge + low, edge + high, clean, dips)


def is_silent(waveform: Waveform, start: float, end: float, *, maybe_soft: bool = False) -> bool:
    """Whether nothing sounds from ``start`` to ``end`` that is anywhere near as loud as what is beside it, so that no
    word is there; of less than a tenth of a second that cannot be told.

    Of 2,800 words that are said, read or spontaneous, the softest is 23 dB softer than what is beside it. Somebody far
    from the microphone may be softer: with ``maybe_soft`` what rises and falls is sound too. Of 890 words 98 % do, of
    275 stretches of pauses one in ten does.
    """
    if end - start < _LEAST_WORD:
        return False
    levels = levels_db(waveform, _HOP)
    around = levels[_hops(max(0.0, start - _AROUND)) : _hops(end + _AROUND) + 1]
    within = levels[_hops(max(0.0, start)) : _hops(end) + 1]
    if not len(within) or np.percentile(within, 90) >= np.percentile(around, 90) - _SILENT_BELOW_DB:
        return False
    return not maybe_soft or bool(np.percentile(within, 90) - np.percentile(within, 10) < _FLAT_DB)


def has_voice(waveform: Waveform, start: float, end: float) -> bool:
    """Whether something nearly as loud as what is beside it sounds from ``start`` to ``end``, two words that are said,
    and is neither the end of the first nor the beginning of the second."""
    start, end = max(0.0, start) + _DECAY, end - _ONSET
    if end <= start:
        return False
    levels = levels_db(waveform, _HOP)
    around = levels[_hops(max(0.0, start - _AROUND)) : _hops(end + _AROUND) + 1]
    within = levels[_hops(start) : _hops(end) + 1]
    return int((within > float(np.percentile(around, 90)) - _LOUD_DB).sum()) >= _hops(_WORD)


def _gap(sounding: NDArray[np.bool_], longest: int) -> tuple[int | None, int | None]:
    """Where the quiet beside the voice begins, outwards, and where something else sounds beyond it: (None, None) where
    nothing does; where it sounds on without a gap for longer than a voice would, only the second is told."""
    gap, word = _hops(_GAP), _hops(_WORD)
    quiet = [k for k in range(len(sounding) - gap + 1) if not sounding[k : k + gap].any()]
    near = quiet[0] if quiet else len(sounding)
    if near > max(longest, word):
        return None, near
    other = (k for k in range(near, len(sounding) - word + 1) if sounding[k] and sounding[k : k + word].mean() > 0.8)
    far = next(other, None)
    return (None, None) if far is None else (near, far)


def _dips(levels: NDArray[np.float64], at: int) -> bool:
    """Whether the sound is softer around a place than on both sides of it, be it that it only grows there: one vowel
    does not, and of 380 clean places beside a word 45 more would be doubted if a slope were none, and no other one."""
    near, far = _hops(_SHIFT), _hops(_SIDE)
    inside = levels[max(0, at - near) : at + near + 1]
    sides = levels[max(0, at - far) : at + 1], levels[at : at + far + 1]
    return min(float(side.max()) for side in sides) > float(inside.min()) + _DIP_DB


def _dies_away(levels: NDArray[np.float64]) -> bool:
    """Whether what sounds after a voice becomes softer all the time, as a voice in a room does and no other sound."""
    step = _hops(_FADES_WITHIN)
    means = [float(levels[k : k + step].mean()) for k in range(0, len(levels) - step + 1, step)]
    return all(later <= earlier - _FADES_DB for earlier, later in pairwise(means))


def _hops(seconds: float) -> int:
    return round(seconds / _HOP)


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

    Raises ClipError: it does not.
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

    Raises ClipError: the ending is unknown; PictureError: the cover is no picture, as ``media.pictures.open_picture``;
    FfmpegError: ffmpeg is not there or fails, as on a full disk.
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

    Raises ClipError: the peaks of the decoded file cannot be held under the ceiling; FfmpegError: it cannot be encoded.
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
