"""Edges in the quiet, joins without a click, pauses made short."""

import numpy as np
import pytest

from media.decode import Waveform
from media.mastering import join, quietest, tightened
from tests.media.mastering.voices import RATE, voice
from tests.tables import over_rows


def test_in_an_even_pause_a_cut_leaves_as_much_room_as_it_may() -> None:
    sound = voice((1.0, 2.0), duration=3.0)
    assert quietest(sound, 0.75, 1.0, prefer_late=False) == pytest.approx(0.75, abs=0.03)
    assert quietest(sound, 2.0, 2.25, prefer_late=True) == pytest.approx(2.25, abs=0.03)


def test_a_breath_in_the_pause_is_not_cut_through() -> None:
    sound = voice((1.0, 2.0), duration=3.0)
    breath = slice(round(0.78 * RATE), round(0.88 * RATE))
    sound.samples[breath] += 0.02 * np.random.default_rng(2).standard_normal((breath.stop - breath.start, 1))
    assert 0.885 <= quietest(sound, 0.80, 1.0, prefer_late=False) <= 1.0


def test_between_words_that_nearly_touch_the_gap_is_found() -> None:
    sound = voice((0.5, 1.0), (1.02, 1.5), duration=2.0)
    assert quietest(sound, 0.97, 1.05, prefer_late=False) == pytest.approx(1.01, abs=0.006)


@over_rows("channels", [1, 2])
def test_a_clip_begins_and_ends_in_silence_whatever_it_is_cut_from(channels: int) -> None:
    sound = voice((0.0, 3.0), duration=3.0, channels=channels)
    clip = join(sound, [(1.0, 2.0)], fade_in=0.010, fade_out=0.030)
    assert clip.samples.shape == (RATE, channels)
    assert np.abs(clip.samples[:4]).max() < 0.01
    assert np.abs(clip.samples[-4:]).max() < 0.01
    middle = slice(round(0.1 * RATE), round(0.9 * RATE))
    assert np.abs(clip.samples[middle] - sound.samples[RATE:][middle]).max() < 1e-6


def test_a_join_is_no_click_and_takes_no_time() -> None:
    times = np.arange(3 * RATE) / RATE
    samples = np.sin(2 * np.pi * 100 * times).astype(np.float32)[:, None]
    joined = join(Waveform(samples, RATE), [(0.5, 1.0), (2.0034, 2.5)], fade_in=0.01, fade_out=0.01)
    assert joined.duration == pytest.approx(0.5 + 0.497, abs=0.0015)
    steepest = np.abs(np.diff(samples[:, 0])).max()
    assert np.abs(np.diff(joined.samples[:, 0])).max() <= 2 * steepest


def test_a_long_pause_becomes_a_short_one() -> None:
    sound = voice((0.2, 1.2), (3.2, 4.2), duration=4.4)
    parts = tightened(sound, (0.0, 4.4), [(1.2, 3.2)])
    assert parts == [(0.0, pytest.approx(1.4)), (pytest.approx(3.0), 4.4)]


def test_a_short_pause_stays_as_it_is() -> None:
    sound = voice((0.2, 1.2), (1.8, 4.2), duration=4.4)
    assert tightened(sound, (0.0, 4.4), [(1.2, 1.8)]) == [(0.0, 4.4)]


def test_a_pause_in_which_something_sounds_stays_as_it_is() -> None:
    laugh = voice((0.2, 1.2), (2.0, 2.3), (3.2, 4.2), duration=4.4)
    assert tightened(laugh, (0.0, 4.4), [(1.2, 3.2)]) == [(0.0, 4.4)]
