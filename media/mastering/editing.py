"""Editing a clip: where it is cut, which of its pauses are kept, and its parts put together with pydub.

pydub counts in milliseconds and holds whole numbers; 32-bit ones lose nothing of a float sample that can be heard.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
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
