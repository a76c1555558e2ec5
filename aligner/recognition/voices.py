"""Whose voice is heard in a passage: what its sound is like, beside that of the turns whose speakers are known.

A voice is told from the others of one episode alone, through the same microphones: by the shape of its spectrum (mel
cepstra; Davis and Mermelstein, 1980) and its pitch, over pieces of some seconds. How much a voice varies from piece to
piece is learnt from the known turns; a passage is somebody's where it lies about as far from the middle of their pieces
as these do (Mahalanobis), and clearly further from all others'. tests/bench/RESULTS.md has how often that is so.

Conventions
-----------
Sound is at ``RATE``. A piece's vector has the means and spreads of cepstra over its loud frames, and the middle and
spread of the logarithm of its pitch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aligner.model import Alignment, Kind, Span
from aligner.recognition import RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Vector = NDArray[np.float64]

_FRAME, _HOP, _FFT = 400, 320, 512
_MELS, _CEPSTRA = 26, 19
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 7000.0
_LOUD = 0.4  # of the frames, the louder part: the rest is breath, pause and room
_PITCH_FRAME, _PITCH_HOP = 640, 640
_LOWEST_PITCH_HZ, _HIGHEST_PITCH_HZ = 60.0, 400.0
_VOICED = 0.5  # of the autocorrelation at no lag

_PIECE = 3.0  # seconds
_LEAST_PIECES, _MOST_PIECES = 5, 12  # of a voice: before it is known, and the nearest that are listened to
_MOST_OF_PASSAGE = 4  # pieces
_SHORTEST_TURN = 2.0  # seconds
_SHRUNK = 0.3  # of how pieces vary in all directions, towards how they do in each dimension alone

# Distances are per dimension: 1 is how far a single piece of a voice is from its middle.
_NEAR, _CLEARLY = 1.0, 1.0


def guessed_speaker(alignment: Alignment, audio: Path, passage: Span) -> str | None:
    """Who of the named speakers says what is said in a stretch of the sound; None where that is not sure.

    Raises
    ------
    MediaError
        The sound cannot be decoded.
    """
    known: dict[str, list[Vector]] = {}
    for speaker, turns in _turns(alignment, passage).items():
        pieces = known.setdefault(speaker, [])
        for turn in turns:
            if len(pieces) < _MOST_PIECES:
                pieces += pieces_of(_sound(audio, turn))
    most = _MOST_OF_PASSAGE * _PIECE
    middle = max(passage.start, passage.middle - most / 2)
    return speaker_of(pieces_of(_sound(audio, Span(middle, min(passage.end, middle + most)))), known)


def speaker_of(pieces: Sequence[Vector], known: Mapping[str, Sequence[Vector]]) -> str | None:
    """Whose pieces these are, of two or more voices of which pieces enough are known; None where that is not sure."""
    known = {speaker: each for speaker, each in known.items() if len(each) >= _LEAST_PIECES}
    if len(known) < 2 or not len(pieces):
        return None
    middles = {speaker: np.mean(each, axis=0) for speaker, each in known.items()}
    apart = np.concatenate([np.asarray(each) - middles[speaker] for speaker, each in known.items()])
    spread = apart.T @ apart / (len(apart) - len(known))
    spread = (1 - _SHRUNK) * spread + _SHRUNK * np.diag(np.diag(spread)) + 1e-6 * np.eye(len(spread))
    told = np.mean(pieces, axis=0)
    far = {
        speaker: float((told - at) @ np.linalg.solve(spread, told - at)) / len(at) for speaker, at in middles.items()
    }
    nearest, next_one = sorted(far, key=lambda speaker: far[speaker])[:2]
    is_sure = far[nearest] <= _NEAR and far[next_one] - far[nearest] >= _CLEARLY
    return nearest if is_sure else None


def _turns(alignment: Alignment, passage: Span) -> dict[str, list[Span]]:
    """When each speaker who is named is heard outside the passage, the nearest turns first."""
    turns: dict[str, list[Span]] = {}
    for timed in alignment.segments:
        speaker, start, end = timed.segment.speaker, timed.start, timed.end
        if timed.segment.kind is not Kind.SPEECH or not speaker or start is None or end is None:
            continue
        lacking = [each for each in alignment.untranscribed if each.start < end and each.end > start]
        for low, high in ((start, min(end, passage.start)), (max(start, passage.end), end)):
            if high - low >= _SHORTEST_TURN and not lacking:
                turns.setdefault(speaker, []).append(Span(low, min(high, low + _MOST_PIECES * _PIECE)))
    return {
        speaker: sorted(each, key=lambda span: abs(span.middle - passage.middle)) for speaker, each in turns.items()
    }


def _sound(audio: Path, span: Span) -> Samples:
    from media.decode import sound_blocks

    blocks = [block for _, block in sound_blocks(audio, RATE, span.start, span.end)]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def pieces_of(samples: Samples) -> list[Vector]:
    """The vectors of a sound's pieces, all of a length; none of a sound that is shorter than half a piece."""
    length = int(_PIECE * RATE)
    parts = np.array_split(samples, max(1, round(len(samples) / length)))
    return [_vector_of(part) for part in parts if len(part) >= length // 2]


def _vector_of(samples: Samples) -> Vector:
    cepstra = _cepstra(samples)
    pitch = _pitch(samples)
    spread = float(np.std(pitch)) if len(pitch) > 4 else 0.2
    middle = float(np.median(pitch)) if len(pitch) > 4 else np.log(140.0)
    return np.concatenate([cepstra.mean(axis=0), cepstra.std(axis=0), [middle, spread]])


def _framed(samples: Samples, length: int, hop: int) -> NDArray[np.float64]:
    if len(samples) < length:
        samples = np.pad(samples, (0, length - len(samples)))
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop].astype(np.float64)


def _cepstra(samples: Samples) -> NDArray[np.float64]:
    frames = _framed(np.append(samples[:1], samples[1:] - 0.97 * samples[:-1]), _FRAME, _HOP)
    power = np.abs(np.fft.rfft(frames * np.hamming(_FRAME), _FFT)) ** 2
    loud = np.argsort(power.sum(axis=1))[int((1 - _LOUD) * len(power)) :]
    mels = np.log(power[loud] @ _mel_filters().T + 1e-10)
    k = np.arange(1, _CEPSTRA + 1)[:, None]
    cepstra: NDArray[np.float64] = mels @ np.cos(np.pi * k * (np.arange(_MELS) + 0.5) / _MELS).T
    return cepstra


@cache
def _mel_filters() -> NDArray[np.float64]:
    def mel(hz: float) -> float:
        return 2595 * math.log10(1 + hz / 700)

    edges = 700 * (10 ** (np.linspace(mel(_LOWEST_HZ), mel(_HIGHEST_HZ), _MELS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(_FFT, 1 / RATE)
    rising = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


def _pitch(samples: Samples) -> Vector:
    """The logarithm of the pitch of each frame that has one."""
    frames = _framed(samples, _PITCH_FRAME, _PITCH_HOP)
    frames = frames - frames.mean(axis=1, keepdims=True)
    size = 2048
    power = np.abs(np.fft.rfft(frames, size)) ** 2
    heard = np.fft.irfft(power, size)[:, :_PITCH_FRAME]
    first, last = int(RATE / _HIGHEST_PITCH_HZ), int(RATE / _LOWEST_PITCH_HZ)
    taper = 1 - np.arange(first, last) / _PITCH_FRAME
    likeness = heard[:, first:last] / np.maximum(heard[:, :1], 1e-9) / taper
    best = likeness.argmax(axis=1)
    loud = heard[:, 0] > np.quantile(heard[:, 0], 1 - _LOUD) if len(heard) else np.zeros(0, bool)
    voiced = (likeness[np.arange(len(best)), best] > _VOICED) & loud
    logarithms: Vector = np.log(RATE / (best[voiced] + first))
    return logarithms
