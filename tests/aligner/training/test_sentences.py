"""What is said is drawn by its number, and no voice of the measurements says it."""

import random

import pytest

from aligner.normalization import ALPHABET, readings
from aligner.training import phonemes, sentences, voices


@pytest.mark.parametrize("language", sentences.SHARES)
def test_an_utterance_depends_on_its_number_alone(language):
    assert sentences.plan(language, "sentences", 5, seed=1) == sentences.plan(language, "sentences", 5, seed=1)
    assert sentences.plan(language, "sentences", 5, seed=1) != sentences.plan(language, "sentences", 6, seed=1)


@pytest.mark.parametrize("language", sentences.SHARES)
def test_an_utterance_of_hesitation_has_a_few_words_beside_it_at_most(language):
    pytest.importorskip("wordfreq")
    for number in range(30):
        plan = sentences.hesitation(language, number, seed=1)
        assert plan == sentences.hesitation(language, number, seed=1)
        hesitating = sum(word.text in sentences.HESITATIONS[language] for word in plan.words)
        assert hesitating >= 1
        assert len(plan.words) - hesitating <= 4


@pytest.mark.parametrize("language", sentences.SHARES)
def test_every_sound_of_hesitation_has_letters_and_is_read_as_one_word(language):
    for text in set(sentences.HESITATIONS[language]):
        ((letters, *_),) = readings([text], language)
        assert len(letters) == len(text)
        assert set(letters) <= set(ALPHABET)


@pytest.mark.parametrize("language", sentences.SHARES)
def test_sentences_are_cut_into_pieces_that_can_be_said_at_once(language):
    pieces = sentences.sentences(language)
    assert len(pieces) > 50
    for piece in pieces:
        assert sum(len(word.text) + 1 for word in piece) <= 200
        assert not any(char.isdigit() for word in piece for char in word.text)


@pytest.mark.parametrize("language", sentences.SHARES)
def test_every_word_of_the_sentences_has_letters(language):
    texts = [word.text for piece in sentences.sentences(language) for word in piece]
    assert all(ways[0] and set(ways[0]) <= set(ALPHABET) for ways in readings(texts, language))


def test_no_held_out_voice_is_ever_drawn():
    rng = random.Random(7)
    for language in list(sentences.SHARES) * 200:
        blend = voices.draw_voice(language, rng)
        assert not voices.HELD_OUT & {name for name, _ in blend}
        assert sum(weight for _, weight in blend) == pytest.approx(1, abs=0.01)
        assert 0.25 <= blend[0][1] <= 0.6


def test_the_languages_shares_sum_to_one():
    assert sum(sentences.SHARES.values()) == pytest.approx(1)


def test_haste_never_silences_a_word():
    rng = random.Random(2)
    for _ in range(50):
        assert all(phonemes.worn(["ʒə", "kˈatʁ", "a", "pətˈi"], rng, haste=1.0))
    assert phonemes.worn(["kˈatʁ"], rng, haste=1.0) == ["kˈat"]
    assert phonemes.worn(["kˈatʁ"], rng, haste=0.0) == ["kˈatʁ"]


def test_a_word_broken_off_keeps_its_beginning():
    assert phonemes.broken_off("bɔ̃ʒuʁ", 0.5) == "bɔ̃"
    assert phonemes.broken_off("a", 0.1) == "a"


def test_a_hesitation_lengthens_the_last_vowel():
    assert phonemes.drawn_out("dɑ̃", 2) == "dɑ̃ːː"
    assert phonemes.drawn_out("kə", 1) == "kəː"
    assert phonemes.drawn_out("pst", 3) == "pst"
