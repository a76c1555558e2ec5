"""Sounds and pictures that are damaged or made to do harm are read or refused, and lead nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the system bounds no child there")


@pytest.mark.parametrize("count", [12, pytest.param(250, marks=pytest.mark.nightly)])
def test_whatever_a_file_holds_it_is_read_or_refused_and_nothing_it_names_is_opened(tmp_path: Path, count: int) -> None:
    from tests.attack.media import attack

    made, failures = attack(tmp_path, seed=count, count=count)
    assert failures == []
    assert made["sound:read"] > count / 3
    assert made["picture:read"] > count / 100
    assert made["sound:refused"] > count / 3
