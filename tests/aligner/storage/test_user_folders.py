"""The folders are the user's unless they are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.storage.user_folders import cache_folder, config_folder
from tests.tables import over_rows


@over_rows("variable, folder", [("QUOTECAST_CACHE", cache_folder), ("QUOTECAST_CONFIG", config_folder)])
def test_a_folder_is_the_users_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, folder: Callable[[], Path]
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.setenv(variable, "~/mine")
    assert folder() == Path.home() / "mine"
    monkeypatch.delenv(variable)
    assert "quotecast" in str(folder())
