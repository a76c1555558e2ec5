"""Hearing of what the writers do, before they do it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.storage import atomic
from media import safe_fs


def before_moving(monkeypatch: pytest.MonkeyPatch, look: Callable[[Path, Path], object]) -> None:
    """Let ``look`` have a look at each file that is about to take another's place, or a new one; what it raises is told
    as if the system did."""

    def move(source: Path, target: Path) -> None:
        look(source, target)
        safe_fs.move(source, target)

    monkeypatch.setattr(atomic, "move", move)
