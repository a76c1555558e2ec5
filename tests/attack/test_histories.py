"""Killed at any step and at any moment, what was acknowledged of an episode's corrections is there, whole."""

import os
import subprocess
import sys

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")


@pytest.mark.nightly
def test_no_kill_takes_back_what_was_acknowledged() -> None:
    done = attacked("histories", 3000, "--count", "40", "--seed", "7")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.nightly
def test_the_attack_sees_what_is_lost() -> None:
    """Where what was acknowledged is not made good, kills before the alignment follows are told as failures."""
    code = (
        "import sys; from aligner.storage import history, history_writing; from tests.attack import histories; "
        "history.put = history_writing.put = lambda *_: (); "
        "sys.exit(histories.main(['--count', '5', '--seed', '7']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 1, done.stdout[-4000:] + done.stderr[-2000:]
