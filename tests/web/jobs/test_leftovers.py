"""Every folder of an episode that is written to is cleared of what killed processes left there."""

from pathlib import Path

import pytest

from tests.media.test_temporary import left_by_a_dead_process
from tests.tables import over_rows
from web.jobs.process import remove_leftovers

pytestmark = pytest.mark.nightly


@over_rows("folder", [".", "clips", "versions", ".quotecast"])
def test_what_was_left_in_a_folder_of_the_episode_is_removed(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    left = left_by_a_dead_process(tmp_path / folder, ".txt")
    remove_leftovers(tmp_path)
    assert not left.exists()
