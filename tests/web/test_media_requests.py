"""Files over HTTP: ranges, resumed downloads, safe names, and no files but the episode's."""

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from tests.tables import over_rows
from tests.web.watching import over
from web.errors import Busy
from web.jobs import Jobs
from web.page.preparation import ready
from web.sending import LONGEST_BYTES, copying, send_text, type_of

AUDIO = "/episodes/roue-libre/audio"


@pytest.fixture
def sound(library: Path) -> bytes:
    """What the episode's audio holds: more than one answer may."""
    path = library / "roue-libre" / "episode.mp3"
    path.write_bytes(path.read_bytes() * 3)
    return path.read_bytes()


def asked(client: FlaskClient, part: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    with client.get(AUDIO, headers={"Range": part, **headers}) as answer:
        return answer.status_code, answer.data, dict(answer.headers)


@over_rows(
    "part, expected",
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=1000-1999", (1000, 2000)),
        ("bytes=0-", (0, LONGEST_BYTES)),
        ("bytes=5-", (5, 5 + LONGEST_BYTES)),
        ("bytes=10-99999999999", (10, 10 + LONGEST_BYTES)),
    ],
)
def test_a_range_is_answered_up_to_the_read_ahead_limit(
    client: FlaskClient, sound: bytes, part: str, expected: tuple[int, int]
) -> None:
    assert len(sound) > 2 * LONGEST_BYTES
    status, data, headers = asked(client, part)
    start, end = expected
    assert status == 206
    assert data == sound[start:end]
    assert headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(sound)}"
    assert headers["Content-Type"] == "audio/mpeg"


@over_rows("part", ["bytes=99999999-", "bytes=99999999-99999999999"])
def test_a_range_beyond_the_end_is_416_with_the_length(client: FlaskClient, sound: bytes, part: str) -> None:
    status, _, headers = asked(client, part)
    assert status == 416
    assert headers["Content-Range"] == f"bytes */{len(sound)}"


def test_without_a_range_all_is_sent_and_ranges_are_offered(client: FlaskClient, sound: bytes) -> None:
    with client.get(AUDIO) as answer:
        assert (answer.status_code, answer.data == sound) == (200, True)
        assert answer.headers["Accept-Ranges"] == "bytes"
    with client.head(AUDIO) as answer:
        assert (answer.status_code, answer.data, answer.content_length) == (200, b"", len(sound))
    with client.head(AUDIO, headers={"Range": "bytes=0-9"}) as answer:
        assert (answer.status_code, answer.data, answer.content_length) == (206, b"", 10)


def test_a_range_of_a_changed_file_is_not_sent(client: FlaskClient, library: Path, sound: bytes) -> None:
    tag = asked(client, "bytes=0-9")[2]["ETag"]
    assert asked(client, "bytes=10-19", **{"If-Range": tag})[0] == 206
    (library / "roue-libre" / "episode.mp3").write_bytes(sound + b"more")
    assert asked(client, "bytes=10-19", **{"If-Range": tag})[:2] == (200, sound + b"more")


def test_a_cached_file_is_not_sent_again(client: FlaskClient, sound: bytes) -> None:
    tag = asked(client, "bytes=0-9")[2]["ETag"]
    with client.get(AUDIO, headers={"If-None-Match": tag}) as answer:
        assert (answer.status_code, answer.data) == (304, b"")


@over_rows(
    "path",
    [
        "/episodes/../roue-libre/audio",
        "/episodes/roue-libre%2f..%2f..%2fetc%2fpasswd/audio",
        "/episodes/%2e%2e/audio",
        "/episodes/.quotecast/audio",
        "/episodes/trash/audio",
        "/episodes/nowhere/audio",
        "/episodes/nowhere/peaks",
    ],
)
def test_addresses_reach_only_episodes(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (404, 308)
    assert client.get(path, follow_redirects=True).status_code == 404


def test_an_episode_with_missing_audio_is_reported(client: FlaskClient, library: Path) -> None:
    (library / "roue-libre" / "episode.mp3").unlink()
    assert client.get(AUDIO).status_code == 404
    assert client.get("/episodes/roue-libre/peaks").status_code == 404


@pytest.mark.nightly
def test_the_prepared_copy_plays_after_its_job(app: Flask, client: FlaskClient, library: Path) -> None:
    folder = library / "roue-libre"
    given = (folder / "episode.mp3").read_bytes()
    (folder / "episode.mp3").write_bytes(given + b"ID3\x04\x00\x00\x00\x00\x7f\x7f" + bytes(16383) + given)
    jobs: Jobs = app.extensions["jobs"]
    token = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]
    assert client.post("/api/episodes/roue-libre/prepare").status_code == 403
    assert client.get("/episodes/roue-libre/peaks").status_code == 202
    assert "audio?as=original" in client.get("/episodes/roue-libre").text
    job = client.post("/api/episodes/roue-libre/prepare", headers={"X-CSRF-Token": token}).json["job"]
    assert job["episode"] == "roue-libre"
    assert over(jobs, job["id"]).state == "done"
    assert client.post("/api/episodes/roue-libre/prepare", headers={"X-CSRF-Token": token}).json["job"] is None
    assert ready(folder / "episode.mp3", folder)
    assert "audio?as=original" not in client.get("/episodes/roue-libre").text
    with client.get(AUDIO, headers={"Range": "bytes=4-7"}) as answer:
        assert (answer.data, answer.mimetype) == (b"ftyp", "audio/mp4")
    with client.get(f"{AUDIO}?as=original", headers={"Range": "bytes=0-9"}) as answer:
        assert (answer.data, answer.mimetype) == (given[:10], "audio/mpeg")
    with client.get("/episodes/roue-libre/peaks") as answer:
        assert answer.json["copy"] is True
    jobs.close()


NAMES = [
    "L’été.mp3",
    "cœur—tout.mp3",
    "😀.mp3",
    'a"b\\c.mp3',
    "-x.mp3",
    "100%41.mp3",
    "a;b=c, d.mp3",
    "e\u0301.mp3",
    "日本.mp3",
]
UNSENDABLE = ["a\nb.mp3", "a\r\nSet-Cookie: x=y.mp3", os.fsdecode(b"\xff\xe9.mp3"), "\x7f\x00\x85.mp3", "\u202e3pm.exe"]


@over_rows("name", [*NAMES, *UNSENDABLE, "", "/etc/passwd", "é" * 5000])
def test_a_header_is_one_plain_line_for_any_name(app: Flask, name: str) -> None:
    header = header_of(app, name)
    assert header.isascii()
    assert header.isprintable()
    assert not set(parse_options_header(header)[1].get("filename", "")) & set("\n\r\x00\u202e")


def header_of(app: Flask, name: str) -> str:
    with app.test_request_context("/"):
        return send_text("x", name, "text/plain").headers["Content-Disposition"]


def test_an_interrupted_download_continues(client: FlaskClient, library: Path) -> None:
    whole = (library / "roue-libre" / "episode.mp3").read_bytes()
    with client.get("/episodes/roue-libre/audio?download", headers={"Range": "bytes=1000-"}) as answer:
        assert (answer.status_code, answer.data) == (206, whole[1000:])


def test_downloads_without_disk_space_are_refused_and_few_run_at_once() -> None:
    with pytest.raises(OSError, match="No space"), copying(1 << 60):
        pass
    with copying(1), copying(1), pytest.raises(Busy), copying(1):
        pass


def test_only_audio_and_video_are_served_with_their_type() -> None:
    kinds = [type_of(Path(name)) for name in ("a.MP3", "a.m4a", "a.html", "a.svg", "a")]
    assert kinds == ["audio/mpeg", "audio/mp4", *["application/octet-stream"] * 3]
