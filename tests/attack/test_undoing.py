"""Whatever two people correct, take back and take again: when the same changes stand, all is the same."""

import subprocess
import sys

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.nightly


def test_what_stands_tells_the_state() -> None:
    done = attacked("undoing", 7000, "--count", "5", "--seed", "7")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_attack_sees_what_does_not_come_back() -> None:
    code = (
        "import sys; from aligner.edits import Edit; from aligner.storage import undoing as taking; "
        "from tests.attack import undoing; "
        "taking.undone = lambda edit: Edit([], {}, {}); "
        "sys.exit(undoing.main(['--count', '2', '--seed', '21']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=3000, check=False)
    assert done.returncode == 1, done.stdout[-4000:] + done.stderr[-2000:]
    assert "not as after change" in done.stdout


def test_nor_after_longer_sequences() -> None:
    done = attacked("undoing", 7000, "--count", "4", "--seed", "1000", "--length", "25")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
