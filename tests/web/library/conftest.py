"""What the tests of the library share."""

from pathlib import Path

import pytest

from web.library import Library
from web.library.incoming import Incoming


@pytest.fixture
def library(tmp_path: Path) -> Library:
    (tmp_path / "quotecast").mkdir()
    return Library(tmp_path / "quotecast")


@pytest.fixture
def incoming(library: Library) -> Incoming:
    return Incoming(library.root, largest_bytes=1_000_000)
