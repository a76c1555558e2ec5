"""The search of a published show in a browser, from a host that knows nothing of us; from a disk there is none."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.model import Alignment, EpisodeDetails
from tests.web.page.planted import planted
from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_show, publish_show
from tests.web.site.searching import lay_show
from tests.web.targets import too_small
from tests.web.visiting import assert_accessible, new_tab
from web.site.show_page import show_contents

TITLES = "L’été des vélos", "Œuvres & <b>co</b>"


@pytest.fixture(scope="module")
def published(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of two episodes of the sample, the second named after bicycles."""
    root = tmp_path_factory.mktemp("show")
    return publish_show(copied_show(sample, root, *TITLES), root / "hosted" / "a show", "--interface", "en")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a show of 23 episodes, which says in each "le bac" often, and in each one word more."""
    folder = tmp_path_factory.mktemp("many")
    talks = [planted(*[("Élise Morel", "Le bac part.")] * 9, ("Élise Morel", f"Arrêt{k}.")) for k in range(23)]
    lay_page(folder, *(replace(talk, episode=EpisodeDetails(f"Tour {k}")) for k, talk in enumerate(talks)))
    return folder


def lay_page(folder: Path, *talks: Alignment) -> None:
    """Lay the page of a show of these episodes in ``folder``."""
    show = lay_show(folder, *talks)
    show.publish()
    for path, content in show_contents(show.episodes, "fr", None).written.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture
def damaged(many: Path, tmp_path: Path) -> Path:
    """The page, to be damaged."""
    return Path(shutil.copytree(many, tmp_path / "damaged"))


@pytest.fixture
def host() -> Iterator[str]:
    """The address of a server that sends any file by its path."""
    with hosting(Path("/")) as address:
        yield address.rstrip("/")


@pytest.fixture
def address(published: Path, host: str) -> str:
    """Where the page of the show of two is."""
    return (published / "index.html").as_uri().replace("file://", host)


@pytest.fixture
def visit(browser: Browser, host: str) -> Iterator[Page]:
    """A tab; it asks for the host so that the tab is closed before the host is."""
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        yield page
        page.goto("about:blank")


def seek(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)


def wait_for_episode(page: Page) -> None:
    """Until the page of an episode has all of its scripts, which it would miss if it were left before."""
    page.wait_for_url("**/e/**")
    page.wait_for_function("() => document.documentElement.classList.contains('awake')")


def test_from_a_disk_it_says_that_each_episode_is_searched_in_its_own_page(visit: Page, published: Path) -> None:
    visit.goto((published / "index.html").as_uri())
    expect(visit.get_by_text("Search on each episode’s own page")).to_be_visible()
    expect(visit.get_by_role("searchbox")).to_be_hidden()


@pytest.mark.walk
def test_words_are_found_marked_and_lead_into_the_episode(visit: Page, address: str) -> None:
    visit.goto(address)
    seek(visit, "tandem")
    expect(visit.locator("#found-title")).to_have_text("2 results in 2 episodes")
    expect(visit.locator("#announcement")).to_have_text("2 results in 2 episodes")
    expect(visit.locator("#all")).to_be_hidden()
    assert visit.locator("#hits h2").all_inner_texts() == [TITLES[1], TITLES[0]]
    assert visit.locator("#hits mark").all_inner_texts() == ["tandem", "tandem"]
    visit.locator("#hits .hits a").first.click()
    expect(visit.locator("#transcript .w.sel")).to_have_text(["tandem"])
    assert "oeuvres" in visit.url


@pytest.mark.ci
def test_the_way_back_leads_to_the_same_hits(visit: Page, address: str) -> None:
    visit.goto(address)
    seek(visit, "vélo")
    visit.locator("#hits .hits a").last.click()
    wait_for_episode(visit)
    visit.go_back()
    expect(visit.get_by_role("searchbox")).to_have_value("vélo")
    expect(visit.locator("#hits mark").first).to_have_text("vélo")


def test_keys_alone_lead_to_a_hit(visit: Page, address: str) -> None:
    visit.goto(address)
    visit.keyboard.press("Tab")
    visit.keyboard.type("tandem")
    visit.keyboard.press("Enter")
    expect(visit.locator("#hits .hits a")).to_have_count(2)
    for _ in range(3):
        visit.keyboard.press("Tab")  # the button, the title
    expect(visit.locator("#hits .hits a").first).to_be_focused()
    visit.keyboard.press("Enter")
    wait_for_episode(visit)


def test_ten_episodes_are_shown_at_a_time_and_more_when_asked(visit: Page, many: Path, host: str) -> None:
    visit.goto(f"{host}{many}/index.html")
    seek(visit, "bac")
    expect(visit.locator("#found-title")).to_have_text("207 résultats dans 23 épisodes")
    expect(visit.locator("#hits .found")).to_have_count(10)
    expect(visit.locator("#hits .found").first.locator(".hits li")).to_have_count(9)
    visit.get_by_role("button", name="Afficher 10 épisodes de plus").click()
    expect(visit.locator("#hits .found")).to_have_count(20)
    expect(visit.locator("#hits .found").nth(10).locator("h2 a")).to_be_focused()
    visit.get_by_role("button", name="Afficher 3 épisodes de plus").click()
    expect(visit.locator("#hits .found")).to_have_count(23)
    expect(visit.locator("#more")).to_be_hidden()


@pytest.mark.parametrize("part", ["search/index-*", "search/terms-0-*", "e/e7/*"])
def test_a_part_that_is_not_there_is_told_in_one_sentence(
    browser: Browser, damaged: Path, host: str, part: str
) -> None:
    [file] = damaged.glob(f"{part}.json")
    whole = file.read_bytes()
    file.unlink()
    page = browser.new_page()  # whose console tells of it
    page.goto(f"{host}{damaged}/index.html")
    seek(page, "arret7")
    sentence = f"Cette page ne trouve pas {file.relative_to(damaged)}"
    expect(page.locator("#found")).to_contain_text(sentence)
    expect(page.locator("#announcement")).not_to_be_empty()
    file.write_bytes(whole)
    seek(page, "arret7 ")
    expect(page.locator("#hits mark")).to_have_text("Arrêt7.")
    page.close()


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (820, "light"), (1440, "light"), (1440, "dark")])
def test_it_is_for_all_screens(browser: Browser, published: Path, host: str, width: int, theme: Any) -> None:
    touch = {"has_touch": width < 1000, "is_mobile": width < 1000}
    size = {"width": width, "height": 900}
    with new_tab(browser, viewport=size, color_scheme=theme, bypass_csp=True, **touch) as page:  # for axe asks itself
        page.goto(f"{host}{published}/index.html")
        seek(page, "vélo")
        expect(page.locator("#hits .hits").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert not too_small(page, 44 if width < 1000 else 24)
        assert_accessible(page)
