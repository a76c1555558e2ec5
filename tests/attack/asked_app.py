"""The app over the full library, asked as a server asks it, and what is wrong with an answer."""

import io
import json
import logging
import shutil
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import unquote_to_bytes, urlencode

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from tests.attack.full_library import Request, lay_out, plant_user
from tests.attack.odd import dumped
from tests.paths import ROOT
from tests.web.asking import JobsThatWait
from web.app import create_app
from web.settings import Settings

PASSWORD = "secret"
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True)
class Sent:
    """A request in bytes, with further variables of WSGI's."""

    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    type: str = ""
    more: dict[str, str] = field(default_factory=dict)


def sent(request: Request) -> Sent:
    """Return the bytes of a request that a page of ours sends."""
    path, _, query = request.path.encode().partition(b"?")
    if isinstance(request.data, bytes):
        return Sent(request.method, path, query, request.data, more={"HTTP_X_FILE_NAME": "sent.txt"})
    if request.data is not None:
        form = urlencode(request.data).encode()
        return Sent(request.method, path, query, form, "application/x-www-form-urlencoded")
    body = b"" if request.method == "GET" else dumped(request.body)
    return Sent(request.method, path, query, body, "application/json")


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "")

    @property
    def sentence(self) -> str | None:
        """Return what a refusal says."""
        if self.type.startswith("application/json"):
            told = json.loads(self.body)
            return told.get("error") if isinstance(told, dict) else None
        text = self.body.decode("utf-8", "replace")
        alert, heading = text.partition('role="alert">')[2], text.partition("</h1>")[2].partition("<p>")[2]
        return (alert or heading).partition("<")[0] or None


class Logged(logging.Handler):
    """The errors that the app has logged since they were asked for."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines = list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record).strip().splitlines()[-1])


class TooLongError(BaseException):
    """The time of a request is over. No ``Exception``, so that the app does not explain it."""


class Visitor:
    """Somebody with a session, who asks an app as a server does and reads what it logs."""

    def __init__(self, app: Flask) -> None:
        self.logged = Logged()
        self._app, self._session = app, dict[str, str]()
        login = self.ask(Sent("GET", b"/login"))
        cookie = login.headers["Set-Cookie"].partition(";")[0]
        token = login.body.decode().split('name="csrf" content="')[1].split('"')[0]
        self._session = {"HTTP_COOKIE": cookie, "HTTP_X_CSRF_TOKEN": token}

    def ask(self, request: Sent, language: str = "en") -> Answer:
        """Return what the app answers within a minute."""
        for logger in (logging.getLogger("quotecast"), self._app.logger):
            logger.handlers = [self.logged]  # whichever app was asked before
        environ = create_environ(input_stream=io.BytesIO(request.body)) | {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
            "QUERY_STRING": request.query.decode("latin-1"),
            "HTTP_ACCEPT_LANGUAGE": language,
            "CONTENT_LENGTH": str(len(request.body)),
            "CONTENT_TYPE": request.type,
        }
        before = signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, _LONGEST_SECONDS)
        try:
            content, status, headers = run_wsgi_app(self._app.wsgi_app, environ | self._session | request.more)
            body = b"".join(content)
            getattr(content, "close", lambda: None)()
        except TooLongError:
            return Answer(0, {}, b"took too long")
        except Exception as error:
            return Answer(0, {}, f"raised {type(error).__name__}: {error}".encode("utf-8", "replace"))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return Answer(int(status.split()[0]), dict(headers), body)

    def complaints(self, request: Sent, answer: Answer, secrets: Iterable[bytes]) -> Iterator[str]:
        """Yield what is wrong with an answer: it is an error of the server's, reveals a secret, or is no sentence."""
        logged, self.logged.lines = self.logged.lines, []
        yield from (f"logged {line[:300]}" for line in logged)
        if answer.status < 200 or (answer.status >= 500 and answer.status != 503):
            yield f"status {answer.status} {answer.body[:200]!r}"
        headers = "".join(f"{name}{value}" for name, value in answer.headers.items())
        if any(secret in answer.body or secret.decode() in headers for secret in secrets):
            yield f"a secret: {answer.body[:300]!r}"
        if answer.status >= 400 and request.method != "HEAD":
            kinds = ("application/json",) if request.path.startswith(b"/api/") else ("application/json", "text/html")
            if not answer.type.startswith(kinds):
                yield f"a refusal as {answer.type}"
            elif not answer.sentence or "\n" in answer.sentence.strip():
                yield f"no sentence in {answer.body[:200]!r}"


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError


class Target:
    """The app over a copy of the full library, and a visitor."""

    def __init__(self, folder: Path, password: str | None = None) -> None:
        self.root, self._whole = folder / "library", folder / "whole"
        lay_out(self._whole)
        self._names = _listed(self._whole)
        self._copy()
        self.app = create_app(Settings(self.root, password=password))
        self.app.extensions["jobs"] = JobsThatWait(self.root)
        self.visitor = Visitor(self.app)
        self.secrets = [str(folder).encode(), str(ROOT).encode(), str(Path.home()).encode() + b"/", b"Traceback"]

    def restore(self) -> None:
        """Bring back what requests have made or removed, and forget the jobs that they have begun."""
        self.app.extensions["jobs"]._jobs.clear()
        if _listed(self.root) != self._names:
            self._copy()

    def _copy(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._whole, self.root, dirs_exist_ok=True)  # a child may still write a preview
        plant_user(self.root)

    def check(self, request: Sent) -> Answer:
        """Return the answer to a request, with which nothing may be wrong."""
        answer = self.visitor.ask(request)
        complaints = [*self.visitor.complaints(request, answer, self.secrets)]
        assert not complaints, complaints
        return answer


def _listed(root: Path) -> set[Path]:
    names = {path.relative_to(root) for path in root.rglob("*")}
    return {name for name in names if name.parts[0] != ".quotecast" or "incoming" in name.parts}
