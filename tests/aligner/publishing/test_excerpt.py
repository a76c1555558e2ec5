"""Where a clip may be cut: in the pause beside the voice, with some room, inside no word."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Alignment, Span, Untranscribed
from aligner.publishing.excerpt import Timeline, cut_out, room_after, room_before
from aligner.quotes.quote import QuoteQuery, find_quote
from tests.aligner.episodes import alignment_of, spoken


@pytest.fixture(scope="module")
def alignment() -> Alignment:
    """Two paragraphs a second apart; within each, words touch."""
    return alignment_of("Gulls wheel over the slip.", "Nobody feeds them now.")


def test_room_in_silence_is_a_quarter_of_a_second_and_more_for_a_fading_voice(alignment: Alignment) -> None:
    first, last = spoken(alignment.words[5]), spoken(alignment.words[4])
    before, after = room_before(alignment, first.start), room_after(alignment, last.end)
    assert (before.start, before.end) == pytest.approx((first.start - 0.25, first.start))
    assert (after.start, after.end) == pytest.approx((last.end, last.end + 0.4))


def test_untranscribed_speech_shortens_the_room(alignment: Alignment) -> None:
    start = spoken(alignment.words[5]).start
    lacking = replace(alignment, untranscribed=(Untranscribed(start - 0.9, start - 0.1, "hey"),))
    room = room_before(lacking, start)
    assert (room.start, room.end) == pytest.approx((start - 0.1, start))


def test_before_a_close_word_a_quarter_of_the_pause_remains(alignment: Alignment) -> None:
    last, following = spoken(alignment.words[4]), alignment.words[5]
    for pause, room in ((0.2, 0.2), (0.3, 0.25), (0.4, 0.3)):
        near = replace(following, span=Span(last.end + pause, last.end + pause + 0.1))
        soon = replace(alignment, words=(*alignment.words[:5], near))
        assert room_after(soon, last.end).duration == pytest.approx(room)


@given(st.floats(0.0, 6.0))
def test_no_cut_is_inside_a_word(time: float) -> None:
    alignment = alignment_of("Gulls wheel over the slip.", "Nobody feeds them now.")
    for room in (room_before(alignment, time), room_after(alignment, time)):
        assert 0.0 <= room.duration <= 0.4001
        for word in map(spoken, alignment.words):
            assert room.end <= word.start + 1e-9 or room.start >= word.end - 1e-9


def test_the_clip_has_times_from_zero(alignment: Alignment) -> None:
    quote = find_quote(alignment, QuoteQuery("Nobody feeds them now")).quote
    cut = cut_out(alignment, quote, Timeline((Span(quote.voice.start - 0.2, quote.voice.end + 0.1),)))
    spans = [word.span for word in cut.alignment.words]
    assert spans[:5] == [None] * 5
    assert spans[5].start == pytest.approx(0.2)
    assert spans[-1].end == pytest.approx(cut.timeline.duration - 0.1, abs=0.002)


def test_parts_cut_from_a_clip_take_no_time() -> None:
    timeline = Timeline((Span(10.0, 12.0), Span(13.0, 14.0)))
    assert timeline.duration == pytest.approx(3.0)
    moments = [9.0, 10.5, 12.5, 13.0, 13.5, 99.0]
    assert [timeline.at(time) for time in moments] == pytest.approx([0.0, 0.5, 2.0, 2.0, 2.5, 3.0])
