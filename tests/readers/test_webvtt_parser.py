"""W3C's parser finds nothing wrong in any WebVTT file that we write, and reads from it what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aligner.command import quotecast_here


@pytest.mark.parametrize("format", ["vtt", "podcast-vtt"])
def test_the_sample_is_valid(aligned: Path, tmp_path: Path, format: str, read_by_node: Callable[..., Any]) -> None:
    written = tmp_path / "episode.vtt"
    done = quotecast_here("export", aligned, "--to", format, "-o", written)
    assert done.returncode == 0, done.stderr
    read = read_by_node("webvtt.cjs", written)
    assert not read["errors"]
    assert len(read["cues"]) > 10
    assert {len(cue["voices"]) for cue in read["cues"]} == {1}


def test_a_file_that_is_not_valid_is_told(tmp_path: Path, read_by_node: Callable[..., Any]) -> None:
    broken = tmp_path / "broken.vtt"
    broken.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<b>a & b\n", encoding="utf-8")
    assert len(read_by_node("webvtt.cjs", broken)["errors"]) == 2
