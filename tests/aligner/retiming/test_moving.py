"""An alignment moved to a new sound: what is kept goes with its sound, what is dropped is told, order and pins hold."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.model import (
    Alignment,
    Annotation,
    AnnotationKind,
    AudioFile,
    LostPin,
    Pin,
    PinKind,
    Review,
    Span,
    Status,
    Untranscribed,
)
from aligner.retiming.moving import AudioMapping, MatchedSpan, move_alignment, move_quotes
from aligner.saved_quotes import SavedQuote
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.changed_alignments import episodes
from tests.aligner.episodes import alignment_of

TEXT = "the harbour was quiet when the first ferry came over the grey water"
NEW = AudioFile("new.mp3", 100.0, "f" * 64)


def stretch(old: tuple[float, float], new_start: float, rate: float = 1.0) -> MatchedSpan:
    return MatchedSpan(Span(*old), Span(new_start, new_start + (old[1] - old[0]) / rate))


def spans(alignment: Alignment) -> list[Span | None]:
    return [word.span for word in alignment.words]


def move(alignment: Alignment, *stretches: MatchedSpan, duration: float = 100.0) -> Alignment:
    return move_alignment(alignment, AudioMapping(stretches, duration), replace(NEW, duration=duration)).alignment


def pinned(alignment: Alignment, *places: int) -> Alignment:
    words = [replace(word, pinned=k in places) for k, word in enumerate(alignment.words)]
    return replace(alignment, words=tuple(words))


aligned = episodes().map(lambda episode: episode.aligned())


@pytest.fixture
def ferry() -> Alignment:
    """Three paragraphs, said from 1 s on."""
    return alignment_of(TEXT, "nobody had seen one for a year", "and then the whole town was there to see it")


def test_an_intro_that_is_trimmed_moves_all_words_and_an_advert_those_after_it(ferry: Alignment) -> None:
    end = ferry.audio.duration
    seam = (ferry.words[12].span.end + ferry.words[13].span.start) / 2
    now = move(ferry, stretch((0.5, seam), 0.0), stretch((seam, end), seam - 0.5 + 20.0))
    for k, (old, new) in enumerate(zip(spans(ferry), spans(now), strict=True)):
        by = -0.5 if k < 13 else 19.5
        assert new == Span(round(old.start + by, 3), round(old.end + by, 3))
    assert now.audio == NEW
    assert now.segments[1].start == now.words[13].span.start
    assert from_content(to_text(now).encode()).words == now.words


def test_a_faster_sound_has_its_words_earlier_and_shorter(ferry: Alignment) -> None:
    now = move(ferry, stretch((0.0, ferry.audio.duration), 0.0, rate=1.02))
    for old, new in zip(spans(ferry), spans(now), strict=True):
        assert new.start == pytest.approx(old.start / 1.02, abs=0.001)
        assert new.duration == pytest.approx(old.duration / 1.02, abs=0.0015)


def test_a_word_of_which_more_than_half_is_dropped_is_unspoken_and_any_other_keeps_what_is_left(
    ferry: Alignment,
) -> None:
    cut, beside = ferry.words[5].span, ferry.words[6].span
    left, right = cut.start + 0.4 * cut.duration, beside.start + 0.4 * beside.duration
    made = move_alignment(ferry, AudioMapping([stretch((0.0, left), 0.0), stretch((right, 99.0), 50.0)], 200.0), NEW)
    now = made.alignment
    assert (now.words[5].span, now.words[5].status) == (None, Status.UNSPOKEN)
    assert made.lost == (5,)
    assert now.words[6].span.start == pytest.approx(50.0, abs=0.041)
    assert now.words[6].span.end == pytest.approx(50.0 + beside.end - right, abs=0.001)
    assert now.words[7].span.start == pytest.approx(50.0 + ferry.words[7].span.start - right, abs=0.001)
    assert now.coverage < ferry.coverage


def test_a_word_that_an_edge_misses_by_little_has_the_times_that_it_would_have_in_the_passage(ferry: Alignment) -> None:
    first = ferry.words[6].span
    now = move(ferry, stretch((first.start + 0.03, 99.0), 50.0), duration=200.0)
    assert now.words[6].span.start == pytest.approx(49.97, abs=0.001)


def test_a_word_into_which_something_is_inserted_is_its_longer_part_or_the_one_that_is_loud(ferry: Alignment) -> None:
    """The span of a word may begin in the pause before it, in which the ad was put."""
    span = ferry.words[5].span
    at = round(span.start + 0.7 * span.duration, 3)
    timeline = AudioMapping([stretch((0.0, at), 0.0), stretch((at, 60.0), at + 30.0)], 100.0)
    now = move_alignment(ferry, timeline, NEW).alignment
    assert now.words[5].span == Span(round(span.start, 3), at)
    assert now.words[6].span.start == pytest.approx(ferry.words[6].span.start + 30.0, abs=0.001)
    loud = move_alignment(ferry, timeline, NEW, lambda part: float(part.start >= at + 30.0)).alignment
    assert loud.words[5].span == Span(round(at + 30.0, 3), round(span.end + 30.0, 3))


def test_a_pin_moves_with_its_word_and_is_told_as_lost_where_that_has_no_sound(ferry: Alignment) -> None:
    alignment = pinned(ferry, 2, 20)
    gone = alignment.words[20].span
    now = move(alignment, stretch((0.0, gone.start - 0.1), 5.0))
    assert now.words[2].pinned
    assert now.words[2].span.start == pytest.approx(alignment.words[2].span.start + 5.0, abs=0.001)
    assert not now.words[20].pinned
    assert now.lost_pins == (LostPin(PinKind.WORD, alignment.words[20].word.text, gone),)


def test_a_pinned_passage_keeps_what_is_left_of_it(ferry: Alignment) -> None:
    passage = Pin(PinKind.PASSAGE, range(13, 20), Span(5.0, 9.0))
    alignment = replace(ferry, pinned_passages=(passage,))
    now = move(alignment, stretch((0.0, 7.0), 0.0), stretch((7.0, 60.0), 37.0))
    assert now.pinned_passages == (replace(passage, span=Span(5.0, 39.0)),)
    assert move(alignment, stretch((0.0, 7.0), 3.0)).pinned_passages == (replace(passage, span=Span(8.0, 10.0)),)
    lost = move(alignment, stretch((0.0, 4.0), 3.0))
    assert not lost.pinned_passages
    assert [pin.kind for pin in lost.lost_pins] == [PinKind.PASSAGE]


def test_of_two_passages_that_changed_places_the_longer_stays_and_the_other_is_not_passed_off_as_said(
    ferry: Alignment,
) -> None:
    seam = (ferry.words[12].span.end + ferry.words[13].span.start) / 2
    made = move_alignment(ferry, AudioMapping([stretch((0.0, seam), 40.0), stretch((seam, 40.0), 0.0)], 60.0), NEW)
    said = [k for k, word in enumerate(made.alignment.words) if word.span]
    assert said == list(range(13, len(ferry.words)))
    assert [k for k, _ in made.displaced] == list(range(13))
    assert made.displaced[0][1].start == pytest.approx(ferry.words[0].span.start + 40.0, abs=0.001)
    assert not made.lost


def test_what_the_text_lacks_and_what_is_settled_move_and_of_a_part_nothing_is_made_up(ferry: Alignment) -> None:
    alignment = replace(
        ferry,
        untranscribed=(Untranscribed(10.0, 20.0, "an ad"), Untranscribed(30.0, 40.0, "another")),
        annotations=(Annotation(AnnotationKind.AD, 10.0, 20.0), Annotation(AnnotationKind.NORM, 50.0, 52.0)),
    )
    now = move(alignment, stretch((0.0, 35.0), 1.0), stretch((60.0, 70.0), 36.0))
    assert now.untranscribed == (Untranscribed(11.0, 21.0, "an ad"), Untranscribed(31.0, 36.0, ""))
    assert now.annotations == (Annotation(AnnotationKind.AD, 11.0, 21.0),)


def test_a_signature_stays_where_every_word_has_its_sound(ferry: Alignment) -> None:
    signed = replace(ferry, review=Review("Zoé", "2026-11-20T10:00:00Z", 1.0))
    assert move(signed, stretch((0.0, 60.0), 30.0)).review == signed.review
    assert move(signed, stretch((0.0, 3.0), 30.0)).review is None


def test_kept_quotes_go_with_their_sound_and_those_without_stay_of_the_old_one(ferry: Alignment) -> None:
    old = ferry.audio.sha256[:8]
    kept = SavedQuote("a", "the harbour", None, 0, 11, 2.0, 4.0, "0" * 8, "2026-11-20T10:00:00Z", audio_hash=old)
    gone, untold = replace(kept, start=8.0, end=9.0), replace(kept, audio_hash=None)
    quotes = [kept, untold, gone, replace(gone, audio_hash=None), replace(kept, audio_hash="e" * 8)]
    now = move_quotes(quotes, AudioMapping([stretch((0.0, 5.0), 7.0)], 60.0), ferry.audio, NEW)
    there = replace(kept, start=9.0, end=11.0, audio_hash="f" * 8)
    assert now == [there, there, gone, gone, quotes[4]]


@pytest.mark.nightly
@settings(max_examples=50)
@given(aligned)
def test_moving_to_the_same_sound_changes_nothing(alignment: Alignment) -> None:
    alignment = from_content(to_text(alignment).encode())
    duration = alignment.audio.duration
    made = move_alignment(alignment, AudioMapping([stretch((0.0, duration + 1), 0.0)], duration + 1), alignment.audio)
    assert made.alignment == alignment
    assert not made.lost
    assert not made.displaced


cuts = st.lists(st.floats(0.0, 30.0), min_size=1, max_size=5, unique=True)


@st.composite
def stretches(draw: st.DrawFn) -> list[MatchedSpan]:
    """The old sound in pieces, some of them left out, with something put in between; now and then in another order."""
    edges = [0.0, *sorted(draw(cuts)), 40.0]
    pieces = [pair for pair in pairwise(edges) if pair[1] - pair[0] > 0.1]
    kept = [piece for piece in pieces if draw(st.booleans())]
    if draw(st.booleans()):
        kept = draw(st.permutations(kept))
    made, at = [], 0.0
    for piece in kept:
        at += draw(st.sampled_from([0.0, 0.5, 10.0]))
        made.append(stretch(piece, at, draw(st.sampled_from([1.0, 1.02]))))
        at = made[-1].new.end
    return made


@pytest.mark.nightly
@settings(max_examples=50)
@given(aligned, stretches())
def test_what_is_moved_is_an_alignment_and_lies_where_a_stretch_says(
    alignment: Alignment, found: list[MatchedSpan]
) -> None:
    now = move(alignment, *found, duration=120.0)
    read = from_content(to_text(now).encode())
    assert [word.span for word in read.words] == spans(now)
    for old, new in zip(spans(alignment), spans(now), strict=True):
        assert new is None or (
            old and any(each.new.start - 0.05 <= new.middle <= each.new.end + 0.05 for each in found)
        )
