"""Publishing what tests have planted."""

from __future__ import annotations

import shutil
from pathlib import Path

from aligner.model import Alignment
from aligner.storage.kept_quotes import HASH_DIGITS, Kept, write
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


def keep(alignment: Alignment, folder: Path, *ranges: tuple[int, int], id: str = "k") -> None:
    """Keep the words of those numbers."""
    version, words = alignment.transcript.sha256[:HASH_DIGITS], alignment.words
    quotes = []
    for number, (first, last) in enumerate(ranges):
        start, end = words[first].word.char_start, words[last - 1].word.char_end
        text = alignment.transcript.text[start:end]
        quotes.append(Kept(f"{id}{number}", text, None, start, end, None, None, version, "2026-11-27T10:00:00+00:00"))
    write(folder, quotes)
