"""What is fetched is whole or nothing, goes on where it broke off, and comes from no machine that may not be asked."""

from __future__ import annotations

import base64
import gzip
import hashlib
import socket
from pathlib import Path

import pytest

from tests.tables import over_rows
from tests.web.archive.hosting import Host, answer, cut_after, hosting, to
from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources.addresses import is_public
from web.archive.sources.asking import Limits
from web.archive.sources.fetching import Validators, download, fetch

CONTENT = bytes(range(256)) * 4000
HERE = Limits(allow_private=True, pause=0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "downloads" / "sound.mp3"


def test_a_file_is_fetched_whole(host: Host, path: Path) -> None:
    assert download(host.put("/a.mp3", CONTENT), path, HERE) == Validators('"1"', None)
    assert path.read_bytes() == CONTENT
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_breaks_off_is_gone_on_with(host: Host, path: Path) -> None:
    url = host.put("/a.mp3", CONTENT)
    host.say("/a.mp3", cut_after(CONTENT, 300_000))
    download(url, path, HERE)
    assert path.read_bytes() == CONTENT
    assert host.asked[1][1]["range"] == "bytes=300000-"
    assert host.asked[1][1]["if-range"] == '"1"'


def test_a_later_run_goes_on_too(host: Host, path: Path) -> None:
    url = host.say("/a.mp3", cut_after(CONTENT, 300_000), *[answer(503)] * 5)
    with pytest.raises(FetchError, match="answers 503"):
        download(url, path, HERE)
    assert not path.exists()
    download(host.put("/a.mp3", CONTENT), path, HERE)
    assert path.read_bytes() == CONTENT
    assert host.asked[-1][1]["range"] == "bytes=300000-"


def test_of_what_is_gone_nothing_is_kept(host: Host, path: Path) -> None:
    url = host.say("/a.mp3", cut_after(CONTENT, 300_000), answer(404))
    with pytest.raises(RefusedError, match="answers 404"):
        download(url, path, HERE)
    assert list(path.parent.iterdir()) == []


def test_where_the_file_is_another_by_now_it_begins_anew(host: Host, path: Path) -> None:
    other = CONTENT[::-1]
    url = host.put("/a.mp3", other, '"2"')
    host.say("/a.mp3", cut_after(CONTENT, 300_000, '"1"'))
    download(url, path, HERE)
    assert path.read_bytes() == other


@pytest.mark.parametrize("etag", [None, 'W/"1"'])
def test_without_a_strong_validator_it_begins_anew(host: Host, path: Path, etag: str | None) -> None:
    url = host.put("/a.mp3", CONTENT, etag)
    host.say("/a.mp3", cut_after(CONTENT, 300_000, etag))
    download(url, path, HERE)
    assert path.read_bytes() == CONTENT
    assert "range" not in host.asked[1][1]


@pytest.mark.parametrize("told", [{"ETag": '"2"'}, {"Last_Modified": "Sat, 28 Nov 2026 00:00:00 GMT"}])
def test_a_part_of_another_file_is_not_put_behind_it(host: Host, path: Path, told: dict[str, str]) -> None:
    other, size = CONTENT[::-1], len(CONTENT)
    first = {"Content_Length": str(size), "ETag": '"1"', "Last_Modified": "Fri, 27 Nov 2026 00:00:00 GMT"}
    rest = answer(206, other[300_000:], Content_Range=f"bytes 300000-{size - 1}/{size}", **told)
    url = host.say("/a.mp3", answer(200, CONTENT[:300_000], **first), rest)
    host.put("/a.mp3", other, '"2"')
    download(url, path, HERE)
    assert path.read_bytes() == other


def test_a_server_that_sends_another_part_is_not_believed(host: Host, path: Path) -> None:
    url = host.put("/a.mp3", CONTENT)
    wrong = answer(206, CONTENT[5:], Content_Range=f"bytes 5-{len(CONTENT) - 1}/{len(CONTENT)}", ETag='"1"')
    host.say("/a.mp3", cut_after(CONTENT, 300_000), wrong)
    download(url, path, HERE)
    assert path.read_bytes() == CONTENT


def test_a_range_that_is_refused_begins_anew(host: Host, path: Path) -> None:
    url = host.put("/a.mp3", CONTENT)
    host.say("/a.mp3", cut_after(CONTENT, 300_000), answer(416))
    download(url, path, HERE)
    assert path.read_bytes() == CONTENT


def test_what_never_comes_whole_is_no_file(host: Host, path: Path) -> None:
    url = host.say("/a.mp3", *[cut_after(CONTENT, 10, None)] * 60)
    with pytest.raises(FetchError, match="broke off after 10 of"):
        download(url, path, HERE)
    assert not path.exists()


def test_what_is_too_large_is_left(host: Host, path: Path) -> None:
    endless = answer(200, CONTENT, Content_Length="999999999999")
    url = host.say("/a.mp3", endless)
    with pytest.raises(RefusedError, match="larger than 0 MB"):
        download(url, path, Limits(1000, allow_private=True))
    chunked = host.say("/b.mp3", lambda handler: _chunks(handler, 100))
    with pytest.raises(RefusedError, match="larger than"):
        download(chunked, path, Limits(100_000, allow_private=True))
    assert list(path.parent.iterdir()) == []


def _chunks(handler: object, count: int) -> None:
    handler.send_response(200)  # type: ignore[attr-defined]
    handler.send_header("Transfer-Encoding", "chunked")  # type: ignore[attr-defined]
    handler.end_headers()  # type: ignore[attr-defined]
    try:
        for _ in range(count):
            handler.wfile.write(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")  # type: ignore[attr-defined]
    except OSError:
        handler.close_connection = True  # type: ignore[attr-defined]


def test_a_declared_hash_is_gone_by(host: Host, path: Path) -> None:
    url = host.put("/a.mp3", CONTENT)
    right = "sha384-" + base64.b64encode(hashlib.sha384(CONTENT).digest()).decode()
    download(url, path, HERE, right)
    with pytest.raises(RefusedError, match="hash"):
        download(url, path.with_name("b.mp3"), HERE, right.replace("sha384-", "sha384-A"))
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_is_known_is_not_sent_again(host: Host) -> None:
    url = host.put("/feed.xml", b"<rss/>")
    first = fetch(url, HERE)
    assert first
    assert (first.content, fetch(url, HERE, first.validators)) == (b"<rss/>", None)


def test_a_bomb_is_not_unpacked(host: Host) -> None:
    bomb = gzip.compress(bytes(20_000_000))
    url = host.say("/feed.xml", answer(200, bomb, Content_Encoding="gzip"))
    with pytest.raises(RefusedError, match="larger than 1 MB"):
        fetch(url, Limits(1_000_000, allow_private=True))


def test_what_is_compressed_is_unpacked(host: Host) -> None:
    url = host.say("/feed.xml", answer(200, gzip.compress(b"<rss/>"), Content_Encoding="gzip"))
    found = fetch(url, HERE)
    assert found
    assert found.content == b"<rss/>"


def test_redirects_are_followed_and_end(host: Host) -> None:
    host.put("/feed.xml", b"<rss/>")
    found = fetch(host.say("/moved", to("/feed.xml")), HERE)
    assert found
    assert (found.content, found.url) == (b"<rss/>", f"{host.url}/feed.xml")
    with pytest.raises(RefusedError, match="leads on more than"):
        fetch(host.say("/loop", *[to("/loop")] * 20), HERE)
    for place in ("file:///etc/passwd", "ftp://example.org/", "http://[", ""):
        with pytest.raises(RefusedError):
            fetch(host.say("/away", to(place), answer(404)), HERE)


def test_a_password_is_told_to_its_machine_alone(host: Host) -> None:
    with hosting() as other:
        other.put("/feed.xml", b"<rss/>")
        url = host.say("/feed.xml", to(f"{other.url}/feed.xml"))
        fetch(url.replace("http://", "http://anna:s%20ecret@"), HERE)
        assert host.asked[0][1]["authorization"] == f"Basic {base64.b64encode(b'anna:s ecret').decode()}"
        assert "authorization" not in other.asked[0][1]
    assert shown("https://anna:secret@example.org/feed?token=1") == "https://example.org/feed?…"


def test_this_machine_is_not_asked_unless_that_is_allowed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    url = host.put("/feed.xml", b"<rss/>")
    for place in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "0")):
        with pytest.raises(RefusedError, match="no address of the public web"):
            fetch(place, Limits(pause=0.0))
    assert host.asked == []


def test_a_name_is_looked_up_once_and_must_lead_to_the_web_alone(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no second answer leads elsewhere than what was checked."""
    looked, known = list[str](), socket.getaddrinfo

    def found(name: str, port: int, **kinds: int) -> object:
        looked.append(name)
        return [*known("1.1.1.1", port, **kinds), *known("127.0.0.1", port, **kinds)]  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(RefusedError, match="no address of the public web"):
        fetch(host.put("/feed.xml", b"").replace("127.0.0.1", "rebinding.example"), Limits(pause=0.0))
    assert (looked, host.asked) == (["rebinding.example"], [])


def test_a_redirect_to_this_machine_is_refused(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    host.put("/secret", b"secret")
    monkeypatch.setattr("web.archive.sources.asking.is_public", lambda number: not any(p == "/" for p in host.paths()))
    with pytest.raises(RefusedError, match="no address of the public web"):
        fetch(host.say("/", to("/secret")), Limits(pause=0.0))
    assert host.paths() == ["/"]


@over_rows("number",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "239.1.1.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.0.1", "::1", "::",
        "::7f00:1", "fe80::1", "fe80::1%eth0", "2001:db8::1",
        "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:7f00:1::1",
    ],
)  # fmt: skip
def test_no_number_within_a_network_is_public(number: str) -> None:
    assert not is_public(number)


@over_rows("number", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101", "2002:101:101::"])
def test_numbers_of_the_web_are_public(number: str) -> None:
    assert is_public(number)
