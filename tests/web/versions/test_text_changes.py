"""The history knows which change led to which text, and who signed that."""

from dataclasses import replace
from pathlib import Path

from aligner.model import Signature
from aligner.storage.history import History, changed, open_history
from tests.aligner.storage.corrected import laid_out
from web.versions.text_changes import signatures, text_changes

ADA = Signature("Ada", "2026-11-27T01:02:03Z", 0.5)


def with_text(history: History, digit: str, signature: Signature | None = None) -> History:
    transcript = replace(history.alignment.transcript, sha256=digit * 64)
    new = replace(history.alignment, transcript=transcript, signature=signature)
    return changed(history, new, {"kind": "aligned"}, "Ada")


def test_a_text_is_known_by_the_change_that_first_led_to_it_and_by_who_signed_it(tmp_path: Path) -> None:
    history = open_history(laid_out(tmp_path / "episode"))
    first = history.alignment.transcript.sha256
    history = changed(history, replace(history.alignment, signature=ADA), {"kind": "sign"}, "Ada")
    for digit in ("1", "2", "1"):
        history = with_text(history, digit)
    assert {sha256[0]: change.id for sha256, change in text_changes(history.path).items()} == {"1": 3, "2": 4}
    assert signatures(history.path, "1" * 64) == {first: ADA}


def test_without_a_history_nothing_is_known(tmp_path: Path) -> None:
    path = laid_out(tmp_path / "episode")
    assert (text_changes(path), signatures(path, "1" * 64)) == ({}, {})
