"""Requests that no page of ours sends, at every address of the app: none ends in a fall, each in one clear sentence.

Usage: python -m tests.attack.requests [--seed 1] [--count 8000]

Every rule of the app is attacked, by every method, with odd names in its path, odd queries, headers, cookies, forms and
JSON; values of fields that are good are replaced one by one. What is refused is asked for again in French.

A failure is a status that says the server fell, another than those that the app has, an answer without its sentence, in
the wrong form or language, one that names a path of the server, a line break in a header, a traceback in the log, or a
request that takes more than a minute.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import unquote_to_bytes

from tests.attack.odd_requests import Request, Rule, requests
from tests.places import ROOT
from tests.web.asking import JobsThatWait
from tests.web.planting import plant_sample
from web.app import create_app
from web.settings import Settings

KNOWN = {200, 201, 202, 204, 206, 301, 302, 303, 304, 308, 400, 403, 404, 405, 409, 412, 413, 415, 416, 422, 429, 503}
LONGEST_SECONDS = 60.0


class TooLongError(BaseException):
    """The time of a request is over. No ``Exception``, so that the app does not explain it."""


class Target:
    """The app over a library of a few episodes, and what it has logged."""

    def __init__(self, folder: Path, password: str | None = None) -> None:
        self.root = folder / "library"
        self._sample = folder / "sample"
        if not self._sample.exists():
            plant_sample(self._sample)
            clip = self._sample / "clips" / "one"
            clip.parent.mkdir()
            shutil.copy(self._sample / "episode.mp3", clip.with_suffix(".mp3"))
        self.root.mkdir(exist_ok=True)
        self.replant()
        (self.root / "unaligned").mkdir(exist_ok=True)
        for name in ("episode.mp3", "transcript.txt"):
            shutil.copy(self._sample / name, self.root / "unaligned")
        self.app = create_app(Settings(self.root, password=password))
        self.app.extensions["jobs"] = JobsThatWait(self.root)
        self.logged = Logged()
        self.secrets = [str(folder).encode(), str(ROOT).encode(), str(Path.home()).encode() + b"/", b"Traceback"]
        self.cookie, self.token = self._introduce(password)
        answer = self.ask(self.request("POST", b"/api/incoming"))
        token = json.loads(answer.body)["token"].encode() if answer.status == 201 else b"x"
        upload = (token, b"transcript")
        self.names = {
            "page.download": (b"roue-libre", b"vtt"),
            "adding.receive_file": upload,
            "adding.preview_transcript": upload,
            "adding.create_episode": upload,
            "adding.replace_text": (b"roue-libre", token),
            "static": (b"icon.svg",),
        }

    def replant(self) -> None:
        """Bring back what a request has removed."""
        for name in ("roue-libre", "another"):
            if not (self.root / name / "episode.alignment.json").exists():
                shutil.rmtree(self.root / name, ignore_errors=True)
                shutil.copytree(self._sample, self.root / name)

    def end_jobs(self) -> None:
        """Forget the jobs that requests have begun, so that nobody waits for them."""
        self.app.extensions["jobs"]._jobs.clear()

    def request(self, method: str, path: bytes, **parts: Any) -> Request:
        return Request("plain", method, path, **parts)

    def rules(self) -> list[Rule]:
        found = []
        for rule in self.app.url_map.iter_rules():
            parts = tuple(None if is_name else text for is_name, text in rule._trace if text != "|")
            found.append(Rule(rule.endpoint, tuple(sorted(rule.methods or ())), parts))
        return sorted(found, key=lambda rule: (rule.endpoint, str(rule.parts)))

    def ask(self, request: Request, language: str = "en") -> Answer:
        """Have the app answer, just as a server would."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(request.path.partition(b"?")[0]).decode("latin-1"),
            "QUERY_STRING": request.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_ACCEPT_LANGUAGE": language,
            "HTTP_COOKIE": self.cookie if hasattr(self, "cookie") else "",
            "HTTP_X_CSRF_TOKEN": self.token if hasattr(self, "token") else "",
            "CONTENT_LENGTH": str(len(request.body)),
            "CONTENT_TYPE": request.type.decode("latin-1"),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        environ |= request.headers
        self._listen()
        heard: list[Any] = []
        signal.setitimer(signal.ITIMER_REAL, LONGEST_SECONDS)
        try:
            given = self.app.wsgi_app(environ, lambda status, headers, *_: heard.extend((status, headers)))
            try:
                body = b"".join(given)
            finally:
                getattr(given, "close", lambda: None)()
        except TooLongError:
            return Answer(0, {}, b"took too long")
        except Exception as error:
            return Answer(0, {}, f"raised {type(error).__name__}: {error}".encode("utf-8", "replace"))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return Answer(int(heard[0].split()[0]), dict(heard[1]), body)

    def _listen(self) -> None:
        """Hear what is logged, whichever app has been asked before."""
        for logger in (logging.getLogger("quotecast"), self.app.logger):
            logger.handlers = [self.logged]
            logger.propagate = False

    def _introduce(self, password: str | None) -> tuple[str, str]:
        answer = self.ask(Request("plain", "GET", b"/login" if password else b"/"))
        token = answer.body.decode().split('name="csrf" ')[1].split('"')[1]
        return answer.headers.get("Set-Cookie", "").split(";")[0], token


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def sentence(self) -> str | None:
        """What a refusal says."""
        if self.headers.get("Content-Type", "").startswith("application/json"):
            said = json.loads(self.body)
            return said.get("error") if isinstance(said, dict) else None
        text = self.body.decode("utf-8", "replace")
        return (
            text.partition('role="alert">')[2].partition("<")[0]
            or text.partition("</h1>")[2].partition("<p>")[2].partition("<")[0]
            or None
        )


class Logged(logging.Handler):
    """The last traceback that the app has logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = logging.Formatter().format(record)


def complaints(target: Target, request: Request, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer."""
    kind = answer.headers.get("Content-Type", "")
    if target.logged.last:
        yield f"logged {target.logged.last.strip().splitlines()[-1][:300]}"
        target.logged.last = ""
    if answer.status not in KNOWN:
        yield f"status {answer.status} {answer.body[:200]!r}"
    if any("\n" in f"{name}{value}" or "\r" in f"{name}{value}" for name, value in answer.headers.items()):
        yield f"a header on two lines {answer.headers}"
    if any(secret in answer.body for secret in target.secrets) or any(
        secret.decode() in value for value in answer.headers.values() for secret in target.secrets
    ):
        yield f"a path of the server, or a traceback {answer.body[:300]!r}"
    if answer.status >= 400 and request.method != "HEAD":
        as_data = request.path.startswith(b"/api/")
        if as_data and not kind.startswith("application/json"):
            yield f"an answer for programs as {kind}"
        elif not as_data and not kind.startswith(("text/html", "application/json")):
            yield f"an answer for people as {kind}"
        elif not answer.sentence or "\n" in answer.sentence.strip():
            yield f"no sentence in {answer.body[:200]!r}"


def attack(target: Target, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """How many requests were made of each kind, and what failed."""
    chance = random.Random(seed)
    made: Counter[str] = Counter()
    failures: list[str] = []
    for request in requests(target.rules(), target.names, chance):
        if made.total() >= count:
            return made, failures
        answer = target.ask(request)
        made[request.kind] += 1
        failures += [f"{request}\n    {complaint}" for complaint in complaints(target, request, answer)]
        if answer.status >= 400 and "HTTP_ACCEPT_LANGUAGE" not in request.headers and request.method != "HEAD":
            again = target.ask(request, "fr")
            made["in French"] += 1
            if again.status == answer.status and again.sentence == answer.sentence:
                failures.append(f"{request}\n    not in French: {answer.sentence!r}")
        target.replant()
        target.end_jobs()
    raise AssertionError("there is no end of requests")


def over(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=8000)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGALRM, over)
    made: Counter[str] = Counter()
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for password, share in ((None, 0.8), ("secret", 0.2)):
            target = Target(Path(folder), password)
            rules = len(target.rules())
            done, failed = attack(target, given.seed, int(given.count * share))
            made += done
            failures += failed
    print(f"seed {given.seed}  rules {rules}")
    for kind, number in sorted(made.items()):
        print(f"{kind:12} {number:6}")
    print(f"{'requests':12} {made.total():6}  failures {len(failures)}")
    print(*dict.fromkeys(failures), sep="\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
