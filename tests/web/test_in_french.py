"""French readers get French errors, without paths on the server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests.web.asking import Asker
from tests.web.jobs.acts import AlignmentAct
from tests.web.visiting import new_tab
from tests.web.watching import over
from web.jobs import Job, Jobs

ENGLISH = re.compile(r"\b(the|is|are|was|not|no|cannot|expected|again|of|with|this|it)\b", re.IGNORECASE)


@pytest.fixture
def french(browser: Browser, server: str) -> Iterator[Page]:
    with new_tab(browser, may_complain=True, viewport={"width": 1280, "height": 800}, locale="fr-FR") as page:
        yield page


def fail(app: Flask, folder: Path, *deed: str) -> Job:
    """A job that has failed."""
    jobs: Jobs = app.extensions["jobs"]
    return over(jobs, jobs.submit(folder, AlignmentAct(deed)).id)


def in_both(client: FlaskClient, path: str, body: object = None) -> list[Any]:
    """What a request is answered with in English and in French."""
    askers = [Asker(client, language) for language in ("en", "fr")]
    return [asker.get(path) if body is None else asker.post(path, body).json for asker in askers]


def test_a_failed_job_has_its_reason_in_the_readers_language(
    app: Flask, server: str, french: Page, folder: Path, client: FlaskClient
) -> None:
    job = fail(app, folder, "fail", "sound.mp3")
    assert str(folder) in job.message
    [english], [other] = in_both(client, f"/api/jobs?id={job.id}")
    assert english["message"].startswith("sound.mp3: is empty; expected audio, or a video")
    assert other["message"].startswith("sound.mp3\u00a0: est vide\u202f; un fichier audio est attendu")
    french.goto(server)
    expect(french.locator("#row-roue-libre .problem")).to_contain_text(
        "sound.mp3\u00a0: est vide\u202f; un fichier audio"
    )
    assert not ENGLISH.search(french.locator("#row-roue-libre .problem").inner_text())


@pytest.mark.ci
def test_a_refused_upload_has_its_french_error_beside_the_field(french: Page, server: str, tmp_path: Path) -> None:
    (tmp_path / "paroles.txt").write_bytes(b"%PDF-1.4")
    (tmp_path / "son.mp3").write_bytes(b"words, no sound")
    french.goto(f"{server}/add")
    french.set_input_files("#file-transcript", tmp_path / "paroles.txt")
    transcript = french.locator('.slot[data-kind="transcript"] .problem')
    expect(transcript).to_contain_text("paroles.txt\u00a0: format illisible (PDF)")
    assert not ENGLISH.search(transcript.inner_text())
    french.set_input_files("#file-audio", tmp_path / "son.mp3")
    audio = french.locator('.slot[data-kind="audio"] .problem')
    expect(audio).to_contain_text("son.mp3\u00a0: n’est pas un fichier audio, ou est endommagé au début")
    assert not ENGLISH.search(audio.inner_text())
