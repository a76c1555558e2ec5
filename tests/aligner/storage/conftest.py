"""What the tests of storage share."""

from pathlib import Path

import pytest

from tests.aligner.storage.corrected import laid_out


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The alignment of an episode with captions."""
    return laid_out(tmp_path / "episode")
