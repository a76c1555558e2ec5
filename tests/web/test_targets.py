"""Each control on each page is large enough and has a unique name."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.asking import Asker, JobsThatWait
from tests.web.library.shelved import plant
from tests.web.serving import serving
from tests.web.targets import named, too_small
from web.app import create_app
from web.clips.folder import clips_of
from web.clips.trash import delete
from web.jobs import Job, JobState
from web.jobs.job import now
from web.jobs.kinds import Prepare
from web.settings import Settings

FINGER, MOUSE = 44, 24  # pixels: WCAG 2.5.5 and 2.5.8


@pytest.fixture
def furnished(library: Path, client: FlaskClient) -> Path:
    """A library with all that a page can show: quotes, a lost quote, clips, a waiting episode and removed items."""
    folder = library / "roue-libre"
    asker = Asker(client)
    for first, last in ((0, 6), (25, 30)):
        assert asker.post("/api/episodes/roue-libre/quotes", {"first": first, "last": last}).status_code == 201
    file = folder / "quotes.json"
    quotes = json.loads(file.read_text(encoding="utf-8"))
    quotes["quotes"][1] |= {"hash": "00000000", "text": "regonfle quelquefois les pneumatiques du tandem"}
    file.write_text(json.dumps(quotes), encoding="utf-8")
    clips = folder / "clips"
    clips.mkdir()
    for name in ("pneus", "velo", "old"):
        shutil.copy(folder / "episode.mp3", clips / f"{name}.mp3")
        record: dict[str, Any] = {"format": "quotecast-clip", "version": 1, "file": f"{name}.mp3"}
        record |= {"quote": f"les {name}.", "duration": 1.5, "source": {"start": 8.0}}
        record |= {"warnings": [{"kind": "negation", "message": "it differs"}]}
        (clips / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    delete(next(clip for clip in clips_of(folder) if clip.file.stem == "old"))
    for name in ("waiting", "another"):
        (library / name).mkdir()
        shutil.copy(folder / "episode.mp3", library / name)
        shutil.copy(folder / "transcript.txt", library / name)
    alignment = plant(library / "poor", title="Une autre") / "talk.alignment.json"
    alignment.write_text(alignment.read_text("utf-8").replace('"verdict": "good"', '"verdict": "poor"'), "utf-8")
    assert asker.post("/api/episodes/another/remove").status_code == 200
    return library


@pytest.fixture
def guarded(furnished: Path) -> Iterator[str]:
    """The address of a server of this library that requires a password."""
    app = create_app(Settings(furnished, password="roue"))
    app.extensions["jobs"] = jobs = JobsThatWait(furnished)
    for folder, state in (("roue-libre", JobState.RUNNING), ("poor", JobState.WAITING), ("poor", JobState.FAILED)):
        jobs.put(Job(state, Prepare("episode.mp3"), folder, created=now(), state=state, who="Ana"))
    with serving(app) as address:
        yield address


def context_of(browser: Browser, width: int, *, finger: bool, locale: str = "en-GB") -> BrowserContext:
    size: Any = {"width": width, "height": 844}
    return browser.new_context(
        viewport=size, has_touch=finger, is_mobile=finger, locale=locale, reduced_motion="reduce"
    )


def pages(page: Page, address: str) -> Iterator[str]:
    """Visit every page except an episode's; yield the name of each."""
    page.goto(f"{address}/login?next=/")
    yield "login"
    page.fill("#name", "Ana")
    page.fill("#password", "roue")
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    for path in (
        "/",
        "/search?q=velo",
        "/search?q=xyzzy",
        "/trash",
        "/jobs",
        "/episodes/waiting",
        "/episodes/roue-libre/details",
        "/episodes/roue-libre/report",
        "/episodes/roue-libre/publish?target=feed",
        "/episodes/roue-libre/publish?target=site",
    ):
        page.goto(address + path)
        yield path
    page.goto(f"{address}/nowhere")
    yield "error"
    page.goto(f"{address}/add")
    page.locator(".pasted summary").click()
    page.fill("#pasted-text", "Ada : Tu viens ?\n\nBo : Oui.")
    yield "add"
    page.locator(".use").click()
    expect(page.locator(".transcript-preview")).to_be_visible()
    yield "add, previewed"
    page.goto(f"{address}/trash")
    page.locator(".removed-things .danger").first.click()
    yield "trash, confirming"


def states(page: Page, address: str) -> Iterator[str]:
    """Go through the states of an episode's page; yield the name of each."""
    page.goto(f"{address}/episodes/roue-libre")
    page.wait_for_selector("html.awake")
    yield "episode"
    yield from reading(page)
    narrow = page.viewport_size and page.viewport_size["width"] < 1100
    if narrow:
        page.locator("[data-sheet=quotes-pane]").click()
    expect(page.locator("#saved-quotes .row")).to_have_count(2)
    page.locator("#saved-quotes .rows input").first.check()
    page.locator("#clips .rows input").first.check()
    page.locator("#clips summary").first.click()
    page.locator("#clips [data-do=play]").first.click()
    yield "quotes and clips"
    page.locator("#clips .menu summary").last.click()
    page.locator("#clips [data-do=delete]").last.click()
    expect(page.locator("#toast")).to_be_visible()
    yield "toast"
    page.goto(f"{address}/episodes/roue-libre")
    page.locator('.w[tabindex="0"]').focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#selection-bar")).to_be_visible()
    yield "selection"
    page.locator("#selection-bar [data-do=clip]").click()
    page.locator("#clip-panel .shape").nth(1).click()
    expect(page.locator("#clip-panel video[poster]")).to_be_visible()
    page.locator("#clip-panel summary").first.click()
    yield "clip panel"
    page.goto(f"{address}/episodes/poor")
    yield "poor episode"


def offline(page: Page, file: Path) -> Iterator[str]:
    """Go through the states of the offline page, whose audio is missing; yield the name of each."""
    page.goto(file.as_uri())
    expect(page.locator("#audio-missing")).to_be_visible()
    yield "offline"
    for state in reading(page):
        yield f"offline, {state}"


def reading(page: Page) -> Iterator[str]:
    """Go through the states that the offline page has too; yield the name of each."""
    if page.locator(".actions .menu summary").count():
        page.locator(".actions .menu summary").locator("visible=true").last.click()
        yield "downloads"
        page.keyboard.press("Escape")
    if page.locator("[data-sheet=side]").first.is_visible():
        page.locator("[data-sheet=side]").first.click()
        yield "chapters and find"
        page.keyboard.press("Escape")
    page.locator("#captions-button").click()
    yield "captions"
    page.locator("#captions-button").click()
    page.locator("#help-button").click()
    yield "help"
    page.keyboard.press("Escape")


@pytest.fixture
def walk(guarded: str, client: FlaskClient, tmp_path: Path) -> Callable[[Page], Iterator[str]]:
    """Go through all pages and their states; yield the name of each."""
    file = tmp_path / "offline.html"
    file.write_text(client.get("/episodes/roue-libre/download/html").text, encoding="utf-8")
    return lambda page: chain(pages(page, guarded), states(page, guarded), offline(page, file))


@pytest.mark.parametrize(("finger", "width"), [(True, 390), (False, 1280)])
def test_every_control_is_large_enough(
    browser: Browser, walk: Callable[[Page], Iterator[str]], finger: bool, width: int
) -> None:
    context = context_of(browser, width, finger=finger)
    page = context.new_page()
    least = FINGER if finger else MOUSE
    found = [f"{state}: {control}" for state in walk(page) for control in too_small(page, least)]
    context.close()
    assert found == []


@pytest.mark.parametrize(("locale", "width"), [("en-GB", 390), ("fr-FR", 1280)])
def test_every_control_has_a_name_that_no_other_control_has(
    browser: Browser, walk: Callable[[Page], Iterator[str]], locale: str, width: int
) -> None:
    context = context_of(browser, width, finger=width < 1000, locale=locale)
    page = context.new_page()
    nameless, shared = [], set()
    for state in walk(page):
        controls = named(page)
        assert len(controls) > 3
        nameless += [f"{state}: {role} {url}" for role, name, url in controls if not name]
        for (role, name), same in Counter((role, name) for role, name, _ in controls).items():
            urls = {url for *known, url in controls if known == [role, name]}
            if same > 1 and (role != "link" or len(urls) > 1):
                shared.add(f"{role} “{name}”")
    context.close()
    assert (nameless, sorted(shared)) == ([], [])
