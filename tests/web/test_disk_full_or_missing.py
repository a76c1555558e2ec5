"""A full disk and a missing library are reported, and nothing is lost."""

import contextlib
import http.client
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.asking import Asker
from tests.web.http.test_server import Command
from tests.web.watching import until
from web.languages import LANGUAGES, catalogue


class Sender:
    """A browser at a server of its own process."""

    def __init__(self, server: Command, language: str = "en") -> None:
        self._server = server
        with contextlib.closing(server.connect()) as connection:
            connection.request("GET", "/")
            answer = connection.getresponse()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            token = answer.read().decode().split('name="csrf" content="')[1].split('"')[0]
        self._headers = {"Cookie": cookie, "X-CSRF-Token": token, "Accept-Language": language}

    def ask(self, method: str, path: str, body: Any = None, chunked: bool = False) -> tuple[int, Any]:
        with contextlib.closing(self._server.connect()) as connection:
            connection.request(method, path, body, self._headers, encode_chunked=chunked)
            answer: http.client.HTTPResponse = connection.getresponse()
            return answer.status, json.load(answer)

    def upload(self) -> str:
        return str(self.ask("POST", "/api/incoming")[1]["token"])


def blocks(count: int) -> Iterator[bytes]:
    """A request body of unknown length, in blocks of 100 kB."""
    return (bytes(100_000) for _ in range(count))


def taken(place: Path) -> int:
    return shutil.disk_usage(place).used


def test_an_upload_to_a_full_disk_ends_and_leaves_its_room(small_disk: Path) -> None:
    server = Command(small_disk / "library")
    try:
        sender = Sender(server)
        path = f"/api/incoming/{sender.upload()}/audio"
        before = taken(small_disk)
        for body, chunked in [(bytes(20_000_000), False), (blocks(200), True)]:  # no room where it arrives
            with pytest.raises(ConnectionError):
                sender.ask("PUT", path, body, chunked)
            until(lambda: taken(small_disk) - before < 100_000)
        for language in LANGUAGES:  # no room where it goes
            told = {"error": catalogue(language)["error.507"]}
            assert Sender(server, language).ask("PUT", path, bytes(4_000_000)) == (507, told)
            until(lambda: taken(small_disk) - before < 100_000)
        assert sender.ask("PUT", f"/api/incoming/{sender.upload()}/transcript", b"Ada: The tide waits.")[0] == 200
        (small_disk / "all of it").write_bytes(bytes(shutil.disk_usage(small_disk).free))
        assert sender.ask("POST", "/api/incoming")[0] in (201, 507)
        assert server.get("/").startswith(b"<!doctype html>")
    finally:
        server.kill()


ASKED = ["/", "/episodes/roue-libre", "/search?q=roue", "/add", "/episodes/roue-libre/audio", "/api/jobs"]
CHANGES: list[tuple[str, str]] = [
    ("POST", "/api/incoming"),
    ("POST", "/sample"),
    ("POST", "/api/episodes/roue-libre/align"),
    ("POST", "/api/trash/any/restore"),
    ("DELETE", "/api/trash/any"),
    ("PUT", "/api/incoming/any/audio"),
]


def test_a_missing_library_is_reported_not_created_and_works_when_it_is_back(
    client: FlaskClient, library: Path, tmp_path: Path
) -> None:
    asker = Asker(client)
    token = asker.upload(transcript=("words.txt", b"Ada: The tide waits."))
    library.rename(tmp_path / "elsewhere")
    for path in ASKED:
        with client.get(path, headers={"Accept-Language": "fr"}) as answer:
            assert answer.status_code == 503, path
            assert "Le dossier de la bibliothèque est introuvable" in (
                answer.json["error"] if answer.is_json else answer.text
            )
    ask = {"PUT": lambda path: asker.put(path, b"sound"), "DELETE": asker.delete}
    for method, path in CHANGES:
        answer = ask.get(method, asker.post)(path)
        assert (method, path, answer.status_code) == (method, path, 503)
    with client.get("/static/style/base.css") as style:
        assert style.status_code == 200
    assert not library.exists()
    (tmp_path / "elsewhere").rename(library)
    assert client.get("/").status_code == 200
    assert asker.get(f"/api/incoming/{token}/preview")["names"]


def test_uploads_of_a_killed_server_are_removed(library: Path) -> None:
    passing = library / ".quotecast" / "passing"
    passing.mkdir(parents=True)
    (passing / "tmpabc").write_bytes(bytes(1000))
    (passing / "folder").mkdir()
    (passing / "folder" / "file").touch()
    server = Command(library)
    try:
        assert list(passing.iterdir()) == []
    finally:
        server.kill()
