"""The check of cues against the norms."""

from aligner.captions import Cue, CueKind, CueLine, CueWord, Norm, judge_cues
from aligner.captions.rules import missed_norms
from aligner.model import Span
from aligner.timed_text import read_cues
from tests.tables import over_rows


def cue(text: str, start: float, end: float, voice: float | None = None, kind: CueKind = CueKind.SPEECH) -> Cue:
    voice = start if voice is None else voice
    lines = (CueLine(None, "", (CueWord(line, " ", Span(voice, max(voice, end)), 0),)) for line in text.split("/"))
    return Cue(start, end, tuple(lines), kind)


@over_rows(
    "judged, missed",
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
def test_each_missed_norm_is_found(judged: Cue, missed: set[Norm]) -> None:
    assert judge_cues([judged]).missed == (missed,)


def test_a_short_gap_is_reported_at_the_cue_before_it() -> None:
    assert judge_cues([cue("a", 1.0, 2.0), cue("b", 2.079, 4.0)]).missed == ({Norm.GAP}, frozenset())
    assert judge_cues([cue("a", 1.0, 2.0), cue("b", 2.08, 4.0)]).missed == (frozenset(), frozenset())


def test_shares_count_cues() -> None:
    report = judge_cues([cue("a", 1.0, 2.0), cue("x" * 40, 3.0, 4.0), cue("a", 5.0, 5.1), cue("a", 6.0, 7.0)])
    assert report.counts[Norm.SPEED] == 1
    assert report.counts[Norm.SHORT] == 1
    assert (report.readable, report.within) == (0.75, 0.75)
    assert judge_cues([]).within == judge_cues([]).readable == 1


def test_the_missed_norms_of_a_file_are_reported_with_their_figures() -> None:
    file = (
        "1\n00:00:01,000 --> 00:00:01,500\n" + "x" * 43 + "\n\n"
        "2\n00:00:01,520 --> 00:00:09,000\n<i>a</i>\n<b>b</b>\nc &amp; d\n\n"
        "3\n00:00:10,000 --> 00:00:12,000\n" + "x" * 41 + "\n"
    )
    assert [(problem.line, problem.message) for problem in missed_norms(read_cues(file).cues)] == [
        (2, "line length: 43 characters, at most 42"),
        (2, "too short: 0.5 s, at least 0.834"),
        (2, "gap before the next: 0.02 s, at least 0.08"),
        (2, "reading speed: 86.0 characters a second, at most 20"),
        (6, "line count: 3 lines, at most 2"),
        (6, "too long: 7.48 s, at most 7"),
        (12, "reading speed: 20.5 characters a second, at most 20"),
    ]
