"""Publishing what tests have planted."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.aligner.command import quotecast_here


def publish(alignment: Path, folder: Path, *options: object) -> Path:
    """The folder, published."""
    done = quotecast_here("publish", alignment, "-o", folder, "--progress", "none", *options)
    assert done.returncode == 0, done.stderr
    return folder


def copied_sample(sample: Path, folder: Path) -> Path:
    """The alignment of a copy of the sample."""
    shutil.copytree(sample, folder)
    return folder / "episode.alignment.json"
