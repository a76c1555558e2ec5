"""Whatever is sent as a transcript is read or refused in a sentence, within limits of time and memory."""

import subprocess
import sys

import pytest


def attacked(*arguments):
    command = [sys.executable, "-m", "tests.attack.inputs", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=3600, check=False)


def test_hostile_files_are_read_or_refused():
    done = attacked("--count", "300", "--characters", "20000")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f" {ending} accepted" in done.stdout for ending in ("txt", "md", "html", "docx", "json", "srt", "vtt"))


@pytest.mark.slow
def test_many_and_large_hostile_files_are_read_or_refused():
    done = attacked("--count", "2000", "--seed", "2")
    assert done.returncode == 0, done.stdout + done.stderr
