"""Whatever a feed holds, it is refused, or takes the tags and keeps all else."""

from __future__ import annotations

import pytest

from tests.attack.feeds import attack


@pytest.mark.parametrize("count", [2000, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_a_feed_is_refused_or_keeps_all_else(count: int) -> None:
    made, failures = attack(seed=count, count=count)
    assert failures == []
    assert made["written"] > count / 10
    assert made["refused"] > count / 5
