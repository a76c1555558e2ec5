"""The page of a show in a browser, from the disk and from a host that knows nothing of us."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from aligner.feeds.items import Show
from aligner.model import Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_show, keep, known_show, publish_show
from tests.web.targets import too_small
from tests.web.visiting import assert_accessible, new_tab

TITLES = (
    "Un",
    "Le_fichier_au_très_long_nom_sans_aucune_espace_qui_dépasse_toute_largeur.final.v2",
    "שלום עולם",
    "Deux",
)


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with a cover, what its feed says of it, quotes, and an episode that is poor."""
    root = tmp_path_factory.mktemp("shows")
    paths = copied_show(sample, root, *TITLES)
    Image.new("RGB", (600, 600), "navy").save(paths[0].with_name("cover.png"))
    first, last = read_alignment(paths[0]), read_alignment(paths[3])
    write_text(paths[0], to_text(replace(first, episode=replace(first.episode, cover="cover.png"))))
    write_text(paths[3], to_text(replace(last, verdict=Verdict.POOR, coverage=0.3)))
    keep(first, paths[0].parent, (0, 14))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUOTECAST_DATA", str(root / "data"))
        description = "Three friends mend bicycles.\n\n" + "Each week a guest brings one that nobody rides. " * 8
        known_show(root, Show("Freewheel", description, None, "https://roue.example/feed.xml"))
        return publish_show(paths, root / "hosted" / "mon émission", "--interface", "en")


@pytest.fixture
def host(folder: Path) -> Iterator[str]:
    with hosting(folder.parent) as address:
        yield f"{address}mon%20%C3%A9mission/"


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (820, "light"), (1440, "light"), (1440, "dark")])
def test_the_list_is_accessible_and_within_reach_of_a_finger(
    browser: Browser, host: str, width: int, theme: Any
) -> None:
    touch = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    with new_tab(browser, viewport={"width": width, "height": 900}, color_scheme=theme, **touch) as page:
        page.goto(host)
        expect(page.locator("#all li")).to_have_count(4)
        expect(page.get_by_role("link", name="Subscribe")).to_have_attribute("href", "https://roue.example/feed.xml")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert too_small(page, 44 if touch else 24) == []


@pytest.mark.ci
@pytest.mark.parametrize("place", ["disk", "host"])
def test_an_episode_is_opened_and_left_again_with_nothing_asked_for_but_files_of_the_folder(
    browser: Browser, folder: Path, host: str, place: str
) -> None:
    address = host if place == "host" else (folder / "index.html").as_uri()
    with new_tab(browser, locale="en-GB") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("link", name="Un", exact=True).click()
        expect(page.locator("html.awake")).to_have_count(1)
        expect(page.get_by_role("heading", name="Un", exact=True)).to_be_visible()
        page.get_by_role("link", name="Back to the episodes").click()
        expect(page.locator("#all li")).to_have_count(4)
        base = address.removesuffix("index.html")
        assert [url for url in asked if not url.startswith((base, "data:"))] == []
        assert page.context.cookies() == []
