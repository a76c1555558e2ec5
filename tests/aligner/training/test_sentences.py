"""Planned utterances are short and readable, and use no voice held out for evaluation."""

import random

import pytest

from aligner.normalization import ALPHABET, readings
from aligner.training import sentences
from tests.tables import over_rows


@over_rows("language", list(sentences.SHARES))
def test_sentences_are_split_into_short_pieces_of_words_with_letters(language):
    pieces = sentences.sentences(language)
    assert len(pieces) > 50
    for piece in pieces:
        assert sum(len(word.text) + 1 for word in piece) <= 200
        assert not any(char.isdigit() for word in piece for char in word.text)
    texts = [word.text for piece in pieces for word in piece]
    assert all(ways[0] and set(ways[0]) <= set(ALPHABET) for ways in readings(texts, language))


def test_no_held_out_voice_is_ever_drawn():
    rng = random.Random(7)
    for language in list(sentences.SHARES) * 200:
        blend = sentences.draw_voice(language, rng)
        assert not sentences.HELD_OUT & {name for name, _ in blend}
        assert sum(weight for _, weight in blend) == pytest.approx(1, abs=0.01)
        assert 0.25 <= blend[0][1] <= 0.6
