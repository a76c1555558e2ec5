"""Killed at any step, work that replaces files leaves the old set or the new one to the next run, and nothing else."""

import os
import subprocess
import sys

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")


def test_no_kill_leaves_a_torn_set_or_a_temporary_file() -> None:
    done = attacked("kills", 3000, "--count", "12", "--seed", "7", "--scenes", "align,save,transcript")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.nightly
def test_the_attack_sees_what_is_torn() -> None:
    """Where nobody finishes what was under way, that is told as failures."""
    code = (
        "import sys; from aligner.storage import history; from tests.attack import kills; "
        "history.finish_changes = lambda folder: None; "
        "sys.exit(kills.main(['--count', '40', '--seed', '7', '--scenes', 'save']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 1, done.stdout[-4000:] + done.stderr[-2000:]
    assert "left: " in done.stdout


@pytest.mark.nightly
def test_no_kill_of_any_kind_of_work_does() -> None:
    done = attacked("kills", 3000, "--count", "40", "--seed", "8")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.nightly
def test_no_kill_leaves_two_sounds_or_times_of_another() -> None:
    done = attacked("kills", 3000, "--count", "12", "--seed", "9", "--scenes", "retime,back")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.nightly
def test_no_fall_of_the_server_loses_what_was_acknowledged() -> None:
    done = attacked("falls", 3000, "--count", "4", "--seed", "8")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
