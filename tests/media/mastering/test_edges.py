"""What sounds beside a voice and is no part of it is found, and whether quiet parts the two."""

import numpy as np
import pytest

from media.mastering import beside, has_voice, is_silent
from media.waveform import Waveform
from tests.media.mastering.voices import RATE, voice


def mirrored(sound: Waveform) -> Waveform:
    return Waveform(sound.samples[::-1].copy(), sound.rate)


def test_a_word_before_the_voice_is_left_out_by_a_cut_in_the_quiet_between() -> None:
    found = beside(voice((0.5, 0.7), (0.8, 2.0), duration=2.5), (0.8, 2.0), (0.2, 0.8), before=True)
    assert found is not None
    assert found.clean
    assert 0.69 <= found.low < found.high <= 0.8


def test_so_is_one_after_it() -> None:
    found = beside(mirrored(voice((0.5, 0.7), (0.8, 2.0), duration=2.5)), (0.5, 1.7), (1.7, 2.3), before=False)
    assert found is not None
    assert found.clean
    assert 1.7 <= found.low < found.high <= 1.81


@pytest.mark.parametrize("before", [True, False])
def test_where_no_quiet_parts_them_that_is_told_and_the_cut_stays_with_the_voice(before: bool) -> None:
    sound = voice((0.5, 2.0), duration=2.5)
    found = beside(sound if before else mirrored(sound), (0.9, 1.6), (0.1, 0.9) if before else (1.6, 2.4), before)
    assert found is not None
    assert not found.clean
    edge = 0.9 if before else 1.6
    assert edge - 0.03 < found.low < found.high < edge + 0.03


def softer(sound: Waveform, start: float, end: float, factor: float) -> Waveform:
    samples = sound.samples.copy()
    samples[round(start * RATE) : round(end * RATE)] *= factor
    return Waveform(samples, sound.rate)


def test_a_sound_that_stays_as_it_is_before_a_gap_is_no_dying_voice() -> None:
    """The hiss of "Straße" after "die": the stop that comes after it is no place to cut."""
    sound = softer(voice((0.5, 2.04), (2.14, 2.5), duration=3.0, steady=True), 1.9, 2.04, 0.4)
    found = beside(sound, (0.5, 1.9), (1.9, 2.8), before=False)
    assert found is not None
    assert not found.clean
    assert found.high < 1.93


def test_a_gap_as_short_as_a_stop_is_clean_and_the_cut_stays_with_the_voice() -> None:
    found = beside(voice((0.5, 2.0), (2.07, 2.5), duration=3.0), (0.5, 2.0), (2.0, 2.8), before=False)
    assert found is not None
    assert found.clean
    assert 1.97 < found.low < found.high < 2.03


def test_a_cut_is_no_nearer_to_the_other_sound_than_to_the_voice() -> None:
    found = beside(voice((0.5, 2.0), (2.3, 2.6), duration=3.0), (0.5, 2.0), (2.0, 2.8), before=False)
    assert found is not None
    assert found.high == pytest.approx(2.15, abs=0.02)


@pytest.mark.parametrize(("factor", "dips"), [(0.4, True), (1.0, False)])
def test_where_a_voice_becomes_softer_as_another_begins_that_is_known(factor: float, dips: bool) -> None:
    sound = softer(voice((0.5, 2.5), duration=3.0, steady=True), 1.39, 1.41, factor)
    found = beside(sound, (0.5, 1.4), (1.4, 2.8), before=False)
    assert found is not None
    assert (found.clean, found.dips) == (False, dips)


def test_a_voice_between_two_words_is_told_from_silence_and_from_how_they_end_and_begin() -> None:
    assert has_voice(voice((0.5, 1.0), (1.3, 1.6), (2.0, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 1.1), (1.96, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 2.5), duration=3.0), 1.0, 1.1)


@pytest.mark.parametrize("before", [True, False])
def test_silence_a_breath_and_an_onset_are_no_word(before: bool) -> None:
    sound = voice((0.96, 2.04), duration=3.0)
    breath = slice(round(0.6 * RATE), round(0.8 * RATE))
    sound.samples[breath] += 0.01 * np.random.default_rng(2).standard_normal((breath.stop - breath.start, 1))
    if before:
        assert beside(sound, (1.0, 2.0), (0.3, 1.0), before) is None
    else:
        assert beside(mirrored(sound), (1.0, 2.0), (2.0, 2.7), before) is None


def test_over_music_as_loud_as_the_voice_nothing_is_told() -> None:
    sound = voice((0.5, 0.7), (0.8, 2.0), duration=2.5)
    sound.samples[:] += 0.3 * np.random.default_rng(3).standard_normal(sound.samples.shape).astype(np.float32)
    assert beside(sound, (0.8, 2.0), (0.2, 0.8), before=True) is None


def test_a_pause_of_no_length_holds_nothing() -> None:
    assert beside(voice((0.5, 2.0), duration=2.5), (0.9, 1.6), (0.9, 0.9), before=True) is None


def test_where_nothing_sounds_near_a_voice_no_word_is() -> None:
    sound = voice((0.5, 2.0), duration=4.0)
    assert is_silent(sound, 2.1, 2.5)
    assert not is_silent(sound, 1.7, 2.1)
    assert not is_silent(sound, 2.1, 2.15)
    assert not is_silent(voice(duration=4.0), 1.0, 2.0)


def test_what_rises_and_falls_far_below_a_voice_may_be_a_word_that_is_said_from_afar() -> None:
    sound = voice((0.5, 2.0), duration=4.0)
    far = voice((2.6, 2.8), duration=4.0)
    sound.samples[:] += 10 ** (-30 / 20) * far.samples
    assert is_silent(sound, 2.55, 2.85)
    assert not is_silent(sound, 2.55, 2.85, maybe_soft=True)
    assert is_silent(sound, 3.2, 3.6, maybe_soft=True)
