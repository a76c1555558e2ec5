"""Clips over HTTP: what is answered, and what is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

EPISODE = "/api/episodes/roue-libre"


@pytest.fixture
def clip(library: Path) -> Path:
    """A clip of the episode, with a text beside it."""
    folder = library / "roue-libre" / "clips"
    folder.mkdir()
    (folder / "bonjour.mp3").write_bytes(b"sound")
    (folder / "bonjour.txt").write_text("Bonjour", encoding="utf-8")
    (folder / "bonjour.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    return folder / "bonjour.mp3"


def clip_id(client: FlaskClient) -> str:
    return str(client.get(f"{EPISODE}/clips").get_json()["clips"][0]["id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "quotes"),
        ("DELETE", "quotes/1"),
        ("POST", "quotes/1/restore"),
        ("POST", "clips"),
        ("POST", "clips/preview"),
        ("POST", "clips/sound"),
        ("POST", "clips/still"),
        ("DELETE", "clips/1"),
        ("POST", "clips/restore/1"),
    ],
)
def test_nothing_is_changed_or_made_without_the_token(client: FlaskClient, method: str, path: str) -> None:
    client.get("/")
    answer = client.open(f"{EPISODE}/{path}", method=method, json={"first": 0, "last": 3})
    assert answer.status_code == 403


def test_the_preview_says_where_a_clip_is_cut_and_how_it_reads(send: Callable[..., TestResponse]) -> None:
    told = send("POST", f"{EPISODE}/clips/preview", {"first": 23, "last": 29, "shape": "square"}).get_json()
    assert told["text"] == "Bonjour et bienvenue dans «\u00a0Roue libre\u00a0»,"
    assert told["duration"] == pytest.approx(told["end"] - told["start"], abs=0.002)
    assert told["wording"].replace("\n", " ") == told["text"]
    assert "ends-inside-sentence" in [caution["kind"] for caution in told["cautions"]]


def test_edges_of_ones_own_are_taken_to_the_millisecond(send: Callable[..., TestResponse]) -> None:
    told = send(
        "POST", f"{EPISODE}/clips/preview", {"first": 20, "last": 23, "start": 11.211, "end": 12.504}
    ).get_json()
    assert (told["start"], told["end"]) == (11.211, 12.504)


def test_a_still_and_the_sound_are_sent_as_what_they_are(send: Callable[..., TestResponse]) -> None:
    still = send("POST", f"{EPISODE}/clips/still", {"first": 20, "last": 23, "shape": "landscape"})
    assert (still.mimetype, still.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    sound = send("POST", f"{EPISODE}/clips/sound", {"first": 20, "last": 23, "format": "wav"})
    assert (sound.mimetype, sound.data[:4]) == ("audio/wav", b"RIFF")


@pytest.mark.parametrize(
    "query", ["", "from=0&to=5", "from=5&to=1&columns=9", "from=nan&to=5&columns=9", "from=0&to=5&columns=99999"]
)
def test_a_stretch_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{EPISODE}/stretch?{query}").status_code == 400


def test_a_stretch_shows_where_it_is_loud(client: FlaskClient) -> None:
    told = client.get(f"{EPISODE}/stretch?from=0&to=10&columns=100").get_json()
    assert len(told["peaks"]) == 100
    assert max(told["peaks"]) == 255


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"exports": []},
        {"exports": [1]},
        {"exports": [{}] * 201},
        {"exports": [{"first": 0, "last": 3, "shape": "../x"}]},
    ],
)
def test_no_job_is_begun_for_what_cannot_be_exported(
    send: Callable[..., TestResponse], library: Path, body: Any
) -> None:
    assert send("POST", f"{EPISODE}/clips", body).status_code == 400
    assert not (library / "roue-libre" / "jobs").exists()


@pytest.mark.parametrize(
    "name",
    ["../../quotes.json", "..%2f..%2fquotes.json", "%2e%2e/roue-libre/quotes.json", "quotes.json", "bonjour.mp4"],
)
def test_no_file_but_a_clips_own_is_sent(client: FlaskClient, clip: Path, name: str) -> None:
    (clip.parent.parent / "quotes.json").write_text("{}")
    assert client.get(f"/episodes/roue-libre/clips/{clip_id(client)}/{name}").status_code == 404


@pytest.mark.parametrize("wrong", ["..", "bonjour.mp3", "0" * 12])
def test_no_path_names_a_clip(client: FlaskClient, clip: Path, wrong: str) -> None:
    assert client.get(f"/episodes/roue-libre/clips/{wrong}/bonjour.mp3").status_code == 404


def test_a_clip_plays_and_what_lies_beside_it_never_becomes_a_page(client: FlaskClient, clip: Path) -> None:
    address = f"/episodes/roue-libre/clips/{clip_id(client)}"
    with client.get(f"{address}/bonjour.mp3", headers={"Range": "bytes=1-2"}) as played:
        assert (played.status_code, played.data) == (206, b"ou")
        assert played.headers["Content-Disposition"] == "inline; filename=bonjour.mp3"
    for name in ("bonjour.html", "bonjour.mp3?download"):
        with client.get(f"{address}/{name}") as sent:
            assert sent.headers["Content-Disposition"].startswith("attachment")


def test_a_deleted_clip_comes_back(client: FlaskClient, clip: Path, send: Callable[..., TestResponse]) -> None:
    token = send("DELETE", f"{EPISODE}/clips/{clip_id(client)}").get_json()["token"]
    assert client.get(f"{EPISODE}/clips").get_json() == {"clips": [], "jobs": []}
    assert send("POST", f"{EPISODE}/clips/restore/..%2f{token}").status_code == 404
    assert send("POST", f"{EPISODE}/clips/restore/{token}").status_code == 200
    assert clip.read_bytes() == b"sound"


def test_a_zip_holds_the_clips_that_were_chosen(client: FlaskClient, clip: Path) -> None:
    answer = client.get(f"/episodes/roue-libre/clips.zip?clip={clip_id(client)}&clip=another")
    assert answer.headers["Content-Disposition"] == "attachment; filename=roue-libre-clips.zip"
    assert sorted(zipfile.ZipFile(io.BytesIO(answer.data)).namelist()) == ["bonjour.html", "bonjour.mp3", "bonjour.txt"]
    assert client.get("/episodes/roue-libre/clips.zip?clip=another").status_code == 404


def test_bundles_on_their_way_to_a_client_are_few_and_others_get_theirs(client: FlaskClient, clip: Path) -> None:
    address = f"/episodes/roue-libre/clips.zip?clip={clip_id(client)}"
    one, other = ({"REMOTE_ADDR": f"192.0.2.{number}"} for number in (1, 2))
    held = [client.get(address, environ_overrides=one) for _ in range(4)]
    refused = client.get(address, environ_overrides=one)
    assert [answer.status_code for answer in (*held, refused)] == [200] * 4 + [429]
    assert int(refused.headers["Retry-After"]) > 0
    with client.get(address, environ_overrides=other) as answer:
        assert answer.status_code == 200
    for answer in held:
        answer.close()
    with client.get(address, environ_overrides=one) as answer:
        assert answer.status_code == 200
