"""Words beside which something is set keep a place beside it; nothing lasts into anything else."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from aligner.corrections.commands import Move, Place, Start, corrected
from aligner.corrections.giving_way import giving_way, keeping_places
from aligner.errors import CorrectionError
from aligner.model import Alignment, Span, Status, TimedWord, Word
from aligner.pins import Pin, PinKind
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.corrections.test_repair import episode

_TOUCHING = 0.005  # seconds


def timed(*spans: tuple[float, float], pinned: Sequence[int] = ()) -> tuple[TimedWord, ...]:
    """Words of four letters."""
    return tuple(
        TimedWord(Word("tide", 5 * k, 5 * k + 4, 0), Span(*span), Status.EXACT, 1.0, k in pinned)
        for k, span in enumerate(spans)
    )


def spans(words: Sequence[TimedWord]) -> list[tuple[float, float] | None]:
    return [(word.span.start, word.span.end) if word.span else None for word in words]


def test_a_word_that_reaches_into_what_is_set_ends_or_begins_there() -> None:
    words = timed((1.0, 1.5), (1.5, 2.0), (2.0, 2.5))
    made = giving_way(words, range(1, 2), Span(1.4, 2.1), 9.0)
    assert spans(made) == [(1.0, 1.4), (1.5, 2.0), (2.1, 2.5)]
    assert {word.status for word in made} == {Status.EXACT}


def test_a_word_that_lies_within_it_moves_into_the_room_beside_it() -> None:
    words = timed((1.0, 1.5), (1.5, 1.8), (2.0, 2.2), (3.0, 3.2))
    made = giving_way(words, range(1, 2), Span(1.5, 2.4), 9.0)
    assert spans(made) == [(1.0, 1.5), (1.5, 1.8), (2.4, 2.66), (3.0, 3.2)]
    assert made[2].status is Status.INTERPOLATED


def test_where_there_is_no_room_the_next_word_makes_some_unless_it_was_set() -> None:
    words = timed((1.0, 1.5), (1.5, 1.8), (1.8, 2.0), (2.0, 2.4))
    assert spans(giving_way(words, range(1, 2), Span(1.5, 2.0), 9.0)) == [
        (1.0, 1.5),
        (1.5, 1.8),
        (2.0, 2.2),
        (2.2, 2.4),
    ]
    pinned = timed((1.0, 1.5), (1.5, 1.8), (1.8, 2.0), (2.0, 2.4), pinned=[3])
    assert spans(giving_way(pinned, range(1, 2), Span(1.5, 2.0), 9.0)) == [(1.0, 1.5), (1.5, 1.8), None, (2.0, 2.4)]


def test_before_it_words_give_way_as_after_it() -> None:
    words = timed((1.0, 1.4), (1.6, 1.8), (2.0, 2.4))
    assert spans(giving_way(words, range(2, 3), Span(1.5, 2.4), 9.0)) == [(1.0, 1.4), (1.4, 1.5), (2.0, 2.4)]


def test_words_that_are_said_nowhere_since_have_a_place_beside_what_was_set() -> None:
    before = timed((1.0, 1.2), (1.2, 1.4), (1.4, 1.6), (1.7, 2.0), (2.0, 2.4))
    after = timed((1.65, 1.7), (1.2, 1.4), (1.4, 1.6), (1.7, 2.0), (2.0, 2.4), pinned=[0])
    after = (after[0], *(replace(word, span=None, status=Status.UNSPOKEN) for word in after[1:3]), *after[3:])
    pins = [Pin(PinKind.WORD, range(1), Span(1.65, 1.7))]
    made = keeping_places(before, after, range(1), pins, 9.0)
    assert spans(made) == [(1.65, 1.7), (1.7, 1.8), (1.8, 1.9), (1.9, 2.0), (2.0, 2.4)]
    assert [word.status for word in made[1:4]] == [Status.INTERPOLATED] * 3
    pinned = (*after[:3], replace(after[3], pinned=True), after[4])
    assert spans(keeping_places(before, pinned, range(1), pins, 9.0)) == spans(pinned)


@pytest.mark.parametrize("is_heard", [True, False])
@pytest.mark.parametrize("late", [0.4, 0.8, 2.0])
def test_a_word_that_is_started_late_leaves_all_that_follow_it_a_place(late: float, is_heard: bool) -> None:
    alignment, heard = episode()
    for word in range(30, 200, 23):
        span = alignment.words[word].span
        assert span
        made = corrected(alignment, Start(word, span.start + late), heard if is_heard else None)
        assert made.words[word].pinned
        assert [k for k, old in enumerate(alignment.words) if old.span and not made.words[k].span and k > word] == []
        check_nothing_overlaps(made)


def check_nothing_overlaps(alignment: Alignment) -> None:
    said = [word for word in alignment.words if word.span]
    for one, two in pairwise(said):
        assert one.span
        assert two.span
        assert one.span.start <= two.span.start
        assert one.span.end <= two.span.start + _TOUCHING, (one, two)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_placed_stays_and_nothing_lasts_into_anything_else(seed: int) -> None:
    alignment, heard = episode()
    check_nothing_overlaps(alignment)
    chance = random.Random(seed)
    for _ in range(4):
        word = chance.choice([k for k, each in enumerate(alignment.words) if each.span])
        span = alignment.words[word].span
        assert span
        by = chance.choice([-2, -0.6, -0.2, 0.2, 0.6, 2])
        start = max(0.0, span.start + by)
        command = chance.choice(
            [Place(word, start, start + chance.uniform(0.1, 1.5)), Start(word, start), Move(word, word + 1, by)]
        )
        with contextlib.suppress(CorrectionError):  # it contradicts what was set before
            alignment = from_content(to_text(corrected(alignment, command, heard)).encode())
            made = alignment.words[word]
            assert made.pinned
            assert made.span
            assert not isinstance(command, Place) or made.span.start == pytest.approx(command.start, abs=0.001)
        check_nothing_overlaps(alignment)
