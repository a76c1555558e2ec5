"""Fixtures of the archive's tests: a source folder, a library, and a feed on a local host."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.archive.archiving import Feed, write_episode
from tests.web.archive.hosting import Host, hosting
from web.archive import fetching


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no server between tries."""
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The path of a library that is not there yet."""
    return tmp_path / "library"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with audio and transcripts of three episodes."""
    for number in (1, 2, 3):
        write_episode(tmp_path / "source", number)
    return tmp_path / "source"


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as found:
        yield found


@pytest.fixture
def feed(host: Host, tmp_path: Path) -> Feed:
    return Feed(host, tmp_path / "published")
