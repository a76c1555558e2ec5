"""A library's key: always the same for its owner, another one for everybody else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.user_folders import config_folder
from web.keys import library_key


def test_a_key_stays_what_it_is_and_each_library_has_its_own(tmp_path: Path) -> None:
    one, other = (library_key(tmp_path / name / ".quotecast" / "key") for name in ("one", "other"))
    assert one == library_key(tmp_path / "one" / ".quotecast" / "key") != other
    assert len(one) == 32


def test_a_library_that_changes_hands_changes_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = library_key(tmp_path / "key")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "of somebody else"))
    assert library_key(tmp_path / "key") != mine


def test_both_halves_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    library_key(tmp_path / "key")
    for path in (tmp_path / "key", config_folder() / "key"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_half_that_was_emptied_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch()
    library_key(path)
    assert len(path.read_bytes()) == 32


def test_without_a_configuration_the_librarys_half_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "file" / "folder"))
    assert library_key(tmp_path / "key") == library_key(tmp_path / "key")
    assert library_key(tmp_path / "key") != library_key(tmp_path / "other")


def test_a_library_that_cannot_hold_its_half_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be used"):
        library_key(tmp_path / "file" / "key")
