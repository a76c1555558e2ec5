"""What is told of words is what was planted: how late they are, which are missed, which nobody says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from aligner.model import Span, Status, TimedWord, Word
from tests.bench.edited import Edit, Edited, applied, lines
from tests.bench.judging import Judged, exact_and_wrong, figures, judged
from tests.bench.planted import recording_of_tones
from tests.bench.recordings import Said
from tests.bench.reliability import calibration_error, counting, listed, reliability_table, risk, risk_table, sureness


@cache
def talk() -> Edited:
    return Edited(recording_of_tones(40))


def found(version: Edited, late: float, status: Status = Status.EXACT) -> list[TimedWord]:
    """All words that are said, late by so much."""
    text = version.recording.text
    return [
        TimedWord(Word(text[w.char_start : w.char_end], w.char_start, w.char_end, 0), at(w, late), status, 0.9)
        for w in version.recording.words
    ]


def at(word: Said, late: float) -> Span:
    return Span(word.latest + late, word.end + late)


def sure(confidence: float, late: float | None) -> Judged:
    """A word that is said at 5 s and found so late, or that nobody says."""
    timed = TimedWord(Word("mot", 0, 3, 0), Span(5 + (late or 0), 6), Status.EXACT, confidence)
    return Judged("mot", None if late is None else Said(0, 3, 5.0, 5.0, 6.0), timed)


def test_words_that_are_late_are_off_by_as_much_and_so_are_their_ends() -> None:
    result = figures(judged(talk(), found(talk(), 0.06)))
    assert (result.words, result.missed, result.beyond_1_s, result.exact_wrong) == (40, 0, 0, 0)
    assert [result.mean, result.median, result.p95, result.end] == pytest.approx([0.06] * 4)
    assert (result.within_100_ms, result.within_200_ms, result.lines_within) == (1, 1, 1)
    assert result.unsaid_timed is None


def test_a_line_is_judged_by_its_first_word_alone() -> None:
    words, firsts = found(talk(), 0.0), lines(talk().recording)
    words[firsts[0]] = found(talk(), 0.3)[firsts[0]]
    words[firsts[0] + 1] = found(talk(), 0.3)[firsts[0] + 1]
    result = figures(judged(talk(), words))
    assert result.lines_within == 1 - 1 / len(firsts)
    assert result.exact_wrong == 2


def test_words_put_in_are_told_if_they_have_a_time_and_wrong_if_they_are_called_exact() -> None:
    version = applied(talk(), [Edit(0, 0, "Un titre\n\n")])
    title = TimedWord(Word("titre", 3, 8, 0), Span(0.1, 0.4), Status.EXACT, 0.8)
    words = judged(version, [title, *found(version, 0.0)])
    assert figures(words).unsaid_timed == 0.5
    assert [word.text for word in exact_and_wrong(words)] == ["titre"]
    assert listed("talk", words) == ["talk  titre  not said  found 0.10  0.80"]


def test_words_as_often_right_as_they_are_sure_are_calibrated_and_others_are_not() -> None:
    words = [sure(0.75, 0.0)] * 3 + [sure(0.75, 0.5)]
    assert calibration_error(*sureness(words)) == pytest.approx(0)
    words = [sure(0.95, 0.0)] + [sure(0.95, None)] + [sure(0.1, 0.1)] * 2
    assert calibration_error(*sureness(words)) == pytest.approx((2 * 0.45 + 2 * 0.9) / 4)
    rows = [line.split() for line in reliability_table({"set": words}).splitlines()[1:]]
    assert rows == [
        ["set", "0.1-0.2", "2", "10.0", "100.0"],
        ["set", "0.9-1.0", "2", "95.0", "50.0"],
        ["set", "all", "4", "67.5"],
        ["set", "weighed", "4", "67.5"],
    ]


def test_words_whose_start_is_known_stand_for_those_of_which_nobody_knows_it() -> None:
    known = {k: word for k, word in enumerate(talk().recording.words) if k % 4 == 0}
    words = tuple(known.get(k, replace(w, earliest=w.latest - 1)) for k, w in enumerate(talk().recording.words))
    version = applied(replace(talk(), recording=replace(talk().recording, words=words)), [Edit(0, 0, "Titre\n\n")])
    title = TimedWord(Word("Titre", 0, 5, 0), Span(0.01, 0.05), Status.FUZZY, 0.9)
    counted = counting(judged(version, [title, *found(version, 0.0)]))
    assert sorted(word.stands_for for word in counted) == [1.0] + [4.0] * 10
    confidence, right = sureness(counted)
    weights = np.array([word.stands_for for word in counted])
    assert calibration_error(confidence, right) == pytest.approx(10 / 11 - 0.9)
    assert calibration_error(confidence, right, weights) == pytest.approx(40 / 41 - 0.9)


def test_risk_falls_where_the_unsure_words_are_the_wrong_ones() -> None:
    words = [sure(1 - k / 10, 0.0 if k < 8 else 0.3) for k in range(10)]
    confidence, right = sureness(words)
    assert [risk(confidence, right, share) for share in (0.5, 0.8, 0.9, 1.0)] == pytest.approx([0, 0, 1 / 9, 0.2])
    assert risk_table({"set": words}).splitlines()[1].split()[-5:] == ["20.0", "of", "10", "-", "-"]
    same = np.full(4, 0.5)
    assert risk(same, np.array([True, True, True, False]), 0.5) == 0.25
