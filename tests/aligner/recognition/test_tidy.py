"""Corrections of a recogniser's words: bias, pauses, loops, order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import RecognisedWord, Span
from aligner.recognition.asr import monotonic, tidy

SPEECH = [Span(1.0, 2.0), Span(3.0, 4.0)]


def test_a_word_in_running_speech_starts_later_by_whispers_bias() -> None:
    (word,) = tidy([RecognisedWord("abeille", 1.2, 1.4)], [Span(0.5, 5.0)], 5.0)
    assert (word.start, word.end) == pytest.approx((1.23, 1.4))


def test_a_word_starts_and_ends_with_speech_not_in_silence() -> None:
    assert tidy([RecognisedWord("miel", 2.4, 3.3)], SPEECH, 5.0)[0].start == 3.0
    for end in (1.8, 2.5):
        assert tidy([RecognisedWord("ruche", 1.5, end), RecognisedWord("et", 3.1, 3.3)], SPEECH, 5.0)[0].end == 2.0


def test_endless_repetitions_are_reduced_to_one_and_natural_ones_remain() -> None:
    loop = [RecognisedWord(text, 10.0 + k, 10.5 + k) for k, text in enumerate(["Merci", "à", "tous."] * 12)]
    words = tidy([RecognisedWord("Bien.", 1.0, 1.5), *loop, RecognisedWord("Alors", 50.0, 50.5)], [Span(0, 60)], 60.0)
    assert [word.text for word in words] == ["Bien.", "Merci", "à", "tous.", "Alors"]
    said = ["non", "non", "non", "non", "très", "très", "très", "bien"]
    words = [RecognisedWord(text, float(k), k + 0.5) for k, text in enumerate(said)]
    assert [word.text for word in tidy(words, [Span(0, 20)], 20.0)] == said


times = st.floats(-5, 40)


@given(st.lists(st.builds(RecognisedWord, st.sampled_from("abcde"), times, times), max_size=40))
def test_starts_never_decrease_and_ends_follow_starts_inside_the_audio(words: list[RecognisedWord]) -> None:
    for ordered in (monotonic(words, 30.0), tidy(words, SPEECH, 30.0)):
        assert all(0 <= word.start < word.end <= 30.0 + 1e-9 for word in ordered)
        assert all(a.start <= b.start for a, b in itertools.pairwise(ordered))
