"""A damaged file of one episode is told, and harms no other."""

import random
from pathlib import Path

import pytest

from tests.attack.damaged import FILES, damaged, failures
from tests.attack.ground import Ground

_TRIALS = 14


@pytest.mark.slow
def test_whatever_is_wrong_in_a_file_of_one_episode_ends_in_words_and_harms_no_other(tmp_path: Path) -> None:
    ground = Ground(tmp_path, costly=False)
    wrong = {n: failures(ground, FILES[n % len(FILES)], random.Random(f"1:{n}")) for n in range(_TRIALS)}
    assert {n: told for n, told in wrong.items() if told} == {}


def test_what_is_damaged_is_another_thing_each_time() -> None:
    content = b'{"a": [1, 2, {"b": "text"}], "c": {"d": 3}}'
    assert len({damaged(content, random.Random(seed)) for seed in range(100)}) > 50
