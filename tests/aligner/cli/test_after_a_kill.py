"""A run that was killed leaves nothing to the next one but its work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.aligner.command import posix_only, quotecast


@pytest.mark.slow
@posix_only
def test_what_a_killed_run_left_is_gone_after_any_other(alignment: Path, tmp_path: Path) -> None:
    passing, video = tmp_path / "passing", tmp_path / "video.mp4"
    passing.mkdir()
    environment = {**os.environ, "TMPDIR": str(passing)}
    before = {path.name for path in tmp_path.iterdir()}
    command = [sys.executable, "-m", "aligner", "audiogram", alignment, "--words", "0-30", "-o", video, "--no-listen"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while not list(passing.rglob("audiogram.mp4")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert list(passing.iterdir())
    other = quotecast("export", alignment, "--to", "srt", "-o", tmp_path / "x.srt", env=environment)
    assert other.returncode == 0, other.stderr
    assert list(passing.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == before | {"x.srt"}
