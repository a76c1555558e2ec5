"""Edit a clip: where it is cut, what sounds beside the cut, which pauses are kept.

pydub counts in milliseconds and holds whole numbers; 32-bit ones lose nothing of a float sample that can be heard.

From the voice outwards there is first what belongs to it, an onset or a dying away, then quiet, then perhaps something
else. Where quiet parts the two a cut between them is clean. A breath is quiet: it is much softer than a voice.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from media.waveform import Waveform

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
_FULL_SCALE = 2.0**30  # one bit of headroom, for decoded sound may pass full scale


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
