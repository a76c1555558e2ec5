"""A failed export is listed and can be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.asking import Asker, JobsThatWait
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
def test_a_failed_export_is_listed_until_it_is_dismissed_or_repeated(
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
