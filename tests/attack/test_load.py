"""A normal client is answered while listeners, crowds and slow clients of every kind hold the server."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="open files are not counted here")


def test_everyone_is_answered_while_slow_clients_hold() -> None:
    command = [sys.executable, "-m", "tests.attack.load", "--short", "--count", "24", "--seconds", "0.6"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    answered = {
        line[:16].strip(): int(line[16:25]) for line in done.stdout.splitlines() if line[16:25].strip().isdigit()
    }
    assert {"calm", "idle", "slow headers", "slow uploads", "unread sounds", "unread bundles"} <= answered.keys()
    assert all(answered.values()), done.stdout
