"""Progress suits a terminal, a plain file and a program, and never decreases."""

import json

import pytest

from aligner.cli.progress import Run, report_done, reporting_errors, reporting_progress
from media.errors import DecodeError, to_facts


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
