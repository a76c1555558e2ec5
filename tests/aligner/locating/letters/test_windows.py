"""Cutting into windows: every word is sought once, where it can be, and the work grows with the episode."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.letters.anchors import Anchors
from aligner.locating.letters.windows import (
    CONTEXT,
    LENGTHS_FRAMES,
    LETTER_FRAMES,
    MOST_HIDDEN,
    Window,
    plan_windows,
)

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


def test_nothing_sought_means_no_window() -> None:
    assert planned(np.zeros(0, np.int64), np.zeros((0, 2), np.int64), 0) == []
    assert planned(np.zeros(3, np.int64), np.full((3, 2), -1), 500) == []


def test_one_word_without_an_anchor_is_sought_in_all_of_a_short_sound() -> None:
    (window,) = planned(np.array([6]), np.array([UNANCHORED]), 100)
    assert window.frames.tolist() == list(range(100))


def test_words_that_all_are_anchored_are_cut_into_windows_of_some_seconds() -> None:
    anchors = evenly(200)
    anchors[100:] += 80  # a pause
    windows = planned(np.full(200, 5), anchors, 4080)
    assert all(len(s.frames) <= LENGTHS_FRAMES[1] + 2 * 20 * (CONTEXT + 2) for s in windows)
    assert 100 in [own(s)[0] for s in windows]


def test_neighbouring_words_are_searched_with_a_window_but_are_not_its_own() -> None:
    windows = planned(np.full(60, 5), evenly(60), 1200)
    middle = windows[1]
    assert (middle.first, len(middle.words) - middle.last) == (CONTEXT, CONTEXT)


def test_the_middle_of_a_long_foreign_passage_is_not_searched() -> None:
    foreign = 20_000
    anchors = np.concatenate([evenly(50), evenly(50, start=1000 + foreign)])
    searched = np.unique(np.concatenate([s.frames for s in planned(np.full(100, 5), anchors, 3000 + foreign)]))
    assert not ((searched > 1500) & (searched < 1000 + foreign - 500)).any()
    assert np.isin(np.arange(1000), searched).all()


def test_long_sound_before_the_first_anchored_word_and_after_the_last_is_not_searched() -> None:
    windows = planned(np.full(50, 5), evenly(50, start=20_000), 41_000)
    searched = np.concatenate([s.frames for s in windows])
    assert searched.min() > 19_000
    assert searched.max() < 22_000


def test_words_without_anchors_at_an_end_of_the_text_are_sought_at_that_end_of_the_sound_too() -> None:
    few = np.full((3, 2), -1)
    for anchors, end in ((np.concatenate([few, evenly(50, start=20_000)]), 0), (np.concatenate([evenly(50), few]), -1)):
        windows = planned(np.full(53, 5), anchors, 41_000)
        searched = next(window.frames for window in windows if (0 if end == 0 else 52) in own(window))
        assert np.arange(41_000)[end] in searched
        assert 10_000 not in searched


def test_a_few_words_without_anchors_do_not_make_a_long_sound_be_searched() -> None:
    assert planned(np.array([4, 5, 3]), np.full((3, 2), -1), 50_000) == []


def test_words_without_anchors_beside_an_advert_are_sought_up_to_both_anchored_words() -> None:
    hidden, advert = 20, 1500
    lengths = np.full(100 + hidden, 5)
    anchors = np.concatenate(
        [evenly(50), np.full((hidden, 2), -1), evenly(50, start=1000 + 20 * hidden + advert)],
    )
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


def test_a_copy_that_is_not_said_is_not_sought_and_one_that_is_not_written_is_not_searched() -> None:
    lengths, anchors, flags = np.full(20, 5), evenly(20), np.zeros(20, bool)
    unsaid = flags.copy()
    unsaid[5:9] = True
    anchors[5:9] = UNANCHORED
    places = Anchors(anchors, np.ones(20), flags, unsaid, np.array([[100, 150]]), flags)
    windows = plan_windows(lengths, places, 420)
    assert sorted(word for window in windows for word in own(window)) == [*range(5), *range(9, 20)]
    assert not any(((window.frames >= 100) & (window.frames < 150)).any() for window in windows)
