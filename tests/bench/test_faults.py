"""The bench of faults in a short form: a few episodes, with all that can go wrong."""

from pathlib import Path

import pytest

from tests.bench.faults import bench
from tests.places import SAMPLE

pytestmark = pytest.mark.nightly


def test_whatever_goes_wrong_every_good_episode_is_done_once_and_as_in_a_run_without_faults(tmp_path: Path) -> None:
    seen, wrong = bench(SAMPLE, episodes=6, kills=4, seed=1, scratch=tmp_path)
    assert wrong == [], seen.said
    assert seen.faults["scheduler killed and started again"] >= 1  # a run may be over before the last
    assert seen.faults["second commands, refused"] == 1
