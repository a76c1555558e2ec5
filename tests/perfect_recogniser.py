"""Output of a perfect recogniser, so that tests align an episode without a model."""

import json
from pathlib import Path

from tests.paths import SAMPLE


def write_asr_output(path: Path, episode: Path = SAMPLE) -> Path:
    """Write to ``path`` an ASR output file that has every spoken word of an ``episode`` at its true time."""
    truth = json.loads((episode / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    path.write_text(json.dumps({"language": "fr", "segments": [segment]}), encoding="utf-8")
    return path
