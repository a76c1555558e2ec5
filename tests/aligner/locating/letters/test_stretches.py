"""Cutting into stretches: every word is sought once, where it can be, and the work grows with the episode."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.letters.sights import Sights
from aligner.locating.letters.stretches import Stretch, StretchOptions, plan_stretches

OPTIONS = StretchOptions()
UNSEEN = (-1, -1)


@st.composite
def episodes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Words that follow each other with pauses now and then, some of them in sight; lengths, sights and frames."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, seen = draw(st.integers(0, 120)), draw(st.sampled_from([0.0, 0.1, 0.7, 1.0]))
    lengths = rng.integers(0, 12, count)
    pauses = np.where(rng.random(count + 1) < 0.1, rng.integers(0, 1500, count + 1), rng.integers(0, 10, count + 1))
    took = np.maximum(1, (lengths * rng.uniform(0.2, 6, count)).astype(np.int64))
    starts = np.cumsum(pauses[:-1]) + np.append(0, np.cumsum(took))[:-1]
    sights = np.column_stack([starts, starts + took]).astype(np.int64)
    sights[(rng.random(count) >= seen) | (lengths == 0)] = UNSEEN
    return lengths, sights, int(pauses.sum() + took.sum()) + 1


def planned(lengths: np.ndarray, sights: np.ndarray, frames: int) -> list[Stretch]:
    """Stretches for sights that nothing speaks against: of two words in sight, the second is clear."""
    sought, clear = np.flatnonzero(lengths), np.zeros(len(lengths), bool)
    clear[sought[1:]] = (sights[sought[1:], 0] >= 0) & (sights[sought[:-1], 0] >= 0)
    share = np.where(sights[:, 0] >= 0, 1.0, 0.0)
    return plan_stretches(lengths, Sights(sights, share, clear), frames)


def own(stretch: Stretch) -> list[int]:
    return stretch.words[stretch.first : stretch.last].tolist()


def evenly(count: int, letters: int = 5, frames: int = 20, start: int = 0) -> np.ndarray:
    """Sights of words of ``letters`` letters that follow each other without a pause."""
    starts = start + frames * np.arange(count)
    return np.column_stack([starts, starts + frames - 2])


@given(episodes())
@settings(max_examples=150, deadline=None)
def test_every_word_is_sought_once_unless_it_is_deep_in_a_run_that_the_sound_cannot_hold(episode) -> None:
    lengths, sights, frames = episode
    stretches = planned(lengths, sights, frames)
    if not stretches:
        assert (sights < 0).all()  # and then the sound is much longer than the words, if there are any
        assert not lengths.any() or frames > 4 * OPTIONS.letter_frames * lengths.sum()
        return
    sought = [word for stretch in stretches for word in own(stretch)]
    assert sought == sorted(set(sought))
    seen = sights[:, 0] >= 0
    assert set(np.flatnonzero(seen)) <= set(sought)
    for word in set(np.flatnonzero(lengths).tolist()) - set(sought):
        before = [k for k in range(word) if seen[k]]
        after = [k for k in range(word + 1, len(lengths)) if seen[k]]
        first, last = (before[-1] + 1 if before else 0), (after[0] if after else len(lengths))
        run = [k for k in range(first, last) if lengths[k]]
        room = (sights[last, 0] if after else frames) - (sights[first - 1, 1] if before else 0)
        assert lengths[run].sum() * OPTIONS.letter_frames > 2 * room
        assert OPTIONS.most_hidden <= run.index(word) < len(run) - OPTIONS.most_hidden


@given(episodes())
@settings(max_examples=150, deadline=None)
def test_a_stretch_is_a_rising_part_of_the_sound_with_every_sight_of_its_words_in_it(episode) -> None:
    lengths, sights, frames = episode
    for stretch in planned(lengths, sights, frames):
        assert 0 <= stretch.first < stretch.last <= len(stretch.words)
        assert len(stretch.frames)
        assert 0 <= stretch.frames[0] <= stretch.frames[-1] < frames
        assert (np.diff(stretch.frames) > 0).all()
        for start, stop in sights[own(stretch)]:
            if start >= 0:
                assert np.isin(np.arange(start, stop), stretch.frames).all()


def test_nothing_sought_means_no_stretch() -> None:
    assert planned(np.zeros(0, np.int64), np.zeros((0, 2), np.int64), 0) == []
    assert planned(np.zeros(3, np.int64), np.full((3, 2), -1), 500) == []


def test_one_word_without_a_sight_is_sought_in_all_of_a_short_sound() -> None:
    (stretch,) = planned(np.array([6]), np.array([UNSEEN]), 100)
    assert stretch.frames.tolist() == list(range(100))


def test_words_that_all_are_in_sight_are_cut_into_stretches_of_some_seconds() -> None:
    sights = evenly(200)
    sights[100:] += 80  # a pause
    stretches = planned(np.full(200, 5), sights, 4080)
    assert all(len(s.frames) <= OPTIONS.lengths_frames[1] + 2 * 20 * (OPTIONS.context + 2) for s in stretches)
    assert 100 in [own(s)[0] for s in stretches]


def test_neighbouring_words_are_searched_with_a_stretch_but_are_not_its_own() -> None:
    stretches = planned(np.full(60, 5), evenly(60), 1200)
    middle = stretches[1]
    assert (middle.first, len(middle.words) - middle.last) == (OPTIONS.context, OPTIONS.context)


def test_the_middle_of_a_long_foreign_passage_is_not_searched() -> None:
    foreign = 20_000
    sights = np.concatenate([evenly(50), evenly(50, start=1000 + foreign)])
    searched = np.unique(np.concatenate([s.frames for s in planned(np.full(100, 5), sights, 3000 + foreign)]))
    assert not ((searched > 1500) & (searched < 1000 + foreign - 500)).any()
    assert np.isin(np.arange(1000), searched).all()


def test_long_sound_before_the_first_word_in_sight_and_after_the_last_is_not_searched() -> None:
    stretches = planned(np.full(50, 5), evenly(50, start=20_000), 41_000)
    searched = np.concatenate([s.frames for s in stretches])
    assert searched.min() > 19_000
    assert searched.max() < 22_000


def test_a_few_words_of_which_none_is_in_sight_do_not_make_a_long_sound_be_searched() -> None:
    assert planned(np.array([4, 5, 3]), np.full((3, 2), -1), 50_000) == []


def test_words_without_sights_beside_an_advert_are_sought_up_to_both_words_in_sight() -> None:
    hidden, advert = 20, 1500
    lengths = np.full(100 + hidden, 5)
    sights = np.concatenate(
        [evenly(50), np.full((hidden, 2), -1), evenly(50, start=1000 + 20 * hidden + advert)],
    )
    frames = 2000 + 20 * hidden + advert
    sought = {word: stretch.frames for stretch in planned(lengths, sights, frames) for word in own(stretch)}
    for k in range(hidden):
        said_before_the_advert, said_after_it = 1000 + 20 * k, 1000 + advert + 20 * k
        assert said_before_the_advert in sought[50 + k]
        assert said_after_it in sought[50 + k]


def test_the_cells_of_the_search_grow_as_the_episode_does() -> None:
    def cells(words: int) -> int:
        rng = np.random.default_rng(5)
        lengths, sights = rng.integers(1, 10, words), evenly(words)
        sights[rng.random(words) < 0.3] = UNSEEN
        sights[words // 3 : words // 3 + 80] = UNSEEN
        stretches = planned(lengths, sights, 20 * words + 100)
        return sum(int(lengths[s.words].sum()) * len(s.frames) for s in stretches)

    assert cells(8000) < 4.4 * cells(2000)
