"""The demo's sample as a perfect recogniser hears it, so that tests align it without a model."""

import json
from pathlib import Path

from tests.places import SAMPLE


def write_heard(path: Path, episode: Path = SAMPLE) -> Path:
    """Write to ``path`` the output of a recogniser that hears every word of an ``episode`` when it is said."""
    truth = json.loads((episode / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    path.write_text(json.dumps({"language": "fr", "segments": [segment]}), encoding="utf-8")
    return path
