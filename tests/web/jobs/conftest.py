"""A library with one episode, and servers on it whose children end soon when asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.jobs.acts import KINDS
from tests.web.jobs.fake_children import FakeChildren
from web.jobs import Jobs


@pytest.fixture(autouse=True)
def _children_end_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.jobs.process.GRACE", 1.0)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "Épisode 1").mkdir()
    return tmp_path


@pytest.fixture
def folder(library: Path) -> Path:
    return library / "Épisode 1"


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> FakeChildren:
    children = FakeChildren()
    monkeypatch.setattr("web.jobs.jobs.Child", children.start)
    return children


@pytest.fixture
def serve(library: Path) -> Iterator[Callable[..., Jobs]]:
    """Starts servers on the library; what they still run ends with the test."""
    started: list[Jobs] = []

    def start(at_once: int | None = None) -> Jobs:
        jobs = Jobs(library, at_once, KINDS)
        jobs.resume()
        started.append(jobs)
        return jobs

    yield start
    for jobs in started:
        jobs.close()
