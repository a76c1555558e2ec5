"""Windows: all speech is kept once, silence is left out, and each window holds the sound that is there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.emissions import FRAME
from aligner.model import Span
from aligner.recognition.letters.encoder import WINDOW_FRAMES, WINDOW_HOPS
from aligner.recognition.letters.mel import MELS
from aligner.recognition.letters.windows import Window, WindowOptions, cut_windows, plan_windows

OPTIONS = WindowOptions()


@st.composite
def speech(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Disjoint spans of speech in order, and the number of frames of the sound."""
    lengths = st.floats(0.0, 40.0)
    spans, now = [], draw(st.sampled_from([0.0, 0.3, 50.0]))
    for _ in range(draw(st.integers(0, 6))):
        end = now + draw(lengths) + 0.05
        spans.append(Span(now, end))
        now = end + draw(lengths) + 0.01
    return spans, int(np.ceil(now / FRAME)) + 1


@given(speech())
@settings(max_examples=200, deadline=None)
def test_every_frame_of_speech_is_kept_by_one_window_and_no_frame_by_two(episode: tuple[list[Span], int]) -> None:
    spans, frames = episode
    times = np.zeros(frames, np.int64)
    for window in plan_windows(spans, frames):
        times[window.keep : window.stop] += 1
    assert times.max(initial=0) <= 1
    for span in spans:
        assert (times[int(span.start / FRAME) : min(frames, int(span.end / FRAME) + 1)] == 1).all()


@given(speech())
@settings(max_examples=200, deadline=None)
def test_windows_are_in_order_and_what_they_keep_has_sound_around_it(episode: tuple[list[Span], int]) -> None:
    spans, frames = episode
    windows = plan_windows(spans, frames)
    for window in windows:
        assert 0 <= window.keep < window.stop <= frames
        assert window.keep - window.start >= OPTIONS.margin_frames
        assert window.start + WINDOW_FRAMES - window.stop >= OPTIONS.margin_frames
    assert all(a.stop <= b.keep and a.start < b.start for a, b in pairwise(windows))


def test_a_long_silence_is_skipped_and_a_short_pause_is_not() -> None:
    talk = [Span(10, 20), Span(21, 30), Span(300, 310)]
    kept = np.zeros(20_000, bool)
    for window in plan_windows(talk, len(kept)):
        kept[window.keep : window.stop] = True
    assert kept[round(20.5 / FRAME)]
    assert not kept[round(60 / FRAME) : round(299 / FRAME)].any()
    assert not kept[: round(9 / FRAME)].any()


def test_sound_without_speech_needs_no_window() -> None:
    assert plan_windows([], 5000) == []


def blocks(mel: np.ndarray, sizes: list[int]) -> Iterator[np.ndarray]:
    now = 0
    for size in sizes:
        yield mel[:, now : now + size]
        now += size
    yield mel[:, now:]


@given(speech(), st.lists(st.integers(0, 4000), max_size=6), st.integers(-1, 1))
@settings(max_examples=40, deadline=None)
def test_windows_cut_from_blocks_hold_what_a_direct_cut_holds(
    episode: tuple[list[Span], int], sizes: list[int], more: int
) -> None:
    spans, frames = episode
    length = 2 * frames + more
    mel = np.tile(np.arange(length, dtype=np.float32), (MELS, 1))
    windows = plan_windows(spans, frames)
    padded = np.pad(mel, ((0, 0), (WINDOW_HOPS, 2 * WINDOW_HOPS)), constant_values=-10)
    cut = list(cut_windows(blocks(mel, sizes), windows))
    assert [window for window, _ in cut] == windows
    for window, found in cut:
        first = 2 * window.start + WINDOW_HOPS
        assert np.array_equal(found, padded[:, first : first + WINDOW_HOPS])


def test_a_sound_shorter_than_a_window_is_one_window_with_silence_around_it() -> None:
    (window,) = plan_windows([Span(0.2, 1.8)], 100)
    assert (window.keep, window.stop) == (0, 100)
    ((_, mel),) = cut_windows([np.zeros((MELS, 200), np.float32)], [window])
    assert mel.shape == (MELS, WINDOW_HOPS)
    before = -2 * window.start
    assert (mel[:, before : before + 200] == 0).all()
    assert mel[:, :before] == pytest.approx(-10)
    assert mel[:, before + 200 :] == pytest.approx(-10)


def test_blocks_are_asked_for_as_they_are_needed() -> None:
    asked = 0

    def endless() -> Iterator[np.ndarray]:
        nonlocal asked
        while True:
            asked += 1
            yield np.zeros((MELS, 1000), np.float32)

    windows = [Window(start, start + 50, start + 700) for start in range(0, 65_000, 650)]
    cut = cut_windows(endless(), windows)
    for number in range(1, len(windows)):
        next(cut)
        assert (asked - 2) * 1000 <= 2 * 650 * number + WINDOW_HOPS
