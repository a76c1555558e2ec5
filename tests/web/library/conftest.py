"""What the tests of the library share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from web.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "quotecast").mkdir()
    return Library(tmp_path / "quotecast")
