"""Versions are listed with the change that resulted in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aligner.storage.history import History, changed, open_history
from tests.aligner.storage.corrected import laid_out
from web.versions.listing import change_to


def with_text(history: History, sha256: str) -> History:
    transcript = replace(history.alignment.transcript, sha256=sha256)
    return changed(history, replace(history.alignment, transcript=transcript), {"kind": "aligned"}, "Ada")


def test_a_version_has_its_first_change(tmp_path: Path) -> None:
    history = open_history(laid_out(tmp_path / "episode"))
    first = history.alignment.transcript.sha256
    for sha256 in ("1" * 64, "2" * 64, "1" * 64, first):
        history = with_text(history, sha256)
    found = [change_to(history.path, sha256) for sha256 in (first, "1" * 64, "2" * 64)]
    assert [change and change.id for change in found] == [None, 2, 3]
