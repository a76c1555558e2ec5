"""What the tests of quotes share: planted episodes, some of them those of the aligner's tests, importable by name."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page


@pytest.fixture
def episode(page: Page, server: str) -> Iterator[Page]:
    """The page of the episode, whose clipboard can be read."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/episodes/roue-libre")
    yield page
    page.goto("about:blank")  # before the server goes, for the page may still be asking it
