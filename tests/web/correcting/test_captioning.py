"""Captions in an episode's folder follow its corrections by and by, and nobody waits for them."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.outputs import are_behind, caption_contents
from aligner.storage.alignment_json import read_alignment
from web.correcting import following
from web.http.server import resume

PATIENCE = 60.0  # seconds, of a busy machine
PLACE = {"kind": "place", "word": 7, "start": 6.3, "end": 6.6}


@pytest.fixture
def path(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The alignment of the episode, beside which captions lie."""
    monkeypatch.setattr(following, "_DELAY", 0.3)
    path = library / "roue-libre" / "episode.alignment.json"
    for suffix in (".vtt", ".srt"):
        path.with_name(f"episode{suffix}").write_text("of before", encoding="utf-8")
    return path


def correct(send: Callable[..., TestResponse], base: int, **correction: object) -> int:
    answer = send("POST", "/api/episodes/roue-libre/corrections", {"revision": base, "correction": correction})
    assert answer.status_code == 200, answer.text
    return int(answer.json["revision"])


def wait_until_followed(path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while are_behind(path) and time.monotonic() < until:
        time.sleep(0.05)
    contents = caption_contents(read_alignment(path), path)
    assert len(contents) == 2
    assert {each: each.read_bytes() for each in contents} == contents


def test_captions_that_a_server_left_behind_follow_when_the_next_one_starts(
    app: Flask, send: Callable[..., TestResponse], path: Path
) -> None:
    correct(send, 0, **PLACE)
    wait_until_followed(path)
    written = path.with_name("episode.vtt")
    written.write_text("of before", encoding="utf-8")
    before = path.stat().st_mtime_ns - 1
    os.utime(written, ns=(before, before))
    resume(app)
    wait_until_followed(path)


def test_captions_that_are_taken_while_they_are_behind_are_those_of_the_correction(
    client: FlaskClient, send: Callable[..., TestResponse], path: Path
) -> None:
    correct(send, 0, kind="unspoken", first=3, stop=9)
    taken = client.get("/episodes/roue-libre/download/vtt")
    assert taken.status_code == 200
    assert taken.text.startswith("WEBVTT")
    wait_until_followed(path)
