"""Compute the confidence of an automatic transcript: for each word, the probability that it is the word that was said.

In other alignments, the confidence is the probability that a word's time is right. In an automatic transcript, nearly
all times are right, even those of misrecognised words; what a user needs to know is which words may be wrong.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, RecognisedWord
from aligner.normalization import fold
from aligner.report.doubt import matched_shares

_BOUNDS = (0.005, 0.995)  # of probabilities


@dataclass(frozen=True, slots=True)
class DraftWeights:
    """The weights, in logits, of a word's features: the recogniser's probability of the word (``recognised``) and of
    the two words ``beside`` it, the number of letters that the acoustic model ``missed``, and how ``long`` the word is.
    The confidence is the logistic function of the weighted sum. ``python -m tests.bench.drafts --fit`` fitted the
    weights on synthetic speech."""

    bias: float = 0.34
    recognised: float = 0.81  # per logit of the recogniser's probability of the word
    beside: float = 0.37  # per logit of those of its two neighbours, on average: errors come in runs
    missed: float = -0.24  # for each of its letters that the acoustic model did not recognise at its time
    long: float = -0.36  # per factor e in its number of letters


def with_draft_confidence(
    alignment: Alignment, recognised: Mapping[int, RecognisedWord], emissions: Emissions | None
) -> Alignment:
    """Return an automatic transcript's alignment with a new confidence for each spoken word. ``recognised`` maps
    offsets in the text to the recognised words, in order. Without ``emissions``, the feature ``missed`` is 0."""
    logits = draft_features(alignment, recognised, emissions) @ np.array(astuple(DraftWeights()))
    chances = (1 / (1 + np.exp(-logits))).clip(*_BOUNDS).tolist()
    words = tuple(
        replace(word, confidence=round(chance, 3)) if word.span else word
        for word, chance in zip(alignment.words, chances, strict=True)
    )
    return replace(alignment, words=words, segments=timed_segments(alignment.transcript, words))


def draft_features(
    alignment: Alignment, recognised: Mapping[int, RecognisedWord], emissions: Emissions | None
) -> NDArray[np.float64]:
    """Return one row for each word, and one column for each of ``DraftWeights``, in the same order."""
    offsets, words = list(recognised), list(recognised.values())
    found = [words[max(0, bisect_right(offsets, word.word.char_start) - 1)] for word in alignment.words]
    chance = np.array([word.probability for word in found]).clip(*_BOUNDS)
    logit = np.log(chance) - np.log1p(-chance)
    around = np.pad(logit, 1, mode="edge")
    letters = np.array([max(1, len(fold(word.word.text))) for word in alignment.words])
    shares = matched_shares(alignment.words, emissions) if emissions else [None] * len(letters)
    missed = [0.0 if share is None else 1 - share for share in shares] * letters
    return np.column_stack([np.ones(len(logit)), logit, (around[:-2] + around[2:]) / 2, missed, np.log(letters)])
