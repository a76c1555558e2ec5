"""The closing lines say what is so, in words that fit."""

from pathlib import Path

from aligner.cli.report import run_lines
from aligner.pipeline import Aligned
from aligner.storage.outputs import OutputOptions, write_outputs
from tests.aligner.episodes import alignment_of


def test_one_is_not_told_as_many(tmp_path: Path) -> None:
    alignment = alignment_of("harbours")
    written = write_outputs(alignment, tmp_path, "ferry", OutputOptions())
    lines = run_lines(Aligned(alignment, ()), written)
    assert "of 1 word heard" in lines[1]
    assert lines[2].split()[1:3] in (["1", "cue"], ["1", "cue,"])
