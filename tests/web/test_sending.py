"""Downloads have safe names and can be resumed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from tests.tables import over_rows
from web.errors import Busy
from web.sending import copying, send_text, type_of

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
