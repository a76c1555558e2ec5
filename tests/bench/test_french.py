"""The French reference is whole, and what is judged by it is off by as much as was planted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from aligner.evaluation import read_truth
from aligner.model import Span
from media.decode import sound_blocks
from tests.bench.french import (
    REFERENCES,
    Placed,
    Reference,
    SeenWord,
    as_table,
    edges_of,
    listed,
    read_reference,
    reference_of,
    with_reference,
)
from tests.bench.recordings import RATE, default_folders
from tests.bench.trial import EpisodeFiles
from tests.places import SHARED
from tests.tables import over_rows

PATHS = sorted(REFERENCES.glob("*.json"))
TEN = Reference("", tuple(SeenWord(6 * k, 6 * k + 5, Span(k, k + 0.5), k % 2 == 0, True) for k in range(10)))


def placed(late: float, longer: float = 0.0) -> list[Placed]:
    """All ten words, late by so much, and so much longer."""
    return [Placed("mot", Span(w.span.start + late, w.span.end + late + longer), exact=True) for w in TEN.words]


def row(edges: list, kind: str, seen: str) -> list[str]:
    """The cells after the kind: words, mean, median, p95, within 100 ms, missed, exact and over 200 ms off."""
    lines = [line.split() for line in as_table({("set", "us"): edges}).splitlines()[1:]]
    return next(line[4:] for line in lines if line[2:4] == [kind, seen])


@over_rows("path", PATHS)
def test_words_follow_each_other_in_the_text_and_in_the_sound(path: Path) -> None:
    words = read_reference(path).words
    assert all(word.char_start < word.char_end and 0 <= word.span.start < word.span.end for word in words)
    for before, word in pairwise(words):
        assert before.char_end <= word.char_start
        assert before.span.end <= word.span.start


@pytest.mark.skipif(not (SHARED / "bench" / "real").is_dir(), reason="the recordings are not beside the checkout")
def test_the_reference_is_of_the_recordings_beside_the_checkout() -> None:
    episodes = with_reference(default_folders())
    assert [files.name for files in episodes] == [path.stem for path in PATHS]
    for files in episodes:
        words = reference_of(files).words
        samples = sum(len(block) for _, block in sound_blocks(files.audio, RATE))
        assert words[-1].span.end <= samples / RATE
        assert {word.char_start for word in words} <= {word.char_start for word in read_truth(files.truth).words}


def test_edges_that_are_not_visible_count_among_all_alone() -> None:
    words = placed(0.0)
    words[3] = replace(words[3], span=Span(3.3, 3.5))
    edges = list(edges_of(TEN, words))
    assert row(edges, "start", "visible") == ["5", "0.0", "0.0", "0.0", "100.0", "0.0", "0"]
    assert row(edges, "start", "all") == ["10", "30.0", "0.0", "300.0", "90.0", "0.0", "1"]
    assert list(listed("set", edges)) == ["set  mot  start  true 3.000  found 3.300  exact  not visible"]


def test_a_word_that_is_not_found_is_missed_and_none_over_200_ms_off_is_told_unless_it_is_called_exact() -> None:
    words = placed(0.25, longer=-0.2)
    words[0] = replace(words[0], span=None)
    words[1] = replace(words[1], exact=False)
    edges = list(edges_of(TEN, words))
    assert row(edges, "start", "all") == ["10", "250.0", "250.0", "250.0", "0.0", "10.0", "8"]
    assert row(edges, "end", "all") == ["10", "50.0", "50.0", "50.0", "90.0", "10.0", "0"]
    assert next(listed("set", edges)) == "set  mot  start  true 0.000  missed  exact"


def test_another_text_than_the_reference_was_made_for_is_refused(tmp_path: Path) -> None:
    transcript = tmp_path / "transcript.txt"
    transcript.write_text("un autre texte", encoding="utf-8")
    assert hashlib.sha256(transcript.read_bytes()).hexdigest() not in {
        json.loads(path.read_text(encoding="utf-8"))["transcript_sha256"] for path in PATHS
    }
    with pytest.raises(ValueError, match="not the text that the reference was made for"):
        reference_of(EpisodeFiles("clip00", tmp_path / "episode.wav", transcript, tmp_path / "truth.json"))
