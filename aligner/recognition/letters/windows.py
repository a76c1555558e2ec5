"""Which windows of an episode the encoder sees, and which frames of each are kept.

Conventions
-----------
Frames are ``FRAME`` seconds. Windows overlap: of each only the inside is kept, for at its edges the encoder lacks
context. Stretches without speech are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aligner.emissions import FRAME
from aligner.model import Span
from aligner.recognition.letters.encoder import WINDOW_FRAMES, WINDOW_HOPS
from aligner.recognition.letters.mel import HOP, MELS, RATE, Mel

_HOPS = round(FRAME * RATE / HOP)  # spectrogram frames per frame
_SILENCE = -10.0  # the spectrogram's floor


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """How windows lie; in frames."""

    margin_frames: int = 50  # at each edge of a window, not kept
    around_frames: int = 25  # kept around speech: words begin before a detector sees them, and pauses need scores too
    skip_frames: int = 100  # a stretch without speech at least this long is left out


@dataclass(frozen=True, slots=True)
class Window:
    """A window that begins at frame ``start``, perhaps before the file does, of which ``[keep, stop)`` is kept."""

    start: int
    keep: int
    stop: int


def plan_windows(speech: Sequence[Span], frames: int, options: WindowOptions | None = None) -> list[Window]:
    """Windows that together keep every frame of speech once."""
    options = options or WindowOptions()
    kept = WINDOW_FRAMES - 2 * options.margin_frames
    windows = []
    for start, stop in _islands(speech, frames, options):
        for keep in range(start, stop, kept):
            windows.append(Window(keep - options.margin_frames, keep, min(keep + kept, frames)))
    return [
        Window(window.start, window.keep, min(window.stop, following.keep))
        for window, following in pairwise([*windows, Window(frames, frames, frames)])
    ]


def _islands(speech: Sequence[Span], frames: int, options: WindowOptions) -> Iterator[tuple[int, int]]:
    """Stretches of frames that hold speech, disjoint and in order."""
    start = stop = None
    for span in speech:
        low = max(0, int(span.start / FRAME) - options.around_frames)
        high = min(frames, int(span.end / FRAME) + 1 + options.around_frames)
        if start is None or stop is None:
            start, stop = low, high
        elif low - stop < options.skip_frames:
            stop = max(stop, high)
        else:
            yield start, stop
            start, stop = low, high
    if start is not None and stop is not None and start < stop:
        yield start, stop


def cut_windows(blocks: Iterable[Mel], windows: Sequence[Window]) -> Iterator[tuple[Window, Mel]]:
    """Each window with its spectrogram, shape (80, 1500), out of blocks that follow each other from the file's start.

    What lies beyond the file's ends is silence. Only what the windows at hand need is held.
    """
    source = iter(blocks)
    held = np.empty((MELS, 0), np.float32)
    held_at = 0
    for window in windows:
        first, last = window.start * _HOPS, window.start * _HOPS + WINDOW_HOPS
        pieces = [held]
        end = held_at + held.shape[1]
        while end < last and (block := next(source, None)) is not None:
            if end + block.shape[1] <= first:  # a stretch without speech
                pieces, held_at = [], end + block.shape[1]
            else:
                pieces.append(block)
            end += block.shape[1]
        held = np.concatenate(pieces, axis=1) if pieces else held[:, :0]
        drop = max(0, first - held_at)
        held, held_at = held[:, drop:], held_at + drop
        mel = held[:, max(0, first - held_at) : max(0, last - held_at)]
        before = max(0, held_at - first)
        yield (
            window,
            np.pad(mel, ((0, 0), (before, WINDOW_HOPS - before - mel.shape[1])), constant_values=_SILENCE),
        )
