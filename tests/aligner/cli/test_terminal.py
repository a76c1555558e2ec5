"""What a run prints: suited to a terminal, a plain file and a program; names from outside cannot control it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.cli.progress import Run, report_done, reporting_errors, reporting_progress
from aligner.cli.results import run_lines
from aligner.cli.terminal import printable
from aligner.outputs import OutputOptions, write_outputs
from aligner.pipeline import Aligned
from media.errors import DecodeError, to_facts
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import assert_refused, on_a_terminal, posix_only, quotecast


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_that_cannot_be_printed_is_one_line_and_messages_that_cannot_are_nothing(
    episode: tuple[Path, Path, Path],
) -> None:
    audio, transcript, hypothesis = episode
    command = [sys.executable, "-m", "aligner", "align", str(audio), str(transcript), "--asr-output", str(hypothesis)]
    with Path("/dev/full").open("w") as full:
        for arguments in (command, [*command[:3], "--help"]):
            result = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert_refused(result, "standard output: cannot be used .*space")
        assert subprocess.run(command, stdout=subprocess.PIPE, stderr=full, check=False).returncode == 0


@posix_only
def test_a_terminal_that_cannot_move_its_cursor_gets_lines(episode: tuple[Path, Path, Path]) -> None:
    audio, transcript, hypothesis = episode
    command = ("align", audio, transcript, "--asr-output", hypothesis)
    dumb = on_a_terminal(*command, kind="dumb")
    assert "Reading the ASR output: 2:" in dumb
    assert "\x1b" not in dumb
    assert "\x1b[" in on_a_terminal(*command, kind="xterm")


@pytest.mark.nightly
@posix_only
def test_a_name_cannot_steer_the_terminal_or_break_the_line(episode: tuple[Path, Path, Path], tmp_path: Path) -> None:
    audio, transcript, hypothesis = episode
    odd = audio.rename(tmp_path / "a\n\x1b[31mred\x9b\u202egnp.mp3")
    result = quotecast("align", odd, tmp_path / "gone\x1b[2J\n.txt")
    assert_refused(result, r"gone\\x1b\[2J\\n\.txt")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in quotecast("align", odd, transcript, "--formats", "\x1b[31m").stderr
    done = quotecast("align", odd, transcript, "--asr-output", hypothesis)
    assert done.returncode == 0
    assert not set("\x1b\x9b\u202e") & set(done.stdout + done.stderr)
    assert len(done.stdout.splitlines()) == 5


def test_outside_of_a_terminal_a_stage_is_a_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    with reporting_progress("auto") as progress:
        for done in range(149):
            progress("model", float(done), 148.0)
        for done in range(101):
            progress("asr", float(done), 100.0)
    assert capsys.readouterr().err.splitlines() == [
        "Downloading the model: 0 of 148 MB",
        "Recognising words: 0:00 of 1:40",
    ]


def test_for_programs_every_line_is_an_object_and_the_run_never_goes_back(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(("speech", "acoustic", "writing"), [60.0, 100.0])
    with reporting_progress("json", run) as progress:
        for seconds in (60.0, 100.0):
            run.begin_round()
            for stage in ("speech", "acoustic", "locating", "asr", "locating", "writing"):
                progress(stage, 0.0, seconds)
                progress(stage, seconds, seconds)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0] == {"stage": "speech", "done": 0.0, "total": 60.0, "run_done": 0.0, "run_seconds_left": None}
    shares = [line["run_done"] for line in lines]
    assert shares == sorted(shares)
    assert max(line["run_done"] for line in lines if line["total"] == 60.0) == pytest.approx(60 / 160, abs=0.001)
    assert (shares[-1], lines[-1]["run_seconds_left"]) == (1.0, 0.0)


def test_an_unplanned_stage_replaces_the_planned_one_if_none_has_begun() -> None:
    run = Run(("preparing",))
    run.advance("copying", 0.0, 10.0)
    assert run.share == 0
    run.advance("copying", 5.0, 10.0)
    assert run.share == 0.5


def test_the_last_line_for_programs_holds_the_results_or_the_error(capsys: pytest.CaptureFixture[str]) -> None:
    name, error = "é\x7f\u2028\udcff\x1b.mp3", DecodeError("{path}: is empty", path="é\x7f.mp3")
    for mode in ("auto", "none", "json"):
        report_done(mode, files=[name])
        with pytest.raises(DecodeError), reporting_errors(mode):
            raise error
    done, failed = map(json.loads, capsys.readouterr().err.splitlines())
    assert done == {"done": True, "files": [name]}
    assert failed == {"error": to_facts(error.message), "kind": "DecodeError"}


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
