"""Who changes an episode has it alone."""

import threading
from pathlib import Path

import pytest

from web.errors import Busy
from web.library import exclusive


def test_one_thread_waits_for_the_other_and_not_at_other_episodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.library.exclusion._PATIENCE", 0.05)
    told: list[str] = []

    def ask(folder: Path) -> None:
        try:
            with exclusive(folder):
                told.append("had")
        except Busy:
            told.append("busy")

    def from_elsewhere(folder: Path) -> str:
        thread = threading.Thread(target=ask, args=(folder,))
        thread.start()
        thread.join()
        return told[-1]

    with exclusive(tmp_path / "one"), exclusive(tmp_path / "." / "one"):
        assert from_elsewhere(tmp_path / "one") == "busy"
        assert from_elsewhere(tmp_path / "two") == "had"
    assert from_elsewhere(tmp_path / "one") == "had"
