"""The usual method: what was heard exactly keeps its time, the rest lies on straight lines."""

from __future__ import annotations

import pytest

from aligner.model import HeardWord, Span, Status, TimedWord, Word
from tests.aligner.episodes import Planted
from tests.bench.baseline import exact_and_interpolated


def words_of(text: str) -> list[Word]:
    words, at = [], 0
    for token in text.split():
        words.append(Word(token, at, at + len(token), 0))
        at += len(token) + 1
    return words


def heard(*words: tuple[str, float, float], duration: float = 10.0) -> Planted:
    return Planted(tuple(HeardWord(*word) for word in words), (Span(0, duration),), duration)


def timed_as(words: list[Word], sound: Planted) -> tuple[TimedWord, ...]:
    return exact_and_interpolated(words, sound.audio, sound.words)


def test_words_heard_exactly_keep_their_times_whatever_their_case_and_punctuation():
    timed = timed_as(words_of("Bonjour, Odile !"), heard(("bonjour", 1, 1.5), ("Odile.", 1.5, 2)))
    assert [word.span for word in timed[:2]] == [Span(1, 1.5), Span(1.5, 2)]
    assert [word.status for word in timed[:2]] == [Status.EXACT] * 2


def test_words_not_heard_lie_evenly_between_their_neighbours():
    timed = timed_as(words_of("un Nix Nox deux"), heard(("un", 1, 2), ("deux", 4, 5)))
    assert [word.span.start for word in timed] == pytest.approx([1, 2, 3, 4])
    assert [word.status for word in timed[1:3]] == [Status.INTERPOLATED] * 2
    assert timed[1].span.end == pytest.approx(3)
