"""Files are fetched completely or not at all, within limits, and never from private networks."""

import base64
import gzip
import os
import socket
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.tables import over_rows
from tests.web.archive.hosting import LOCAL, Answer, Host, answer, cut_after, endless, etag_of, hosting, part_of, to
from web.archive import fetching
from web.archive.errors import FetchError, RefusedError
from web.archive.fetching import Limits, download, fetch, may_ask

CONTENT = os.urandom(1 << 20)
OTHER = CONTENT[::-1]
FEED = b"<rss/>"
CUT = 300_000
SMALL = replace(LOCAL, most_bytes=1 << 20)
GZIP = {"Content_Encoding": "gzip"}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing for long, and try once."""
    for name, value in {"_HEADERS": 0.4, "_SLOW_SECONDS": 0.4, "_TRIES": 1}.items():
        monkeypatch.setattr(fetching, name, value)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have names of hosts resolve to what they must not lead to; return the log of look-ups."""
    look_up, log = socket.getaddrinfo, list[str]()
    numbers = {"nas.lan": ["127.0.0.1"], "tv.lan": ["127.0.0.1"], "bad.lan": ["169.254.169.254"]}
    numbers["web.org"] = ["1.1.1.1", "127.0.0.1"]

    def resolve(name: str, *args: int, **kwargs: int) -> object:
        log.append(name)
        return [row for number in numbers.get(name, [name]) for row in look_up(number, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return log


def test_a_download_resumes_in_the_same_call_and_in_a_later_one(host: Host, tmp_path: Path) -> None:
    url = host.script("/a.mp3", cut_after(CONTENT, CUT), part_of(CONTENT, CUT, 100_000), *[answer(503)] * 9)
    with pytest.raises(FetchError, match="answers 503"):
        download(url, tmp_path / "a.mp3", LOCAL)
    assert not (tmp_path / "a.mp3").exists()
    host.scripts.clear()
    state = download(host.put("/a.mp3", CONTENT), tmp_path / "a.mp3", LOCAL)
    assert (tmp_path / "a.mp3").read_bytes() == CONTENT
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp3"]
    resumed = [(headers["range"], headers["if-range"]) for _, headers in host.requests[1:]]
    assert {*resumed} == {(f"bytes={CUT}-", etag_of(CONTENT)), ("bytes=400000-", etag_of(CONTENT))}
    assert fetch(url, LOCAL, state) is None


@over_rows("first, then",
    {
        "the file changed": (cut_after(CONTENT, CUT), []),
        "a weak ETag": (cut_after(CONTENT, CUT, ETag='W/"1"'), [part_of(OTHER, CUT, ETag='W/"1"')]),
        "another ETag in the part": (cut_after(CONTENT, CUT), [part_of(OTHER, CUT)]),
        "no such part": (cut_after(OTHER, CUT), [answer(416)]),
    },
)  # fmt: skip
def test_parts_of_two_files_are_never_joined(host: Host, tmp_path: Path, first: Answer, then: list[Answer]) -> None:
    host.put("/a.mp3", OTHER)
    download(host.script("/a.mp3", first, *then), tmp_path / "a.mp3", LOCAL)
    assert (tmp_path / "a.mp3").read_bytes() == OTHER


@over_rows("answers, message",
    {
        "gone": ([cut_after(CONTENT, CUT), answer(404)], "answers 404"),
        "empty": ([answer(200)], "is empty"),
        "announced too large": ([answer(200, FEED, Content_Length="999999999999")], "exceeds 1 MB"),
        "too large": ([endless(200, b"", CONTENT)], "exceeds 1 MB"),
        "compressed": ([answer(200, gzip.compress(FEED), **GZIP)], "encoding"),
    },
)  # fmt: skip
def test_a_refused_file_leaves_nothing(host: Host, tmp_path: Path, answers: list[Answer], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        download(host.script("/a.mp3", *answers), tmp_path / "a.mp3", SMALL)
    assert list(tmp_path.iterdir()) == []


@over_rows("validators", [{}, {"Last_Modified": "Fri, 27 Nov 2026 00:00:00 GMT"}, {"ETag": "\x01"}])
def test_an_unchanged_file_is_not_sent_again(host: Host, validators: dict[str, str]) -> None:
    url = host.put("/feed.xml", FEED)
    if validators:
        host.script("/feed.xml", answer(200, FEED, **validators), answer(304 if "Last_Modified" in validators else 200))
    first = fetch(url, LOCAL)
    assert first
    assert (first.content, first.url, bool(first.state)) == (FEED, url, "ETag" not in validators)
    assert (fetch(url, LOCAL, first.state) is None) == bool(first.state)
    host.put("/feed.xml", OTHER)
    changed = fetch(url, LOCAL, first.state)
    assert changed
    assert changed.content == OTHER


def test_temporary_errors_are_retried_and_others_reported(host: Host) -> None:
    url = host.put("/feed.xml", FEED)
    host.script("/feed.xml", *[answer(status) for status in (408, 429, 500)], cut_after(FEED, 2))
    assert fetch(url, LOCAL)
    with pytest.raises(RefusedError) as refused:
        fetch(host.script("/feed.xml", answer(410)), LOCAL)
    assert refused.value.message.values["status"] == 410
    assert len(host.requests) == 6


def test_a_compressed_feed_is_unpacked_unless_it_is_a_bomb(host: Host) -> None:
    parts = b"".join(gzip.compress(part) for part in (b"<rs", b"", b"s/>"))
    found = fetch(host.script("/feed.xml", answer(200, parts, **GZIP)), LOCAL)
    assert found
    assert found.content == FEED
    with pytest.raises(RefusedError, match="exceeds 1 MB"):
        fetch(host.script("/feed.xml", answer(200, gzip.compress(bytes(20_000_000)), **GZIP)), SMALL)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        time.sleep(0.02)
        handler.wfile.write(b"X-%d: 1\r\n" % number)


@pytest.mark.usefixtures("impatient")
@over_rows("answer", {"headers": drip_headers, "a body": endless(200, b"", b"x")})
def test_a_slow_connection_is_ended(host: Host, answer: Answer) -> None:
    with pytest.raises(FetchError, match="too slow"):
        fetch(host.script("/feed.xml", answer), LOCAL)


def test_redirects_are_followed_only_to_web_addresses(host: Host) -> None:
    host.put("/feed.xml", FEED)
    found = fetch(host.script("/moved", to("/feed.xml")), LOCAL)
    assert found
    assert (found.content, found.url) == (FEED, f"{host.url}/feed.xml")
    with pytest.raises(RefusedError, match="redirects more than"):
        fetch(host.script("/loop", *[to("/loop")] * 20), LOCAL)
    for target in ("file:///etc/passwd", "ftp://example.org/", "http://127.0.0.1:99999/", "http://a:b/c@127.0.0.1/"):
        for url in (target, host.script("/away", to(target))):
            with pytest.raises(RefusedError, match="leads to no web address"):
                fetch(url, LOCAL)


def test_a_password_is_sent_only_to_its_server_and_never_shown(host: Host) -> None:
    with hosting() as other:
        url = host.script("/feed.xml", to(other.put("/feed.xml", FEED)), answer(404))
        secret = url.replace("http://", "http://anna:s%20ecret@") + "?key=s%20ecret"
        fetch(secret, LOCAL)
        with pytest.raises(RefusedError, match=r"/feed.xml\?…: the server answers 404") as refused:
            fetch(secret, LOCAL)
    assert host.requests[0][1]["authorization"] == f"Basic {base64.b64encode(b'anna:s ecret').decode()}"
    assert "authorization" not in other.requests[0][1]
    assert "ecret" not in str(refused.value)


@over_rows("name", ["127.0.0.1", "localhost", "0", "[::ffff:127.0.0.1]", "nas.lan", "web.org"])
def test_a_private_host_is_refused(host: Host, names: list[str], name: str) -> None:
    with pytest.raises(RefusedError, match="not on the public web"):
        fetch(host.put("/feed.xml", FEED).replace("127.0.0.1", name), Limits())
    assert host.requests == []


def test_only_the_host_that_the_user_named_may_be_private(host: Host, names: list[str]) -> None:
    url = host.put("/feed.xml", FEED)
    nas, tv, bad = (url.replace("127.0.0.1", name) for name in ("nas.lan", "tv.lan", "bad.lan"))
    allowed = Limits(private_hosts=frozenset({"nas.lan", "tv.lan", "bad.lan"}))
    assert fetch(nas, allowed)
    assert names.count("nas.lan") == 1  # a second answer could lead elsewhere
    host.script("/feed.xml", to(tv), to(url), to(bad))
    for start in (nas, nas, nas, bad):
        with pytest.raises(RefusedError, match="not on the public web"):
            fetch(start, allowed)


@over_rows("numbers, is_public, is_private",
    {
        "of the web": ("93.184.216.34 1.1.1.1 2606:4700::1111 64:ff9b::101:101 2002:101:101::", True, True),
        "of a home network or of this machine": (
            "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 ::1 fc00::1 fd12::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 "
            "2002:7f00:1::", False, True,
        ),
        "link-local, reserved or of a cloud": (
            "169.254.169.254 fe80::1 fe80::1%eth0 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: "
            "fd00:ec2::254 100.64.0.1 100.100.100.200 0.0.0.0 :: 224.0.0.1 239.1.1.1 ff02::1 255.255.255.255 240.0.0.1 "
            "198.18.0.1 192.0.0.1 ::7f00:1 2001:db8::1 fec0::1 64:ff9b:1::1 2001:0:7f00:1::1", False, False,
        ),
    },
)  # fmt: skip
def test_addresses_are_public_private_or_neither(numbers: str, is_public: bool, is_private: bool) -> None:
    for number in numbers.split():
        assert (may_ask(number), may_ask(number, may_be_private=True)) == (is_public, is_private), number
