"""How the transcript's text falls into shown tokens."""

from __future__ import annotations

import pytest

from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken


def texts(*paragraphs: str, language: str = "fr") -> list[str]:
    return [token.text for tokens in read_tokens(spoken(*paragraphs, language=language), 42) for token in tokens]


def shown(*paragraphs: str) -> str:
    tokens = [token for tokens in read_tokens(spoken(*paragraphs), 42) for token in tokens]
    return "".join(token.before + token.text for token in tokens).strip()


def test_a_footnote_mark_is_left_out_and_the_full_stop_stays() -> None:
    assert shown("Le tour du monde[1].") == "Le tour du monde."
    assert shown("Le réseau [2]. Puis le câble [3] mouillé.") == "Le réseau. Puis le câble mouillé."


def test_french_punctuation_stands_with_its_word() -> None:
    assert texts("Il dit « bonjour » ; et toi ?") == ["Il", "dit", "« bonjour » ;", "et", "toi ?"]


def test_a_dash_at_the_start_goes_with_the_next_word_and_one_inside_with_the_last() -> None:
    assert texts("— Le phare – dit-il – brûle.") == ["— Le", "phare –", "dit-il –", "brûle."]


def test_a_percent_sign_goes_with_its_number() -> None:
    assert texts("Un vin 100 % rouge") == ["Un", "vin", "100 %", "rouge"]


def test_no_break_spaces_are_kept_as_written() -> None:
    assert shown("Quoi\u00a0? Trente\u202f000 pas") == "Quoi\u00a0? Trente\u202f000 pas"


def test_white_space_shrinks_to_one_space() -> None:
    assert shown("Le  vent \t tourne") == "Le vent tourne"


def test_a_stage_direction_comes_in_brackets() -> None:
    assert shown("Voilà (il rit fort) pourquoi.") == "Voilà [il rit fort] pourquoi."


def test_punctuation_that_does_not_fit_beside_its_word_stands_alone() -> None:
    word = "x" * 41
    assert texts(f"{word} !") == [word, "!"]


@pytest.mark.parametrize("text", ["港のテープでも同じことが起きた。", "เทปที่ท่าเรือก็เกิดเรื่องเดียวกัน"])
def test_a_run_without_spaces_is_cut_into_characters_whose_times_share_its_own(text: str) -> None:
    (tokens,) = read_tokens(spoken(text), 42)
    assert "".join(token.text for token in tokens) == text
    assert len(tokens) > 10
    times = [(token.span.start, token.span.end) for token in tokens if token.span]
    assert times == sorted(times)
    assert len(times) == len(tokens)
    assert times[0][0] == pytest.approx(1.0)


def test_a_line_of_japanese_never_starts_with_a_full_stop() -> None:
    assert not [text for text in texts("はい、そうでした。はい。", language="ja") if text[0] in "、。"]


def test_paragraphs_of_some_words_are_those_of_the_whole_that_have_them() -> None:
    alignment = spoken("Oui. La terre tourne.", "Non, elle dort.", "Bien.", "Et après ?")
    whole = read_tokens(alignment)
    for words in (range(0, 1), range(3, 5), range(4, 8), range(0, len(alignment.words))):
        asked_for = [tokens for tokens in whole if any(token.word in words for token in tokens)]
        assert read_tokens(alignment, words=words) == asked_for
