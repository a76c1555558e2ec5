"""Episodes for the web app's tests, aligned without a model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.perfect_recogniser import write_asr_output


def plant_sample(folder: Path) -> Path:
    """Lay the demo's sample in ``folder``, its words timed by its truth."""
    folder.mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    _align(folder, "--title", "Une promenade qui attend", "--show", "Roue libre", "--date", "2025-03-15")
    return folder


def plant_clip(episode: Path, name: str, quote: str, **record: Any) -> None:
    """Lay a clip and its record among the first of an episode: its bytes are no sound."""
    clips = episode / "clips"
    clips.mkdir()
    (clips / name).write_bytes(b"x")
    told = {"format": "quotecast-clip", "version": 1, "file": name, "quote": quote, **record}
    (clips / name).with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")


def aligned_again(path: Path, *changes: tuple[str, str]) -> Path:
    """Align the sample that ``path`` is the alignment of once more, after such changes of its transcript."""
    transcript = path.with_name("transcript.txt")
    text = transcript.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    transcript.write_text(text, encoding="utf-8")
    _align(path.parent)
    return path


def _align(folder: Path, *options: str) -> None:
    """Align the sample in ``folder`` with the output of a perfect recogniser."""
    heard = write_asr_output(folder / "heard.json")
    files = folder / "episode.mp3", folder / "transcript.txt"
    run = quotecast_here("align", *files, "--asr-output", heard, "--progress", "none", *options)
    assert run.returncode == 0, run.stderr
    heard.unlink()
