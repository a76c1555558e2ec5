"""Where a library is attacked: it is copied, something is put into it, the server starts and is asked everything."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from flask.testing import FlaskClient

from media.errors import UserError
from media.safe_fs import VARIABLE, where
from tests.attack.full_library import OTHERS_UPLOAD, Request, lay_out, plant_archive, requests
from tests.attack.watching import Watch
from web.app import create_app
from web.http.server import take_up
from web.jobs import Jobs
from web.jobs.kinds import Work
from web.library.library import open_library, passing_folder
from web.settings import Settings

SECRET = b"xqsecretzv"
"""What each file outside of the library holds, and what somebody else is uploading."""

OTHERS = f".quotecast/incoming/{OTHERS_UPLOAD}"
LONGEST_SECONDS = 120  # of an answer, on a machine that is busy with other things

_OTHER = b"/episodes/other"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered."""

    request: Request
    status: int
    content: bytes


class Hung(BaseException):
    """An answer does not come."""


class Ground:
    """A library to copy from, the same ``outside`` of it with secrets, and what is answered where all is well."""

    def __init__(self, folder: Path, costly: bool) -> None:
        self._costly, self._whole = costly, folder / "whole"
        self.library, self.outside = folder / "library", folder / "outside"
        lay_out(self._whole)
        shutil.copytree(self._whole, self.outside)
        for path in filter(Path.is_file, self.outside.rglob("*")):
            _hide_secret(path)
        _hide_secret(self._whole / OTHERS / "audio" / "episode.mp3")
        self._state = _state_of(self.outside)
        with self._copied():
            self._well = list(self._answers())

    def tried(self, put: Callable[[], object], is_shared: bool) -> tuple[list[str], int]:
        """What is wrong once ``put`` has changed the library, and how many answers there were: none where the server
        says why it does not start. ``is_shared`` is a library that has a file of outside as its own."""
        with self._copied():
            put()
            planted = self._holding_secret()
            watch, answers = Watch(self.outside), []
            try:
                for answer in self._answers():
                    answers.append(answer)
                with contextlib.closing(self._answers()) as again:
                    next(again, None)
                wrong = list(self._wrong(answers, is_shared))
            except UserError:
                wrong = []
            except Hung as hung:
                wrong = [f"hangs: {hung}"]
            except Exception as error:  # what the app does not turn into an answer
                wrong = [f"fell: {error!r}"]
            wrong += self._left(watch, planted, is_shared)
            return wrong, len(answers)

    def worked(self, put: Callable[[], object], work: Work, is_shared: bool) -> list[str]:
        """What is wrong when a job does ``work`` once ``put`` has changed the library; it may fail, in words."""
        with self._copied():
            put()
            planted = self._holding_secret()
            watch, wrong = Watch(self.outside), list[str]()
            environment = {**os.environ, VARIABLE: str(self.library)}
            command, folder = [sys.executable, "-P", "-m", *work.command()], self.library / "talk"
            try:
                done = subprocess.run(
                    command, cwd=folder, env=environment, capture_output=True, timeout=LONGEST_SECONDS, check=False
                )
                if b"Traceback" in done.stderr:
                    wrong.append(f"fell: {done.stderr.decode()[-300:]}")
            except subprocess.TimeoutExpired:
                wrong.append("hangs")
            return [*wrong, *self._left(watch, planted, is_shared)]

    def _left(self, watch: Watch, planted: set[Path], is_shared: bool) -> Iterator[str]:
        """Report what was opened or changed outside, and files of the library that the secret was written into."""
        if not is_shared:
            yield from (f"outside: {what}" for what in dict.fromkeys(watch.seen()))
            yield from (f"the secret was written: {path}" for path in self._holding_secret() - planted)
        if (state := _state_of(self.outside)) != self._state:
            self._state = state
            yield "what lies outside has changed"

    @contextlib.contextmanager
    def _copied(self) -> Iterator[None]:
        shutil.copytree(self._whole, self.library)
        plant_archive(self.library)
        try:
            yield
        finally:
            shutil.rmtree(self.library)

    def _answers(self) -> Generator[Answer]:
        """Start as the server does, and ask; jobs are taken down, but not begun."""
        open_library(self.library)
        uploads = str(where(passing_folder(self.library)))
        with patch.object(Jobs, "_start", lambda _: None), patch.object(tempfile, "tempdir", uploads):
            app = create_app(Settings(self.library))
            jobs: Jobs = app.extensions["jobs"]
            try:
                with contextlib.redirect_stderr(None):  # of what is not taken up a line is told
                    take_up(app)
                with app.test_client() as client:
                    headers = {"X-CSRF-Token": _token(client), "X-File-Name": "sent.txt"}
                    for request in requests():
                        if self._costly or not request.costly:
                            yield _asked(client, request, headers)
            finally:
                jobs.close()

    def _wrong(self, answers: list[Answer], is_shared: bool) -> Iterator[str]:
        for answer, well in zip(answers, self._well, strict=True):
            asked = f"{answer.request.method} {answer.request.path}"
            if answer.status >= 500:
                yield f"{answer.status}: {asked}"
            if SECRET in answer.content and not is_shared:
                yield f"the secret was told: {asked}"
            if answer.request.is_of_all and _OTHER in well.content and _OTHER not in answer.content:
                yield f"another episode suffers: {asked}"

    def _holding_secret(self) -> set[Path]:
        paths = (Path(folder, name) for folder, _, names in os.walk(self.library) for name in names)
        files = (path for path in paths if stat.S_ISREG(path.lstat().st_mode))
        return {path.relative_to(self.library) for path in files if SECRET in path.read_bytes()}


def _hide_secret(path: Path) -> None:
    if path.suffix == ".json":
        told = json.loads(path.read_bytes())
        path.write_text(json.dumps({**told, "secret": SECRET.decode()}), encoding="utf-8")
    else:
        path.write_bytes(path.read_bytes() + b"\n" + SECRET)


def _state_of(folder: Path) -> dict[str, tuple[int, int, int]]:
    statuses = ((path, path.lstat()) for path in sorted(folder.rglob("*")))
    return {str(path): (status.st_mode, status.st_size, status.st_mtime_ns) for path, status in statuses}


def _token(client: FlaskClient) -> str:
    return client.get("/add").text.split('name="csrf" content="')[1].split('"')[0]


def _asked(client: FlaskClient, request: Request, headers: dict[str, str]) -> Answer:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise Hung(f"{request.method} {request.path}")

    sent = {} if request.method == "GET" else {"json": request.body} if request.data is None else {"data": request.data}
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST_SECONDS)
    try:
        with client.open(request.path, method=request.method, headers=headers, **sent) as response:
            return Answer(request, response.status_code, response.data)
    finally:
        signal.alarm(0)
