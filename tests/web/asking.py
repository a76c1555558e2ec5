"""A test client that sends requests as the app's pages do."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.jobs import Job, Jobs
from web.jobs.job import new_id, now
from web.jobs.kinds import Work
from web.library.library import _locks


class Asker:
    """A client that carries the CSRF token."""

    def __init__(self, client: FlaskClient, language: str = "en") -> None:
        self.client = client
        page = client.get("/", headers={"Accept-Language": language}).text
        self._headers = {
            "X-CSRF-Token": page.split('name="csrf" content="')[1].split('"')[0],
            "Accept-Language": language,
        }

    def post(self, path: str, body: object = None) -> TestResponse:
        return self.client.post(path, json=body, headers=self._headers)

    def put(self, path: str, content: bytes, name: str = "file", **headers: str) -> TestResponse:
        return self.client.put(path, data=content, headers={**self._headers, "X-File-Name": quote(name), **headers})

    def delete(self, path: str) -> TestResponse:
        return self.client.delete(path, headers=self._headers)

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=self._headers).json

    def upload(self, **files: tuple[str, bytes]) -> str:
        """The token of an upload of ``files``, each a name and its content."""
        token = str(self.post("/api/incoming").json["token"])
        for kind, (name, content) in files.items():
            answer = self.put(f"/api/incoming/{token}/{kind}", content, name)
            assert answer.status_code == 200, answer.text
        return token


class JobsThatWait(Jobs):
    """Jobs that are taken down and never run."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[Job] = []

    def submit(self, folder: Path, work: Work, who: str = "") -> Job:
        assert has_the_turn(folder), "whoever submits has the episode to themselves meanwhile"
        job = Job(new_id(), work, folder.name, created=now(), who=who)
        self.asked.append(job)
        self.put(job)
        return job

    def put(self, job: Job) -> None:
        """Have a job be so."""
        with self._lock:
            self._put(job)


def has_the_turn(folder: Path) -> bool:
    """Return whether the episode is locked."""
    lock = _locks.setdefault(folder.resolve(), RLock())

    def another() -> bool:
        if got := lock.acquire(blocking=False):
            lock.release()
        return got

    with ThreadPoolExecutor() as threads:
        return not threads.submit(another).result()
