"""The last steps of a clip: its loudness, the file, and a look at what a listener's player will make of that file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media.errors import ClipError
from media.mastering.encode import Encoding, check_format, encode, is_lossy
from media.mastering.loudness import limited, loudness_lufs, true_peak_db
from media.waveform import Waveform, read_waveform

_CLOSE_LU = 0.1  # what is aimed at before encoding; 0.5 is what is promised
_MOST_GAIN_DB = 40.0
_ROUNDS = 8
_TRIES = 5
_LOSSY_ROOM_DB = 0.5  # by about this a codec's peaks pass those that it was given


@dataclass(frozen=True, slots=True)
class Finish:
    """How loud a clip is to be; ``lufs`` None leaves its level alone, but for peaks above the ceiling."""

    lufs: float | None = -16.0  # Apple Podcasts asks for -16 +- 1
    ceiling_db: float = -1.0  # true peak, as EBU R 128 and every platform asks for


@dataclass(frozen=True, slots=True)
class Level:
    """What was measured of a file; ``lufs`` None where it is too short or too quiet to have a loudness."""

    lufs: float | None
    true_peak_db: float


def finish(waveform: Waveform, wanted: Finish, ceiling_db: float | None = None) -> Waveform:
    """The sound at the loudness that is wanted, its true peaks at most the ceiling (that of ``wanted`` by default).

    The limiter takes away from the loudness that the gain gives, so both are found together.
    """
    ceiling_db = wanted.ceiling_db if ceiling_db is None else ceiling_db
    loudness = loudness_lufs(waveform)
    gain = 0.0 if wanted.lufs is None or loudness is None else min(wanted.lufs - loudness, _MOST_GAIN_DB)
    finished = waveform
    for _ in range(_ROUNDS):
        finished = _under(limited(waveform, gain, ceiling_db), ceiling_db)
        loudness = loudness_lufs(finished)
        if wanted.lufs is None or loudness is None or abs(wanted.lufs - loudness) <= _CLOSE_LU:
            break
        gain = min(gain + wanted.lufs - loudness, _MOST_GAIN_DB)
    return finished


def _under(waveform: Waveform, ceiling_db: float) -> Waveform:
    """What a moving gain still leaves above the ceiling, a few hundredths of a dB, is taken off the whole."""
    over = true_peak_db(waveform) - ceiling_db
    return limited(waveform, -over, 0.0) if over > 0 else waveform


def write_finished(waveform: Waveform, path: Path, wanted: Finish, encoding: Encoding) -> Level:
    """Finish the sound, write it, and measure the file as decoded; written again where a codec made it miss.

    Raises
    ------
    ClipError
        The peaks of the decoded file cannot be held under the ceiling.
    FfmpegError
        It cannot be encoded.
    """
    check_format(path)
    ceiling = wanted.ceiling_db - (_LOSSY_ROOM_DB if is_lossy(path) else 0.02)
    aim = wanted
    for _ in range(_TRIES):
        encode(finish(waveform, aim, ceiling), path, encoding)
        level = measure(path)
        over = level.true_peak_db - wanted.ceiling_db
        off = 0.0 if wanted.lufs is None or level.lufs is None else wanted.lufs - level.lufs
        if over <= 0 and abs(off) <= 3 * _CLOSE_LU:
            return level
        if over > 0:
            ceiling -= over + 0.1
        if aim.lufs is not None and abs(off) > _CLOSE_LU:
            aim = Finish(aim.lufs + off, aim.ceiling_db)
    if over > 0:
        raise ClipError(f"{path.name}: peaks reach {level.true_peak_db:.1f} dBTP, more than {wanted.ceiling_db:g}")
    return level


def measure(path: Path) -> Level:
    """The loudness and the true peak of a file as it is decoded."""
    decoded = read_waveform(path)
    return Level(loudness_lufs(decoded), true_peak_db(decoded))
