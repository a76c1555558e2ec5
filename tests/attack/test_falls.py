"""A server that is killed amid corrections, edits, uploads and jobs has lost nothing that it acknowledged."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.aligner.storage.corrected import check_whole
from tests.attack.effort import often
from tests.attack.test_kills import TEMPORARY
from tests.paths import SAMPLE
from tests.web.planting import plant_sample

pytestmark = pytest.mark.nightly

_FALLS = 4
_LONGEST_LIFE = 6.0  # seconds until a server is killed
_EDITED, _CORRECTED = "edited", "corrected"
_REFUSED = (409, 422)  # the answer to a correction that contradicts an earlier one


class Server:
    """``quotecast serve`` in a process of its own, and a visitor with a session."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.kill = process.kill
        self._address = next(found[1] for line in process.stdout if (found := re.search(r"http://([^/\s]+)", line)))
        self._headers = {"Content-Type": "application/json"}
        page = self.get("/add")
        self._headers["X-CSRF-Token"] = page.split('name="csrf" content="')[1].split('"')[0]

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Return the status and the content, decoded from JSON; raises OSError or HTTPException if it was killed."""
        with contextlib.closing(http.client.HTTPConnection(self._address, timeout=60)) as connection:
            sent = body if isinstance(body, bytes) else json.dumps(body)
            connection.request(method, path, sent, self._headers | headers)
            answer = connection.getresponse()
            content = answer.read().decode("utf-8")
        if cookie := answer.getheader("Set-Cookie"):
            self._headers["Cookie"] = cookie.partition(";")[0]
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(content) if is_json else content

    def get(self, path: str) -> Any:
        return self.ask("GET", path)[1]

    def post(self, path: str, body: object = None) -> Any:
        status, content = self.ask("POST", path, body)
        assert status < 400, content
        return content


@contextlib.contextmanager
def serving(library: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "aligner", "serve", str(library), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


@dataclass
class Acknowledged:
    """What servers have acknowledged so far."""

    titles: list[int] = field(default_factory=list)
    begun_titles: list[int] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    episodes: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    corrections: dict[int, str] = field(default_factory=dict)


def act(server: Server, chance: random.Random, number: int, told: Acknowledged) -> None:
    """Do something that a page does."""
    api = f"/api/episodes/{_EDITED}"
    match chance.choice(("correct",) * 6 + ("edit",) * 3 + ("quote", "add", "clip")):
        case "correct":
            correct(server, chance, number, told)
        case "edit":
            told.begun_titles.append(number)
            fields = {"title": f"Titre {number}", "show": "", "date": "", "url": "", "language": "fr"}
            server.post(f"{api}/details", {"fields": fields, "names": {"Bastien Oriol": f"Bastien {number}"}})
            told.titles.append(number)
        case "quote":
            first = number % 50
            told.quotes.append(server.post(f"{api}/quotes", {"first": first, "last": first + 5})["id"])
        case "add":
            token = server.post("/api/incoming")["token"]
            for kind, name in (("audio", "episode.mp3"), ("transcript", "transcript.txt")):
                content = (SAMPLE / name).read_bytes()
                server.ask("PUT", f"/api/incoming/{token}/{kind}", content, **{"X-File-Name": quote(name)})
            made = server.post(f"/api/incoming/{token}/create", {"fields": {"title": f"Nouveau {number}"}})
            told.episodes.append(made["id"])
            server.post(f"/api/jobs/{made['job']}/cancel")  # aligning takes long
        case _:
            export = {"first": number % 50, "last": number % 50 + 4, "listen": False}
            told.jobs.append(server.post(f"{api}/clips", {"exports": [export]})["jobs"][0]["id"])


def correct(server: Server, chance: random.Random, number: int, told: Acknowledged) -> None:
    api = f"/api/episodes/{_CORRECTED}"
    word, at, first = chance.randrange(300), round(chance.uniform(1.0, 120.0), 3), chance.randrange(1, 8)
    words = {"first": word, "stop": word + chance.randint(1, 5)}
    paragraph = {"kind": "speech", "speaker": "Bastien Oriol", "text": f"Une phrase de plus, la numéro {number}."}
    corrections: list[dict[str, Any]] = [
        {"kind": "place", "word": word, "start": at, "end": at + 0.2},
        {"kind": "unspoken", **words},
        {"kind": "accept", "words": [[words["first"], words["stop"]]]},
        {"kind": "text", "first": first, "stop": first, "paragraphs": [paragraph]},
    ]
    acts = [*(("corrections", {"correction": each}) for each in corrections), ("undo", {}), ("redo", {})]
    path, body = chance.choice(acts)
    base = server.get(f"{api}/history")["history"]
    status, answer = server.ask("POST", f"{api}/{path}", {**body, "base": base})
    assert status == 200 or status in _REFUSED, answer
    if status == 200 and answer["change"]:
        kind = {"undo": "undone", "redo": "redone"}.get(path) or answer["change"]["what"]["kind"]
        told.corrections[answer["history"]] = kind


def wrong(server: Server, library: Path, told: Acknowledged) -> Iterator[str]:
    """Yield what the next server does not have of all that was acknowledged, and which files contradict each other."""
    states = {job["id"]: job["state"] for job in server.get("/api/jobs")}
    yield from (f"job {each} is not over" for each in told.jobs[-10:] if states.get(each) not in ("done", "failed"))
    listed = server.get("/")
    yield from (f"episode {each} is gone" for each in told.episodes if f'"/episodes/{quote(each)}"' not in listed)
    quotes = json.dumps(server.get(f"/api/episodes/{_EDITED}/quotes"))
    yield from (f"quote {each} is gone" for each in told.quotes if each not in quotes)
    yield from wrong_titles(library / _EDITED, told)
    yield from wrong_corrections(library / _CORRECTED / "episode.alignment.json", told)
    names = (path.relative_to(library.parent).as_posix() for path in library.parent.rglob("*"))
    yield from (f"{name} is left" for name in names if TEMPORARY.search(name))


def wrong_titles(folder: Path, told: Acknowledged) -> Iterator[str]:
    """Expect the title of the last edit that was acknowledged, or of one that began since."""
    if not told.titles:
        return
    title = json.loads((folder / "episode.json").read_text("utf-8"))["title"]
    last = told.titles[-1]
    if title not in {f"Titre {last}", f"Titre {told.begun_titles[-1]}"}:
        yield f"the title is {title}; {last} was acknowledged"
    alignment = json.loads((folder / "episode.alignment.json").read_text("utf-8"))
    if title == f"Titre {last}" != alignment["episode"]["title"]:
        yield "the alignment has another title than episode.json"


def wrong_corrections(path: Path, told: Acknowledged) -> Iterator[str]:
    history = check_whole(path)
    kinds = {change.id: change.kind for change in history.changes}
    for number, kind in told.corrections.items():
        if kinds.get(number) != kind:
            yield f"change {number} was acknowledged as {kind} and is {kinds.get(number)}"


def test_nothing_that_was_acknowledged_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"QUOTECAST_{name}", str(tmp_path / name.lower()))
    library, chance, told, number = tmp_path / "library", random.Random(8), Acknowledged(), 0
    plant_sample(library / _EDITED)
    shutil.copytree(library / _EDITED, library / _CORRECTED)
    for _ in range(often(_FALLS)):
        with serving(library) as server:
            assert [*wrong(server, library, told)] == []
            threading.Timer(chance.uniform(0.5, _LONGEST_LIFE), server.kill).start()
            with contextlib.suppress(OSError, http.client.HTTPException):
                while True:
                    number += 1
                    act(server, chance, number, told)
    with serving(library) as server:
        assert [*wrong(server, library, told)] == []
    assert told.corrections
    assert told.titles
