"""Repetitions sound when they say, and the bench counts what is lost and what is at another copy."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from tests.bench.passages import KINDS, Passage, passages
from tests.bench.planted import pitch, pitch_at, recording_of_tones, sounds_from, timed
from tests.bench.repeat_cases import RELATIONS, Plan, Repetition, orders, repeated
from tests.bench.repeats import Found, judged, judged_around, tally
from tests.tables import over_rows

recording = cache(recording_of_tones)


@cache
def passages_of(kind: str) -> list[Passage]:
    return passages(recording(), kind)


def case_of(kind: str, relation: str, times: int = 2, paused: bool = True) -> Repetition:
    rng = random.Random(5)
    return repeated(Plan(recording(), rng.choice(passages_of(kind)), kind, relation, times, paused, rng))


def found_by(case: Repetition, reading: tuple[int | None, ...]) -> Found:
    """An alignment that is perfect but for the copies: each one of the text is found where ``reading`` says."""
    found = {w.char_start: timed(case.text, w.char_start, w.char_end, w.latest) for w in case.around}
    for written, copy in zip(case.written, reading, strict=True):
        for k, (start, end) in enumerate(written, start=-len(written)):
            found[start] = timed(case.text, start, end, None if copy is None else case.said[copy][k].latest)
    return found


def faults(case: Repetition, reading: tuple[int | None, ...]) -> list[str]:
    return [verdict.what for verdict in judged(case, found_by(case, reading)) if verdict.what != "right"]


@over_rows("paused", [False, True])
@over_rows("kind", KINDS)
def test_every_word_of_a_repetition_sounds_when_it_is_said_to(kind: str, paused: bool) -> None:
    case = case_of(kind, "as often", 3, paused)
    number = {case.text[w.char_start : w.char_end]: w for w in case.around}
    for token, word in number.items():
        assert pitch_at(case.samples, word.latest) == pytest.approx(pitch(int(token.strip(".mot"))), abs=3)
        assert sounds_from(case.samples, word.latest)
    for copy in case.said:
        for (start, end), word in zip(case.written[0][-len(copy) :], copy, strict=True):
            own = pitch(int(case.text[start:end].strip(".mot")))
            assert pitch_at(case.samples, word.latest) == pytest.approx(own, rel=0.035, abs=3)
            assert sounds_from(case.samples, word.latest)


@over_rows("relation", list(RELATIONS))
@over_rows("kind", KINDS)
@over_rows("times", [2, 3])
def test_what_is_right_has_no_fault(kind: str, relation: str, times: int) -> None:
    case = case_of(kind, relation, times, paused=False)
    assert [faults(case, reading) for reading in case.readings] == [[]] * len(case.readings)
    assert {verdict.what for verdict in judged_around(case, found_by(case, case.readings[0]))} == {"right"}


def test_a_restart_is_the_last_copy_and_a_whole_sentence_either() -> None:
    assert faults(case_of("word", "once less"), (0,)) == ["early"]
    assert faults(case_of("word", "once less", 3), (0, 2)) == ["early"]
    assert faults(case_of("word", "once less", 3), (2, 0)) == ["copy", "copy"]
    assert orders(range(3), "once less", whole=False) == ((1, 2),)
    assert orders(range(3), "once less", whole=True) == ((0, 1), (0, 2), (1, 2))
    sentence = case_of("sentence", "once less")
    assert faults(sentence, (0,)) == faults(sentence, (1,)) == []


def test_what_ends_a_sentence_that_it_does_not_begin_is_its_first_copy_and_any_echo() -> None:
    rng = random.Random(5)
    passage = replace(rng.choice(passages_of("passage")), whole=False, tail=True)
    less, more = (
        repeated(Plan(recording(), passage, "passage", one, 3, True, rng)) for one in ("once less", "once more")
    )
    assert faults(less, (0, 1)) == faults(less, (0, 2)) == []
    assert set(faults(less, (1, 2))) == {"copy"}
    assert more.readings == orders(range(3), "once more", whole=False)


def test_words_that_are_found_in_their_echo_are_at_the_wrong_copy_and_the_echo_is_lost() -> None:
    case = case_of("echo", "as often")
    words = len(case.said[1])
    assert len(case.said[0]) - words in (1, 2)
    found = dict(found_by(case, (0, None)))
    for (start, end), word in zip(case.written[0][-words:], case.said[1], strict=True):
        found[start] = timed(case.text, start, end, word.latest)
    assert [verdict.what for verdict in judged(case, found)][-2 * words :] == ["copy"] * words + ["lost"] * words


def test_a_copy_too_many_is_unspoken_and_its_words_are_not_said_twice() -> None:
    case = case_of("sentence", "once more")
    words = len(case.said[0])
    assert faults(case, (None, 0, 1)) == faults(case, (0, 1, None)) == []
    assert faults(case, (0, 1, 1)) == ["copy"] * words
    assert faults(case, (0, None, None)) == ["lost"] * words


def test_a_word_in_the_pause_is_off_and_a_lost_one_lost() -> None:
    case = case_of("sentence", "as often")
    found = dict(found_by(case, (0, 1)))
    first, second = (copy[-1] for copy in case.written)
    pause = (case.spans[0][1] + case.spans[1][0]) / 2
    late = replace(case.said[0][-1], latest=pause - 0.4, earliest=pause - 0.4)
    case = replace(case, said=((*case.said[0][:-1], late), case.said[1]))
    found[first[0]] = timed(case.text, *first, pause)
    found[second[0]] = timed(case.text, *second, None)
    counts = tally(judged(case, found), judged_around(case, found))
    assert (counts["off"], counts["lost"], counts["copy"], counts["exact"]) == (1, 1, 0, 1)
