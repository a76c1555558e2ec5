"""Whatever a page's markup is, it is read in a time that grows with the page and no faster."""

import signal

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="processor time is not limited here")


@pytest.mark.slow
def test_pages_are_read_in_time():
    done = attacked("pages", 3600, "--count", "20", "--characters", "100000")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_largest_pages_are_read_in_time():
    done = attacked("pages", 3600, "--count", "2", "--characters", "4900000")
    assert done.returncode == 0, done.stdout + done.stderr
