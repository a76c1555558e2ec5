"""The facts of a report are those of its alignment, with the same figures in every format."""

from dataclasses import replace

import pytest

from aligner.captions import build_cues, judge_cues
from aligner.cli.report import report_lines
from aligner.model import Alignment, EpisodeDetails, Kind, LostPin, PinKind, Span, Status, Untranscribed
from aligner.outputs import OutputOptions
from aligner.report import facts
from aligner.report.facts import Shade, caption_figures, compared, counted, is_below, narrowed, report_of, strip_of
from aligner.report.page import to_html
from aligner.report.wording import reasons, recognised_how
from tests.aligner.captions.spoken import spoken
from tests.aligner.report.doubted import numbered, with_doubt
from tests.tables import over_rows


def test_passages_in_doubt_are_ordered_by_cost() -> None:
    alignment = with_doubt(
        spoken(("Ada", numbered(60))), (range(2, 12), 0.5), (range(20, 30), 0.2), (range(40, 48), 0.1)
    )
    passages = report_of(alignment).doubtful.first
    assert [(p.words.first, p.words.stop) for p in passages] == [(20, 30), (40, 48), (2, 12)]
    assert [p.cost for p in passages] == [8.0, 7.2, 5.0]
    assert {p.speaker for p in passages} == {"Ada"}
    assert [piece.text for piece in passages[0].printed] == [f"mot{k}" for k in range(20, 30)]
    first = alignment.words[20].span
    assert first is not None
    assert passages[0].start == first.start


def test_unspoken_passages_are_listed_longest_first() -> None:
    alignment = spoken("un ~deux trois ~quatre ~cinq [6] ~sept huit", (Kind.HEADING, "Titre"))
    first, second = report_of(alignment).unspoken.first
    assert (first.text, second.text) == ("quatre cinq [6] sept", "deux")
    before = [word.span.end for word in alignment.words if word.span]
    assert (first.after, second.after) == (before[1], before[0])
    [passage] = report_of(spoken("~un ~deux ~trois")).unspoken.first
    assert passage.after is None
    many = report_of(spoken("un ~deux " * 200))
    assert (many.unspoken.count, len(many.unspoken.first)) == (200, 50)


def test_untranscribed_speech_is_listed_with_its_recognised_words() -> None:
    alignment = replace(spoken("un deux", tail=20.0), untranscribed=(Untranscribed(8.0, 12.5, "et voilà"),))
    report = report_of(alignment)
    assert [(p.start, p.end, p.text) for p in report.untranscribed.first] == [(8.0, 12.5, "et voilà")]
    assert report.counts.untranscribed == 4.5


def test_recognised_words_are_shown_beside_printed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hearing:
        emissions = None

        def within(self, span: Span) -> tuple[str, ...]:
            return ("mot5", "rien", "mot7")

    monkeypatch.setattr(facts, "recognised_text_of", lambda alignment: Hearing())
    [passage] = report_of(
        with_doubt(spoken("mot " * 5 + "mot5 arbre mot7 " + "mot " * 9), (range(5, 13), 0.3))
    ).doubtful.first
    assert passage.recognised is not None
    assert [piece.text for piece in passage.recognised if not piece.matches] == ["rien"]
    assert "arbre" in [piece.text for piece in passage.printed if not piece.matches]


@over_rows(
    "printed, heard, unmatched",
    [
        (["le", "port", "dort"], ["lepor"], ["dort"]),
        (["le", "port"], [], ["le", "port"]),
        ([], ["le"], ["le"]),
        (["21"], ["vint", "et", "un"], []),
        (["…", "—"], ["le"], ["le"]),
    ],
)
def test_unmatched_words_are_marked_by_letters(printed: list[str], heard: list[str], unmatched: list[str]) -> None:
    sides = compared(printed, heard, "fr")
    assert [piece.text for side in sides for piece in side or () if not piece.matches] == unmatched


@pytest.mark.nightly
def test_a_passage_as_long_as_the_episode_is_shortened() -> None:
    alignment = with_doubt(spoken("x" * 5000 + " " + numbered(3000)), (range(3001), 0.3))
    [passage] = report_of(alignment).doubtful.first
    assert passage.shortened
    assert passage.end > alignment.audio.duration - 5
    assert len(passage.printed) < 100
    assert max(len(piece.text) for piece in passage.printed) < 100


def test_an_alignment_without_a_word_has_a_report() -> None:
    alignment = replace(
        spoken((Kind.HEADING, "Titre")), words=(), coverage=0.0, episode=EpisodeDetails(title="\u202eAda")
    )
    report = report_of(alignment)
    assert (report.counts.words, report.doubtful.count, report.unspoken.count) == (0, 0, 0)
    assert [figures.cues for figures in report.captions] == [0, 0]
    empty = strip_of(replace(alignment, audio=replace(alignment.audio, duration=0.0)))
    assert {column.shade for column in empty} == {Shade.SILENT}


def test_corrections_and_lost_corrections_are_listed() -> None:
    alignment = spoken(numbered(9))
    words = tuple(replace(word, pinned=k < 3) for k, word in enumerate(alignment.words))
    lost = (LostPin(PinKind.UNSPOKEN, "quatre", None),)
    told = list(reasons(report_of(replace(alignment, words=words, lost_pins=lost))))
    assert told[1:] == [
        "Corrected or accepted words: 3.",
        "Lost corrections, whose words are gone or that others contradict: 1.",
    ]
    assert len(list(reasons(report_of(alignment)))) == 1


def test_lost_corrections_are_listed_with_their_former_times() -> None:
    lost = (LostPin(PinKind.UNSPOKEN, "quatre", None), LostPin(PinKind.WORD, "cinq", Span(65.0, 65.5)))
    report = report_of(replace(spoken(numbered(9)), lost_pins=lost))
    lines = list(report_lines(report))
    first = lines.index("Lost corrections") + 1
    assert lines[first : first + 2] == ["  was not said: quatre", "  1:05 to 1:05, was said there: cinq"]
    page = to_html(report, "")
    assert page.count('class="quoted" lang="fr">quatre</bdi> <span>was not said</span>') == 1
    assert page.count('data-from="65.000" data-to="65.500"') == 1
    assert 'id="lost-title"' not in to_html(report_of(spoken(numbered(9))), "")


@over_rows("coverage, least, below", [(0.57, 57, False), (0.5699, 57, True), (0.9496, 95, True), (1, 100, False)])
def test_the_requested_coverage_is_enough(coverage: float, least: float, below: bool) -> None:
    """100 times 0.57 is less than 57 in floats."""
    assert is_below(coverage, least) is below


def test_words_of_notes_and_headings_do_not_count_as_speech() -> None:
    counts = counted(spoken("un deux ~trois [4] (rires)"))
    assert counts.words == 3
    assert counts.by_status == {Status.EXACT: 2, Status.FUZZY: 0, Status.INTERPOLATED: 0, Status.UNSPOKEN: 1}


def test_captions_are_counted_as_they_are_checked() -> None:
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
    "heard, named",
    [
        (("de", "acoustic", "base"), "in German, by acoustic alignment (model base)"),
        (("fr", "asr", "small"), "in French, by speech recognition (model small)"),
        (("en", "imported", "heard.json"), "in English, by the imported output of a recogniser (heard.json)"),
        (("und", "acoustic", "base"), "in an unknown language, by acoustic alignment (model base)"),
        (("xx", "own", "v1"), "in xx, by own (v1)"),
    ],
)
def test_the_language_and_the_method_are_named(heard: tuple[str, str, str], named: str) -> None:
    assert str(recognised_how(*heard)) == named


SECONDS = 100.0


def planted() -> Alignment:
    """A word a second for 60 s, those from 40 s on in doubt; from 60 to 70 s untranscribed speech."""
    alignment = spoken("mot " * 60)
    words = tuple(
        replace(word, span=Span(k, k + 0.9), confidence=0.95 if k < 40 else 0.3)
        for k, word in enumerate(alignment.words)
    )
    audio = replace(alignment.audio, duration=SECONDS)
    return replace(alignment, words=words, audio=audio, untranscribed=(Untranscribed(60.0, 70.0, ""),))


def shade_at(seconds: float, shades: list[Shade]) -> Shade:
    return shades[int(seconds / SECONDS * len(shades))]


def test_each_part_has_its_shade() -> None:
    strip = strip_of(planted())
    for shades in ([c.shade for c in strip], [c.shade for c in narrowed(strip, 76)]):
        assert shade_at(20.5, shades) is Shade.SURE
        assert shade_at(50.5, shades) is Shade.DOUBTFUL
        assert shade_at(65, shades) is Shade.UNTRANSCRIBED
        assert shade_at(85, shades) is Shade.SILENT
