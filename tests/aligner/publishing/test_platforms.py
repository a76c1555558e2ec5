"""A length that a platform refuses is noted, one that all take is not."""

from __future__ import annotations

from aligner.publishing.audiograms import length_caution
from tests.tables import over_rows


def length_note(seconds: float, shape: str) -> str | None:
    caution = length_caution(seconds, shape)
    return caution.message if caution else None


@over_rows("shape", ["portrait", "square", "landscape"])
@over_rows("seconds", [5.0, 30.0, 90.0])
def test_a_length_that_all_take_needs_no_note(shape: str, seconds: float) -> None:
    assert length_note(seconds, shape) is None


def test_platforms_are_named_with_their_limits() -> None:
    assert length_note(100, "portrait") == "1:40.0 is longer than allowed by the Instagram Reels tab (1:30)"
    assert "X and LinkedIn (2:20)" in (length_note(150, "portrait") or "")
    assert "TikTok (10:00)" in (length_note(700, "portrait") or "")
    assert length_note(2.0, "landscape") == "2.0 s is shorter than allowed by TikTok (3 s)"


def test_upright_limits_do_not_count_for_landscape() -> None:
    assert length_note(100, "landscape") is None
    assert length_note(150, "landscape") == "2:30.0 is longer than allowed by X and LinkedIn (2:20)"
