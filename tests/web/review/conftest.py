"""The sample with something to review: words misplaced, words not found, speech that the text lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import Alignment, Status, Untranscribed
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.report.doubted import with_doubt

DOUBTED = range(30, 50)
LOST = (10, 60)


def with_lost(alignment: Alignment, *words: int) -> Alignment:
    """The alignment in which nobody says some words."""
    timed = list(alignment.words)
    for k in words:
        timed[k] = replace(timed[k], span=None, status=Status.UNSPOKEN, confidence=0.0)
    return replace(alignment, words=tuple(timed))


@pytest.fixture
def troubled(library: Path) -> Path:
    """The sample's alignment with a passage in doubt, two words that were not found, and speech without text."""
    path = library / "roue-libre" / "episode.alignment.json"
    alignment = with_lost(with_doubt(read_alignment(path), (DOUBTED, 0.2)), *LOST)
    alignment = replace(alignment, untranscribed=(Untranscribed(0.1, 2.5, "bonjour à tous"),))
    path.write_text(to_text(alignment), encoding="utf-8")
    return path
