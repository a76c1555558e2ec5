"""Chunks contain all speech once, without long silences, with the right audio."""

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.emissions import FRAME
from aligner.model import Span
from aligner.recognition.acoustic.encoder import CHUNK_HOPS, MELS, cut_chunks, plan_chunks


@st.composite
def speech(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Disjoint spans of speech in order, and the number of frames of the audio."""
    lengths = st.floats(0.0, 40.0)
    spans, now = [], draw(st.sampled_from([0.0, 0.3, 50.0]))
    for _ in range(draw(st.integers(0, 6))):
        end = now + draw(lengths) + 0.05
        spans.append(Span(now, end))
        now = end + draw(lengths) + 0.01
    return spans, int(np.ceil(now / FRAME)) + 1


@given(speech())
@settings(max_examples=200, deadline=None)
def test_every_frame_of_speech_is_in_exactly_one_chunk(episode: tuple[list[Span], int]) -> None:
    spans, frames = episode
    times = np.zeros(frames, np.int64)
    for chunk in plan_chunks(spans, frames):
        times[chunk.keep : chunk.stop] += 1
    assert times.max(initial=0) <= 1
    for span in spans:
        assert (times[int(span.start / FRAME) : min(frames, int(span.end / FRAME) + 1)] == 1).all()


def test_a_long_silence_is_skipped_and_a_short_pause_is_not() -> None:
    talk = [Span(10, 20), Span(21, 30), Span(300, 310)]
    kept = np.zeros(20_000, bool)
    for chunk in plan_chunks(talk, len(kept)):
        kept[chunk.keep : chunk.stop] = True
    assert kept[round(20.5 / FRAME)]
    assert not kept[round(60 / FRAME) : round(299 / FRAME)].any()
    assert not kept[: round(9 / FRAME)].any()


def blocks(mel: np.ndarray, sizes: list[int]) -> Iterator[np.ndarray]:
    now = 0
    for size in sizes:
        yield mel[:, now : now + size]
        now += size
    yield mel[:, now:]


@given(speech(), st.lists(st.integers(0, 4000), max_size=6), st.integers(-1, 1))
@settings(max_examples=40, deadline=None)
def test_chunks_cut_from_blocks_equal_a_direct_cut(
    episode: tuple[list[Span], int], sizes: list[int], more: int
) -> None:
    spans, frames = episode
    length = 2 * frames + more
    mel = np.tile(np.arange(length, dtype=np.float32), (MELS, 1))
    chunks = plan_chunks(spans, frames)
    padded = np.pad(mel, ((0, 0), (CHUNK_HOPS, 2 * CHUNK_HOPS)), constant_values=-10)
    cut = list(cut_chunks(blocks(mel, sizes), chunks))
    assert [chunk for chunk, _ in cut] == chunks
    for chunk, found in cut:
        first = 2 * chunk.start + CHUNK_HOPS
        assert np.array_equal(found, padded[:, first : first + CHUNK_HOPS])
