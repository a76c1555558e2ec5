"""A cache of its own for each test: quotecast remembers there what it wrote, and a file of the next test with the same
bytes would count as quotecast's own instead of a person's."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("QUOTECAST_CACHE", str(folder))
    return folder
