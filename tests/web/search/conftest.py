"""What the tests of searching share."""

from pathlib import Path

import pytest

from web.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "quotecast").mkdir()
    return Library(tmp_path / "quotecast")
