"""What the page of an episode shows, from small planted alignments."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    Episode,
    Kind,
    Segment,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)
from aligner.transcript import renamed
from web.page.data import doubtful, episode_data
from web.page.transcript import page_of


def planted(*paragraphs: tuple[str | None, str], kind: Kind = Kind.SPEECH, unspoken: str = "") -> Alignment:
    """An alignment of paragraphs with their speakers, a word a second; the words of ``unspoken`` are not said."""
    text, segments, words = "", list[Segment](), list[TimedWord]()
    for speaker, content in paragraphs:
        base = len(text)
        segments.append(Segment(kind, speaker, base, base + len(content)))
        for token in re.finditer(r"\S*\w\S*", content):
            word = Word(token.group(), base + token.start(), base + token.end(), len(segments) - 1)
            at = float(len(words))
            said = token.group() not in unspoken.split()
            words.append(
                TimedWord(word, Span(at, at + 0.8), Status.EXACT, 0.9)
                if said
                else TimedWord(word, None, Status.UNSPOKEN, 0.0)
            )
        text += content + "\n"
    transcript = Transcript("t.txt", "ab" * 32, text, tuple(segments), tuple(w.word for w in words))
    starts = {w.word.segment: w.span.start for w in reversed(words) if w.span}
    timed = tuple(TimedSegment(f"s{k}", segment, starts.get(k), None, 0.9) for k, segment in enumerate(segments))
    audio = AudioFile("a.mp3", len(words) + 1.0, "0" * 64)
    engine = Engine("planted", "none")
    return Alignment("en", Episode(), audio, transcript, engine, 1.0, Verdict.GOOD, timed, tuple(words))


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


def test_scripts_get_times_in_milliseconds_and_the_hash_of_the_text() -> None:
    alignment = planted(("Ana", "one two three"), unspoken="two")
    data = episode_data(alignment, page_of(alignment))
    assert data["starts"] == [0, None, 2000]
    assert data["ends"] == [800, None, 2800]
    assert data["chars"] == [0, 3, 4, 7, 8, 13]
    assert data["hash"] == "abababab"
    assert data["turns"] == [[0, 3, "Ana", "speech"]]


def test_a_stretch_in_doubt_is_two_seconds_of_unsure_words_or_more() -> None:
    alignment = planted((None, "a b c d e f g h i j"))

    def with_doubt(*numbers: int) -> Alignment:
        words = tuple(replace(w, confidence=0.2) if k in numbers else w for k, w in enumerate(alignment.words))
        return replace(alignment, words=words)

    assert doubtful(with_doubt(2)) == []
    assert doubtful(with_doubt(2, 4, 5)) == [Span(2.0, 5.8)]
    assert doubtful(with_doubt(1, 2, 7, 8, 9)) == [Span(7.0, 9.8)]
