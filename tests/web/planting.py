"""Episodes for the tests of the web app, aligned without a model."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.perfect_recogniser import write_asr_output


def plant_sample(folder: Path) -> Path:
    """Put the demo's sample into ``folder``, aligned with the output of a perfect recogniser."""
    folder.mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, folder)
    align(folder, "--title", "Une promenade qui attend", "--show", "Roue libre", "--date", "2025-03-15")
    return folder


def plant_clip(episode: Path, name: str, quote: str, **record: Any) -> None:
    """Make an episode's first clip, with a record, but without real audio."""
    clips = episode / "clips"
    clips.mkdir()
    (clips / name).write_bytes(b"x")
    told = {"format": "quotecast-clip", "version": 1, "file": name, "quote": quote, **record}
    (clips / name).with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")


def plant_missing_speech(library: Path, *texts: str) -> None:
    """Let the transcript of ``roue-libre`` lack what is said before the second turn, each text a tenth of a second."""
    file = library / "roue-libre" / "episode.alignment.json"
    alignment = json.loads(file.read_text(encoding="utf-8"))
    at = [segment["start"] for segment in alignment["segments"] if segment.get("start") is not None][1] - 0.2
    spans = [{"start": at + 0.1 * k, "end": at + 0.1 * (k + 1), "text": text} for k, text in enumerate(texts)]
    file.write_text(json.dumps(alignment | {"untranscribed": spans}), encoding="utf-8")


def align(folder: Path, *options: str) -> None:
    """Align the sample in ``folder`` with the output of a perfect recogniser."""
    recognised = write_asr_output(folder / "heard.json")
    files = folder / "episode.mp3", folder / "transcript.txt"
    run = quotecast_here("align", *files, "--asr-output", recognised, "--progress", "none", *options)
    assert run.returncode == 0, run.stderr
    recognised.unlink()
