"""A normal client is answered while listeners, crowds and slow clients of every kind hold the server."""

import os

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.skipif(os.name != "posix", reason="open files are not counted here")


@pytest.mark.slow
def test_everyone_is_answered_while_slow_clients_hold() -> None:
    done = attacked("load", 600, "--short", "--count", "24", "--seconds", "0.6")
    assert done.returncode == 0, done.stdout + done.stderr
    answered = {
        line[:16].strip(): int(line[16:25]) for line in done.stdout.splitlines() if line[16:25].strip().isdigit()
    }
    assert {"calm", "idle", "slow headers", "slow uploads", "unread sounds", "unread bundles"} <= answered.keys()
    assert all(answered.values()), done.stdout
