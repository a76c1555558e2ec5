"""Words too long for a line are cut where their language hyphenates, and never at any letter."""

from __future__ import annotations

from unicodedata import combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.lettering import clusters
from media.video.screens import cut_to_fit
from tests.tables import over_rows


def seen(text: str) -> float:
    """The width of type of which every character is one wide."""
    return float(sum(not combining(character) and character not in "\u200d\ufe0f" for character in text))


def cut(text: str, language: str, width: float = 20.0) -> list[str]:
    return list(cut_to_fit(text, language, seen, width))


@pytest.mark.nightly
@over_rows(
    "language, word, parts",
    [
        ("fr", "anticonstitutionnellement", ["anticonstitution-", "nellement"]),
        ("en", "internationalization", ["internationaliza-", "tion"]),
        ("de", "Donaudampfschifffahrtsgesellschaft", ["Donaudampfschiff-", "fahrtsgesell-", "schaft"]),
        ("es", "electroencefalografista", ["electroencefalo-", "grafista"]),
    ],
)
def test_a_word_is_hyphenated_as_its_language_does(language: str, word: str, parts: list[str]) -> None:
    assert cut(word, language, 17.0) == parts


def test_a_word_that_fits_stays_whole() -> None:
    assert cut("constitutionnellement", "fr", 21.0) == ["constitutionnellement"]


def test_joints_come_before_hyphens() -> None:
    assert cut("arrière-arrière-grands-parents", "fr") == ["arrière-arrière-", "grands-parents"]
    assert cut("www.quotecast.example/anticonstitutionnel", "fr", 24.0)[0] == "www.quotecast.example/"


@over_rows("language, word", [("ar", "والمستشفياتوالمستشفيات"), ("zh", "中文" * 7), ("und", "👩‍🚀" * 30)])
def test_scripts_without_hyphens_get_none_and_keep_their_clusters_whole(language: str, word: str) -> None:
    parts = cut(word, language, 10.0)
    assert "".join(parts) == word
    assert [cluster for part in parts for cluster in clusters(part)] == clusters(word)


@pytest.mark.nightly
@given(
    text=st.text(st.sampled_from("abcéŒ-/.«\u00a0!👍न्\u0301ي1"), min_size=1, max_size=45),
    language=st.sampled_from(["fr", "de", "hu", "ar", "und"]),
)
def test_nothing_is_lost_nor_wider_than_a_line(text: str, language: str) -> None:
    parts = cut(text, language, 8.0)
    assert "".join(part.removesuffix("-") for part in parts).replace("-", "") == text.replace("-", "")
    assert all(seen(part) <= 8.0 for part in parts)
