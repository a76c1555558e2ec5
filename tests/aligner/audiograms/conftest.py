"""A configuration of the tests' own, so that no style of the user's is read or changed, and the sample aligned."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.aligner.command import quotecast


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "configuration"))


@pytest.fixture
def aligned(episode: tuple[Path, Path, Path], tmp_path: Path) -> Path:
    """The alignment of the sample, of a show called Roues."""
    audio, transcript, hypothesis = episode
    result = quotecast("align", audio, transcript, "--hypothesis", hypothesis, "--show", "Roues", "--formats", "json")
    assert result.returncode in (0, 4), result.stderr
    return tmp_path / "roue.alignment.json"
