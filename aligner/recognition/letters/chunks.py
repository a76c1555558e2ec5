"""Which chunks of an episode the encoder sees, and which frames of each are kept.

Conventions
-----------
Frames are ``FRAME`` seconds. Chunks overlap: of each only the inside is kept, for at its edges the encoder lacks
context. Stretches without speech are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aligner.emissions import FRAME
from aligner.model import Span
from aligner.recognition.letters.encoder import CHUNK_FRAMES, CHUNK_HOPS, HOPS, MELS, SILENCE, Mel

MARGIN_FRAMES = 50  # at each edge of a chunk, not kept
AROUND_FRAMES = 25  # kept around speech: words begin before a detector sees them, and pauses need emissions too
SKIP_FRAMES = 100  # a stretch without speech at least this long is left out


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk that begins at frame ``start``, perhaps before the file does, of which ``[keep, stop)`` is kept."""

    start: int
    keep: int
    stop: int


def plan_chunks(speech: Sequence[Span], frames: int) -> list[Chunk]:
    """Chunks that together keep every frame of speech once."""
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
    """Stretches of frames that hold speech, disjoint and in order."""
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
    """Each chunk with its spectrogram, shape (80, 1500), out of blocks that follow each other from the file's start.

    What lies beyond the file's ends is silence. Only what the chunks at hand need is held.
    """
    source = iter(blocks)
    held = np.empty((MELS, 0), np.float32)
    held_at = 0
    for chunk in chunks:
        first, last = chunk.start * HOPS, chunk.start * HOPS + CHUNK_HOPS
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
            chunk,
            np.pad(mel, ((0, 0), (before, CHUNK_HOPS - before - mel.shape[1])), constant_values=SILENCE),
        )
