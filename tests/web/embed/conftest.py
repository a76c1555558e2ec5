"""Fixtures of the tests of the embedded player: another site with episodes on it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from aligner.formats import FORMATS
from tests.paths import SAMPLE
from tests.readers.hostile import materials
from tests.web.embed.hosting import Guest, Site, hosting
from tests.web.visiting import new_tab

WATCHING = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => violations.push(violatedDirective));
"""


@pytest.fixture(scope="session")
def data() -> dict[str, bytes]:
    """The embed data of each material, by its name."""
    return {name: FORMATS["cast"].content(material) for name, material in materials().items()}


@pytest.fixture
def site(data: dict[str, bytes]) -> Iterator[Site]:
    """A site with the audio of the sample, and two episodes: ``/bac.json``, which has a page, and ``/sample.json``."""
    with hosting() as site:
        site.files["/bac.json"] = data["quotes"]
        site.files["/sample.json"] = data["sample"]
        for name in ("sample", "quotes"):
            source = json.loads(data[name])["audio"]["sources"][0]["src"]
            site.files[f"/{source}"] = (SAMPLE / "episode.mp3").read_bytes()
        yield site


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Callable[..., Guest]]:
    """Open a tab on the site; console errors and CSP violations fail the test."""
    tabs = []

    def open_tab(**context: Any) -> Guest:
        tab = new_tab(browser, **({"viewport": {"width": 820, "height": 900}, "locale": "en-GB"} | context))
        page = tab.__enter__()
        tabs.append((tab, page))
        if context.get("java_script_enabled", True):
            page.add_init_script(WATCHING)
        return Guest(page, site)

    yield open_tab
    for tab, page in tabs:
        if page.url != "about:blank" and page.evaluate("typeof violations") == "object":
            assert page.evaluate("violations") == []
        tab.__exit__(None, None, None)


@pytest.fixture
def guest(visit: Callable[..., Guest]) -> Guest:
    return visit()
