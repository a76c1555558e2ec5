"""When cues appear and go."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.captions.cutting import CueDraft, settle
from aligner.captions.rules import CaptionRules
from tests.tables import over_rows

RULES = CaptionRules()


def times(*drafts: CueDraft, sound_end: float = 100.0) -> list[tuple[float, float]]:
    return settle(drafts, sound_end, RULES)


def test_a_cue_lingers_half_a_second_after_its_voice() -> None:
    assert times(CueDraft(1.0, 3.0, 20)) == [(1.0, 3.5)]


def test_a_cue_stays_longer_for_its_reader_where_nobody_speaks() -> None:
    assert times(CueDraft(1.0, 2.0, 60)) == [(1.0, 4.0)]
    assert times(CueDraft(1.0, 1.1, 3)) == [(1.0, 1.834)]


def test_a_close_cue_is_chained_with_the_gap_of_the_norm() -> None:
    assert times(CueDraft(1.0, 3.0, 20), CueDraft(3.05, 5.0, 20))[0] == (1.0, 2.97)
    assert times(CueDraft(1.0, 3.0, 20), CueDraft(3.9, 5.0, 20))[0] == (1.0, 3.82)


def test_a_distant_cue_leaves_its_silence_dark() -> None:
    assert times(CueDraft(1.0, 3.0, 20), CueDraft(4.5, 6.0, 20))[0] == (1.0, 3.5)


def test_no_cue_outlasts_the_norm_or_the_sound() -> None:
    assert times(CueDraft(1.0, 9.0, 20)) == [(1.0, 8.0)]
    assert times(CueDraft(1.0, 3.0, 20), sound_end=3.2) == [(1.0, 3.2)]


def test_cues_without_a_voice_share_the_time_of_the_one_before() -> None:
    drafts = [CueDraft(1.0, 4.0, 30), CueDraft(4.0, 4.0, 30, voiced=False), CueDraft(4.0, 6.0, 30)]
    (first, second), (third, _), (fourth, _) = times(*drafts)
    assert (first, third, fourth) == (1.0, 2.5, 4.0)
    assert second == 2.42


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 9), st.integers(1, 90), st.booleans()), min_size=1, max_size=30)
)
def test_any_cues_come_out_in_order_disjoint_and_visible(raw: list[tuple[float, float, int, bool]]) -> None:
    drafts = [CueDraft(start, start + length, chars, voiced) for start, length, chars, voiced in sorted(raw)]
    settled = times(*drafts, sound_end=60.0)
    assert all(start < end for start, end in settled)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(settled))
    assert all(round(time, 3) == time for pair in settled for time in pair)


@over_rows("options", [{"max_lines": 3}, {"max_line": 3}, {"max_duration": 0.1}, {"max_speed": 0.0}])
def test_rules_that_no_cue_could_keep_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"expected|must"):
        CaptionRules(**options)  # type: ignore[arg-type]
