"""Clusters: what is drawn as one is never cut, and nothing of the text is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.video.lettering import clusters, is_emoji
from tests.tables import over_rows


@over_rows(
    "cluster",
    ["👩‍🚀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "❤️‍🔥", "é", "e\u0301", "क्षि", "שׁ", "بّ"],
)
def test_what_is_drawn_as_one_is_one(cluster: str) -> None:
    assert clusters(f"a{cluster}b{cluster}{cluster}") == ["a", cluster, "b", cluster, cluster]


@given(st.text(st.sampled_from("aé🇫🇷👩\u200d🚀❤\ufe0f👍🏽1\u20e3क्षשׁ\u0301 ن"), max_size=20))
def test_clusters_are_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert all(clusters(text))


@over_rows("cluster", ["👩‍🚀", "👍🏽", "🇫🇷", "1️⃣", "❤️", "☕", "✅", "⭐"])
def test_pictures_are_known(cluster: str) -> None:
    assert is_emoji(cluster)


@over_rows("cluster", ["a", "1", "é", "❤", "❤\ufe0e", "☕\ufe0e", "→", "€", "你", "★"])
def test_letters_and_signs_are_no_pictures(cluster: str) -> None:
    assert not is_emoji(cluster)
