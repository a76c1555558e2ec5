"""Whatever is put into a text of whatever format, what is written says what the alignment says."""

import random

import pytest

from tests.attack.running import attacked
from tests.attack.texts import attack
from tests.tables import over_rows

pytestmark = pytest.mark.nightly

_COUNT = 12  # files, within some seconds


@over_rows("seed", range(_COUNT))
def test_what_is_written_is_read_again_and_can_be_taken_back(tmp_path, seed):
    assert attack(random.Random(seed), tmp_path)[0] == []


def test_many_texts_hold():
    done = attacked("texts", 1800, "--count", "40", "--seed", "1000")
    assert done.returncode == 0, done.stdout + done.stderr
