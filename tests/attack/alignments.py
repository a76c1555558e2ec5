"""Alignments with something wrong in them, in a library that is served: each is told as damaged, or shown everywhere.

Usage: python -m tests.attack.alignments [--seed 1] [--count 3000]

The sample's alignment is changed in one to three ways: other values and types, items that are missing, doubled, in
another order, texts with half characters, controls and marks of direction, times and places that contradict. What is
read has its page, captions, plain text, page that stands alone, report, files for places, quotes, clips and search;
what is not, one sentence, on its page and in the list. As with requests, a failure is a fall, a traceback, an answer in
a wrong form, a path of the server, text that became HTML, captions that are none, or a minute that is over.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aligner.formats.places import PLACES
from aligner.timed_text import check_captions
from tests.attack.odd_requests import ODD, Request, dumped
from tests.attack.requests import Answer, Target, complaints, over
from web.languages import catalogue

TEXTS = (
    "", " ", "\n", "\0", "\x1b[31m", "a\nb", "-->", "<v Bob>", "<script>alert(1)</script>", "&amp;", "\u202eabc",
    "\u200b", "\ud83d", "a\ude00b", "\ufeff", "é" * 40, "x" * 3000, "🚲" * 20, "] [", "“", "«", "—", "...", "1",
    "https://x.example/?a=b&c",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2, 0.5, 1e-9, 3.3, 140.0, 141.4, 1e6, 1e9, 1e12, 10**12, 2**63, -0.0, 320, 321, 2000)
LANGUAGES = (
    "",
    "xx",
    "FR",
    "fr-FR",
    "zh",
    "ja",
    "ar",
    "und",
    "none at all",
    "x" * 500,
    "\ud83d",
    '"><script>alert(1)',
    "de\n",
)
_PAGE, _API = b"/episodes/roue-libre", b"/api/episodes/roue-libre"
_DAMAGED = catalogue("en")["problem.alignment"].encode()

Change = Callable[[dict[str, Any], random.Random], None]


def a_field(data: dict[str, Any], chance: random.Random) -> None:
    """Something else in a field, at whatever depth, or nothing."""
    at: Any = data
    while True:
        key = chance.choice(list(at)) if isinstance(at, dict) else chance.randrange(len(at))
        if not (isinstance(at[key], dict | list) and at[key] and chance.random() < 0.95):
            break
        at = at[key]
    if chance.random() < 0.05 and isinstance(at, dict):
        del at[key]
        return
    alike = TEXTS if isinstance(at[key], str) else NUMBERS if isinstance(at[key], int | float) else ODD
    at[key] = copy.deepcopy(chance.choice(alike if chance.random() < 0.8 else ODD))


def an_item(data: dict[str, Any], chance: random.Random) -> None:
    """An item that is doubled, missing, or changes its place with another; or none is left."""
    items = data[chance.choice(("segments", "words", "untranscribed"))]
    if not items:
        return
    one, other = chance.randrange(len(items)), chance.randrange(len(items))
    match chance.randrange(5):
        case 0:
            items.insert(one, copy.deepcopy(items[one]))
        case 1:
            del items[one]
        case 2:
            items[one], items[other] = items[other], items[one]
        case 3:
            del items[one:]
        case _:
            items.clear()


def a_time(data: dict[str, Any], chance: random.Random) -> None:
    """A word or segment earlier, later, longer, or never."""
    item = chance.choice(data[chance.choice(("segments", "words"))] or [{}])
    if chance.random() < 0.2:
        item |= {"start": None, "end": None} | ({"status": "unspoken"} if "status" in item else {})
        return
    for name in chance.sample(("start", "end"), chance.randint(1, 2)):
        if item.get(name) is not None:
            item[name] = round(item[name] + chance.choice((-100, -1, -0.1, 0.001, 0.1, 1, 100)), 3)


def a_place(data: dict[str, Any], chance: random.Random) -> None:
    """A range of characters or a segment's number that is a little off."""
    item = chance.choice(data[chance.choice(("segments", "words"))] or [{}])
    name = chance.choice([name for name in ("char_start", "char_end", "segment") if name in item] or ["char_start"])
    if isinstance(item.get(name), int):
        item[name] += chance.choice((-50, -2, -1, 1, 2, 50))


def a_text(data: dict[str, Any], chance: random.Random) -> None:
    """A word in other letters, in the transcript as well: odd, and no contradiction."""
    if not data["words"]:
        return
    word = chance.choice(data["words"])
    text, start, end = data["transcript"].get("text"), word.get("char_start"), word.get("char_end")
    if not (isinstance(text, str) and isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        return
    letters = chance.choice(TEXTS) or "a"
    letters = (letters * (end - start))[: end - start]
    word["text"] = letters
    data["transcript"]["text"] = text[:start] + letters + text[end:]


def a_name(data: dict[str, Any], chance: random.Random) -> None:
    """Every passage of a speaker under an odd name, an odd title, language or kind."""
    match chance.randrange(4):
        case 0:
            name = chance.choice((*TEXTS, None))
            for segment in data["segments"]:
                segment["speaker"] = name
        case 1:
            data["episode"] |= {name: chance.choice((*TEXTS, None)) for name in ("title", "show", "url", "date")}
        case 2:
            data["language"] = chance.choice(LANGUAGES)
        case _:
            kind = chance.choice(("speech", "heading", "note", "stage"))
            for segment in data["segments"][: chance.choice((1, None))]:
                segment["kind"] = kind


def a_claim(data: dict[str, Any], chance: random.Random) -> None:
    """What is said of the whole, against what is there."""
    data |= chance.choice(
        (
            {"coverage": 0.0, "verdict": "good"},
            {"coverage": 1.0, "verdict": "poor"},
            {"version": 2},
            {"version": chance.choice(ODD)},
            {"format": chance.choice(ODD)},
            {"audio": data["audio"] | {"duration": chance.choice(NUMBERS)}},
            {"audio": data["audio"] | {"file": chance.choice((*TEXTS, "../../../etc/passwd", "/etc/passwd"))}},
            {"audio": data["audio"] | {"sha256": chance.choice((*TEXTS, "A" * 64, "0" * 63))}},
            {"untranscribed": [{"start": 1.0, "end": 2.0, "text": chance.choice(TEXTS)}] * chance.randint(1, 3)},
        )
    )


CHANGES: tuple[Change, ...] = (a_field, an_item, a_time, a_place, a_text, a_name, a_claim)


def requests(data: dict[str, Any], chance: random.Random) -> Iterator[Request]:
    """Everything that an episode is asked for."""
    words = len(data["words"]) if isinstance(data["words"], list) else 0
    first = chance.randrange(max(1, words))
    last = min(max(1, words), first + chance.choice((1, 2, 10, 1000)))
    export = {"first": first, "last": last, "format": "wav", "listen": False}
    shaped = export | {"shape": "square", "format": "mp3"}
    yield Request("page", "GET", _PAGE)
    yield Request("list", "GET", b"/")
    yield Request("details", "GET", _PAGE + b"/details")
    yield Request("search", "GET", b"/search", b"q=de")
    yield Request("cues", "GET", _API + b"/cues")
    for what in (b"vtt", b"srt", b"txt", b"json", b"html"):
        yield Request(what.decode(), "GET", _PAGE + b"/download/" + what)
    yield Request("report", "GET", _PAGE + b"/report")
    yield Request("publish", "GET", _PAGE + b"/publish")
    for place in chance.sample(sorted(PLACES), 3):
        for format in PLACES[place].formats:
            yield Request(format.name, "GET", f"/episodes/roue-libre/publish/{place}/{format.name}".encode())
    yield Request("quotes", "GET", _API + b"/quotes")
    yield Request("selection", "GET", _API + b"/selection", b"first=%d&last=%d" % (first, last))
    for kind, asked in (("preview", export), ("preview", shaped)):
        body = json.dumps(asked).encode()
        yield Request(kind, "POST", _API + b"/clips/preview", body=body, type=b"application/json")
    if chance.random() < 0.1:
        body = json.dumps(shaped).encode()
        yield Request("still", "POST", _API + b"/clips/still", body=body, type=b"application/json")
    body = json.dumps({"exports": [export]}).encode()
    yield Request("clip", "POST", _API + b"/clips", body=body, type=b"application/json")


def also_wrong(request: Request, answer: Answer, is_read: bool, scratch: Path) -> Iterator[str]:
    """What is wrong with what an episode is shown as."""
    if b"<script>alert" in answer.body and answer.headers.get("Content-Type", "").startswith("text/html"):
        yield "text has become HTML"
    if request.kind == "list" and is_read and _DAMAGED in answer.body:  # it reads no more than the head
        yield "the list says that it is damaged, and the page shows it"
    if answer.status == 200 and request.kind in ("vtt", "srt"):
        file = scratch / f"captions.{request.kind}"
        file.write_bytes(answer.body)
        if found := [each for each in check_captions(file) if each.rule != "empty"]:
            yield f"no captions: {found[:2]}"


def attack(target: Target, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """How many alignments were read, refused, and requests made, and what failed."""
    folder = target.root / "roue-libre"
    path, good = folder / "episode.alignment.json", json.loads((folder / "episode.alignment.json").read_text("utf-8"))
    for ending in (".vtt", ".srt"):  # so that they are made of what is read
        (folder / f"episode{ending}").unlink(missing_ok=True)
    chance, made, failures = random.Random(seed), Counter[str](), list[str]()
    for number in range(count):
        data, changes = copy.deepcopy(good), chance.sample(CHANGES, chance.choice((1, 1, 1, 2, 3)))
        for change in changes:
            change(data, chance)
            if not all(isinstance(data.get(name), list) for name in ("segments", "words", "untranscribed")):
                break
            if not all(isinstance(data.get(name), dict) for name in ("audio", "transcript", "episode")):
                break
            if not all(isinstance(item, dict) for name in ("segments", "words") for item in data[name]):
                break
        path.write_bytes(dumped(data))
        named = "+".join(change.__name__ for change in changes)
        is_read = False
        for request in requests({"words": [], **data}, chance):
            answer = target.ask(request)
            made["requests"] += 1
            if request.kind == "page":
                is_read = answer.status == 200
                made["read" if is_read else "refused"] += 1
            wrong = [*complaints(target, request, answer), *also_wrong(request, answer, is_read, target.root.parent)]
            failures += [f"{named} {number}, {request.kind}: {complaint}" for complaint in wrong]
            if not is_read and request.kind == "vtt":
                break
        target.end_jobs()
    return made, failures


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000, help="alignments")
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGALRM, over)
    with tempfile.TemporaryDirectory() as folder:
        made, failures = attack(Target(Path(folder)), given.seed, given.count)
    print(f"seed {given.seed}  alignments {given.count}: read {made['read']}, refused {made['refused']};", end="  ")
    print(f"requests {made['requests']}  failures {len(failures)}", *failures, sep="\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
