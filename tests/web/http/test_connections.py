"""Connections: a client that is slow, greedy or a stranger costs the others nothing, and is told why if it can be."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.tables import over_rows
from tests.web.serving import serving
from tests.web.watching import until
from web.app import create_app
from web.http import connections
from web.http.connections import Stage
from web.search import Answer
from web.settings import Settings


class Plain:
    """A connection of its own, from an address of this machine."""

    def __init__(self, address: str, source: str = "127.0.0.1") -> None:
        where = urlsplit(address)
        self.socket = socket.create_connection((where.hostname, where.port or 80), 30, (source, 0))

    def send(self, *lines: str, body: bytes = b"") -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode() + body)

    def is_closed(self) -> bool:
        """Whether the server has closed it; what it still said is passed over."""
        try:
            while self.socket.recv(1 << 16):
                pass
        except ConnectionError:
            pass
        return True

    def answer(self) -> tuple[int, str]:
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read().decode()

    def close(self) -> None:
        self.socket.close()


@pytest.fixture
def connect(server: str) -> Iterator[Callable[..., Plain]]:
    with contextlib.ExitStack() as opened:
        yield lambda source="127.0.0.1": opened.enter_context(contextlib.closing(Plain(server, source)))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as a test waits, not as long as a person."""
    monkeypatch.setattr(connections, "_WAITING", {Stage.IDLE: 0.3, Stage.HEADERS: 0.3})
    monkeypatch.setattr(connections, "_WINDOWS", {Stage.BODY: 0.3, Stage.ANSWER: 0.3})
    monkeypatch.setattr(connections, "_QUIET", 0.3)


def get(server: str, path: str = "/") -> int:
    where = urlsplit(server)
    with contextlib.closing(http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have one address, and tell no open files")

HEADERS = ("Host: localhost", "Accept-Language: fr")


@pytest.mark.nightly
@pytest.mark.usefixtures("impatient")
@over_rows("sent", ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "])
def test_who_is_silent_or_slow_with_a_request_is_closed(connect: Callable[[], Plain], sent: str) -> None:
    slow = connect()
    slow.socket.sendall(sent.encode())
    assert slow.is_closed()


@pytest.mark.nightly
@pytest.mark.usefixtures("impatient")
def test_a_letter_now_and_then_does_not_keep_headers_open(connect: Callable[[], Plain]) -> None:
    slow = connect()
    slow.send("GET / HTTP/1.1")
    with contextlib.suppress(OSError):  # a broken pipe, or a reset
        for _ in range(600):
            slow.socket.sendall(b"x")
            time.sleep(0.05)
        pytest.fail("it is still listened to")


@pytest.mark.usefixtures("impatient")
def test_a_body_that_does_not_come_is_told_to_be_too_slow(connect: Callable[[], Plain], csrf: dict[str, str]) -> None:
    slow = connect()
    told = [f"{name}: {value}" for name, value in csrf.items()]
    slow.send("PUT /api/incoming/x/audio HTTP/1.1", *HEADERS, *told, "Content-Length: 900000", "", body=b"some")
    status, body = slow.answer()
    assert (status, json.loads(body)["error"]) == (408, "L’envoi était trop lent ; réessayez.")
    assert slow.is_closed()


@pytest.mark.nightly
@linux
@pytest.mark.usefixtures("impatient")
def test_an_answer_that_nobody_reads_is_let_go_and_its_file_closed(
    connect: Callable[[], Plain], library: Path, server: str
) -> None:
    audio = library / "roue-libre" / "episode.mp3"
    audio.write_bytes(audio.read_bytes() * 20)
    unread = connect()
    unread.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    unread.send("GET /episodes/roue-libre/audio HTTP/1.1", *HEADERS, "")
    until(lambda: open_files(audio) == 1)
    until(lambda: open_files(audio) == 0)
    assert get(server) == 200


def open_files(path: Path) -> int:
    return sum(link.exists() and link.resolve() == path for link in Path("/proc/self/fd").iterdir())


@pytest.fixture
def csrf(server: str) -> dict[str, str]:
    """What a request of our own pages carries."""
    where = urlsplit(server)
    with contextlib.closing(http.client.HTTPConnection(where.hostname or "", where.port)) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return {
            "X-CSRF-Token": answer.read().decode().split('name="csrf" content="')[1].split('"')[0],
            "Cookie": cookie,
        }


@pytest.fixture
def guarded(library: Path) -> Iterator[str]:
    """The address of a server that asks for a password."""
    with serving(create_app(Settings(library, password="roue libre"))) as address:
        yield address


@over_rows(
    "announced",
    [
        ["Content-Length: 900000000"],
        ["Transfer-Encoding: chunked"],
        ["Content-Length: 900000000", "Expect: 100-continue"],
    ],
)
def test_a_strangers_upload_is_refused_by_its_headers(guarded: str, announced: list[str]) -> None:
    with contextlib.closing(Plain(guarded)) as stranger:
        stranger.send("PUT /api/incoming/x/audio HTTP/1.1", *HEADERS, *announced, "")
        status, body = stranger.answer()
    assert status == 403
    assert json.loads(body)["error"].startswith("Il faut le mot de passe")


def test_who_goes_on_sending_reads_the_refusal_all_the_same(guarded: str, library: Path) -> None:
    where = urlsplit(guarded)
    with contextlib.closing(http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
        connection.request("PUT", "/api/incoming/x/audio", body=bytes(30_000_000))
        answer = connection.getresponse()
        assert answer.status == 403
        assert "password" in json.load(answer)["error"]
        assert answer.getheader("Connection") == "close"


@over_rows(
    "method, path, headers, status",
    [
        ("POST", "/login", ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 50000"], 413),
        ("POST", "/login", ["Content-Type: application/x-www-form-urlencoded", "Host: evil.example"], 403),
        ("POST", "/login", ["Content-Type: text/plain", "Content-Length: 5"], 403),
        ("GET", "/", ["Content-Length: 900000"], 403),
    ],
)
def test_a_body_is_not_waited_for_where_it_could_not_be_taken(
    guarded: str, method: str, path: str, headers: list[str], status: int
) -> None:
    length = [] if any("Length" in header for header in headers) else ["Content-Length: 5"]
    host = [] if any("Host" in header for header in headers) else ["Host: localhost"]
    with contextlib.closing(Plain(guarded)) as stranger:
        stranger.send(f"{method} {path} HTTP/1.1", *host, *headers, *length, "")
        assert stranger.answer()[0] == status


def test_what_comes_in_chunks_is_cut_off_where_it_becomes_too_large(guarded: str) -> None:
    with contextlib.closing(Plain(guarded)) as stranger:
        form = "Content-Type: application/x-www-form-urlencoded"
        stranger.send("POST /login HTTP/1.1", *HEADERS, form, "Transfer-Encoding: chunked", "")
        for _ in range(20):
            with contextlib.suppress(OSError):
                stranger.socket.sendall(b"3e8\r\n" + bytes(1000) + b"\r\n")
        assert stranger.answer()[0] == 413


@over_rows(
    "lines",
    [
        ["GET http://[ HTTP/1.1", *HEADERS],
        ["POST /login HTTP/1.1", *HEADERS, "Content-Length: 5", "Transfer-Encoding: chunked"],
        ["POST /login HTTP/1.0", *HEADERS, "Connection: keep-alive", "Transfer-Encoding: chunked"],
        ["POST /login HTTP/1.1", *HEADERS, "Content-Length: 5", "Content-Length: 6"],
        ["POST /login HTTP/1.1", *HEADERS, f"Content-Length: {'9' * 5000}"],
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_no_request(connect: Callable[[], Plain], lines: list[str]) -> None:
    odd = connect()
    odd.send(*lines, "", body=b"0\r\n\r\nGET /static/icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    status, sentence = odd.answer()
    assert status == 400
    assert sentence.startswith("La demande n’a pas été comprise")


@linux
def test_a_crowd_of_one_client_makes_its_own_room_and_others_keep_theirs(
    server: str, connect: Callable[..., Plain], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_ONE", 20)
    other = connect("127.0.0.2")
    crowd = [connect("127.0.0.3") for _ in range(60)]
    assert all(each.is_closed() for each in crowd[:30])
    other.send("GET /static/icon.svg HTTP/1.1", *HEADERS, "")
    assert other.answer()[0] == 200
    assert [get(server, "/static/icon.svg") for _ in range(5)] == [200] * 5
    crowd[-1].send("GET /static/icon.svg HTTP/1.1", *HEADERS, "")
    assert crowd[-1].answer()[0] == 200


@linux
def test_a_crowd_of_many_clients_gives_way_to_those_who_ask(
    server: str, connect: Callable[..., Plain], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 30)
    other = connect("127.0.0.2")
    crowd = [connect(f"127.0.1.{number % 3 + 1}") for number in range(90)]
    assert all(each.is_closed() for each in crowd[:30])
    other.send("GET /static/icon.svg HTTP/1.1", *HEADERS, "")
    assert other.answer()[0] == 200
    assert get(server, "/static/icon.svg") == 200


@pytest.mark.nightly
def test_pages_are_answered_while_every_thread_for_long_work_is_held(
    app: Flask, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, enough = threading.Semaphore(0), threading.Event()

    def hold(*_: object) -> Answer:
        held.release()
        enough.wait(60)
        return Answer()

    monkeypatch.setattr("web.routes.search.search", hold)
    with serving(app) as server, contextlib.ExitStack() as waiting:
        waiting.callback(enough.set)
        for _ in range(40):
            searcher = waiting.enter_context(contextlib.closing(Plain(server)))
            searcher.send("GET /search?q=roue HTTP/1.1", *HEADERS, "")
        assert all(held.acquire(timeout=60) for _ in range(28))
        assert [get(server, path) for path in ("/", "/static/icon.svg", "/episodes/roue-libre")] == [200] * 3
        enough.set()


def test_events_are_told_to_many_and_few_of_one_client_hold_a_thread(
    app: Flask, library: Path, connect: Callable[..., Plain], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = app.extensions["jobs"]
    enough = threading.Event()

    def listen() -> Iterator[list[object]]:
        yield []
        enough.wait(60)

    monkeypatch.setattr(jobs, "listen", listen)
    streams = app.extensions["limits"].streams
    tabs = [connect() for _ in range(20)]
    for tab in tabs:
        tab.send("GET /api/jobs/events HTTP/1.1", *HEADERS, "")
        assert tab.socket.recv(100).startswith(b"HTTP/1.1 200")
    until(lambda: streams._taken.total() == 8)
    assert get(server) == 200
    assert get(server, "/api/jobs") == 200
    enough.set()
    until(lambda: not streams._taken.total())
