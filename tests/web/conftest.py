"""Fixtures: a library with the sample, the app as a client and as a server, and a browser."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from tests.web.asking import Asker, JobsThatWait
from tests.web.serving import serving
from tests.web.visiting import new_tab
from web.app import create_app
from web.settings import Settings

expect.set_options(timeout=30_000)  # ms: a machine that is busy with other things is no failure


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, a search waits for what has changed."""
    monkeypatch.setattr("web.search.index.UPDATE_SECONDS", 60.0)


@pytest.fixture
def library(sample: Path, tmp_path: Path) -> Path:
    """A library with one episode, ``roue-libre``."""
    root = tmp_path / "library"
    shutil.copytree(sample, root / "roue-libre")
    return root


@pytest.fixture
def folder(library: Path) -> Path:
    return library / "roue-libre"


@pytest.fixture
def unprepared(library: Path) -> Path:
    """The episode's folder in the library, its waveform not measured yet."""
    shutil.rmtree(library / "roue-libre" / ".quotecast")
    return library / "roue-libre"


@pytest.fixture
def app(library: Path) -> Flask:
    return create_app(Settings(library))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ask(client: FlaskClient) -> Asker:
    return Asker(client)


@pytest.fixture
def jobs(app: Flask, library: Path) -> JobsThatWait:
    app.extensions["jobs"] = JobsThatWait(library)
    return app.extensions["jobs"]


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The address of a server of ``app``."""
    with serving(app) as address:
        yield address


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A tab 1280 pixels wide, in English; whatever the console or the CSP complains of fails the test.

    It asks for the server so that the tab is closed before the server is.
    """
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        yield page


@pytest.fixture
def episode(page: Page, server: str) -> Iterator[Page]:
    """The page of the episode, whose clipboard can be read."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/episodes/roue-libre")
    yield page
    page.goto("about:blank")  # before the server goes, for the page may still be asking it


@pytest.fixture
def send(client: FlaskClient) -> Callable[..., TestResponse]:
    """A request that may change something, as our own page sends it."""
    token = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]

    def request(method: str, path: str, body: object = None) -> TestResponse:
        return client.open(path, method=method, json=body, headers={"X-CSRF-Token": token})

    return request


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 6 MB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6000000", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
