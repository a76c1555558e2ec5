"""The French reference is complete and matches the recordings beside the checkout."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest

from media.decode import audio_blocks
from tests.bench.evaluation import read_truth
from tests.bench.french import REFERENCES, read_reference, reference_of, with_reference
from tests.bench.recordings import RATE, default_folders
from tests.bench.trial import EpisodeFiles
from tests.paths import SHARED
from tests.tables import over_rows

PATHS = sorted(REFERENCES.glob("*.json"))


@over_rows("path", PATHS)
def test_words_are_in_order_in_text_and_audio(path: Path) -> None:
    words = read_reference(path).words
    assert all(word.char_start < word.char_end and 0 <= word.span.start < word.span.end for word in words)
    for before, word in pairwise(words):
        assert before.char_end <= word.char_start
        assert before.span.end <= word.span.start


@pytest.mark.skipif(not (SHARED / "bench" / "real").is_dir(), reason="the recordings are not beside the checkout")
def test_the_reference_matches_the_recordings_beside_the_checkout() -> None:
    episodes = with_reference(default_folders())
    assert [files.name for files in episodes] == [path.stem for path in PATHS]
    for files in episodes:
        words = reference_of(files).words
        samples = sum(len(block) for _, block in audio_blocks(files.audio, RATE))
        assert words[-1].span.end <= samples / RATE
        assert {word.char_start for word in words} <= {word.char_start for word in read_truth(files.truth).words}


def test_a_text_other_than_that_of_the_reference_is_refused(tmp_path: Path) -> None:
    transcript = tmp_path / "transcript.txt"
    transcript.write_text("un autre texte", encoding="utf-8")
    assert hashlib.sha256(transcript.read_bytes()).hexdigest() not in {
        json.loads(path.read_text(encoding="utf-8"))["transcript_sha256"] for path in PATHS
    }
    with pytest.raises(ValueError, match="not the text that the reference was made for"):
        reference_of(EpisodeFiles("clip00", tmp_path / "episode.wav", transcript, tmp_path / "truth.json"))
