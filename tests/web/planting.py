"""Episodes for the web app's tests, aligned without a model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "aligner" / "demo" / "sample"


def plant_sample(folder: Path) -> Path:
    """Lay the demo's sample in ``folder``, its words timed by its truth."""
    folder.mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    words = [
        {"word": w["text"], "start": w["start"], "end": w["end"], "probability": 0.9}
        for w in truth["words"]
        if w["start"] is not None
    ]
    segment = {"start": words[0]["start"], "end": words[-1]["end"], "text": "", "words": words}
    heard = folder / "heard.json"
    heard.write_text(json.dumps({"language": "fr", "segments": [segment]}), encoding="utf-8")
    known = ["--title", "Une promenade qui attend", "--show", "Roue libre", "--date", "2025-03-15"]
    command = [sys.executable, "-m", "aligner", "align", "episode.mp3", "transcript.txt", "--hypothesis", "heard.json"]
    subprocess.run([*command, *known], cwd=folder, check=True, capture_output=True)
    heard.unlink()
    return folder
