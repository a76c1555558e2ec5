"""What sounds beside a voice and is no part of it is found, and whether quiet parts the two."""

import numpy as np

from media.decode import Waveform
from media.mastering import beside, has_voice, is_silent
from tests.media.mastering.voices import RATE, voice
from tests.tables import over_rows


def mirrored(sound: Waveform) -> Waveform:
    return Waveform(sound.samples[::-1].copy(), sound.rate)


def test_a_word_before_the_voice_is_left_out_by_a_cut_in_the_quiet_between() -> None:
    found = beside(voice((0.5, 0.7), (0.8, 2.0), duration=2.5), (0.8, 2.0), (0.2, 0.8), before=True)
    assert found is not None
    assert found.clean
    assert 0.69 <= found.low < found.high <= 0.8


@over_rows("before", [True, False])
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


def test_a_gap_as_short_as_a_stop_is_clean_and_the_cut_stays_with_the_voice() -> None:
    found = beside(voice((0.5, 2.0), (2.07, 2.5), duration=3.0), (0.5, 2.0), (2.0, 2.8), before=False)
    assert found is not None
    assert found.clean
    assert 1.97 < found.low < found.high < 2.03


@over_rows("factor, dips", [(0.4, True), (1.0, False)])
def test_where_a_voice_becomes_softer_as_another_begins_that_is_known(factor: float, dips: bool) -> None:
    sound = softer(voice((0.5, 2.5), duration=3.0, steady=True), 1.39, 1.41, factor)
    found = beside(sound, (0.5, 1.4), (1.4, 2.8), before=False)
    assert found is not None
    assert (found.clean, found.dips) == (False, dips)


def test_a_voice_between_two_words_is_told_from_silence_and_from_how_they_end_and_begin() -> None:
    assert has_voice(voice((0.5, 1.0), (1.3, 1.6), (2.0, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 1.1), (1.96, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 2.5), duration=3.0), 1.0, 1.1)


@over_rows("before", [True, False])
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


def test_where_nothing_sounds_near_a_voice_no_word_is() -> None:
    sound = voice((0.5, 2.0), duration=4.0)
    assert is_silent(sound, 2.1, 2.5)
    assert not is_silent(sound, 1.7, 2.1)
    assert not is_silent(sound, 2.1, 2.15)
    assert not is_silent(voice(duration=4.0), 1.0, 2.0)
