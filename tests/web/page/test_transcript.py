"""What the page of an episode shows, from small planted alignments."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import (
    Alignment,
    Kind,
    Segment,
    TimedSegment,
    Untranscribed,
)
from aligner.transcript import renamed
from tests.web.page.planted import planted
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


def test_a_speaker_may_be_shown_under_another_name() -> None:
    alignment = planted(("A.", "Good day."), ("Bo", "Well."))
    segments = renamed(alignment.transcript, {"A.": "Ana Lima"}).segments
    timed = tuple(replace(t, segment=s) for t, s in zip(alignment.segments, segments, strict=True))
    page = page_of(replace(alignment, segments=timed))
    assert [turn.speaker for turn in page.turns] == ["Ana Lima", "Bo"]


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


def test_a_passage_that_is_not_said_is_held_together_and_a_single_word_is_not() -> None:
    html = shown(planted((None, "one two three four five six"), unspoken="two three four five"))
    assert html.count('<span class="absent">') == 1
    assert re.search(r'<span class="absent"><span class="w un" data-i="1">two', html)
    assert "absent" not in shown(planted((None, "one two three"), unspoken="two"))


def test_a_stage_direction_within_a_paragraph_is_marked() -> None:
    alignment = planted((None, "So (laughs) what"))
    inner = Segment(Kind.STAGE, None, 3, 11)
    words = tuple(replace(w, word=replace(w.word, segment=1)) if k == 1 else w for k, w in enumerate(alignment.words))
    alignment = replace(
        alignment, segments=(*alignment.segments, TimedSegment("s1", inner, 1.0, None, 0.0)), words=words
    )
    assert '<span class="stage"><span class="w" data-i="1">(laughs)</span></span>' in shown(alignment)


def test_speech_that_the_text_lacks_stands_where_it_is_said() -> None:
    alignment = planted((None, "one two"), (None, "three four"))
    passages = (Untranscribed(0.85, 0.95, "er"), Untranscribed(1.85, 1.95, "ad"), Untranscribed(3.9, 4.5, "end"))
    page = page_of(replace(alignment, untranscribed=passages))
    first, second = (paragraph for turn in page.turns for paragraph in turn.paragraphs)
    assert re.search(r'</span> <button [^>]*data-heard="er"></button><span class="w" data-i="1">', str(first.html))
    assert [passage.text for passage in second.before] == ["ad"]
    assert [passage.text for passage in page.after] == ["end"]


def test_headings_are_chapters_that_begin_with_what_follows() -> None:
    page = page_of(planted((None, "A first\nchapter"), kind=Kind.HEADING))
    assert [(chapter.title, chapter.start) for chapter in page.chapters] == [("A first chapter", 0.0)]
