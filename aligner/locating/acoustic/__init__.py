"""Forced alignment (CTC over characters): locate a transcript in the emissions. Start reading here.

text --readings--> letters of each word ----+--find_anchors--> where they match
emissions --decode--> letters --------------+      |
emissions ----------------------------------+------+--plan_windows, find_paths--> frames --score_words--> findings
findings --place, with_confidence--> placements --passages_of_letters--> speech that is missing from the transcript
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.acoustic.anchors import (
    Anchors,
    DecodedCharacters,
    choose_readings,
    decode,
    find_anchors,
    letter_classes,
    plan_windows,
)
from aligner.locating.acoustic.paths import Paths, ctc_scores, find_paths, framewise_scores
from aligner.locating.acoustic.placing import Evidence, at_last_repetitions, pace_of, place, with_confidence
from aligner.locating.acoustic.scoring import (
    confirm_exact,
    correct_edge_bias,
    drop_isolated,
    in_sequence,
    score_words,
)
from aligner.locating.quality import passages_of_letters
from aligner.locating.spoken_words import breaks_after, place_footnote_marks, spoken_tokens
from aligner.model import UNSPOKEN, Audio, Located, Transcript
from aligner.normalization import readings

_LAST_LETTER = 6  # frames; the length of the last letter of a footnote's number


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The possible positions of each word in the audio, which ``scoring`` compares. ``spelled`` holds each word's
    letters, ``classes`` the acoustic model's classes of these letters, ``lengths`` their number. ``anchors`` says where
    the decoded letters match each word, ``paths`` where the best paths place it."""

    spelled: Sequence[str]
    classes: Sequence[Sequence[int]]
    lengths: NDArray[np.int64]
    anchors: Anchors
    paths: Paths


def locate_by_emissions(transcript: Transcript, audio: Audio, emissions: Emissions, language: str) -> Located:
    """Locate each word in the emissions; return the placements, and the speech that is missing from the transcript."""
    tokens = spoken_tokens(transcript, language)
    decoded = decode(emissions)
    ways = readings([token or "" for token in tokens], language)
    breaks = breaks_after(transcript)
    found = find_candidates(ways, decoded, emissions, breaks)
    findings = score_words(found.lengths, found.anchors, found.paths, emissions, breaks)
    findings = drop_isolated(transcript, findings)
    findings = at_last_repetitions(found.spelled, found.classes, findings, decoded, emissions, breaks)
    findings = confirm_exact(in_sequence(findings), found.spelled, decoded)
    findings = replace(findings, exact=findings.exact & ~found.anchors.doubtful)
    pace = pace_of(findings, found.lengths)  # before edges are corrected, as in the lengths it is compared with
    evidence = Evidence(audio, emissions, decoded, found.spelled, breaks, pace)
    placements = place(transcript, correct_edge_bias(findings), evidence)
    placements = tuple(UNSPOKEN if one else p for p, one in zip(placements, found.anchors.unsaid, strict=True))
    placements = with_confidence(placements, findings, found.lengths, found.anchors, evidence)
    passages = passages_of_letters(placements, decoded.frames * FRAME, audio)
    letters = decoded.letters, decoded.frames * FRAME, (decoded.frames + _LAST_LETTER) * FRAME
    return Located(place_footnote_marks(transcript, placements, letters, language), passages)


def find_candidates(
    ways: Sequence[Sequence[str]], decoded: DecodedCharacters, emissions: Emissions, breaks: NDArray[np.int64]
) -> Candidates:
    """Return each word's letters, its anchor (where decoded letters match it) and its best paths through the emissions.

    ``ways`` holds the readings of each word, that is, how its letters may be read aloud, likeliest first. ``breaks``
    says whether a clause (1), a sentence (2) or neither (0) ends after each word.
    """
    anchors = find_anchors([way[0] for way in ways], decoded, breaks)
    spelled = choose_readings(ways, anchors, decoded)
    classes = [letter_classes(word) for word in spelled]
    lengths = np.array([len(word) for word in classes], np.int64)
    windows = plan_windows(lengths, anchors, len(emissions), breaks)
    paths = Paths(*find_paths(classes, windows, (framewise_scores, ctc_scores), emissions))
    return Candidates(spelled, classes, lengths, anchors, paths)
