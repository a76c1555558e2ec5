"""The HTML of transcripts, the data for the page's scripts, and paragraphs for the editor."""

import re
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aligner.locating.quality import doubtful_runs, timed_segments
from aligner.model import Alignment, Annotation, AnnotationKind, Kind, Segment, Span, TimedSegment, Untranscribed
from aligner.storage.alignment_json import read_alignment
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.page.data import cue_data, episode_data
from web.page.paragraph import passage_now
from web.page.transcript import page_of


def shown(alignment: Alignment) -> str:
    return "\n".join(str(paragraph.html) for turn in page_of(alignment).turns for paragraph in turn.paragraphs)


def test_paragraphs_of_one_speaker_are_one_turn() -> None:
    page = page_of(planted(("Ana", "Good day."), ("Ana", "And more."), ("Bo", "Well."), ("Ana", "Yes.")))
    assert [(turn.speaker, turn.colour, len(turn.paragraphs)) for turn in page.turns] == [
        ("Ana", 0, 2),
        ("Bo", 1, 1),
        ("Ana", 0, 1),
    ]
    assert page.speakers == ("Ana", "Bo")


def test_spaces_become_no_break_spaces_where_no_line_may_end() -> None:
    french = replace(planted((None, "Tu viens ? Il y a 12 000 pas : « oui » .")), language="fr")
    html = shown(french)
    assert re.sub(r"<[^>]+>", "", html) == "Tu viens\u202f? Il y a 12\u202f000 pas\u00a0: «\u00a0oui\u00a0» ."
    assert 'data-i="5">12</span>\u202f<span class="w" data-i="6">000</span>' in html
    heading = replace(planted((None, "Quoi ?"), kind=Kind.HEADING), language="fr")
    assert page_of(heading).chapters[0].title == "Quoi\u202f?"
    heard = replace(french, untranscribed=(Untranscribed(0.85, 0.95, "Ah bon ?"),))
    assert 'data-recognised="Ah bon\u202f?"' in shown(heard)


def elements(html: str) -> list[str]:
    """The text of each word's element."""
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r'data-i="\d+">(.*?)</span>', html)]


def test_a_words_element_includes_its_punctuation() -> None:
    text = "La deux fois ! « Il dit “oui” ? », puis : « Non » – de 50 %, 1 000 € (voilà !) et/ou… / « fin »."
    assert elements(shown(replace(planted((None, text)), language="fr"))) == [
        *("La", "deux", "fois\u202f!", "«\u00a0Il", "dit", "“oui”\u202f?\u00a0»,", "puis\u00a0:", "«\u00a0Non\u00a0»"),
        *("de", "50\u00a0%,", "1", "000\u00a0€", "(voilà\u202f!)", "et/ou…", "«\u00a0fin\u00a0»."),
    ]
    text = "¿Qué tal? – ¡Bien! »Das ist« „gut“ - so * und [dies]."
    assert elements(shown(planted((None, text)))) == [
        *("¿Qué", "tal?", "¡Bien!", "»Das", "ist«", "„gut“", "so", "und", "[dies].")
    ]


def test_punctuation_of_another_segment_is_not_included() -> None:
    alignment = planted((None, "Quoi (rires !) non !"))
    inner = Segment(Kind.STAGE, None, 5, 13)
    words = tuple(replace(w, word=replace(w.word, segment=1)) if k == 1 else w for k, w in enumerate(alignment.words))
    timed = (*alignment.segments, TimedSegment("s1", inner, 1.0, None, 0.0))
    html = shown(replace(alignment, language="fr", segments=timed, words=words))
    assert '<span class="stage"><span class="w" data-i="1">(rires\u202f!</span></span>)' in html


def test_text_is_never_html() -> None:
    html = shown(planted(("<b>", "<script>alert(1)</script> & a <b>bold</b> \"word'")))
    assert re.sub(r"<span class=\"w\" data-i=\"\d+\">|</span>", "", html) == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; a &lt;b&gt;bold&lt;/b&gt; &#34;word&#39;"
    )


@given(st.lists(st.text(alphabet="ab <>&é\u00a0-1", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4))
def test_every_character_is_shown_once_and_every_word_numbered(contents: list[str]) -> None:
    alignment = planted(*((None, content) for content in contents))
    html = shown(alignment)
    numbers = [int(number) for number in re.findall(r'data-i="(\d+)"', html)]
    assert numbers == list(range(len(alignment.words)))
    plain = re.sub(r"<[^>]+>", "", html)
    for mark, entity in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        plain = plain.replace(entity, mark)
    assert plain == "\n".join(contents)


def test_a_passage_that_is_not_spoken_is_one_element() -> None:
    html = shown(planted((None, "one two three four five six"), unspoken="two three four five"))
    assert html.count('<span class="absent">') == 1
    assert re.search(r'<span class="absent"><span class="w un" data-i="1">two', html)
    assert "absent" not in shown(planted((None, "one two three"), unspoken="two"))


def test_missing_speech_is_shown_before_the_next_word() -> None:
    alignment = planted((None, "one two"), (None, "three four"))
    passages = (Untranscribed(0.85, 0.95, "er"), Untranscribed(1.85, 1.95, "ad"), Untranscribed(3.9, 4.5, "end"))
    page = page_of(replace(alignment, untranscribed=passages))
    first, second = (paragraph for turn in page.turns for paragraph in turn.paragraphs)
    assert re.search(r'</span> <button [^>]*data-recognised="er"></button><span class="w" data-i="1">', str(first.html))
    assert [missing.passage.text for missing in second.before] == ["ad"]
    assert [missing.passage.text for missing in page.after] == ["end"]


def test_missing_speech_is_shown_above_the_heading_of_a_later_chapter() -> None:
    alignment = spoken("Le port dort.", (Kind.HEADING, "La mer"), (Kind.NOTE, "Musique"), "|3.0 La mer monte.")
    timed = timed_segments(alignment.transcript, alignment.words)
    start = timed[1].start
    assert start is not None
    passage = Untranscribed(start - 2.5, start - 0.5, "eh")
    page = page_of(replace(alignment, segments=timed, untranscribed=(passage,)))
    told = [(turn.kind, [each.passage.text for each in turn.paragraphs[0].before]) for turn in page.turns]
    assert told == [(Kind.SPEECH, []), (Kind.HEADING, ["eh"]), (Kind.NOTE, []), (Kind.SPEECH, [])]


def test_marked_ads_and_jingles_are_shown_without_missing_speech() -> None:
    alignment = replace(planted((None, "one two"), (None, "three four")), untranscribed=(Untranscribed(1.7, 1.95, ""),))
    marks = (
        Annotation(AnnotationKind.JINGLE, 0.85, 0.95),
        Annotation(AnnotationKind.AD, 1.6, 1.95),
        Annotation(AnnotationKind.NORM, 2.0, 3.0),
        Annotation(AnnotationKind.DISMISSED, 3.9, 4.5),
    )
    page = page_of(replace(alignment, annotations=marks))
    first, second = (paragraph for turn in page.turns for paragraph in turn.paragraphs)
    assert re.search(
        r'</span> <button [^>]*data-annotation="jingle"[^>]*></button><span class="w" data-i="1">', first.html
    )
    assert [(each.passage.start, each.annotation) for each in second.before] == [(1.7, AnnotationKind.AD)]
    assert page.after == ()


def test_headings_are_chapters_that_begin_with_what_follows() -> None:
    page = page_of(planted((None, "A first\nchapter"), kind=Kind.HEADING))
    assert [(chapter.title, chapter.start) for chapter in page.chapters] == [("A first chapter", 0.0)]


def test_a_paragraph_has_exact_text_segments_and_times() -> None:
    alignment = planted(("Ana", "Good day."), (None, "Well, <b>so</b>."))
    [told] = passage_now(alignment, alignment, range(1, 2), 7)["paragraphs"]
    assert tuple(told[name] for name in ("first", "stop", "kind", "speaker")) == (1, 2, "speech", None)
    assert told["text"] == "Well, <b>so</b>."
    assert told["char_start"] == 10
    assert (told["start"], told["end"]) == (2.0, 3.8)


def test_an_inner_segment_belongs_to_its_paragraph(sample: Path) -> None:
    alignment = read_alignment(sample / "episode.alignment.json")
    index = next(k for k, s in enumerate(alignment.segments) if s.segment.kind.value == "note")
    outer = next(k for k in range(index, -1, -1) if alignment.segments[k].segment.kind.value == "speech")
    [told] = passage_now(alignment, alignment, range(outer, outer + 1), 7)["paragraphs"]
    assert told["first"] <= index < told["stop"]
    assert passage_now(alignment, alignment, range(index, index + 1), 7)["paragraphs"] == []


BEFORE = ["One two three.", "Four five six.", "Seven eight nine."]


@over_rows(
    "now, expected, place",
    [
        (["Before.", *BEFORE], ["Four five six."], 2),
        (["One two three.", "Four FIVE six.", "Seven eight nine."], ["Four FIVE six."], 1),
        (["One two three.", "Four.", "Five six.", "Seven eight nine."], ["Four.", "Five six."], 1),
        (["One two three.", "Seven eight nine."], [], 1),
        (["One two three. Four five six.", "Seven eight nine."], [], 1),
    ],
)
def test_a_paragraph_is_found_after_changes_by_others(now: list[str], expected: list[str], place: int) -> None:
    base, changed = (planted(*((None, text) for text in texts)) for texts in (BEFORE, now))
    passage = passage_now(base, changed, range(1, 2), 7)
    assert [each["text"] for each in passage["paragraphs"]] == expected
    assert (passage["first"], passage["transcript"]) == (place, changed.version)


def test_scripts_get_times_in_milliseconds_and_the_hash_of_the_text() -> None:
    alignment = planted(("Ana", "one two three"), unspoken="two")
    data = episode_data(alignment, page_of(alignment))
    assert data["starts"] == [0, None, 2000]
    assert data["ends"] == [800, None, 2800]
    assert data["chars"] == [0, 3, 4, 7, 8, 13]
    assert data["hash"] == "abababab"
    assert data["turns"] == [[0, 3, "Ana", "speech"]]


def test_uncertain_words_are_doubtful_from_two_seconds_on() -> None:
    alignment = planted((None, "a b c d e f g h i j"))

    def with_doubt(*numbers: int) -> Alignment:
        words = tuple(replace(w, confidence=0.2) if k in numbers else w for k, w in enumerate(alignment.words))
        return replace(alignment, words=words)

    assert [span for _, span in doubtful_runs(with_doubt(2))] == []
    assert [span for _, span in doubtful_runs(with_doubt(2, 4, 5))] == [Span(2.0, 5.8)]
    assert [span for _, span in doubtful_runs(with_doubt(1, 2, 7, 8, 9))] == [Span(7.0, 9.8)]


def test_cues_have_times_in_milliseconds_and_lines_of_numbered_words() -> None:
    [cue] = cue_data(planted(("Ana", "One two three.")))
    assert (cue["start"], cue["speech"]) == (0, True)
    assert cue["end"] >= 2800
    [line] = cue["lines"]
    assert "Ana" in (line["speaker"] or line["lead"])
    assert [number for _, number in line["words"]] == [0, 1, 2]
    assert "".join(text for text, _ in line["words"]).strip() == "One two three."
