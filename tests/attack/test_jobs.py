"""No record that was forged makes a server do anything; one that its user's server left does."""

import pytest

from tests.attack.jobs import FORGERIES, GENUINE, attack


@pytest.mark.slow
def test_nothing_is_begun_that_nobody_asked_for() -> None:
    tally = attack(seed=3, count=80)
    assert tally.failures == []
    assert tally.counts.keys() == {*GENUINE, *FORGERIES}
