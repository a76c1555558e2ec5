"""The history knows which change led to which text."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from aligner.storage.history import History, changed, open_history
from aligner.storage.transcript_file import keep_version
from tests.aligner.storage.corrected import laid_out
from web.library import Library
from web.versions.listing import change_to, versions_of


def with_text(history: History, sha256: str) -> History:
    transcript = replace(history.alignment.transcript, sha256=sha256)
    return changed(history, replace(history.alignment, transcript=transcript), {"kind": "aligned"}, "Ada")


def test_a_version_that_is_too_large_for_a_text_is_left_out(library: Path) -> None:
    folder = library / "roue-libre"
    keep_version(folder, "episode.md", b"Ada: Hello.")
    episode = Library(library).episode_in(folder)
    before = versions_of(episode)
    os.truncate(before[0].path if before[0].number else before[1].path, 1 << 36)
    assert [each.number for each in versions_of(episode)] == [each.number for each in before if not each.number]


def test_a_text_is_known_by_the_change_that_first_led_to_it(tmp_path: Path) -> None:
    history = open_history(laid_out(tmp_path / "episode"))
    first = history.alignment.transcript.sha256
    for sha256 in ("1" * 64, "2" * 64, "1" * 64, first):
        history = with_text(history, sha256)
    found = [change_to(history.path, sha256) for sha256 in (first, "1" * 64, "2" * 64)]
    assert [change and change.id for change in found] == [None, 2, 3]
