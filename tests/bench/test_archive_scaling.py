"""What the commands of the scaling bench did, which it times, and that they take little memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.archive_scaling import commands_at_scale, overhead
from tests.places import SAMPLE

_MOST_MEGABYTES = 300

pytestmark = pytest.mark.nightly


def test_a_planted_archive_is_aligned_and_takes_one_more_episode(tmp_path: Path) -> None:
    took = dict(commands_at_scale(SAMPLE, 20, tmp_path))
    _, status, added, after, updated = (each.printed.splitlines() for each in took.values())
    assert status[-1] == "Episodes  20 aligned, 0 failed"
    assert [line for line in added if line.startswith("Added")] == ["Added     Episode 00020"]
    assert after[-1] == "Episodes  20 aligned, 0 failed, 1 wait"
    assert updated == []
    assert max(each.megabytes for each in took.values()) < _MOST_MEGABYTES


def test_commands_and_archive_align_the_same_episodes(tmp_path: Path) -> None:
    overhead(SAMPLE, episodes=3, blocks=2, scratch=tmp_path)
    aligned = [
        {path.parent.name for path in tmp_path.glob(f"{side}/*/*.alignment.json")} for side in ("plain", "library")
    ]
    assert len(aligned[0]) == len(aligned[1]) == 3
