"""A folder that is renamed and moved while jobs work in it keeps what was asked for last."""

import pytest

from tests.attack.moves import attack


@pytest.mark.slow
def test_nothing_older_takes_the_place_of_what_is_newer() -> None:
    assert attack(seed=3, count=4).failures == []
