"""An object store of this machine's own, for tests: moto's server, which ends with them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from web.archive.runs.store import objects
from web.archive.runs.store.objects import Store

BUCKET = "bucket"
ADDRESS = f"s3://{BUCKET}/show"
PASSWORD = "a secret that nobody may read"


class ObjectStore:
    """A server that can be away for a while, and what lies in its one bucket."""

    def __init__(self) -> None:
        self._server, self._port = None, 0
        self.begin()

    def begin(self) -> None:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def end(self) -> None:
        self._server.stop()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def held(self) -> dict[str, bytes]:
        """Every object of the archive, by name."""
        store = Store.at(ADDRESS)
        return {each.name: store.read(each) for each in store.listed()}

    def put(self, key: str, content: bytes) -> None:
        """As anybody may, whatever the key is, in place of anything."""
        Store.at(ADDRESS)._fs.call_s3("put_object", Bucket=BUCKET, Key=key, Body=content)

    def plant(self, key: str, content: bytes) -> None:
        """``put`` what no program would send by that name."""
        _backend().put_object(BUCKET, key, content)

    def send(self, folder: Path) -> None:
        """Put a library's files there."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.put(f"show/{path.relative_to(folder).as_posix()}", path.read_bytes())


@contextmanager
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """One that is empty, and the environment to reach it, for this process and those that it starts."""
    pytest.importorskip("s3fs")
    pytest.importorskip("moto")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    found = ObjectStore()
    monkeypatch.setenv("AWS_ENDPOINT_URL", found.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PASSWORD)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(objects, "_known", {})
    config = {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 1, "mode": "standard"}}
    monkeypatch.setitem(objects._SETTINGS, "config_kwargs", config)
    monkeypatch.setattr(objects, "_TRIES", 1)
    try:
        Store.at(ADDRESS)._fs.call_s3("create_bucket", Bucket=BUCKET)
        yield found
    finally:
        _backend().reset()
        found.end()


def _backend() -> Any:
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
