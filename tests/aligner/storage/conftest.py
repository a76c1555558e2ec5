"""A cache of its own for each test: what one test has quotecast write is remembered, and is no person's in the next."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("QUOTECAST_CACHE", str(folder))
    return folder
