"""Loudness and peaks: measured as ITU-R BS.1770 says, and brought to a target by gain and a limiter.

pyloudnorm measures integrated loudness; true peaks are those of the oversampled sound (BS.1770 annex 2).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from media.waveform import Waveform

# A gated block; nothing shorter has a loudness.
SHORTEST = 0.4
SILENT_LUFS = -60.0  # quieter is no voice, and its noise is not to be made loud

_OVERSAMPLED_RATE = 192_000  # four times 48 kHz, as the annex has it
_LOOK_AHEAD_MS = 5
_RELEASE_DB_PER_MS = 0.08
_BLOCK_SECONDS = 4.0  # oversampled at a time, so that a long clip needs no more memory


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
