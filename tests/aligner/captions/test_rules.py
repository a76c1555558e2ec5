"""The judge of cues finds what was planted, and nothing else."""

from __future__ import annotations

import pytest

from aligner.captions import Cue, CueKind, CueLine, CueWord, Norm, judge_cues
from aligner.model import Span


def cue(text: str, start: float, end: float, voice: float | None = None, kind: CueKind = CueKind.SPEECH) -> Cue:
    said = start if voice is None else voice
    lines = (CueLine(None, "", (CueWord(line, " ", Span(said, max(said, end)), 0),)) for line in text.split("/"))
    return Cue(start, end, tuple(lines), kind)


@pytest.mark.parametrize(
    ("judged", "missed"),
    [
        (cue("x" * 42, 1.0, 3.1), set()),
        (cue("x" * 43, 1.0, 5.0), {Norm.LINE_LENGTH}),
        (cue("日" * 22, 1.0, 5.0), {Norm.LINE_LENGTH}),
        (cue("a/b/c", 1.0, 2.0), {Norm.LINE_COUNT}),
        (cue("a", 1.0, 1.833), {Norm.SHORT}),
        (cue("a", 1.0, 8.001), {Norm.LONG}),
        (cue("a", 1.0, 2.0, voice=1.126), {Norm.START}),
        (cue("a", 1.0, 2.0, voice=0.874), {Norm.START}),
        (cue("a", 1.0, 2.0, voice=5.0, kind=CueKind.STAGE), set()),
        (cue("x" * 10 + "/" + "x" * 10, 1.0, 2.0), {Norm.SPEED}),
        (cue("x" * 10 + "/" + "x" * 9, 1.0, 2.0), set()),
    ],
)
def test_a_planted_fault_is_the_one_found(judged: Cue, missed: set[Norm]) -> None:
    assert judge_cues([judged]).missed == (missed,)


def test_a_gap_belongs_to_the_cue_before_it() -> None:
    assert judge_cues([cue("a", 1.0, 2.0), cue("b", 2.079, 4.0)]).missed == ({Norm.GAP}, frozenset())
    assert judge_cues([cue("a", 1.0, 2.0), cue("b", 2.08, 4.0)]).missed == (frozenset(), frozenset())


def test_shares_count_cues() -> None:
    report = judge_cues([cue("a", 1.0, 2.0), cue("x" * 40, 3.0, 4.0), cue("a", 5.0, 5.1), cue("a", 6.0, 7.0)])
    assert report.counts[Norm.SPEED] == 1
    assert report.counts[Norm.SHORT] == 1
    assert (report.readable, report.within) == (0.75, 0.75)
    assert judge_cues([]).within == judge_cues([]).readable == 1
