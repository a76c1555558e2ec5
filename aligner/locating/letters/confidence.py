"""How sure each word's time is, told once all are placed: it decides nothing.

A word's own score (``scoring``) has decided whether it was found. How often such a word is right, the whole episode
tells: where the ear hears a voice unclearly, words with low scores are right all the same, while of a text that nobody
says in many places even those with good scores are wrong. So is a word of whose letters few were heard where it stands.

Conventions
-----------
Confidence is the probability that a word is said and starts within 0.2 s of its time. Shares of an episode are logits,
bounded, for of a few words a share says little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import Anchors
from aligner.locating.letters.placing import Evidence
from aligner.locating.letters.scoring import Findings, likeness
from aligner.model import Placement, Status
from aligner.normalization import unaccented

Floats = NDArray[np.float64]

_SCORES = (-5.0, 6.0)  # logits, beyond which more says no more
_FOUND_BESIDES, _OF = 9, 10  # words that are as if found, of so many more, lest a few words tell much of an episode
_EXPLAINED = (0.05, 0.97)  # bounds of the share of what was heard
_SOUNDING = float(np.log(0.5))  # log probability of no letter, below which a frame has one
_BOUNDS = (0.005, 0.995)  # of confidence: one word in 200 is beyond what is known here


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """What each feature says for a word, in logits.

    Fitted by ``tests/bench/confidence.py``, as ``docs/measuring.md`` says under "Honesty".
    """

    bias: float = -2.87
    score: float = 0.80  # per logit of the word's own score
    guessed: float = -0.35  # if its time is only what is left between others,
    guessed_score: float = -0.41  # ... and less per logit then
    exact: float = -0.24  # if it is beyond doubt: its letters and score have said so already
    alike: float = 2.88  # times how like it the letters are that were heard there
    found: float = 0.18  # per logit of the share of the episode's words that were heard
    explained: float = 0.29  # per logit of the share of the letters heard that are the text's
    unclear: float = 5.36  # per nat that the ear's letters are unsure in the mean of the episode


_WEIGHTS = ConfidenceWeights()


def with_confidence(
    placements: Sequence[Placement],
    findings: Findings,
    lengths: NDArray[np.int64],
    anchors: Anchors,
    heard: Evidence,
) -> tuple[Placement, ...]:
    """The placements with how sure each is, all else as it was; unspoken words as they were. ``lengths`` are the
    numbers of the words' letters, doubled ones counted once."""
    logits = confidence_features(placements, findings, lengths, anchors, heard) @ np.array(astuple(_WEIGHTS))
    chances = (1 / (1 + np.exp(-logits))).clip(*_BOUNDS)
    return tuple(
        replace(placement, confidence=chance) if placement.span else placement
        for placement, chance in zip(placements, chances.tolist(), strict=True)
    )


def confidence_features(
    placements: Sequence[Placement],
    findings: Findings,
    lengths: NDArray[np.int64],
    anchors: Anchors,
    heard: Evidence,
) -> Floats:
    """What speaks for each word's time, shape (words, weights): a column for each of ``ConfidenceWeights``."""
    statuses = [placement.status for placement in placements]
    exact, guessed = (np.array([s is one for s in statuses], float) for one in (Status.EXACT, Status.INTERPOLATED))
    score = _logit(findings.score.clip(*(1 / (1 + np.exp(-np.array(_SCORES))))))
    is_heard = np.array([status.is_heard for status in statuses], bool) & (lengths > 0)
    found = _logit((is_heard.sum() + _FOUND_BESIDES) / (np.count_nonzero(lengths) + _OF))
    return np.column_stack(
        [
            np.ones(len(placements)),
            score,
            guessed,
            guessed * score,
            exact,
            list(_alike(placements, heard)),
            np.full(len(placements), found),
            np.full(len(placements), _explained(lengths, anchors, heard)),
            np.full(len(placements), _unclear(heard.emissions)),
        ]
    )


def _alike(placements: Sequence[Placement], heard: Evidence) -> list[float]:
    """How like each word the letters are that were heard while it is said, from 0 to 1; of none it is 0."""
    spans = [(p.span.start, p.span.end) if p.span else (0.0, 0.0) for p in placements]
    edges = np.rint(np.array(spans).reshape(-1, 2) / FRAME - np.array([1, 0])).astype(np.int64)
    ranges = np.searchsorted(heard.decoded.frames, edges).tolist()
    return [
        likeness(unaccented(spelled), low, high, heard.decoded) if spelled and placement.span else 0.0
        for spelled, placement, (low, high) in zip(heard.spelled, placements, ranges, strict=True)
    ]


def _explained(lengths: NDArray[np.int64], anchors: Anchors, heard: Evidence) -> float:
    """The logit of the share of all letters heard that are letters of the text, in order."""
    share = float((anchors.share * lengths).sum()) / max(1, len(heard.decoded.letters))
    return float(_logit(np.clip(share, *_EXPLAINED)))


def _unclear(emissions: Emissions) -> float:
    """How unsure the ear is of its letters, in nats, in the mean over the frames that have one."""
    sounding = emissions.ctc[emissions.ctc[:, 0] < _SOUNDING]
    return -float(sounding.max(axis=1).mean(dtype=np.float64)) if len(sounding) else 0.0


def _logit(share: Floats | float) -> Floats:
    logits: Floats = np.log(share) - np.log1p(-np.asarray(share))
    return logits
