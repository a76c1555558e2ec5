"""Filters of templates."""

import json
from pathlib import Path

from flask import Flask

from tests.tables import over_rows
from web.filters import day, initials, percent, size
from web.jobs.job import Job, JobState, now
from web.jobs.kinds import Prepare
from web.jobs.process import Progress
from web.routes.jobs import state_of

DAYS = json.loads(Path(__file__).with_name("days.json").read_text(encoding="utf-8"))


@over_rows("title, expected", [("L’été des vélos", "LÉ"), ("Épisode 171", "É1"), ("2026", "2"), ("…", "")])
def test_initials_are_those_of_the_first_words(title: str, expected: str) -> None:
    assert initials(title) == expected


@over_rows(
    "size_bytes, english, french",
    [
        (0, "0\u00a0kB", "0\u00a0ko"),
        (1540, "1.5\u00a0kB", "1,5\u00a0ko"),
        (12_340_000, "12.3\u00a0MB", "12,3\u00a0Mo"),
        (2_000_000_000, "2\u00a0GB", "2\u00a0Go"),
    ],
)
def test_a_size_has_a_readable_unit(app: Flask, size_bytes: int, english: str, french: str) -> None:
    for language, expected in (("en", english), ("fr", french)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert size(size_bytes) == expected


@over_rows("language, expected", [("en", "93.1%"), ("fr", "93,1\u00a0%")])
def test_a_share_is_formatted_for_the_language(app: Flask, language: str, expected: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert percent(0.9312) == expected


@over_rows("case", DAYS)
def test_a_date_is_formatted_in_words_as_far_as_known(app: Flask, case: dict[str, str]) -> None:
    with app.test_request_context(headers={"Accept-Language": case["language"]}):
        assert day(case["told"]) == case["is"]


@over_rows("told, expected", [("Sat, 02 May 2026 10:00:00 GMT", "2\u00a0mai 2026"), (None, "")])
def test_a_date_is_formatted_for_a_feed_or_left_out(app: Flask, told: str | None, expected: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert day(told) == expected


HEARD = Progress("acoustic", run_done=0.333, run_seconds_left=487)


@over_rows(
    "state, progress, said",
    [
        (
            "running",
            Progress("acoustic", run_done=0.333, run_seconds_left=487),
            "Recognising characters, 33%, about 8\u00a0minutes left",
        ),
        ("running", Progress("acoustic", run_done=0.333), "Recognising characters, 33%"),
        ("running", Progress("acoustic"), "Recognising characters"),
        ("running", Progress("something else"), "Processing"),
        ("running", Progress(), "Preparing the audio"),
        ("waiting", Progress(), "Waiting for other jobs"),
        ("cancelled", Progress(), "Cancelled"),
        ("failed", Progress(), "Failed: no such file"),
    ],
)
def test_a_job_shows_its_stage_progress_and_remaining_time(
    app: Flask, state: str, progress: Progress, said: str
) -> None:
    job = Job("id", Prepare("a.mp3"), "talk", now(), JobState(state), message="no such file", progress=progress)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert state_of(job) == said
