"""The pages of an EPUB in a browser, as most reading systems show them: on a phone and a tablet, light and dark,
nothing is wider than the page, and highlighted text can be read."""

import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser

from aligner.formats import FORMATS, Material
from tests.paths import SAMPLE
from tests.readers.hostile import materials
from tests.web.visiting import new_tab

pytestmark = pytest.mark.nightly

NAMES = (
    "ordinary", "sample", "Hebrew", "long words", "names that are long", "odd headings", "odd details", "poor",
)  # fmt: skip
_OF_SITES = ("bypass", "landmark-one-main", "page-has-heading-one", "region")  # DAISY's Ace leaves them out too
_OPTIONS = {"rules": {rule: {"enabled": False} for rule in _OF_SITES}, "preload": False}  # no file may ask for another
LIGHT = (
    "() => document.querySelectorAll('span[id]').forEach((each) => each.classList.add('-epub-media-overlay-active'))"
)
BEYOND = """() => [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0)
    .map((each) => each.outerHTML.slice(0, 80))"""


def unpacked(material: Material, folder: Path) -> list[Path]:
    """Return the pages of a book, unpacked."""
    cover = folder / "cover.png"
    Image.new("RGB", (1200, 900), "teal").save(cover)
    book = Material(material.alignment, material.name, find_audio=lambda: SAMPLE / "episode.mp3", cover=cover)
    (folder / "a.epub").write_bytes(FORMATS["epub"].content(book))
    with zipfile.ZipFile(folder / "a.epub") as packed:
        packed.extractall(folder)
    return sorted((folder / "EPUB").glob("*.xhtml"))


@pytest.mark.parametrize("name", NAMES)
def test_pages_fit_and_axe_finds_nothing(browser: Browser, tmp_path: Path, name: str) -> None:
    pages = unpacked(materials()[name], tmp_path)
    for width, theme in ((390, "light"), (820, "dark")):
        with new_tab(browser, viewport={"width": width, "height": 900}, color_scheme=theme) as page:
            for path in pages:
                page.goto(path.as_uri())
                page.evaluate(LIGHT)
                assert page.evaluate(BEYOND) == []
                found = Axe().run(page, options=_OPTIONS)
                assert found.violations_count == 0, found.generate_report()
