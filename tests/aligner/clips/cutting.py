"""Cutting clips of the sample as a user does."""

import json
import re
import subprocess
from pathlib import Path

from tests.aligner.command import quotecast, quotecast_here


def sentence(alignment: Path, number: int = 0) -> str:
    """A sentence that is said, of five words or more."""
    text = " ".join(w["text"] for w in json.loads(alignment.read_text("utf-8"))["words"] if w["start"] is not None)
    return [s for s in re.split(r"(?<=[.?!]) ", text) if len(s.split()) >= 5][number]


def clip(alignment: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return quotecast_here("clip", alignment, "--no-listen", *options)


def clip_apart(alignment: Path, *options: object, **settings: object) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, as at a terminal."""
    return quotecast("clip", alignment, "--no-listen", *options, **settings)
