"""The history knows which change led to which text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aligner.storage.history import History, changed, open_history
from tests.aligner.storage.corrected import laid_out
from web.versions.listing import change_to


def with_text(history: History, digit: str) -> History:
    transcript = replace(history.alignment.transcript, sha256=digit * 64)
    return changed(history, replace(history.alignment, transcript=transcript), {"kind": "aligned"}, "Ada")


def test_a_text_is_known_by_the_change_that_first_led_to_it(tmp_path: Path) -> None:
    history = open_history(laid_out(tmp_path / "episode"))
    first = history.alignment.transcript.sha256
    for digit in ("1", "2", "1"):
        history = with_text(history, digit)
    found = [change_to(history.path, sha256) for sha256 in (first, "1" * 64, "2" * 64)]
    assert [change and change.id for change in found] == [None, 2, 3]
