"""Whatever a host sends, each file is had or told, in a time and a space that are bounded."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import socket
import time
import tracemalloc
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.tables import over_rows
from tests.web.archive.hosting import Host, answer, cut_after, endless, to
from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources import addresses
from web.archive.sources.asking import Limits
from web.archive.sources.fetching import Validators, download, fetch

HERE = Limits(allow_private=True, pause=0.0)
SMALL = Limits(1_000_000, allow_private=True, pause=0.0)
CHUNKED = {"Transfer_Encoding": "chunked"}
GZIP = {"Content_Encoding": "gzip"}
NAMED = b"\x1f\x8b\x08\x08\0\0\0\0\0\x03"  # the head of what gzip makes, up to the name of the file
FEED = b"<rss/>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "sound.mp3"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No body is waited for, and nobody is asked twice."""
    monkeypatch.setattr("web.archive.sources.bodies._SLOW_SECONDS", 0.3)
    monkeypatch.setattr("web.archive.sources.fetching._TRIES", 1)


@pytest.mark.parametrize("place", ["http://127.0.0.1:99999/x", "http://127.0.0.1:abc/x", "http://a:b/c@127.0.0.1/"])
def test_no_redirect_leads_to_what_is_no_address(host: Host, place: str) -> None:
    with pytest.raises(RefusedError, match="/moved: leads to what is no address of the web"):
        fetch(host.say("/moved", to(place)), HERE)
    with pytest.raises(RefusedError, match="no address of the web"):
        fetch(place, HERE)


@pytest.mark.parametrize("planted", ["ł", "1\r\nHost: other", "1\n", "\x01", "1" * 501])
def test_no_state_is_told_that_no_header_can_have(host: Host, path: Path, planted: str) -> None:
    url = host.put("/a.mp3", FEED)
    assert fetch(url, HERE, Validators(planted, planted))
    path.parent.mkdir()
    path.with_name("sound.mp3.part").write_bytes(b"<rs")
    path.with_name("sound.mp3.json").write_text(json.dumps({"url": url, "etag": planted, "modified": planted}))
    download(url, path, HERE)
    assert path.read_bytes() == FEED
    for _, headers in host.asked:
        assert not {"if-none-match", "if-modified-since", "if-range", "range", "other"} & {*headers}
    assert Validators(planted, "Mon, 01 Jan 2024 00:00:00 GMT").strong == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_a_note_of_other_kinds_than_text_tells_nothing(host: Host, path: Path) -> None:
    url = host.put("/a.mp3", FEED)
    path.parent.mkdir()
    path.with_name("sound.mp3.part").write_bytes(b"<rs")
    path.with_name("sound.mp3.json").write_text(json.dumps({"url": url, "etag": 5, "modified": ["a"]}))
    assert download(url, path, HERE) == Validators('"1"')
    assert path.read_bytes() == FEED


@pytest.mark.parametrize("sent", ["\x01", "1" * 501])
def test_no_state_is_kept_that_no_header_can_have(host: Host, sent: str) -> None:
    found = fetch(host.say("/feed.xml", answer(200, FEED, ETag=sent, Last_Modified=sent)), HERE)
    assert found
    assert found.validators == Validators()


@pytest.mark.nightly
@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_trailers_end(host: Host, path: Path, pause: float) -> None:
    trailers = endless(b"5\r\n<rss>\r\n0\r\n", b"a: b\r\n" * 100, pause, **CHUNKED)
    url = host.say("/feed.xml", trailers, trailers)
    with pytest.raises(FetchError, match="comes too slowly"):
        fetch(url, HERE)
    with pytest.raises(FetchError, match="comes too slowly"):
        download(url, path, HERE)
    assert not path.exists()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("begun", "more", "headers"), [(b"", b"x", {}), (b"1", b"0", CHUNKED), (NAMED, b"n", GZIP)])
def test_what_drips_is_given_up(host: Host, begun: bytes, more: bytes, headers: dict[str, str]) -> None:
    """A file without a length ends where the connection does: one that was given up is no whole file."""
    with pytest.raises(FetchError, match="comes too slowly"):
        fetch(host.say("/feed.xml", endless(begun, more, 0.02, **headers)), HERE)


@pytest.mark.usefixtures("hurried")
def test_what_always_brings_enough_ends_too(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.archive.sources.bodies.SLOW_BYTES", 1)
    monkeypatch.setattr("web.archive.sources.bodies.LONGEST", 0.5)
    with pytest.raises(FetchError, match="comes too slowly"):
        fetch(host.say("/feed.xml", endless(b"", b"x", 0.02)), HERE)


@pytest.mark.nightly
@pytest.mark.usefixtures("hurried")
def test_a_head_that_drips_is_given_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.archive.sources.asking._HEAD", 0.3)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(OSError):
            for number in range(90):
                time.sleep(0.02)
                handler.wfile.write(b"X-%d: 1\r\n" % number)

    with pytest.raises(FetchError, match="takes too long"):
        fetch(host.say("/feed.xml", drip), HERE)


@pytest.mark.usefixtures("hurried")
def test_redirects_have_the_time_of_one_answer(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.archive.sources.asking._HEAD", 0.3)

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        to("/feed.xml")(handler)

    with pytest.raises(FetchError, match="takes too long"):
        fetch(host.say("/feed.xml", *[slowly] * 8), HERE)


def test_what_follows_a_compressed_file_is_not_read(host: Host) -> None:
    found = fetch(host.say("/feed.xml", endless(gzip.compress(FEED), bytes(1000), **GZIP)), HERE)
    assert found
    assert found.content == FEED


def test_what_is_compressed_in_parts_is_whole(host: Host) -> None:
    zipped = b"".join(gzip.compress(part) for part in (b"<rs", b"", b"s/>"))
    found = fetch(host.say("/feed.xml", answer(200, zipped, **GZIP)), HERE)
    assert found
    assert found.content == FEED


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (NAMED, b"n" * 10_000),
        (gzip.compress(b"")[:10], b"\0\0\0\xff\xff" * 2000),
        (b"", gzip.compress(b"") * 500),
    ],
    ids=["a name", "empty blocks", "empty files"],
)
def test_what_is_unpacked_to_nothing_is_counted_as_it_comes(host: Host, begun: bytes, more: bytes) -> None:
    with pytest.raises(RefusedError, match="larger than 1 MB"):
        fetch(host.say("/feed.xml", endless(begun, more, **GZIP)), SMALL)


@pytest.mark.nightly
def test_a_file_in_the_smallest_chunks_takes_no_more_memory_than_it_is_large(host: Host) -> None:
    count = 50_000
    wire = b"2\r\nab\r\n" * count + b"0\r\n\r\n"

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + wire)

    url = host.say("/feed.xml", send)
    tracemalloc.start()
    try:
        found = fetch(url, HERE)
        assert tracemalloc.get_traced_memory()[1] < 12 * count
    finally:
        tracemalloc.stop()
    assert found
    assert found.content == b"ab" * count


def test_crumbs_are_no_reason_to_go_on(host: Host, path: Path) -> None:
    """A host that sends sixty bytes each time and breaks off would else be asked fifty times, an hour in all."""
    content = os.urandom(100_000)

    def crumb(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        told = {"Content_Length": str(len(content) - start), "ETag": '"1"'}
        told["Content_Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        answer(206, content[start : start + 60], **told)(handler)

    url = host.say("/a.mp3", cut_after(content, 70_000), *[crumb] * 50)
    with pytest.raises(FetchError, match="broke off after 70300 of"):
        download(url, path, HERE)
    assert len(host.asked) == 6
    host.answers.clear()
    download(host.put("/a.mp3", content), path, HERE)
    assert path.read_bytes() == content


def test_no_file_is_tried_for_longer_than_one_may_take(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.archive.sources.fetching.LONGEST", 0.0)
    with pytest.raises(FetchError, match="answers 503"):
        fetch(host.say("/feed.xml", *[answer(503)] * 5), HERE)
    assert len(host.asked) == 1


def test_of_a_name_with_a_hundred_numbers_a_few_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = list[object]()

    class Silent(socket.socket):
        def connect(self, address: object) -> None:
            tried.append(address)
            raise TimeoutError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"93.184.216.{number}", 80)) for number in range(100)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", Silent)
    with pytest.raises(TimeoutError):
        addresses.connect("many.example", 80, 1.0, lambda _: True)
    assert len(tried) == 4


def test_a_disk_that_is_full_is_no_fault_of_the_host(host: Host, path: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        download(host.put("/a.mp3", FEED), path, HERE, watch=full)
    assert len(host.asked) == 1


@over_rows("url, told",
    [
        ("https://anna:secret@example.org/feed?token=1#2", "https://example.org/feed?…"),
        ("https://example.org:8000/feed", "https://example.org:8000/feed"),
        ("https://example.org/@anna/feed?mail=a@b.c", "https://example.org/@anna/feed?…"),
        *(
            (f"http://{secret}@host.org/f?token=secret", "http://…")
            for secret in (
                "user:s3/cret", "user:s3#cret", "user:s3?cret", "user:5/cret", "user:5#cret", "user:5?cret",
                "a.b:5/cret", "user:a@b/cret", "user/a:cret", "a.b/c:cret", "a.b/a:s?cret", "cre/t", "user:/cret",
            )
        ),
        ("http://user:s3/cret@a@host.org/f", "http://…"),
        ("http://user:s3cret", "http://…"),
        ("http://user:[cret@host.org/", "http://…"),
        ("user:cret@host://f", "…"),
        ("user:cret@host", "…"),
        ("ftp://user:se/cret@host.org/", "…"),
    ],
)  # fmt: skip
def test_nothing_is_told_that_may_be_a_password(url: str, told: str) -> None:
    assert shown(url) == told
