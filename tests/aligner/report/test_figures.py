"""Every account of an alignment gives the same figures, to the digit."""

from __future__ import annotations

from dataclasses import replace

from aligner.captions import build_cues, judge_cues
from aligner.model import Status
from aligner.outputs import OutputOptions
from aligner.report.facts import caption_figures, counted, is_below
from aligner.report.wording import coverage_line, how_heard
from aligner.storage.alignment_json import to_text
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def test_a_coverage_is_told_alike_before_and_after_it_was_stored() -> None:
    """A run tells of the share as it was counted, all others of what alignment.json has of it: four decimals."""
    alignment = replace(spoken("un deux trois"), coverage=0.98449)
    assert '"coverage": 0.9845' in to_text(alignment)
    told = {coverage_line(coverage, counted(alignment)) for coverage in (0.98449, 0.9845)}
    assert len(told) == 1


@over_rows("coverage, least, below", [(0.57, 57, False), (0.5699, 57, True), (0.9496, 95, True), (1, 100, False)])
def test_a_coverage_that_is_asked_for_is_enough(coverage: float, least: float, below: bool) -> None:
    """100 times 0.57 is less than 57 in floats."""
    assert is_below(coverage, least) is below


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


@over_rows(
    "heard, told",
    [
        (("de", "letters", "base"), "in German, heard letter by letter (with the model base)"),
        (("fr", "words", "small"), "in French, heard word by word (with the model small)"),
        (("en", "given", "heard.json"), "in English, heard by another program (as heard.json tells)"),
        (("und", "letters", "base"), "in an unknown language, heard letter by letter (with the model base)"),
        (("xx", "own", "v1"), "in xx, heard by own (v1)"),
    ],
)
def test_the_language_and_the_ear_are_named_as_people_name_them(heard: tuple[str, str, str], told: str) -> None:
    assert str(how_heard(*heard)) == told
