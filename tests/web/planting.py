"""Episodes for the web app's tests, aligned without a model."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.perfect_ear import write_heard
from tests.places import SAMPLE


def plant_sample(folder: Path) -> Path:
    """Lay the demo's sample in ``folder``, its words timed by its truth."""
    folder.mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    heard = write_heard(folder / "heard.json")
    known = ["--title", "Une promenade qui attend", "--show", "Roue libre", "--date", "2025-03-15"]
    command = [sys.executable, "-m", "aligner", "align", "episode.mp3", "transcript.txt", "--hypothesis", "heard.json"]
    subprocess.run([*command, *known], cwd=folder, check=True, capture_output=True)
    heard.unlink()
    return folder
