"""Turn speech into embeddings of voices: 256 numbers each, which are alike if the same person speaks.

The network is the encoder of Resemblyzer (GE2E: Wan et al., arXiv 1710.10467): three LSTM layers over the spectrogram
of 1.6 s, then a linear layer. It runs as matrix products in NumPy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.errors import ModelError
from aligner.model import Span
from aligner.recognition import RATE, Progress, silent
from aligner.recognition.acoustic.encoder import HOP, WINDOW, mel_power
from aligner.recognition.acoustic.model import read_arrays
from aligner.recognition.asr import at_a_time, in_order

MODEL_FILE = Path(__file__).with_name("model.npz")
MODEL_SHA256 = "1dd6935646c2167f49bd9d3a8362290dcc39ce32c47489e2b30413b0db20ba4b"
LAYERS, SIZE = 3, 256  # of the LSTM; embeddings have the same size
_MELS, _FRAMES = 40, 160
_SAMPLES = (_FRAMES - 1) * HOP + WINDOW  # 1.6 s
_LEVEL = 10 ** (-30 / 20)  # root mean square of the speech that the network was trained on
_QUIETEST = 1e-6
_BATCH = 64  # pieces of 1.6 s

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Voices:
    """The voices of passages. ``means`` are the mean embeddings of their pieces, shape (passages, SIZE), ``pieces``
    the numbers of these."""

    means: Matrix
    pieces: NDArray[np.int64]
    seconds: NDArray[np.float64]

    def only(self, wanted: Sequence[bool]) -> Voices:
        """Return the voices of the passages that are ``wanted``."""
        return Voices(*(each[np.array(wanted)] for each in (self.means, self.pieces, self.seconds)))


def embed(blocks: Iterable[tuple[float, Matrix]], passages: Sequence[Span], progress: Progress = silent) -> Voices:
    """Return the voices of passages, which are in order of their starts. ``blocks`` is all audio in order, as (start in
    seconds, samples). ``progress`` is called with the stage ``voices``.

    Raises ModelError if the network's file is missing or damaged.
    """
    from threadpoolctl import threadpool_limits

    pieces = ((index, piece) for index, cut in enumerate(_cut(blocks, passages)) for piece in _pieces(cut))
    batches = iter(lambda: list(islice(pieces, _BATCH)), [])
    totals, counts = np.zeros((len(passages), SIZE), np.float32), np.zeros(len(passages), np.int64)
    alone = threadpool_limits(1, user_api="blas")  # each batch has its thread already
    with alone, closing(in_order(_encoded, batches, at_a_time())) as results:
        for result in results:
            for index, embedding in result.result():
                totals[index] += embedding
                counts[index] += 1
            progress("voices", passages[index].end, passages[-1].end)
    means = (totals / counts[:, None]).astype(np.float32)
    return Voices(means, counts, np.array([passage.duration for passage in passages]))


def _cut(blocks: Iterable[tuple[float, Matrix]], passages: Sequence[Span]) -> Iterator[Matrix]:
    """Yield the samples of each passage. Only the blocks of the current passage are in memory."""
    source, held, held_at = iter(blocks), np.zeros(0, np.float32), 0
    for passage in passages:
        first, last = round(passage.start * RATE), round(passage.end * RATE)
        while held_at + len(held) < last and (block := next(source, None)):
            drop = min(len(held), max(0, first - held_at))
            held, held_at = np.concatenate([held[drop:], block[1]]), held_at + drop
        yield held[max(0, first - held_at) : max(0, last - held_at)]


def _pieces(samples: Matrix) -> Matrix:
    """Return pieces of 1.6 s that do not overlap, shape (pieces, _SAMPLES). Shorter speech is repeated."""
    if len(samples) < _SAMPLES:
        samples = np.resize(samples, _SAMPLES)
    starts = np.linspace(0, len(samples) - _SAMPLES, len(samples) // _SAMPLES).astype(int)
    return np.stack([samples[start : start + _SAMPLES] for start in starts])


def _encoded(batch: Sequence[tuple[int, Matrix]], stop: threading.Event) -> list[tuple[int, Matrix]]:
    """Return the embedding, of length 1, of each piece; the number of its passage stays beside it."""
    weights, numbers, pieces = _weights(), [number for number, _ in batch], np.stack([piece for _, piece in batch])
    loudness = np.sqrt(np.mean(pieces**2, axis=1, keepdims=True))
    levelled = pieces * (_LEVEL / np.maximum(loudness, _QUIETEST))
    windows = np.lib.stride_tricks.sliding_window_view(levelled, WINDOW, axis=1)[:, ::HOP].reshape(-1, WINDOW)
    steps = mel_power(windows, _MELS).reshape(_MELS, -1, _FRAMES).transpose(2, 1, 0)  # (frames, pieces, bands)
    for layer in range(LAYERS):
        steps = _lstm(steps, *(weights[f"{name}.{layer}"] for name in ("input", "state", "bias")))
    raw = np.maximum(0.0, steps[-1] @ weights["out"] + weights["out.bias"])
    return list(zip(numbers, raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), _QUIETEST), strict=True))


def _lstm(steps: Matrix, by_input: Matrix, by_state: Matrix, bias: Matrix) -> Matrix:
    """Return the states of an LSTM layer, shape (frames, pieces, SIZE). The gates are ordered as in PyTorch."""
    states = np.empty((*steps.shape[:2], SIZE), np.float32)
    state = cell = np.zeros(states.shape[1:], np.float32)
    driven = np.ascontiguousarray(steps) @ by_input + bias
    for at, gates in enumerate(driven):
        gates += state @ by_state
        entering, staying, _, leaving = np.split(0.5 + 0.5 * np.tanh(0.5 * gates), 4, axis=1)  # the logistic function
        cell = staying * cell + entering * np.tanh(gates[:, 2 * SIZE : 3 * SIZE])
        states[at] = state = leaving * np.tanh(cell)
    return states


@cache
def _weights() -> dict[str, Matrix]:
    try:
        arrays = read_arrays(MODEL_FILE, MODEL_SHA256)
    except (OSError, ValueError) as error:
        raise ModelError(
            "{path}: the voice model is missing or damaged; reinstall quotecast", path=MODEL_FILE
        ) from error
    return {name: array.astype(np.float32) for name, array in arrays.items()}
