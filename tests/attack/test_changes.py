"""What several people change of one episode at once is all there in the end."""

import pytest

from tests.attack.changes import attack


@pytest.mark.slow
def test_nothing_that_was_accepted_is_lost() -> None:
    tally = attack(seed=7, count=2)
    assert tally.lost == []
    assert tally.counts["details saved: 200"] == 4
    assert tally.counts["transcript replaced: 409"] == 2
