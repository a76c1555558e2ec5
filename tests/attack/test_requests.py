"""Odd requests end in one clear sentence in the reader's language, never in an internal error."""

import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attack.asked_app import PASSWORD, Sent, Target, sent
from tests.attack.effort import examples
from tests.attack.full_library import Request, requests
from tests.attack.odd import dumped, wrong_json

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts a request here")

VISITS = (
    Request("visitor.login", "/login?next=/"),
    Request("visitor.log_in", "/login", "POST", data={"next": "/", "name": "Ana", "password": PASSWORD}),
    Request("visitor.log_out", "/logout", "POST", data={}),
    Request("visitor.end", "/quit", "POST", data={}),
    Request("visitor.save_preferences", "/preferences", "POST", data={"next": "/", "language": "fr", "theme": "dark"}),
    Request("visitor.session", "/api/session"),
    Request("static", "/static/icon.svg"),
)
GOOD = [*requests(), *VISITS]

WORDS: tuple[bytes, ...] = (
    b"", b"x", b"0", b"-1", b"1e400", b"nan", b"%", b"%zz", b"%ff%fe", b"%00", b"%0d%0aX-Evil:%201", b"%F0%9F%98",
    b"%ed%a0%bd", b"..", b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..%5c..%5c", b"%2f", b"//evil.example", b"/%5cevil",
    b"%252e%252e", b"a" * 5000, b"\xff\xfe", b"\xe2\x80\xae", b"talk%00", b"Talk", b"trash", b".quotecast", b"con",
    b"-x", b"~", b"*", b"{0}", b"%7b%7b7*7%7d%7d", b"1" * 400, b"%d9%a3", b"https://[evil", b"javascript:alert(1)",
    b"/x%0d%0aSet-Cookie:%20a=b", b"/x\x01", b"?", b";", b"&=&",
)  # fmt: skip
PARAMETERS = (b"q", b"removed", b"first", b"last", b"from", b"to", b"columns", b"as", b"download", b"clip", b"next",
              b"sort", b"revision", b"number", b"transcript", b"page", b"key")  # fmt: skip
BODIES: tuple[bytes, ...] = (
    b"", b"null", b"true", b"[]", b"{}", b"3", b'"x"', b"{", b"{]", b"\xff\xfe", b"\xef\xbb\xbf{}", b"\0", b"nan",
    b'{"first": \xff}', b'{"a":1,"a":2}', b'{"first":"\\ud83d"}', b"[" * 100_000, b'{"a":' * 100_000,
    b'{"fields":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"first":1' + b"0" * 5000 + b',"last":1}', b'{"first":1e400}',
    b"x" * 1_000_000, b"--x\r\n", b"--x--", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
)  # fmt: skip
TYPES = ("", "application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "\xff", ";",
         "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "x" * 5000, "x" * 5000,
         "application/json; charset=utf-16", "application/json; charset=rot13")  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X" * 300, "\xff")
HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_RANGE": ("bytes=0-", "bytes=5-1", "bytes=abc", "bytes=0-0,2-3", "bytes=99999999999999999999-", "bytes=",
                   "bytes=--1", "bytes=٣-", "\xff", "bytes=" + "0-1," * 5000),
    "HTTP_IF_NONE_MATCH": ("*", '"', 'W/"x"', "\xff", '"' * 1000),
    "HTTP_IF_RANGE": ("*", "x", "\xff", "Thu, 99 Foo 9999", "Sun, 06 Nov 0000 08:49:37 GMT"),
    "HTTP_IF_MODIFIED_SINCE": ("x", "\xff", "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov 0001 00:00:00 -9999"),
    "HTTP_COOKIE": ("\xff=\xfe", "quotecast-language=xx", "quotecast-theme=\0", ";;;", "a" * 10_000, "session=x"),
    "HTTP_ACCEPT_LANGUAGE": ("\xff", "fr;q=x", "fr;q=nan", "fr;q=1e999", "*", ",,,", "x" * 10_000, "fr-\0"),
    "HTTP_ACCEPT": ("\xff", "application/json;q=x", "*/*;q=nan", ",", "a/b;" * 1000),
    "HTTP_X_FILE_NAME": ("%ff", "\xff", "%00", "a" * 9000, "../../x.mp3", "%0d%0a", "", "%ed%a0%bd.mp3"),
    "HTTP_X_CSRF_TOKEN": ("", "\xff", "x", "x" * 10_000),
    "HTTP_X_TRANSCRIPT": ("", "\xff", "x" * 10_000),
    "HTTP_HOST": ("evil.example", "\xff", "[::1", "localhost:x", "localhost:99999999", "", "a b", "127.0.0.1:\0"),
    "HTTP_REFERER": ("\xff", "x", "http://[", "http://localhost/x\r\ny"),
    "CONTENT_LENGTH": ("-1", "x", "", "99999999999999999999", "0", "1.5", "\xff", "8000001"),
    "HTTP_TRANSFER_ENCODING": ("chunked", "x"),
    "HTTP_X_FORWARDED_FOR": ("\xff", "1.2.3.4, x"),
}  # fmt: skip


@st.composite
def odd_requests(draw: st.DrawFn, like: Sequence[Request]) -> Sent:
    """Draw a request of a page of ours in which one part is odd."""
    good = draw(st.sampled_from(like))
    request = sent(good)
    match draw(st.sampled_from(["name", "address", "method", "query", "header", "type", "body", "field", "field"])):
        case "name":
            names = request.path.split(b"/")
            names[draw(st.integers(1, len(names) - 1))] = draw(st.sampled_from(WORDS))
            return replace(request, path=b"/".join(names))
        case "address":
            at = draw(st.integers(1, len(request.path)))
            return replace(request, path=request.path[:at] + draw(st.sampled_from(WORDS)) + request.path[at:])
        case "method":
            return replace(request, method=draw(st.sampled_from(METHODS)))
        case "query":
            names = draw(st.lists(st.sampled_from(PARAMETERS), max_size=6))
            query = b"&".join(name + b"=" + draw(st.sampled_from(WORDS)) for name in names)
            long = b"&" * 5000, b"q=" + b"a" * 1_000_000, b"a=1&" * 20_000
            return replace(request, query=draw(st.sampled_from([query] * 9 + [*long])))
        case "header":
            names = draw(st.lists(st.sampled_from([*HEADERS]), min_size=1, max_size=3))
            return replace(request, more={name: draw(st.sampled_from(HEADERS[name])) for name in names})
        case "field" if isinstance(good.body, dict):
            return replace(request, body=dumped(draw(wrong_json(good.body))))
        case "field" if isinstance(good.data, dict) and good.data:
            fields = {name.encode(): draw(st.sampled_from(WORDS)) for name in good.data}
            return replace(request, body=b"&".join(name + b"=" + value for name, value in fields.items()))
        case "type":
            return replace(request, type=draw(st.sampled_from(TYPES)), body=draw(st.sampled_from(BODIES)))
        case _:
            return replace(request, body=draw(st.sampled_from(BODIES)))


def check(target: Target, request: Sent) -> None:
    answer = target.check(request)
    if answer.status >= 400 and "HTTP_ACCEPT_LANGUAGE" not in request.more and request.method != "HEAD":
        french = target.visitor.ask(request, "fr")
        assert french.status != answer.status or french.sentence != answer.sentence, answer.sentence
        target.visitor.logged.lines.clear()
    target.restore()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(tmp_path_factory.mktemp("open"))


@given(request_=odd_requests([request for request in GOOD if not request.costly]))
@examples(250)
def test_every_odd_request_ends_in_one_clear_sentence(target: Target, request_: Sent) -> None:
    check(target, request_)


@pytest.mark.nightly
@pytest.mark.parametrize("password", [None, PASSWORD])
def test_more_odd_requests_end_in_one_clear_sentence(tmp_path: Path, password: str | None) -> None:
    target = Target(tmp_path, password)

    @given(request_=odd_requests(GOOD))
    @examples(700)
    def attack(request_: Sent) -> None:
        check(target, request_)

    attack()


def test_every_route_gets_an_odd_request(target: Target) -> None:
    assert {request.endpoint for request in GOOD} == {rule.endpoint for rule in target.app.url_map.iter_rules()}
