"""Fixtures of the tests of clips."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aligner.publishing.excerpt import Source
from aligner.storage.alignment_json import read_alignment
from aligner.storage.database import config_folder
from tests.web.planting import plant_clip
from web.clips.previews import RequestedClip
from web.jobs.kinds import Export


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    """What a test remembers of a show's style is forgotten: the children of the server share a configuration."""
    yield
    (config_folder() / "audiograms.json").unlink(missing_ok=True)


@pytest.fixture
def covered(library: Path) -> Path:
    """The episode's folder, with a red cover that its alignment names."""
    from PIL import Image

    folder = library / "roue-libre"
    Image.new("RGB", (640, 640), (200, 20, 20)).save(folder / "cover.png")
    file = folder / "episode.alignment.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    told["episode"]["cover"] = "cover.png"
    file.write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.fixture
def source(covered: Path) -> Source:
    """What is cut from the episode with the cover."""
    file = covered / "episode.alignment.json"
    return Source(read_alignment(file), file, covered / "episode.mp3")


def wanted(source: Source, *words: float, **choices: Any) -> RequestedClip:
    """An export of the source: its words, and its edges if there are four numbers."""
    export = Export(*words, **choices)  # type: ignore[arg-type]
    return RequestedClip(export, source.file, source.alignment.version, source.audio)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An episode with a clip and its sidecars, and a video without."""
    (tmp_path / "Ferries").mkdir()
    clips, warnings = tmp_path / "Ferries" / "clips", [{"kind": "negation", "message": "“not” is heard"}]
    told: dict[str, Any] = {"speaker": "Ada", "duration": 2.5, "source": {"start": 61.2}, "warnings": warnings}
    plant_clip(clips.parent, "tide.mp3", "The tide waits.", **told)
    for name in ("tide.mp3", "tide.vtt", "tide.txt", "tide-portrait.mp4"):
        (clips / name).write_bytes(name.encode())
    for name, made in (("tide.mp3", 1000), ("tide-portrait.mp4", 2000)):
        os.utime(clips / name, (made, made))
    return tmp_path / "Ferries"
