"""The last lines of a run count what was written."""

from pathlib import Path

from aligner.cli.results import run_lines
from aligner.cli.terminal import printable
from aligner.outputs import OutputOptions, write_outputs
from aligner.pipeline import Aligned
from tests.aligner.captions.spoken import spoken


def test_each_caption_file_that_was_written_is_counted(tmp_path: Path) -> None:
    alignment = spoken(("Ada Morel", "Il pleut. " * 30), ("Luc Petit", "Il vente. " * 30), speed=19.0)
    for formats in (("vtt",), ("srt",), ("vtt", "srt")):
        written = write_outputs(alignment, tmp_path, "ferry", OutputOptions(formats=formats))
        lines = run_lines(Aligned(alignment, ()), written)
        assert [printable(line) for line in lines] == lines
        told = "\n".join(lines)
        for format in formats:
            shown = (tmp_path / f"ferry.{format}").read_text(encoding="utf-8").count("-->")
            label = f"{format.upper()}: " if len(formats) > 1 else "Captions  "
            assert f"{label}{shown} cues" in told
