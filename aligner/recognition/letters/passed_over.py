"""Speech that the encoder passes over, listened to again, alone.

Of a sentence that is said twice in one chunk, Whisper's encoder makes next to nothing the second time, and less than
usual the first: half of the letters that the head hears of other speech are missing, or nearly all. With the other
copies muted each is heard as well as anything else. How long a copy is nobody knows: what is listened to is halved
until something is heard.

Conventions
-----------
Flags and values are of the frames of one chunk; its spectrogram has ``HOPS`` columns for each frame.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import CLASSES
from aligner.recognition.letters.encoder import HOPS, SILENCE, Mel
from aligner.spans import runs

Values = NDArray[np.float16]
Flags = NDArray[np.bool_]
Listen = Callable[[Mel], Values]

# What may have been passed over: of speech that is not, seven seconds in twenty minutes, hesitations most of them.
_WINDOW_FRAMES = 50  # in which
_BLANK = 0.65  # so much of the framewise posterior is no letter
_GAIN = 0.2  # of it that goes when it is listened to alone
_AROUND_FRAMES = 15  # that stay audible around it
_VAIN = 2  # parts too short to halve, one after the other, in which nothing more is heard: noise has no letters either
PASSED_OVER = [_WINDOW_FRAMES, _BLANK, _GAIN, _AROUND_FRAMES, _VAIN, "halved"]  # all that decides it


def hear(mel: Mel, speech: Flags, listen: Listen) -> Values:
    """The values that ``listen`` gives for a chunk, with those of speech that it passes over when all is audible.

    ``speech`` flags frames of speech.
    """
    values = listen(mel)
    found, mute = np.zeros_like(speech), np.zeros_like(speech)
    vain, most = 0, len(speech)
    while vain < _VAIN:
        run = _longest(_unheard(values, speech & ~mute))
        if run is None:
            break
        part = slice(run.start, min(run.stop, run.start + most))
        size = part.stop - part.start
        alone = listen(_with_only(mel, _around(part, len(speech))))[part]
        if _blank(values[part]).mean() - _blank(alone).mean() >= _GAIN:
            values[part], found[part], vain = alone, True, 0
        elif size >= 2 * _WINDOW_FRAMES:  # of copies without a pause between none may be heard
            most = size // 2
        else:
            mute[part], vain = True, vain + 1
    if found.any():
        others = ~found
        for run in runs(found):
            others[_around(run, len(speech))] = False
        rest, spoken = listen(_with_only(mel, ~found)), others & speech
        if _blank(rest[spoken]).sum() < _blank(values[spoken]).sum():
            values[others] = rest[others]
    return values


def _longest(flags: Flags) -> slice | None:
    return max(runs(flags), key=lambda run: run.stop - run.start, default=None)


def _unheard(values: Values, speech: Flags) -> Flags:
    """Frames of windows of nothing but speech in which hardly a letter was heard."""
    unheard = np.zeros(len(speech), bool)
    if len(speech) < _WINDOW_FRAMES:
        return unheard
    blank = np.where(speech, _blank(values), np.float32(-_WINDOW_FRAMES))
    blank = np.convolve(blank, np.ones(_WINDOW_FRAMES, np.float32), "valid")
    for first in np.flatnonzero(blank >= _BLANK * _WINDOW_FRAMES):
        unheard[first : first + _WINDOW_FRAMES] = True
    return unheard


def _blank(values: Values) -> NDArray[np.float32]:
    """How likely each frame is to have no letter."""
    blank: NDArray[np.float32] = np.exp(values[:, CLASSES].astype(np.float32))
    return blank


def _with_only(mel: Mel, audible: slice | Flags) -> Mel:
    """The spectrogram, silent but for these frames."""
    flags = np.zeros(mel.shape[1] // HOPS, bool)
    flags[audible] = True
    return np.where(np.repeat(flags, HOPS), mel, np.float32(SILENCE))


def _around(run: slice, frames: int) -> slice:
    return slice(max(0, run.start - _AROUND_FRAMES), min(frames, run.stop + _AROUND_FRAMES))
