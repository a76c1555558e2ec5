"""A clip that was not made is asked for again where that is told, as it was asked for before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.asking import Asker, JobsThatWait
from tests.web.gestures import drag, press
from tests.web.quotes.test_selecting import reworded
from tests.web.watching import over

EPISODE = "/api/episodes/roue-libre"


@contextmanager
def spoiled(library: Path) -> Iterator[None]:
    """Meanwhile the sound is another than the one that was aligned, and no clip is made of it."""
    audio = library / "roue-libre" / "episode.mp3"
    whole = audio.read_bytes()
    audio.write_bytes(whole + b"changed")
    yield
    audio.write_bytes(whole)


@pytest.mark.nightly
def test_what_failed_is_listed_with_its_reason_until_it_is_dismissed_or_asked_for_again(
    app: Flask, client: FlaskClient, library: Path
) -> None:
    asker, folder = Asker(client), library / "roue-libre"
    quotes = [{"first": 20, "last": 23}, {"first": 25, "last": 29}, {"first": 30, "last": 33}]
    with spoiled(library):
        made = asker.post(f"{EPISODE}/clips", {"exports": quotes}).json["jobs"]
        for job in made:
            over(app.extensions["jobs"], job["id"])
    app.extensions["jobs"].close()
    app.extensions["jobs"] = JobsThatWait(library)  # those of the next server
    app.extensions["jobs"].resume()
    listed = {job["id"]: job for job in Asker(client, "fr").get(f"{EPISODE}/clips")["jobs"]}
    assert all("a changé" in job["failed"] for job in listed.values())
    assert [listed[job["id"]]["again"] for job in made] == [job["again"] for job in made]
    asker.post(f"/api/jobs/{made[0]['id']}/cancel")
    [again] = asker.post(f"{EPISODE}/clips", {"exports": [made[1]["again"]]}).json["jobs"]
    left = {job["id"]: job["failed"] is not None for job in asker.get(f"{EPISODE}/clips")["jobs"]}
    assert left == {again["id"]: False, made[2]["id"]: True}
    path = folder / "episode.alignment.json"
    path.write_text(to_text(reworded(read_alignment(path), {3})), encoding="utf-8")
    page = {"X-Transcript": read_alignment(path).version}
    assert {job["again"] for job in client.get(f"{EPISODE}/clips", headers=page).json["jobs"]} == {None}


@pytest.fixture
def failed(episode: Page, library: Path) -> Page:
    """The episode, whose list of clips tells that one of M4A, exported in the panel, was not made."""
    drag(episode, 20, 22)
    press(episode, "clip")
    episode.get_by_text("Format and loudness").click()
    episode.locator('#clip-panel [name="format"]').select_option("m4a")
    expect(episode.locator("#clip-panel img[data-shape]:not([hidden])")).to_have_count(3)
    episode.wait_for_load_state("networkidle")
    with spoiled(library):
        episode.get_by_role("button", name="Export", exact=True).click()
        expect(episode.locator("#clips .making .problem")).to_contain_text("has changed since")
    episode.keyboard.press("Escape")
    return episode


@pytest.mark.ci
def test_a_clip_that_failed_is_made_again_as_it_was_chosen(failed: Page, library: Path) -> None:
    making = failed.locator("#clips .making li")
    again = making.get_by_role("button", name=re.compile("^Try again"))
    again.focus()
    failed.keyboard.press("Enter")
    failed.keyboard.press("Enter")  # in haste: it is asked for once
    expect(making.locator(".problem")).to_have_count(0)
    expect(failed.locator("#clips .rows .row")).to_have_count(1)
    expect(making).to_have_count(0)
    expect(failed.locator("#clips h2")).to_be_focused()
    assert [path.suffix for path in (library / "roue-libre" / "clips").glob("*.m*")] == [".m4a"]
