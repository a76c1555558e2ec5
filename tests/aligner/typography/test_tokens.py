"""The tokens of a transcript."""

from __future__ import annotations

import pytest

from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def texts(*paragraphs: str, language: str = "fr") -> list[str]:
    return [token.text for tokens in read_tokens(spoken(*paragraphs, language=language), 42) for token in tokens]


def shown(*paragraphs: str) -> str:
    tokens = [token for tokens in read_tokens(spoken(*paragraphs), 42) for token in tokens]
    return "".join(token.before + token.text for token in tokens).strip()


@over_rows(
    "text, expected",
    [
        ("Le tour du monde[1].", "Le tour du monde."),
        ("Le réseau [2]. Puis le câble [3] mouillé.", "Le réseau. Puis le câble mouillé."),
        ("Quoi\u00a0? Trente\u202f000 pas", "Quoi\u00a0? Trente\u202f000 pas"),
        ("Le  vent \t tourne", "Le vent tourne"),
        ("Voilà (il rit fort) pourquoi.", "Voilà [il rit fort] pourquoi."),
    ],
)
def test_notes_and_extra_white_space_are_left_out_and_stage_directions_are_in_brackets(
    text: str, expected: str
) -> None:
    assert shown(text) == expected


@over_rows(
    "text, tokens",
    [
        ("Il dit « bonjour » ; et toi ?", ["Il", "dit", "« bonjour » ;", "et", "toi ?"]),
        ("— Le phare – dit-il – brûle.", ["— Le", "phare –", "dit-il –", "brûle."]),
        ("Un vin 100 % rouge", ["Un", "vin", "100 %", "rouge"]),
        (f"{'x' * 41} !", ["x" * 41, "!"]),  # too long for a line beside its mark
    ],
)
def test_punctuation_joins_its_word(text: str, tokens: list[str]) -> None:
    assert texts(text) == tokens


@over_rows("text", ["港のテープでも同じことが起きた。", "เทปที่ท่าเรือก็เกิดเรื่องเดียวกัน"])
def test_text_without_spaces_is_split_into_characters_that_share_its_time(text: str) -> None:
    (tokens,) = read_tokens(spoken(text), 42)
    assert "".join(token.text for token in tokens) == text
    assert len(tokens) > 10
    times = [(token.span.start, token.span.end) for token in tokens if token.span]
    assert times == sorted(times)
    assert len(times) == len(tokens)
    assert times[0][0] == pytest.approx(1.0)


def test_no_japanese_token_starts_with_a_full_stop() -> None:
    assert not [text for text in texts("はい、そうでした。はい。", language="ja") if text[0] in "、。"]
