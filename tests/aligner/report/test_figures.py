"""Every account of an alignment gives the same figures, to the digit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aligner.captions import build_cues, judge_cues
from aligner.model import Status
from aligner.report.figures import caption_figures, counted, is_below, percent
from aligner.report.wording import coverage_line
from aligner.storage.alignment_json import to_text
from aligner.storage.outputs import OutputOptions
from tests.aligner.captions.spoken import spoken


def test_a_coverage_is_told_alike_before_and_after_it_was_stored() -> None:
    """A run tells of the share as it was counted, all others of what alignment.json has of it: four decimals."""
    alignment = replace(spoken("un deux trois"), coverage=0.98449)
    assert '"coverage": 0.9845' in to_text(alignment)
    told = {coverage_line(coverage, counted(alignment)) for coverage in (0.98449, 0.9845)}
    assert len(told) == 1


@pytest.mark.parametrize(("coverage", "least", "below"), [(0.57, 57, False), (0.5699, 57, True), (1, 100, False)])
def test_a_coverage_that_is_asked_for_is_enough(coverage: float, least: float, below: bool) -> None:
    """100 times 0.57 is less than 57 in floats."""
    assert is_below(coverage, least) is below


def test_a_coverage_that_is_rounded_up_to_what_is_asked_for_is_still_below() -> None:
    assert percent(0.9496) == 95.0
    assert is_below(0.9496, 95)


def test_words_of_notes_and_headings_are_none_of_speech() -> None:
    counts = counted(spoken("un deux ~trois [4] (rires)"))
    assert counts.words == 3
    assert counts.by_status == {
        Status.EXACT: 2,
        Status.FUZZY: 0,
        Status.INTERPOLATED: 0,
        Status.UNSPOKEN: 1,
    }


def test_captions_are_counted_as_they_are_judged() -> None:
    alignment = spoken(("Ada Morel", "Il pleut. " * 30), ("Luc Petit", "Il vente. " * 30), speed=29.0)
    for figures in caption_figures(alignment):
        cues = build_cues(alignment, OutputOptions().rules_for(figures.format))
        report = judge_cues(cues)
        assert figures.cues == len(cues)
        assert figures.outside == sum(map(bool, report.missed)) > 0
        assert {each.norm: each.count for each in figures.missed} == {n: c for n, c in report.counts.items() if c}
        for each in figures.missed:
            assert each.first[0] == next(
                cue.start for cue, missed in zip(cues, report.missed, strict=True) if each.norm in missed
            )
