"""How sure words are: by their own scores, the letters heard where they stand, and the episode as a whole."""

from __future__ import annotations

from dataclasses import astuple, fields, replace

import numpy as np
import pytest

from aligner.emissions import CLASSES, FRAME, Emissions, silent_frames
from aligner.locating.letters.anchors import Anchors, DecodedLetters, find_anchors
from aligner.locating.letters.confidence import ConfidenceWeights, confidence_features, with_confidence
from aligner.locating.letters.placing import Evidence
from aligner.locating.letters.scoring import Findings
from aligner.model import UNSPOKEN, Audio, Placement, Span, Status
from tests.aligner.episodes import Planted

WORDS = ("ferry", "left", "the", "harbour", "before", "dawn")
LENGTHS = np.array([4, 4, 3, 7, 6, 4])  # of "ferry" the r once
FRAMES = 25  # that each word takes; its letters spike in them, one after the other
CLEAR = 0.1  # nats by which the ear is unsure of each letter


def heard(texts: tuple[str, ...] = WORDS, unclear: float = CLEAR) -> Evidence:
    """An ear that hears these words in the place of ``WORDS``."""
    letters = [
        (FRAMES * k + j, letter) for k, text in enumerate(texts) for j, letter in enumerate(text.replace("rr", "r"))
    ]
    values = silent_frames(FRAMES * len(WORDS))
    for frame, _ in letters:
        values[frame, :2] = (np.log(0.01), -unclear)
    decoded = DecodedLetters("".join(letter for _, letter in letters), np.array([frame for frame, _ in letters]))
    emissions = Emissions(values, np.full(CLASSES, 1 / CLASSES, np.float32))
    return Evidence(sound(), emissions, decoded, WORDS, np.zeros(len(WORDS), np.int64), 0.05)


def sound() -> Audio:
    return Planted((), (), FRAMES * len(WORDS) * FRAME).audio


def anchors(share: float = 1.0) -> Anchors:
    none = find_anchors(WORDS, DecodedLetters("", np.empty(0, np.int64)))
    none.share[:] = share
    return none


def findings(score: float = 0.9) -> Findings:
    starts, said = FRAMES * FRAME * np.arange(len(WORDS)), np.ones(len(WORDS), bool)
    return Findings(starts, starts + 0.2, said, said, np.full(len(WORDS), score))


def placed(status: Status = Status.EXACT) -> tuple[Placement, ...]:
    starts = FRAMES * FRAME * np.arange(len(WORDS))
    return tuple(Placement(Span(start, start + 0.2), status, 0.5) for start in starts.tolist())


def told(placements: tuple[Placement, ...], ear: Evidence, score: float = 0.9, share: float = 1.0) -> list[float]:
    found = with_confidence(placements, findings(score), LENGTHS, anchors(share), ear)
    return [placement.confidence for placement in found]


def test_nothing_but_confidence_changes_and_unspoken_words_stay_as_they_are() -> None:
    before = (*placed()[:3], UNSPOKEN, *placed(Status.FUZZY)[4:])
    after = with_confidence(before, findings(), LENGTHS, anchors(), heard())
    assert [replace(placement, confidence=0.0) for placement in after] == [
        replace(placement, confidence=0.0) for placement in before
    ]
    assert after[3] == UNSPOKEN
    assert all(placement.confidence != 0.5 for placement in after)


def test_every_weight_has_its_feature() -> None:
    columns = confidence_features(placed(), findings(), LENGTHS, anchors(), heard())
    assert columns.shape == (len(WORDS), len(fields(ConfidenceWeights)))
    assert len(astuple(ConfidenceWeights())) == columns.shape[1]


def test_of_the_words_of_an_episode_those_with_better_scores_are_surer() -> None:
    assert all(low < high for low, high in zip(told(placed(), heard(), 0.4), told(placed(), heard(), 0.9), strict=True))


def test_a_word_is_less_sure_where_other_letters_were_heard() -> None:
    as_written, other = told(placed(), heard()), told(placed(), heard((*WORDS[:3], "oranges", *WORDS[4:])))
    assert other[3] < as_written[3] - 0.02
    assert other[:3] == pytest.approx(as_written[:3], abs=1e-9)


def test_with_the_same_score_a_word_is_surer_where_the_ear_hears_all_unclearly() -> None:
    assert told(placed(), heard(unclear=0.5), 0.4)[0] > told(placed(), heard(unclear=0.1), 0.4)[0] + 0.05


def test_words_are_less_sure_where_little_else_of_the_text_was_heard() -> None:
    alone = (placed()[0], *[UNSPOKEN] * 5)
    assert told(alone, heard(), 0.5)[0] < told(placed(), heard(), 0.5)[0]


def test_words_are_less_sure_where_little_of_what_was_heard_is_in_the_text() -> None:
    assert told(placed(), heard(), 0.5, share=0.2)[0] < told(placed(), heard(), 0.5)[0]


def test_a_time_that_is_what_was_left_between_others_is_less_sure_than_one_that_was_heard() -> None:
    guessed, fuzzy = told(placed(Status.INTERPOLATED), heard()), told(placed(Status.FUZZY), heard())
    assert all(low < high for low, high in zip(guessed, fuzzy, strict=True))


@pytest.mark.parametrize("score", [0.0, 1e-9, 0.5, 1.0])
def test_no_word_is_beyond_all_doubt_and_none_hopeless(score: float) -> None:
    for status in (Status.EXACT, Status.FUZZY, Status.INTERPOLATED):
        for ear in (heard(), heard(("",) * 6), heard(unclear=3.0)):
            assert all(0.005 <= chance <= 0.995 for chance in told(placed(status), ear, score))
