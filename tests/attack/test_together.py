"""Of corrections by two tabs and two other processes at once, each is there or was refused."""

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.nightly


def test_each_is_there_or_was_refused() -> None:
    done = attacked("together", 3000, "--count", "200", "--seed", "3")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
