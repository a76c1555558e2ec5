"""What the tests share: helpers beside them importable by name, and the sample as an episode."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

SAMPLE = Path(__file__).parents[2] / "aligner" / "demo" / "sample"


@pytest.fixture
def episode(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The sample's sound and transcript in a folder of their own, and what a perfect recogniser heard in it."""
    audio, transcript = tmp_path / "roue.mp3", tmp_path / "roue.txt"
    audio.write_bytes((SAMPLE / "episode.mp3").read_bytes())
    transcript.write_bytes((SAMPLE / "transcript.txt").read_bytes())
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    hypothesis = tmp_path / "heard.json"
    hypothesis.write_text(json.dumps({"language": "fr", "segments": [segment]}), encoding="utf-8")
    return audio, transcript, hypothesis
