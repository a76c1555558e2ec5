"""A host of feeds and of what they name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.archive.hosting import Host, hosting


@pytest.fixture
def host() -> Iterator[Host]:
    with hosting() as found:
        yield found
