"""Locating a transcript among letters that were heard: the page to read first.

text --readings--> letters of each word -+-find_anchors--> where they were heard
sound --decode--> letters ---------------+      |
sound --emissions------------------------------ + --plan_windows, find_paths--> frames --score_words--> findings
findings --place, with_confidence--> placements --lettered_passages--> what the text lacks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import (
    Anchors,
    DecodedLetters,
    choose_readings,
    decode,
    find_anchors,
    letter_classes,
    plan_windows,
)
from aligner.locating.letters.paths import Paths, ctc_scores, find_paths, framewise_scores
from aligner.locating.letters.placing import Evidence, at_last_repetitions, pace_of, place, with_confidence
from aligner.locating.letters.scoring import (
    correct_edge_bias,
    drop_isolated,
    heard_as_written,
    in_sequence,
    score_words,
)
from aligner.locating.quality import lettered_passages
from aligner.locating.spoken_words import breaks_after, spoken_tokens, with_marks
from aligner.model import UNSPOKEN, Audio, Located, Transcript
from aligner.normalization import readings

_LAST_LETTER = 6  # frames that the last letter of a footnote's number lasts


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Where words may be: how each is spelled, its letters' classes and their number, its anchor and its two paths."""

    spelled: Sequence[str]
    classes: Sequence[Sequence[int]]
    lengths: NDArray[np.int64]
    anchors: Anchors
    paths: Paths


def locate_by_letters(transcript: Transcript, audio: Audio, emissions: Emissions, language: str) -> Located:
    """When each word of the transcript is said, and where something is said that it lacks, from the emissions."""
    tokens = spoken_tokens(transcript, language)
    decoded = decode(emissions)
    ways = readings([token or "" for token in tokens], language)
    breaks = breaks_after(transcript)
    found = find_candidates(ways, decoded, emissions, breaks)
    findings = score_words(found.lengths, found.anchors, found.paths, emissions, breaks)
    findings = drop_isolated(transcript, findings)
    findings = at_last_repetitions(found.spelled, found.classes, findings, decoded, emissions, breaks)
    findings = heard_as_written(in_sequence(findings), found.spelled, decoded)
    findings = replace(findings, exact=findings.exact & ~found.anchors.doubtful)
    pace = pace_of(findings, found.lengths)  # of edges as they were heard: so are those of what it is held against
    evidence = Evidence(audio, emissions, decoded, found.spelled, breaks, pace)
    placements = place(transcript, correct_edge_bias(findings), evidence)
    placements = tuple(UNSPOKEN if one else p for p, one in zip(placements, found.anchors.unsaid, strict=True))
    placements = with_confidence(placements, findings, found.lengths, found.anchors, evidence)
    passages = lettered_passages(placements, decoded.frames * FRAME, audio)
    heard = decoded.letters, decoded.frames * FRAME, (decoded.frames + _LAST_LETTER) * FRAME
    return Located(with_marks(transcript, placements, heard, language), passages)


def find_candidates(
    ways: Sequence[Sequence[str]],
    decoded: DecodedLetters,
    emissions: Emissions,
    breaks: NDArray[np.int64] | None = None,
) -> Candidates:
    """Look for words, given the ways in which each may be read, as of ``aligner.normalization.readings``.

    ``breaks`` are as of ``spoken_words.breaks_after``.
    """
    anchors = find_anchors([way[0] for way in ways], decoded, breaks)
    spelled = choose_readings(ways, anchors, decoded)
    classes = [letter_classes(word) for word in spelled]
    lengths = np.array([len(word) for word in classes], np.int64)
    windows = plan_windows(lengths, anchors, len(emissions), breaks)
    paths = Paths(*find_paths(classes, windows, (framewise_scores, ctc_scores), emissions))
    return Candidates(spelled, classes, lengths, anchors, paths)
