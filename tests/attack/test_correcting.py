"""However a server ends in which somebody corrects, what it acknowledged is there."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")


def attacked(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.attack.correcting", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=7000, check=False)


@pytest.mark.slow
def test_no_fall_of_the_server_takes_back_what_it_acknowledged() -> None:
    done = attacked("--count", "10", "--seed", "7")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
