"""What is odd in requests: names, queries, headers, types, bodies and fields that no page of ours sends.

``requests`` puts them together for every rule of an app, without end.
"""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Names = Mapping[str, tuple[bytes, ...]]
"""By rule the names in its path that are there."""

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 3, 1.5, -0.0, 1e308, 10**30, -(10**30), 10**5000),
    *(float("nan"), float("inf"), "", "0", "-1", "x", "1e9", "NaN", "null", "\0", "a\r\nb: c", "é" * 300, "x" * 70_000),
    *("\ud83d", "\ude00", "\u202e", "../../etc/passwd", "<script>", "{0.__class__}", "%s%n", "٣", "1_0", " 1 "),
    *([], [None], [[]], {}, {"a": 1}, [0] * 1000, {"\ud83d": "\ude00"}),
)
BODIES: tuple[bytes, ...] = (
    b"", b"null", b"true", b"[]", b"{}", b"3", b'"x"', b"{", b"{]", b"\xff\xfe", b"\xef\xbb\xbf{}", b"\0", b"nan",
    '{"first":0}'.encode("utf-16"), b'{"first": \xff}', b'{"a":1,"a":2}', b'{"first":"\\ud83d"}', b'{"\\ud83d":1}',
    b"[" * 100_000, b'{"a":' * 100_000, b"[" * 900 + b"]" * 900, b"{" + b'"fields":{' * 500 + b"}" * 501,
    b'{"fields":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"first":1' + b"0" * 5000 + b',"last":1}', b'{"first":1e400}',
    b'{"first":NaN,"last":Infinity}', b"x" * 1_000_000, b'{"x":"' + b"y" * 1_000_000 + b'"}',
)  # fmt: skip
TEXTS: tuple[bytes, ...] = (
    b"", b"x", b"0", b"-1", b"1e400", b"nan", b"inf", b"%", b"%zz", b"%ff%fe", b"%00", b"%0d%0aX-Evil:%201",
    b"%F0%9F%98",
    b"%ed%a0%bd", b"..", b"%2e%2e%2f%2e%2e%2fetc%2fpasswd", b"..%5c..%5c", b"%2f", b"//evil.example", b"/%5cevil",
    b"%252e%252e", b"a" * 300, b"a" * 5000, b"\xff\xfe", b"\xc3\xa9", b"\xe2\x80\xae", b"roue-libre",
    b"roue-libre%00",
    b"Roue-Libre", b"trash", b".quotecast", b"con", b"-x", b"~", b"*", b"{0}", b"%7b%7b7*7%7d%7d", b"1" * 400,
    b"%d9%a3",
    b"https://[evil", b"http://%5b::1", b"javascript:alert(1)", b"/x%0d%0aSet-Cookie:%20a=b", b"/x\x01", b"?",
    b";", b"&=&",
)  # fmt: skip
CHARSETS = (b"utf-8", b"utf-16", b"latin-1", b"none", b"rot13", b"hex", b"\xff", b"idna", b'"', b"x" * 500)
HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_RANGE": (
        "bytes=0-", "bytes=-1", "bytes=5-1", "bytes=abc", "bytes=0-0,2-3", "bytes=99999999999999999999-", "x=1-2",
        "bytes=",
        "bytes=-0", "bytes=--1", "bytes=1-\0", "bytes=٣-", "\xff", "bytes=" + "0-1," * 5000,
    ),
    "HTTP_IF_NONE_MATCH": ("*", '"', 'W/"x"', "\xff", ",", '"' * 1000, "x" * 10_000),
    "HTTP_IF_MATCH": ("*", '"', 'W/"x"', "\xff"),
    "HTTP_IF_RANGE": ("*", '"x"', "x", "\xff", "Thu, 99 Foo 9999", "Sun, 06 Nov 0000 08:49:37 GMT", ""),
    "HTTP_IF_MODIFIED_SINCE": ("x", "\xff", "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov 0001 00:00:00 -9999", "0"),
    "HTTP_IF_UNMODIFIED_SINCE": ("x", "Sun, 06 Nov 0001 00:00:00 GMT"),
    "HTTP_COOKIE": (
        "\xff=\xfe", "quotecast-language=xx", "quotecast-language=\xff", "quotecast-theme=\0", "=", ";;;",
        "a" * 10_000,
        "session=x", "quotecast-language=" + "f" * 1000, 'a="\\777"', 'a="\\377\\xff"',
    ),
    "HTTP_ACCEPT_LANGUAGE": ("\xff", "fr;q=x", "fr;q=nan", "fr;q=1e999", "*", ",,,", "x" * 10_000, "fr-\0", ";q=1",
    "-"),
    "HTTP_ACCEPT": ("\xff", "application/json;q=x", "*/*;q=nan", "application/json", "x", ",", "a/b;" * 1000),
    "HTTP_X_FILE_NAME": ("%ff", "\xff", "%00", "%", "a" * 9000, "../../x.mp3", "%0d%0a", "", "%ed%a0%bd.mp3",
    "%E2%80%AE"),
    "HTTP_X_CSRF_TOKEN": ("", "\xff", "x", "é", "x" * 10_000),
    "HTTP_HOST": ("evil.example", "\xff", "[::1", "localhost:x", "localhost:99999999", "", "a b", "::::", "[]",
    "127.0.0.1:\0"),
    "HTTP_REFERER": ("\xff", "x"),
    "HTTP_USER_AGENT": ("\xff", "\0"),
    "CONTENT_LENGTH": ("-1", "x", "", "99999999999999999999", "0", "1.5", "\xff", "9" * 5000, "8000001"),
    "HTTP_TRANSFER_ENCODING": ("chunked", "x"),
    "HTTP_CONTENT_ENCODING": ("gzip", "x"),
    "HTTP_EXPECT": ("100-continue", "x"),
    "HTTP_X_FORWARDED_FOR": ("\xff", "1.2.3.4, x"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "\xff"),
    "HTTP_FORWARDED": ("for=_x", "\xff"),
    "SERVER_NAME": ("", "\xff"),
}  # fmt: skip
TYPES: tuple[bytes, ...] = (
    b"", b"application/json", b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data", b"\xff",
    b";", b"/",
    b"multipart/form-data; boundary=", b"multipart/form-data; boundary=x",
    b"multipart/form-data; boundary=" + b"x" * 5000,
    b"multipart/form-data; boundary=\xff", b"application/json; charset", b"application/vnd.x+json", b"x" * 5000,
)  # fmt: skip
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "X" * 300,
    "\xff",
)
PARAMETERS = (
    "q",
    "removed",
    "first",
    "last",
    "from",
    "to",
    "columns",
    "as",
    "download",
    "audio",
    "clip",
    "next",
    "lang",
    "sort",
    "seconds",
)
FORM = {"next": b"/", "password": b"secret", "language": b"fr", "theme": b"dark", "sort": b"title", "csrf": b""}
EXPORT = {
    "first": 0,
    "last": 9,
    "start": None,
    "end": None,
    "format": "mp3",
    "shape": "square",
    "lufs": -16,
    "text": "x",
}
DETAILS = {"title": "T", "show": "S", "date": "2025-01-01", "url": "https://x.example", "language": "fr", "token": ""}
GOOD: dict[str, Any] = {
    "clips.make": {"exports": [EXPORT | {"tighten": False, "listen": False}]},
    "clips.preview": EXPORT,
    "clips.sound": EXPORT | {"shape": None},
    "clips.still": EXPORT,
    "clips.move": EXPORT,
    "quotes.keep": {"first": 0, "last": 3},
    "corrections.make": {
        "base": 0,
        "correction": {
            "kind": "text",
            "first": 0,
            "stop": 1,
            "paragraphs": [{"kind": "speech", "speaker": "Ada", "text": "Ahoy."}],
        },
    },
    "corrections.reverse": {"base": 0, "change": None},
    "adding.save_details": {"fields": DETAILS, "names": {"Bastien Oriol": "B"}, "token": ""},
    "adding.create_episode": {"fields": DETAILS, "names": {"Bastien Oriol": "B"}, "token": ""},
}
"""Bodies as our pages send them, for those rules that take one; of others, what is common to many."""
_COMMON = (
    dict.fromkeys(("first", "last", "start", "end"), 0) | dict.fromkeys(("token", "id", "text"), "") | {"fields": {}}
)


@dataclass(frozen=True)
class Request:
    """One request; ``kind`` is what is odd about it."""

    kind: str
    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    type: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        headers = {name: value[:60] for name, value in self.headers.items()}
        parts = [
            self.kind,
            self.method[:20],
            self.path[:120],
            self.query[:120],
            self.type[:60],
            self.body[:200],
            headers,
        ]
        return " ".join(map(str, filter(None, parts)))


@dataclass(frozen=True)
class Rule:
    """An address of the app: its name, its methods, and its path, in which each ``None`` is a name to put in."""

    endpoint: str
    methods: tuple[str, ...]
    parts: tuple[str | None, ...]

    def path(self, names: Callable[[], bytes]) -> bytes:
        return b"".join(names() if part is None else quote(part).encode() for part in self.parts)

    def good(self, known: Names) -> bytes:
        """The path with names that are there."""
        names = iter(known.get(self.endpoint, ()))
        return self.path(lambda: next(names, b"roue-libre"))


def requests(rules: list[Rule], known: Names, random: random.Random) -> Iterator[Request]:
    """Odd requests without end, each rule in its turn."""
    makers = (
        odd_names,
        odd_methods,
        odd_queries,
        odd_headers,
        odd_types,
        odd_bodies,
        odd_fields,
        odd_forms,
        odd_addresses,
    )
    while True:
        for maker in makers:
            for rule in rules:
                yield from maker(known, rule, random)


def odd_names(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    if None in rule.parts:
        method = random.choice(rule.methods)
        yield Request("names", method, rule.path(lambda: random.choice(TEXTS)), body=b"{}", type=b"application/json")


def odd_methods(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    yield Request("methods", random.choice(METHODS), rule.good(known), body=b"{}", type=b"application/json")


def odd_queries(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    names = random.sample(PARAMETERS, random.randint(1, 6))
    query = b"&".join(name.encode() + b"=" + random.choice(TEXTS) for name in names)
    if random.random() < 0.1:
        query = random.choice((b"=", b"&" * 5000, b"q=" + b"a" * 1_000_000, b"\xff\xfe", b"q", b"a=1&" * 20_000, b"%"))
    yield Request("queries", "GET" if "GET" in rule.methods else rule.methods[-1], rule.good(known), query)


def odd_headers(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    chosen = random.sample(sorted(HEADERS), random.choice((1, 1, 1, 2, 3)))
    headers = {name: random.choice(HEADERS[name]) for name in chosen}
    body = json.dumps(GOOD.get(rule.endpoint, {})).encode()
    yield Request("headers", random.choice(rule.methods), rule.good(known), b"", body, b"application/json", headers)


def odd_types(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    kind = random.choice((*TYPES, b"application/json; charset=" + random.choice(CHARSETS)))
    if random.random() < 0.3:
        kind = b"application/x-www-form-urlencoded; charset=" + random.choice(CHARSETS)
    yield Request("types", _writing(rule), rule.good(known), body=random.choice((b"{}", b"a=b", *BODIES)), type=kind)


def odd_bodies(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    yield Request("bodies", _writing(rule), rule.good(known), body=random.choice(BODIES), type=b"application/json")


def odd_fields(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    """One to three fields of a good body, at whatever depth, hold something odd, or are not there."""
    if not {"POST", "PUT", "DELETE"} & set(rule.methods):
        return
    body = json.loads(json.dumps(GOOD.get(rule.endpoint, _COMMON)))
    for _ in range(random.randint(1, 3)):
        at: Any = body
        while True:
            key = random.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not (isinstance(at[key], dict | list) and at[key] and random.random() < 0.8):
                break
            at = at[key]
        if random.random() < 0.15 and len(at) > 1:
            del at[key]
        else:
            at[key] = copy.deepcopy(random.choice(ODD))
    yield Request("fields", _writing(rule), rule.good(known), body=dumped(body), type=b"application/json")


def odd_forms(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    if rule.endpoint.startswith("visitor.") or random.random() < 0.1:
        fields = {name: random.choice((value, *TEXTS)) for name, value in FORM.items() if random.random() < 0.8}
        kind, body = b"application/x-www-form-urlencoded", b"&".join(n.encode() + b"=" + v for n, v in fields.items())
        if random.random() < 0.4:
            kind, body = b"multipart/form-data; boundary=x", _multipart(fields, random)
        bare = {"HTTP_X_CSRF_TOKEN": ""} if random.random() < 0.2 else {}
        yield Request("forms", _writing(rule), rule.good(known), body=body, type=kind, headers=bare)


def odd_addresses(known: Names, rule: Rule, random: random.Random) -> Iterator[Request]:
    """Somewhere beside the address."""
    path = bytearray(rule.good(known))
    for _ in range(random.randint(1, 3)):
        at = random.randrange(1, len(path) + 1)
        path[at:at] = random.choice(
            (b"/", b"//", b"/../", b"%00", b".", b"%2f", b"\xff", b" ", b";x", b"%0a", b"?x", b"a" * 2000)
        )
    yield Request("addresses", random.choice(("GET", "GET", "POST")), bytes(path))


def _writing(rule: Rule) -> str:
    return next((method for method in ("POST", "PUT", "DELETE") if method in rule.methods), "POST")


def dumped(body: Any) -> bytes:
    """JSON with numbers that are longer than Python lets one write; it lets nobody read them again afterwards."""
    usual = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(body).encode()
    finally:
        sys.set_int_max_str_digits(usual)


def _multipart(fields: dict[str, bytes], random: random.Random) -> bytes:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v) for n, v in fields.items()
    ]
    parts += [
        b"--x--",
        b"--x\r\n",
        b"\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data; filename=\xff\r\n\r\n",
        b"\0",
        b"--" * 50_000,
    ]
    return b"".join(random.sample(parts, random.randint(0, len(parts))))
