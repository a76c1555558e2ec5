"""Progress is readable where it lands."""

import json

import pytest

from aligner.cli.progress import tell_done, telling_errors, telling_progress
from media.errors import DecodeError, to_facts

UNPLANNED = {"run_done": None, "run_seconds_left": None}


def test_away_from_a_terminal_progress_is_plain_lines_with_an_end(capsys: pytest.CaptureFixture[str]) -> None:
    with telling_progress("auto") as progress:
        for done in range(0, 101):
            progress("words", float(done), 100.0)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Recognising words: 0:00 of 1:40"
    assert lines[-1] == "Recognising words: 1:40 of 1:40"
    assert len(lines) == 2
    assert not any("\x1b" in line or "\r" in line for line in lines)


def test_a_model_that_is_fetched_is_told_of_in_megabytes(capsys: pytest.CaptureFixture[str]) -> None:
    with telling_progress("auto") as progress:
        for done in range(0, 149):
            progress("model", float(done), 148.0)
    assert capsys.readouterr().err.splitlines() == [
        "Fetching the model: 0 MB of 148 MB",
        "Fetching the model: 148 MB of 148 MB",
    ]


def test_for_programs_every_line_is_an_object_and_the_end_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with telling_progress("json") as progress:
        progress("speech", 0.0, 0.0)
        for done in range(0, 101):
            progress("words", float(done), 100.0)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0] == {"stage": "speech", "done": 0.0, "total": None, "seconds_left": None} | UNPLANNED
    assert lines[-1] == {"stage": "words", "done": 100.0, "total": 100.0, "seconds_left": 0.0} | UNPLANNED


def test_the_last_line_for_programs_is_what_was_made_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    name = "é\x7f\u2028\udcff\x1b.mp3"
    for mode in ("auto", "none", "json"):
        tell_done(mode, files=[name])
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line) == {"done": True, "files": [name]}


def test_a_program_is_told_what_the_error_that_ends_a_run_is_made_of(capsys: pytest.CaptureFixture[str]) -> None:
    error = DecodeError("{path}: is empty", path="é\x7f.mp3")
    for mode in ("auto", "none", "json"):
        with pytest.raises(DecodeError), telling_errors(mode):
            raise error
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line) == {"error": to_facts(error.message), "kind": type(error).__name__}


def test_the_time_left_is_told_once_there_is_work_to_judge_by_and_is_never_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("aligner.cli.progress.time.monotonic", lambda: now[0])
    with telling_progress("auto") as progress:
        for seconds, done in ((0.0, 0.0), (0.5, 10.0), (10.0, 32.0), (20.0, 140.5), (21.0, 141.0)):
            now[0] = 100.0 + seconds
            progress("words", done, 141.0)
    assert capsys.readouterr().err.splitlines() == [
        "Recognising words: 0:00 of 2:21",
        "Recognising words: 0:32 of 2:21, about 30 seconds left",
        "Recognising words: 2:20 of 2:21, a few seconds left",
        "Recognising words: 2:21 of 2:21",
    ]
    with telling_progress("auto") as progress:
        progress("speech", 0.0, 0.0)
        progress("words", 0.0, 141.0)
    assert capsys.readouterr().err.splitlines()[-1] == "Recognising words: 0:00 of 2:21"
    with telling_progress("json") as progress:
        progress("speech", 0.0, 141.0)
        now[0] += 0.5
        progress("speech", 32.0, 141.0)
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["seconds_left"] is None
