"""Whatever is sent as a transcript is read or refused in a sentence, within limits of time and memory."""

import pytest

from tests.attack.running import attacked

pytestmark = pytest.mark.nightly


def test_hostile_files_are_read_or_refused():
    done = attacked("inputs", 3600, "--count", "60", "--characters", "20000")
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(f" {ending} accepted" in done.stdout for ending in ("txt", "md", "html", "docx", "json", "srt", "vtt"))


def test_large_hostile_files_are_read_or_refused():
    done = attacked("inputs", 3600, "--count", "70", "--seed", "2")
    assert done.returncode == 0, done.stdout + done.stderr


def test_pages_that_are_slow_to_parse_are_read_or_refused():
    done = attacked("inputs", 3600, "--count", "30", "--characters", "4900000", "--format", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " repeated html accepted" in done.stdout
