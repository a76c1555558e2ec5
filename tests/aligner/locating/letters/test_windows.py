"""Cutting into windows: every word is sought once, where it can be, and the work grows with the episode."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.letters.anchors import LETTER_FRAMES, MOST_HIDDEN, Anchors, Window, plan_windows

UNANCHORED = (-1, -1)


@st.composite
def episodes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Words that follow each other with pauses now and then, some of them anchored; lengths, anchors and frames."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, seen = draw(st.integers(0, 120)), draw(st.sampled_from([0.0, 0.1, 0.7, 1.0]))
    lengths = rng.integers(0, 12, count)
    pauses = np.where(rng.random(count + 1) < 0.1, rng.integers(0, 1500, count + 1), rng.integers(0, 10, count + 1))
    took = np.maximum(1, (lengths * rng.uniform(0.2, 6, count)).astype(np.int64))
    starts = np.cumsum(pauses[:-1]) + np.append(0, np.cumsum(took))[:-1]
    anchors = np.column_stack([starts, starts + took]).astype(np.int64)
    anchors[(rng.random(count) >= seen) | (lengths == 0)] = UNANCHORED
    return lengths, anchors, int(pauses.sum() + took.sum()) + 1


def planned(lengths: np.ndarray, anchors: np.ndarray, frames: int) -> list[Window]:
    """Stretches for anchors that nothing speaks against: of two anchored words, the second is clear."""
    sought, clear = np.flatnonzero(lengths), np.zeros(len(lengths), bool)
    clear[sought[1:]] = (anchors[sought[1:], 0] >= 0) & (anchors[sought[:-1], 0] >= 0)
    share = np.where(anchors[:, 0] >= 0, 1.0, 0.0)
    none = np.zeros(len(lengths), bool)
    return plan_windows(lengths, Anchors(anchors, share, clear, none, np.empty((0, 2), np.int64), none), frames)


def own(window: Window) -> list[int]:
    return window.words[window.first : window.last].tolist()


def evenly(count: int, letters: int = 5, frames: int = 20, start: int = 0) -> np.ndarray:
    """Anchors of words of ``letters`` letters that follow each other without a pause."""
    starts = start + frames * np.arange(count)
    return np.column_stack([starts, starts + frames - 2])


@given(episodes())
@settings(max_examples=150, deadline=None)
def test_every_word_is_sought_once_unless_it_is_deep_in_a_run_that_the_sound_cannot_hold(episode) -> None:
    lengths, anchors, frames = episode
    windows = planned(lengths, anchors, frames)
    if not windows:
        assert (anchors < 0).all()  # and then the sound is much longer than the words, if there are any
        assert not lengths.any() or frames > 4 * LETTER_FRAMES * lengths.sum()
        return
    sought = [word for window in windows for word in own(window)]
    assert sought == sorted(set(sought))
    seen = anchors[:, 0] >= 0
    assert set(np.flatnonzero(seen)) <= set(sought)
    for word in set(np.flatnonzero(lengths).tolist()) - set(sought):
        before = [k for k in range(word) if seen[k]]
        after = [k for k in range(word + 1, len(lengths)) if seen[k]]
        first, last = (before[-1] + 1 if before else 0), (after[0] if after else len(lengths))
        run = [k for k in range(first, last) if lengths[k]]
        room = (anchors[last, 0] if after else frames) - (anchors[first - 1, 1] if before else 0)
        assert lengths[run].sum() * LETTER_FRAMES > 2 * room
        assert MOST_HIDDEN <= run.index(word) < len(run) - MOST_HIDDEN


@given(episodes())
@settings(max_examples=150, deadline=None)
def test_a_window_is_a_rising_part_of_the_sound_with_every_anchor_of_its_words_in_it(episode) -> None:
    lengths, anchors, frames = episode
    for window in planned(lengths, anchors, frames):
        assert 0 <= window.first < window.last <= len(window.words)
        assert len(window.frames)
        assert 0 <= window.frames[0] <= window.frames[-1] < frames
        assert (np.diff(window.frames) > 0).all()
        for start, stop in anchors[own(window)]:
            if start >= 0:
                assert np.isin(np.arange(start, stop), window.frames).all()


def test_the_middle_of_a_long_foreign_passage_is_not_searched() -> None:
    foreign = 20_000
    anchors = np.concatenate([evenly(50), evenly(50, start=1000 + foreign)])
    searched = np.unique(np.concatenate([s.frames for s in planned(np.full(100, 5), anchors, 3000 + foreign)]))
    assert not ((searched > 1500) & (searched < 1000 + foreign - 500)).any()
    assert np.isin(np.arange(1000), searched).all()


def test_words_without_anchors_beside_an_advert_are_sought_up_to_both_anchored_words() -> None:
    hidden, advert = 20, 1500
    lengths = np.full(100 + hidden, 5)
    anchors = np.concatenate([evenly(50), np.full((hidden, 2), -1), evenly(50, start=1000 + 20 * hidden + advert)])
    frames = 2000 + 20 * hidden + advert
    sought = {word: window.frames for window in planned(lengths, anchors, frames) for word in own(window)}
    for k in range(hidden):
        said_before_the_advert, said_after_it = 1000 + 20 * k, 1000 + advert + 20 * k
        assert said_before_the_advert in sought[50 + k]
        assert said_after_it in sought[50 + k]


def test_the_cells_of_the_search_grow_as_the_episode_does() -> None:
    def cells(words: int) -> int:
        rng = np.random.default_rng(5)
        lengths, anchors = rng.integers(1, 10, words), evenly(words)
        anchors[rng.random(words) < 0.3] = UNANCHORED
        anchors[words // 3 : words // 3 + 80] = UNANCHORED
        windows = planned(lengths, anchors, 20 * words + 100)
        return sum(int(lengths[s.words].sum()) * len(s.frames) for s in windows)

    assert cells(8000) < 4.4 * cells(2000)
