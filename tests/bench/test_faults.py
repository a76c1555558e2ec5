"""A short run of the bench of faults, and its comparison of files."""

from pathlib import Path

import pytest

from tests.bench.faults import bench, differences
from tests.paths import SAMPLE


def test_missing_extra_and_different_files_are_listed() -> None:
    expected: dict[str, object] = {"same": b"1", "lost": b"1", "changed": b"1", "result": 1}
    found: dict[str, object] = {"same": b"1", "changed": b"2", "result": 2, "new": None}
    assert differences(expected, expected) == []
    assert differences(found, expected) == [
        "missing: lost",
        "left over: new",
        "different: changed",
        "different: result: 2, not 1",
    ]


@pytest.mark.nightly
def test_an_archive_whose_commands_are_killed_equals_an_undisturbed_one(tmp_path: Path) -> None:
    report = bench(SAMPLE, episodes=4, kills=5, seed=1, scratch=tmp_path)
    assert report.wrong == []
    assert report.killed.total() == 5
