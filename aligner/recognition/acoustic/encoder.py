"""Whisper's encoder: its spectrogram, the chunks that it encodes, and the repeated speech that it skips.

If a sentence is said twice in a chunk, Whisper's encoder skips most of the second utterance and some of the first: half
of the letters or more are missing from the emissions. If the rest of the chunk is muted, an utterance is encoded like
any other speech. The length of an utterance is unknown, so the part that is not muted is halved until letters appear.

Conventions
-----------
- Samples are float32 mono, ``RATE`` a second. A spectrogram has shape (80, frames), one frame for every ``HOP``
  samples; frame k is centred on sample ``k HOP``; outside the file there is silence. Values are log10 of mel power
  until ``clamp`` scales them as in the encoder's training.
- A chunk is ``CHUNK`` seconds of clamped log-mel, shape (80, 1500). The encoder turns it into 750 frames of 512
  features, one for every ``FRAME`` seconds; frame t is centred on second ``t FRAME`` of the chunk.
- Chunks overlap: only the middle of each is used, since the encoder has too little context at the edges. Long silence
  is skipped.
- Flags and values have one row for each frame of a chunk; a spectrogram has ``HOPS`` columns for each frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import CLASSES, FRAME
from aligner.errors import ModelError
from aligner.model import Span
from aligner.spans import runs

Samples = NDArray[np.float32]
Mel = NDArray[np.float32]
Features = NDArray[np.float32]

RATE = 16000
HOP = 160
MELS = 80
WINDOW = 400
_FLOOR = 1e-10  # of power, as Whisper has it
SILENCE = -10.0  # log10 of it
_RANGE = 8.0  # log10 below the loudest value that Whisper keeps
_BATCH = 3000  # frames transformed at a time: half a minute, a few MB

CHUNK = 15.0  # seconds; the cost of attention is quadratic, so this takes half the work of Whisper's own 30 s
CHUNK_HOPS = round(CHUNK * RATE / HOP)
CHUNK_FRAMES = round(CHUNK / FRAME)
HOPS = round(FRAME * RATE / HOP)  # spectrogram frames per frame


class Encoder:
    """The encoder of the Whisper model in ``folder``. At most ``workers`` threads may call ``encode`` at the same time.

    Raises ModelError if the model does not load, or does not accept 80 mel bands.
    """

    def __init__(self, folder: Path, workers: int = 1) -> None:
        import ctranslate2

        try:
            self._model = ctranslate2.models.Whisper(
                str(folder), device="cpu", compute_type="int8", inter_threads=workers, intra_threads=1
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError("{path}: the model does not load ({detail})", path=folder, detail=error) from error
        if self._model.n_mels != MELS:
            raise ModelError(
                "{path}: takes {bands} mel bands; acoustic alignment needs {expected}",
                path=folder,
                bands=self._model.n_mels,
                expected=MELS,
            )

    def encode(self, chunk: Mel, ask_language: bool = False) -> tuple[Features, dict[str, float]]:
        """Return the features of a chunk, shape (frames / 2, 512), and the probability of each language. Without
        ``ask_language``, the languages are an empty dict. ``chunk`` is a clamped spectrogram."""
        from ctranslate2 import StorageView

        encoded = self._model.encode(StorageView.from_array(np.ascontiguousarray(chunk[None])), to_cpu=True)
        likely: dict[str, float] = {}
        if ask_language and self._model.is_multilingual:
            found = self._model.detect_language(encoded)[0]
            likely = {token.strip("<|>"): probability for token, probability in found}
        elif ask_language:
            likely = {"en": 1.0}
        features: Features = np.array(encoded, np.float32)[0]
        return features, likely


def log_mel(samples: Samples) -> Mel:
    """Return the spectrogram of samples, shape (80, ceil(n / HOP)), not clamped."""
    found = list(mel_blocks([samples]))
    return np.concatenate(found, axis=1) if found else np.empty((MELS, 0), np.float32)


def mel_blocks(blocks: Iterable[Samples]) -> Iterator[Mel]:
    """Yield the spectrogram of consecutive blocks of samples, as consecutive blocks of frames."""
    buffer = np.zeros(WINDOW // 2, np.float32)
    total = done = 0
    for samples in blocks:
        total += len(samples)
        buffer = np.concatenate([buffer, samples])
        ready = (len(buffer) - WINDOW) // HOP + 1
        if ready > 0:
            yield from _transformed(buffer, ready)
            buffer = buffer[ready * HOP :]
            done += ready
    left = -(-total // HOP) - done
    if left > 0:
        yield from _transformed(np.pad(buffer, (0, WINDOW)), left)


def clamp(mel: Mel) -> Mel:
    """Return a chunk's spectrogram, scaled as in Whisper. Values more than 8 below the maximum are raised to that
    limit.

    The acoustic model was trained with such spectrograms. The formula is from Whisper's ``log_mel_spectrogram`` (MIT).
    """
    clamped: Mel = ((np.maximum(mel, mel.max() - _RANGE) + 4.0) / 4.0).astype(np.float32, copy=False)
    return clamped


def _transformed(samples: Samples, frames: int) -> Iterator[Mel]:
    """Yield the spectrogram of ``samples`` in blocks, ``frames`` frames in all. The first frame is centred on sample
    ``WINDOW / 2``."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP][:frames]
    for first in range(0, frames, _BATCH):
        yield np.log10(np.maximum(mel_power(windows[first : first + _BATCH]), _FLOOR))


def mel_power(windows: Samples, bands: int = MELS) -> Mel:
    """Return the power in mel bands, shape (bands, frames), of windows of samples, shape (frames, WINDOW)."""
    hann = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft(windows * hann, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    mel: Mel = _filters(bands) @ power.T.astype(np.float32)
    return mel


@cache
def _filters(bands: int) -> NDArray[np.float32]:
    """Return the mel filter bank: triangular filters of equal area, evenly spaced in mel, shape (bands, 201).

    The mel scale is that of Slaney's Auditory Toolbox (Interval Technical Report 1998-010). Below 1 kHz it is linear,
    with 15 mel at 1 kHz. Above, each factor of 6.4 in frequency adds 27 mel.
    """
    top = 15.0 + 27.0 * np.log(RATE / 2 / 1000) / np.log(6.4)
    mels = np.linspace(0.0, top, bands + 2)
    edges = np.where(mels < 15.0, mels * 200 / 3, 1000 * np.exp((mels - 15.0) * np.log(6.4) / 27.0))
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    filters: NDArray[np.float32] = (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    return filters


MARGIN_FRAMES = 50  # dropped at each edge of a chunk
AROUND_FRAMES = 25  # kept around speech: words begin before the detector finds them, and pauses need emissions too
SKIP_FRAMES = 100  # silence of at least this length is skipped


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of audio that begins at frame ``start`` of the episode (possibly negative). Of the chunk's emissions,
    only those for the frames ``[keep, stop)`` of the episode are used."""

    start: int
    keep: int
    stop: int


def plan_chunks(speech: Sequence[Span], frames: int) -> list[Chunk]:
    """Return the chunks to encode; each frame with speech is used in exactly one. ``frames`` counts all frames."""
    kept = CHUNK_FRAMES - 2 * MARGIN_FRAMES
    chunks = []
    for start, stop in _islands(speech, frames):
        for keep in range(start, stop, kept):
            chunks.append(Chunk(keep - MARGIN_FRAMES, keep, min(keep + kept, frames)))
    return [
        Chunk(chunk.start, chunk.keep, min(chunk.stop, following.keep))
        for chunk, following in pairwise([*chunks, Chunk(frames, frames, frames)])
    ]


def _islands(speech: Sequence[Span], frames: int) -> Iterator[tuple[int, int]]:
    start = stop = None
    for span in speech:
        low = max(0, int(span.start / FRAME) - AROUND_FRAMES)
        high = min(frames, int(span.end / FRAME) + 1 + AROUND_FRAMES)
        if start is None or stop is None:
            start, stop = low, high
        elif low - stop < SKIP_FRAMES:
            stop = max(stop, high)
        else:
            yield start, stop
            start, stop = low, high
    if start is not None and stop is not None and start < stop:
        yield start, stop


def cut_chunks(blocks: Iterable[Mel], chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Mel]]:
    """Yield each chunk with its spectrogram, shape (80, 1500). ``blocks`` hold the whole file's spectrogram in order.

    Outside the file there is silence. Only the blocks of the current chunk are in memory.
    """
    source = iter(blocks)
    held = np.empty((MELS, 0), np.float32)
    held_at = 0
    for chunk in chunks:
        first, last = chunk.start * HOPS, chunk.start * HOPS + CHUNK_HOPS
        pieces = [held]
        end = held_at + held.shape[1]
        while end < last and (block := next(source, None)) is not None:
            if end + block.shape[1] <= first:  # skipped silence
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
            chunk,
            np.pad(mel, ((0, 0), (before, CHUNK_HOPS - before - mel.shape[1])), constant_values=SILENCE),
        )


Values = NDArray[np.float16]
Flags = NDArray[np.bool_]
ComputeEmissions = Callable[[Mel], Values]

# Detection of skipped speech. In twenty minutes it also takes seven seconds that were not skipped, mostly hesitations.
_WINDOW_FRAMES = 50  # in which
_BLANK = 0.65  # is the least mean framewise posterior of the blank,
_GAIN = 0.2  # and this much of it must disappear when the part is encoded alone
_AROUND_FRAMES = 15  # left audible around a part
_VAIN = 2  # consecutive parts, too short to halve, in which no letters appear, as in noise; then detection stops
SKIPPED_SPEECH = [_WINDOW_FRAMES, _BLANK, _GAIN, _AROUND_FRAMES, _VAIN, "halved"]  # for the cache's key


def emissions_of(mel: Mel, speech: Flags, compute: ComputeEmissions) -> Values:
    """Return the emissions of a chunk. Speech that the encoder skips is encoded again with the rest of the chunk muted.

    ``mel`` is the chunk's spectrogram, ``speech`` flags its frames of speech, ``compute`` returns a spectrogram's
    emissions.
    """
    values = compute(mel)
    found, mute = np.zeros_like(speech), np.zeros_like(speech)
    vain, most = 0, len(speech)
    while vain < _VAIN:
        run = _longest(_skipped(values, speech & ~mute))
        if run is None:
            break
        part = slice(run.start, min(run.stop, run.start + most))
        size = part.stop - part.start
        alone = compute(_with_only(mel, _around(part, len(speech))))[part]
        if _blank(values[part]).mean() - _blank(alone).mean() >= _GAIN:
            values[part], found[part], vain = alone, True, 0
        elif size >= 2 * _WINDOW_FRAMES:  # the part may contain several copies
            most = size // 2
        else:
            mute[part], vain = True, vain + 1
    if found.any():
        others = ~found
        for run in runs(found):
            others[_around(run, len(speech))] = False
        rest, spoken = compute(_with_only(mel, ~found)), others & speech
        if _blank(rest[spoken]).sum() < _blank(values[spoken]).sum():
            values[others] = rest[others]
    return values


def _longest(flags: Flags) -> slice | None:
    return max(runs(flags), key=lambda run: run.stop - run.start, default=None)


def _skipped(values: Values, speech: Flags) -> Flags:
    """Flag frames that the encoder skipped: windows of speech in which hardly any letter is recognised."""
    skipped = np.zeros(len(speech), bool)
    if len(speech) < _WINDOW_FRAMES:
        return skipped
    blank = np.where(speech, _blank(values), np.float32(-_WINDOW_FRAMES))
    blank = np.convolve(blank, np.ones(_WINDOW_FRAMES, np.float32), "valid")
    for first in np.flatnonzero(blank >= _BLANK * _WINDOW_FRAMES):
        skipped[first : first + _WINDOW_FRAMES] = True
    return skipped


def _blank(values: Values) -> NDArray[np.float32]:
    blank: NDArray[np.float32] = np.exp(values[:, CLASSES].astype(np.float32))
    return blank


def _with_only(mel: Mel, audible: slice | Flags) -> Mel:
    flags = np.zeros(mel.shape[1] // HOPS, bool)
    flags[audible] = True
    return np.where(np.repeat(flags, HOPS), mel, np.float32(SILENCE))


def _around(run: slice, frames: int) -> slice:
    return slice(max(0, run.start - _AROUND_FRAMES), min(frames, run.stop + _AROUND_FRAMES))
