"""Master clips: turn a passage of audio into a file that is ready to post.

First the passage is edited: other audio next to the speech is left out, and long pauses are shortened. Then the
loudness and the true peaks are adjusted, and the passage is encoded as MP3, M4A, WAV, FLAC or Opus, with tags and a
cover.

A voice gets louder at its onset and softer in its decay. Before the onset and after the decay there is quiet, and
beyond the quiet there may be other audio. A cut is *clean* if quiet separates the voice from the other audio. A breath
counts as quiet: it is much softer than a voice.

Conventions
-----------
Seconds are counted from the first sample of the given waveform. Levels are in dB. In names, ``_lufs`` marks integrated
loudness (ITU-R BS.1770, by pyloudnorm); peaks in ``_db`` are true peaks of the oversampled audio (annex 2), in dBTP.
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

_LEVEL_WINDOW = 0.010  # seconds that a level is measured over: three periods of a low voice's loudest formant
_SILENT_DB = -80.0  # of full scale: lower levels count as this

_CUT_HOP = 0.001
_AS_QUIET_DB = 3.0  # cuts within this of the quietest point are equally inaudible

_LONG_PAUSE = 0.7  # seconds from which a pause feels like a wait
_LEFT_PAUSE = 0.4  # seconds that remain of it: a breath between sentences
_PAUSE_HOP = 0.005
# Below the voice: nothing louder is cut out, so that a laugh, a breath or music stays.
_BELOW_VOICE_DB = 25.0

# At a join, both sides overlap in a crossfade, so that a step in the background is not heard as a click.
_JOIN_MS = 10
# pydub holds integers; with 32 bits, nothing audible of a float sample is lost.
_FULL_SCALE = 2.0**30  # one bit of headroom, for decoded audio may exceed full scale


def quietest(waveform: Waveform, low: float, high: float, prefer_late: bool) -> float:
    """Return where to cut: the time from ``low`` to ``high``, both included, at which the audio is quietest.

    Of all times within 3 dB of the quietest, return the latest if ``prefer_late`` (for the end of a clip), otherwise
    the earliest (for the start of a clip). So the cut is as far from the voice as possible."""
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
    """Return the parts of ``span`` that remain when the middle of each long, quiet pause is cut out.

    ``pauses`` are the pauses that may be shortened to 0.4 s. All spans are (start, end) in seconds."""
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
    """Join the spans ``parts`` (start and end in seconds) of the waveform by crossfades, and return the result.

    ``fade_in`` and ``fade_out`` are the lengths in seconds of the fades at both ends of the result. The crossfades do
    not shorten the result."""
    segment = _segment(waveform)
    edges_ms = [(round(start * 1000), round(end * 1000)) for start, end in parts]
    joined = segment[edges_ms[0][0] : edges_ms[0][1]]
    for (start_ms, end_ms), (_, before_ms) in zip(edges_ms[1:], edges_ms, strict=False):
        # The join borrows the audio that follows the previous part, so that the crossfade does not shorten the clip.
        lent = segment[before_ms : before_ms + _JOIN_MS]
        joined = (joined + lent).append(segment[start_ms:end_ms], crossfade=min(len(lent), end_ms - start_ms))
    faded = joined.fade_in(min(round(fade_in * 1000), len(joined))).fade_out(min(round(fade_out * 1000), len(joined)))
    samples = np.frombuffer(faded.raw_data, np.int32).reshape(-1, waveform.channels)
    return Waveform((samples / _FULL_SCALE).astype(np.float32), waveform.rate)


def _segment(waveform: Waveform) -> Any:
    whole = np.clip(np.round(waveform.samples * _FULL_SCALE), -(2.0**31), 2.0**31 - 1).astype(np.int32)
    return _audio_segment()(data=whole.tobytes(), sample_width=4, frame_rate=waveform.rate, channels=waveform.channels)


def _audio_segment() -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning, "pydub")
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning, "pydub")
        warnings.filterwarnings("ignore", '(invalid escape sequence|"\\\\\\\\)', SyntaxWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence", DeprecationWarning)
        from pydub import AudioSegment
    return AudioSegment


def levels_db(waveform: Waveform, hop: float) -> NDArray[np.float64]:
    """Return the RMS level in dB of full scale every ``hop`` seconds, from second 0 to the end, both included.

    Each level is measured over the 10 ms around its time."""
    power = np.concatenate([[0.0], np.cumsum((waveform.samples.astype(np.float64) ** 2).mean(axis=1))])
    centres = np.round(np.arange(0.0, waveform.duration + hop / 2, hop) * waveform.rate).astype(np.int64)
    reach = max(1, round(_LEVEL_WINDOW / 2 * waveform.rate))
    low, high = np.clip(centres - reach, 0, len(power) - 1), np.clip(centres + reach, 0, len(power) - 1)
    mean = (power[high] - power[low]) / np.maximum(high - low, 1)
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(mean, 1e-12)), _SILENT_DB)
    return levels


_HOP = 0.005
_QUIET_BELOW_VOICE_DB = 20.0  # levels this far below the voice are quiet
_OVER_FLOOR_DB = 6.0  # so are levels within this of the quietest
_LEAST_CONTRAST_DB = 8.0  # between quiet and the voice; with less, nothing can be concluded
_VOICE = 0.6  # seconds of the voice over which its loudness is measured
_ONSET, _DECAY = 0.060, 0.150  # seconds that a voice may extend before the start of its first word and after its last
_FADES_WITHIN, _FADES_DB = 0.030, 3.0  # the decay of a room with a reverberation time of 0.6 s
_GAP = 0.010  # seconds of quiet that separate the voice from other audio
_SIDE, _DIP_DB = 0.060, 3.0  # a dip is this much softer than the loudest point within so many seconds on either side
_CLOSURE = 0.080  # seconds of silence within a word, before the release of a stop
_WORD = 0.050  # the shortest word, in seconds: a stop is released in less
_LOUD_DB = 15.0  # below the voice; what is softer may be a breath
_SILENT_BELOW_DB, _AROUND, _LEAST_WORD = 25.0, 2.0, 0.1
_FLAT_DB = 5.0  # between the loudest and the softest tenth of a passage without words
_SHIFT = 0.020  # seconds by which a word's time may be wrong


@dataclass(frozen=True, slots=True)
class Beside:
    """Where to cut between a voice and other audio, such as music: anywhere from ``low`` to ``high``, in seconds.

    ``clean``: quiet separates the voice from the other audio. ``dips``: there is quiet or at least a softer moment."""

    low: float
    high: float
    clean: bool
    dips: bool


def beside(waveform: Waveform, voice: tuple[float, float], pause: tuple[float, float], before: bool) -> Beside | None:
    """Find where to cut so that the other audio in a pause before or after a voice is left out.

    ``voice`` and ``pause`` are adjacent spans in seconds; ``before`` is true if the pause is before the voice. Returns
    None if there is no other audio in the pause, or if the levels are inconclusive."""
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
        # At least as far from the other audio as from the voice.
        low, high = near * _HOP, (near + far) / 2 * _HOP
    dips = clean or _dips(levels, _hops(edge))
    return Beside(edge - high, edge - low, clean, dips) if before else Beside(edge + low, edge + high, clean, dips)


def is_silent(waveform: Waveform, start: float, end: float, *, maybe_soft: bool = False) -> bool:
    """Return whether no word is spoken from ``start`` to ``end``: the audio is much softer than before and after.

    The result is False for spans shorter than 0.1 s. The audio must be 25 dB softer: the softest of 2,800 measured
    words was 23 dB softer. Set ``maybe_soft`` if a voice far from the microphone may be softer still. Then the level
    must also be steady: it was steady in 90 % of 275 measured pauses, but in only 2 % of 890 measured words."""
    if end - start < _LEAST_WORD:
        return False
    levels = levels_db(waveform, _HOP)
    around = levels[_hops(max(0.0, start - _AROUND)) : _hops(end + _AROUND) + 1]
    within = levels[_hops(max(0.0, start)) : _hops(end) + 1]
    if not len(within) or np.percentile(within, 90) >= np.percentile(around, 90) - _SILENT_BELOW_DB:
        return False
    return not maybe_soft or bool(np.percentile(within, 90) - np.percentile(within, 10) < _FLAT_DB)


def has_voice(waveform: Waveform, start: float, end: float) -> bool:
    """Return whether a pause between two words, from ``start`` to ``end``, has audio nearly as loud as a voice.

    The decay of the word before the pause and the onset of the word after the pause are ignored."""
    start, end = max(0.0, start) + _DECAY, end - _ONSET
    if end <= start:
        return False
    levels = levels_db(waveform, _HOP)
    around = levels[_hops(max(0.0, start - _AROUND)) : _hops(end + _AROUND) + 1]
    within = levels[_hops(start) : _hops(end) + 1]
    return int((within > float(np.percentile(around, 90)) - _LOUD_DB).sum()) >= _hops(_WORD)


def _gap(is_loud: NDArray[np.bool_], longest: int) -> tuple[int | None, int | None]:
    """Return at which hop after a voice quiet starts, and at which hop after the quiet other audio starts.

    ``is_loud`` says of each hop, from the voice outwards, whether the audio is loud. Returns (None, None) without other
    audio. If no quiet starts within ``longest`` hops, other audio adjoins the voice: only the first is None."""
    gap, word = _hops(_GAP), _hops(_WORD)
    quiet = [k for k in range(len(is_loud) - gap + 1) if not is_loud[k : k + gap].any()]
    near = quiet[0] if quiet else len(is_loud)
    if near > max(longest, word):
        return None, near
    other = (k for k in range(near, len(is_loud) - word + 1) if is_loud[k] and is_loud[k : k + word].mean() > 0.8)
    far = next(other, None)
    return (None, None) if far is None else (near, far)


def _dips(levels: NDArray[np.float64], at: int) -> bool:
    """Return whether the level near hop ``at`` is clearly lower than the highest levels shortly before and after.

    A steep rise, as at the start of a word, suffices; otherwise 45 of 380 clean cuts would count as doubtful."""
    near, far = _hops(_SHIFT), _hops(_SIDE)
    inside = levels[max(0, at - near) : at + near + 1]
    sides = levels[max(0, at - far) : at + 1], levels[at : at + far + 1]
    return min(float(side.max()) for side in sides) > float(inside.min()) + _DIP_DB


def _dies_away(levels: NDArray[np.float64]) -> bool:
    """Return whether ``levels`` fall by at least 3 dB every 30 ms, as they do when a voice dies away in a room."""
    step = _hops(_FADES_WITHIN)
    means = [float(levels[k : k + step].mean()) for k in range(0, len(levels) - step + 1, step)]
    return all(later <= earlier - _FADES_DB for earlier, later in pairwise(means))


def _hops(seconds: float) -> int:
    return round(seconds / _HOP)


# Players show covers small; a large one would outweigh the clip.
_COVER_SIDE = 1200  # pixels
_COVER_QUALITY = 90

# A cover in an Ogg file is FLAC's picture block in a Vorbis comment (RFC 9639 8.8; wiki.xiph.org/VorbisComment).
_OGG_COVER_SIDE = 600  # pixels; the block precedes the audio, and as text is a third longer than the picture
_OGG_COVER_QUALITY = 85
_FRONT_COVER = 3


class _Cover(Enum):
    """The way in which an audio format stores a cover: not at all, as a picture stream, or in a Vorbis comment."""

    NONE = 0
    STREAM = 1
    COMMENT = 2


@dataclass(frozen=True, slots=True)
class _Format:
    """An audio format: ffmpeg's arguments for codec and muxer, bit rates in kbit/s for mono and stereo (None if the
    format is lossless), and how a cover is stored."""

    codec: tuple[str, ...]
    muxer: tuple[str, ...]
    kbits: tuple[int, int] | None = None
    cover: _Cover = _Cover.NONE


_OPUS = _Format(("-c:a", "libopus"), ("-f", "ogg"), (64, 96), _Cover.COMMENT)
_FORMATS = {
    # Every player reads version 2.3 of ID3 tags.
    ".mp3": _Format(("-c:a", "libmp3lame"), ("-f", "mp3", "-id3v2_version", "3"), (128, 192), _Cover.STREAM),
    ".m4a": _Format(("-c:a", "aac"), ("-f", "ipod", "-movflags", "+faststart"), (128, 192), _Cover.STREAM),
    ".wav": _Format(("-c:a", "pcm_s16le"), ("-f", "wav")),
    ".flac": _Format(("-c:a", "flac", "-sample_fmt", "s16"), ("-f", "flac"), cover=_Cover.STREAM),
    ".opus": _OPUS,
    ".ogg": _OPUS,
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """The metadata of a clip: ``tags`` maps ffmpeg's names of tags to values; ``cover`` is the path of a picture."""

    tags: Mapping[str, str] = field(default_factory=dict)
    cover: Path | None = None


def formats() -> tuple[str, ...]:
    """Return the file name extensions of the formats for clips, such as ``.mp3``."""
    return tuple(_FORMATS)


def check_format(path: Path) -> None:
    """Raise ClipError if the extension of ``path`` is not one of ``formats``."""
    if path.suffix.lower() not in _FORMATS:
        known = ", ".join(extension.removeprefix(".") for extension in _FORMATS)
        raise ClipError(
            "{path}: {extension} is not a format for clips; expected one of {known}",
            path=path,
            extension=path.suffix or Message("no extension"),
            known=known,
        )


def is_lossy(path: Path) -> bool:
    """Return whether the format of ``path``, judged by the extension, is lossy."""
    return _FORMATS[path.suffix.lower()].kbits is not None


def encode(waveform: Waveform, path: Path, encoding: Encoding) -> None:
    """Write ``waveform`` to ``path`` in the format that the extension of ``path`` names.

    Raises ClipError if the extension is unknown, PictureError if the cover is not a picture, FfmpegError if ffmpeg is
    missing or fails, for example on a full disk."""
    check_format(path)
    format = _FORMATS[path.suffix.lower()]
    arguments = ["-f", "f32le", "-ar", str(waveform.rate), "-ac", str(waveform.channels), "-i", "pipe:0"]
    with _cover_arguments(encoding.cover, format.cover) as cover:
        arguments += [*cover, *format.codec]
        if format.kbits:
            arguments += ["-b:a", f"{format.kbits[waveform.channels - 1]}k"]
        arguments += tagged(encoding.tags)
        # Bit-exact files omit ffmpeg's version, so that the same clip is the same bytes.
        arguments += ["-fflags", "+bitexact", "-flags:a", "+bitexact", *format.muxer, f"file:{path}"]
        with running(arguments) as pipe:
            pipe.write(waveform.samples.tobytes())


@contextmanager
def _cover_arguments(cover: Path | None, stored: _Cover) -> Iterator[list[str]]:
    """Context manager: yield ffmpeg's arguments to store ``cover`` in a clip, as ``stored`` says.

    The arguments may name a temporary file, which is deleted when the ``with`` block ends."""
    if cover is None or stored is _Cover.NONE:
        yield ["-map_metadata", "-1"]
        return
    with scratch_folder() as folder:
        path = folder / "cover"
        if stored is _Cover.COMMENT:  # too long for a command line
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
    no_description = struct.pack(">I", 0)
    size = struct.pack(">IIII", jpeg.width, jpeg.height, 24, 0)
    block = kind + no_description + size + struct.pack(">I", len(jpeg.content)) + jpeg.content
    return base64.b64encode(block).decode("ascii").replace("=", "\\=")


CEILING_DB = -1.0  # true peak, as EBU R 128 and all platforms demand

_CLOSE_LU = 0.1  # the aim before encoding; 0.5 is promised
_MOST_GAIN_DB = 40.0
_ROUNDS = 8
_TRIES = 5
_LOSSY_ROOM_DB = 0.5  # a codec's peaks exceed those of its input by about this

# The length of a gated block: shorter audio has no loudness.
SHORTEST = 0.4
SILENT_LUFS = -60.0  # anything quieter is not a voice, and its noise must not be amplified

_OVERSAMPLED_RATE = 192_000  # four times 48 kHz, as in annex 2
_LOOK_AHEAD_MS = 5
_RELEASE_DB_PER_MS = 0.08
_BLOCK_SECONDS = 4.0  # oversampled at a time, to limit memory


@dataclass(frozen=True, slots=True)
class Level:
    """The loudness and true peak of audio; ``lufs`` is None if the audio is too short or too quiet to be measured."""

    lufs: float | None
    true_peak_db: float


def finish(waveform: Waveform, lufs: float | None, ceiling_db: float = CEILING_DB) -> Waveform:
    """Return the audio at the loudness ``lufs`` (None: keep the loudness), with true peaks limited to ``ceiling_db``.

    Limiting peaks lowers the loudness, so the gain is found by iteration."""
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
    over = true_peak_db(waveform) - ceiling_db
    return limited(waveform, -over, 0.0) if over > 0 else waveform


def write_finished(waveform: Waveform, path: Path, lufs: float | None, encoding: Encoding) -> Level:
    """Adjust the audio to ``lufs`` as ``finish`` does, encode it to ``path``, and return the level of the encoded file.

    Encoding changes levels, so the file is encoded again with corrected targets until its levels are right. Raises
    ClipError if the peaks of the encoded file stay above the ceiling, FfmpegError if encoding fails."""
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
    """Decode a file and return its loudness and true peak."""
    decoded = read_waveform(path)
    return Level(loudness_lufs(decoded), true_peak_db(decoded))


def loudness_lufs(waveform: Waveform) -> float | None:
    """Return the integrated loudness; None if the audio is too short or too quiet. Mono counts as one channel."""
    if waveform.duration < SHORTEST + 0.001:
        return None
    from pyloudnorm import Meter

    with np.errstate(divide="ignore", invalid="ignore"):  # digital silence
        value = float(Meter(waveform.rate).integrated_loudness(waveform.samples.astype(np.float64)))
    return value if math.isfinite(value) and value > SILENT_LUFS else None


def true_peak_db(waveform: Waveform) -> float:
    """Return the highest true peak of any channel in dB of full scale; -inf for digital silence."""
    peaks = _peaks(waveform, max(1, round(0.01 * waveform.rate)))
    return _db(float(peaks.max(initial=0.0)))


def limited(waveform: Waveform, gain_db: float, ceiling_db: float) -> Waveform:
    """Amplify the audio by ``gain_db``, but less around true peaks that would exceed ``ceiling_db``; return the result.

    The gain falls within 5 ms before a peak and recovers by 80 dB a second, in all channels alike."""
    from scipy.ndimage import minimum_filter1d

    hop = max(1, waveform.rate // 1000)
    peaks = _peaks(waveform, hop) * _ratio(gain_db)
    over = np.minimum(0.0, ceiling_db - 20 * np.log10(np.maximum(peaks, 1e-9)))
    if over.min(initial=0.0) == 0.0:
        return Waveform((waveform.samples * _ratio(gain_db)).astype(np.float32), waveform.rate)
    held = minimum_filter1d(over, 2 * _LOOK_AHEAD_MS + 1, mode="nearest")
    released = _released(held)
    # Averages over at most the look-ahead never exceed what each of its blocks allows.
    shape = np.hanning(2 * _LOOK_AHEAD_MS + 1)[1:-1]
    padded = np.pad(released, len(shape) // 2, mode="edge")
    smooth_db = np.convolve(padded, shape / shape.sum(), mode="valid")
    centres = (np.arange(len(smooth_db)) + 0.5) * hop
    curve = np.interp(np.arange(len(waveform.samples)), centres, smooth_db)
    gains = 10 ** ((curve + gain_db) / 20)
    return Waveform((waveform.samples * gains[:, None]).astype(np.float32), waveform.rate)


def _released(held: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gains ``held`` (in dB, one per millisecond), lowered so that they rise by at most 80 dB a second."""
    steps = _RELEASE_DB_PER_MS * np.arange(len(held))
    # g[n] = min over m <= n of held[m] + release (n - m)
    gains: NDArray[np.float64] = np.minimum(0.0, np.minimum.accumulate(held - steps) + steps)
    return gains


def _peaks(waveform: Waveform, hop: int) -> NDArray[np.float64]:
    """Return the highest true peak of any channel in each block of ``hop`` samples."""
    from scipy.signal import resample_poly

    times = -(-_OVERSAMPLED_RATE // waveform.rate)
    block = max(1, round(_BLOCK_SECONDS * waveform.rate / hop)) * hop
    margin = 64  # samples around a block that the filter reaches
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
