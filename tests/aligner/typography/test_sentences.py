"""Where sentences end, and which of them are shown."""

from __future__ import annotations

import pytest

from aligner.model import Alignment, Span
from aligner.typography import Sentence, ends_sentence, read_sentences, read_tokens, sentence_words, without_stage
from tests.aligner.captions.spoken import spoken


def sentences(alignment: Alignment, words: range | None = None) -> list[Sentence]:
    return read_sentences(read_tokens(alignment), words)


def texts(found: list[Sentence]) -> list[str]:
    return [" ".join(token.text for token in sentence.tokens) for sentence in found]


@pytest.mark.parametrize(
    ("text", "following", "ends"),
    [
        ("mot.", "Puis", True),
        ("mot »", "Puis", False),
        ("mot ! »", "Puis", True),
        ("mot !", "dit-il", False),
        ("M.", "Martin", False),
        ("C.N.R.S.", "Paris", False),
        ("etc.", "puis", False),
        ("mot", "", True),
        ("終わり。", "次", True),
    ],
)
def test_where_a_sentence_ends(text: str, following: str, ends: bool) -> None:
    assert ends_sentence(text, following) is ends


def test_a_stage_direction_before_speech_stands_alone_and_one_after_it_ends_its_sentence() -> None:
    found = sentences(spoken("(musique) Le phare (il rit) tourne. Encore (un temps)"))
    assert texts(found) == ["[musique]", "Le phare [il rit] tourne.", "Encore [un temps]"]
    assert [sentence.stage for sentence in found] == [True, False, False]
    assert texts(without_stage(found)) == ["Le phare tourne.", "Encore"]


def test_a_sentence_that_nobody_says_is_left_out_with_the_stage_direction_beside_it() -> None:
    assert texts(sentences(spoken("Oui.", "~Le ~phare ~tourne.", "(rires) Bien."))) == ["Oui.", "Bien."]


def test_a_range_of_words_may_begin_inside_a_sentence() -> None:
    assert texts(sentences(spoken("Oui. Le phare tourne. Bien."), range(2, 4))) == ["phare tourne."]


def test_an_untimed_token_is_a_point_where_the_next_timed_one_starts() -> None:
    (sentence,) = sentences(spoken("Le ~grand phare ~tourne."))
    first, second, third, fourth = sentence.spans()
    assert (sentence.start, sentence.end) == (first.start, third.end)
    assert second == Span(third.start, third.start)
    assert fourth == Span(third.end, third.end)


def test_every_word_of_speech_is_in_a_sentence_whether_said_or_not() -> None:
    alignment = spoken("Oui. ~Le ~phare (rires) tourne. —", "Bien")
    assert list(sentence_words(read_tokens(alignment))) == [range(0, 1), range(1, 5), range(5, 6)]
