"""What the tests share: helpers beside them importable by name, and the sample as an episode."""

from pathlib import Path

import pytest

from tests.perfect_ear import SAMPLE, write_heard


@pytest.fixture
def episode(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The sample's sound and transcript in a folder of their own, and what a perfect recogniser heard in it."""
    audio, transcript = tmp_path / "roue.mp3", tmp_path / "roue.txt"
    audio.write_bytes((SAMPLE / "episode.mp3").read_bytes())
    transcript.write_bytes((SAMPLE / "transcript.txt").read_bytes())
    return audio, transcript, write_heard(tmp_path / "heard.json")
