"""A published hour has its real speakers, headings and notes; skipped without the shared files."""

import json

import pytest

from aligner.transcript import read_transcript
from tests.paths import SHARED

SEEDS = sorted((SHARED / "seed").glob("*.txt"))
EPISODE = SHARED / "bench" / "dev"


@pytest.mark.skipif(not SEEDS, reason="the published transcript is not here")
def test_the_speakers_are_exactly_those_of_the_episode():
    found = read_transcript(SEEDS[0])
    assert {s.speaker for s in found.segments if s.kind == "speech"} == {
        "Antonio Casilli",
        "Cyrille Chaudoit",
        "Diverses voix off - Film Shrek",
        "Greg",
        "Laurent Guérin",
        "Mick Levy",
        "Voix off",
    }


@pytest.mark.skipif(not EPISODE.exists(), reason="the episode with its truth is not here")
def test_headings_and_notes_are_those_of_the_truth():
    found = read_transcript(EPISODE / "transcript.txt")
    truth = json.loads((EPISODE / "truth.json").read_text("utf-8"))["words"]
    expected = {word["char_start"]: word["why"] for word in truth if any(char.isalnum() for char in word["text"])}
    kinds = {word.char_start: found.segments[word.segment].kind.value for word in found.words}
    assert kinds.keys() == expected.keys()
    for at, why in expected.items():
        if why in ("heading", "note"):
            assert kinds[at] == why
        elif kinds[at] != "note":  # a mark with a full stop counts as spoken there
            assert kinds[at] == "speech"
