"""The published page in a browser, from the disk and from hosts that know nothing of us, audio elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.publication import as_uri
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import fingerprint_path
from tests.aligner.command import quotecast_here
from tests.tables import over_rows
from tests.web.site.hosting import Answer, hosting, leading_to
from tests.web.site.publishing import copied_sample, keep, publish
from tests.web.targets import too_small
from tests.web.visiting import assert_accessible, new_tab


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("host")
    path = copied_sample(sample, root / "episode")
    keep(read_alignment(path), path.parent, (0, 14), (30, 40))
    return publish(path, root / "hosted" / "shows" / "épisode 1", "--interface", "en")


@pytest.fixture
def host(folder: Path) -> Iterator[str]:
    """Where a server finds the folder that knows nothing of us, and sends no parts of files."""
    with hosting(folder.parent.parent) as address:
        yield f"{address}shows/%C3%A9pisode%201/"


@pytest.fixture(params=["disk", "host"])
def address(request: pytest.FixtureRequest, folder: Path, host: str) -> str:
    """Where the page is."""
    return host if request.param == "host" else (folder / "index.html").as_uri()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Page]:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(address)
        yield page
        page.goto("about:blank")


def select(page: Page, first: int, last: int) -> None:
    page.evaluate(
        """([first, last]) => {
            const words = document.querySelectorAll("#transcript .w");
            getSelection().setBaseAndExtent(words[first].firstChild, 0, words[last - 1].firstChild, 1);
        }""",
        [first, last],
    )


@pytest.mark.ci
def test_it_plays_in_step_finds_and_goes_to_chapters(visit: Page) -> None:
    visit.get_by_text("tandem", exact=True).click()
    visit.wait_for_function("() => document.getElementById('audio').currentTime > 46")
    expect(visit.locator("#transcript .w.lit")).to_have_count(1)
    visit.keyboard.press("/")
    visit.get_by_label("Find in the transcript").fill("tandem")
    expect(visit.locator("#find-count")).to_have_text("1 result")
    chapter = visit.locator(".chapters a").last
    chapter.click()
    at = float(chapter.get_attribute("data-at") or 0)
    visit.wait_for_function("(at) => Math.abs(document.getElementById('audio').currentTime - at) < 2", arg=at)
    visit.get_by_role("button", name="Large captions").click()
    expect(visit.locator("#captions .speaker")).not_to_be_empty()
    if visit.url.startswith("http"):  # from a disk axe itself asks for the styles in a way that is refused
        assert_accessible(visit)


@pytest.mark.ci
def test_words_that_a_listener_selects_are_linked_to_and_the_link_opens_at_them(visit: Page) -> None:
    select(visit, 30, 36)
    chosen = visit.locator("#transcript .w.sel").all_inner_texts()
    assert len(chosen) == 6
    visit.get_by_role("button", name="Copy link").click()
    expect(visit.locator("#toast [role=status]")).to_contain_text("Link copied")
    link = visit.evaluate("navigator.clipboard.readText()")
    assert link.startswith(visit.url.split("#")[0] + "#t=")
    visit.goto("about:blank")
    visit.goto(link)
    expect(visit.locator("#transcript .w.sel")).to_have_text(chosen)
    expect(visit.locator("#toast")).to_be_hidden()


def test_a_quote_is_copied_with_who_says_it_and_its_link(visit: Page) -> None:
    select(visit, 30, 36)
    visit.get_by_role("button", name="Copy quote").click()
    expect(visit.locator("#toast [role=status]")).to_contain_text("Quote copied")
    text, credits, link = visit.evaluate("navigator.clipboard.readText()").split("\n")
    assert text.startswith("«\xa0")
    assert text.endswith("\xa0»")
    assert credits == "— Maëlle Kerdoncuff, Roue libre, Une promenade qui attend"
    assert "#t=" in link


def test_nothing_is_asked_for_but_files_of_the_folder_and_no_cookie_is_set(browser: Browser, address: str) -> None:
    with new_tab(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.get_by_role("button", name="Large captions").click()
        page.wait_for_function("() => 'quotecastCaptions' in window")
        base = address.removesuffix("index.html")
        own = {base + name for name in ("", "index.html", "site.css", "site.js", "captions.js", "sound.mp3")}
        own.add(base + "icon.svg")
        assert {url.partition("?")[0] for url in asked} <= own
        assert page.context.cookies() == []


def test_without_scripts_text_chapters_and_sound_are_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("noscript audio, audio[controls]").first).to_be_visible()
    expect(page.get_by_text("Un vélo qui dort dans une cave").first).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        link = page.locator(".chapters a").last
        expect(link).to_be_visible()
        assert page.locator(str(link.get_attribute("href"))).count() == 1
        expect(page.locator(".saved-quotes a").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (820, "light"), (1440, "light"), (1440, "dark")])
def test_every_page_is_accessible_and_within_reach_of_a_finger(
    browser: Browser, host: str, folder: Path, width: int, theme: Any
) -> None:
    quote = next((folder / "q").glob("*.html")).name
    touch = {"has_touch": True, "is_mobile": True} if width < 1000 else {}
    with new_tab(browser, viewport={"width": width, "height": 900}, color_scheme=theme, **touch) as page:
        for path in ("", f"q/{quote}", "accessibility.html"):
            page.goto(host + path)
            page.wait_for_load_state()
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert too_small(page, 44 if touch else 24) == []


@pytest.mark.ci
def test_a_quote_s_page_plays_it_and_leads_to_it_in_the_episode(browser: Browser, address: str, folder: Path) -> None:
    quote = next(path for path in (folder / "q").glob("*.html") if path.name.startswith("un-velo")).name
    with new_tab(browser, locale="en-GB") as page:
        page.goto(f"{address.removesuffix('index.html')}q/{quote}")
        page.locator("audio").evaluate("(sound) => sound.play()")
        page.get_by_role("link", name="Listen to it in the episode").click()
        expect(page.locator("#transcript .w.sel")).to_have_count(14)
        expect(page.locator("#transcript .w.sel").first).to_have_text("Un")


def refused(sample: Path, folder: Path, option: str, address: str) -> str:
    """The one line by which an address is refused."""
    done = quotecast_here("publish", sample / "episode.alignment.json", "-o", folder, option, address)
    assert done.returncode == 2
    assert not folder.exists()
    return done.stderr.strip().splitlines()[-1]


@over_rows(
    "address, options, told",
    [
        ("javascript:alert(1)", ("--audio-url", "--base-url"), "is not a web address"),
        ("https://me:secret@example.org/e.mp3", ("--audio-url", "--base-url"), "a password"),
        ("https://example.org/x?y=1", ("--base-url",), "has ? or #"),
        ("https://example.org/index.html", ("--base-url",), "is a page's; give a folder's"),
    ],
)
def test_an_address_that_nobody_can_be_sent_to_is_refused(
    sample: Path, tmp_path: Path, address: str, options: tuple[str, ...], told: str
) -> None:
    for option in options:
        assert told in refused(sample, tmp_path / "site", option, address)


@pytest.mark.nightly
@over_rows(
    "address, allowed",
    [
        ("https://count.example.org/r/cdn.example.org/e.mp3?a=1&b=2", "https:"),
        ("http://a_b.example.org/e.mp3", "https: http:"),
    ],
)
def test_sound_elsewhere_is_let_in_from_wherever_it_leads_to_and_nothing_else_is(
    sample: Path, tmp_path: Path, address: str, allowed: str
) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    keep(read_alignment(alignment), alignment.parent, (0, 14))
    folder = publish(alignment, tmp_path / "site", "--audio-url", address)
    assert not (folder / "sound.mp3").exists()
    [quote] = (folder / "q").glob("*.html")
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert f'src="{as_uri(address).replace("&", "&amp;")}"' in html
    assert "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:;" in html
    assert f"media-src 'self' file: blob: {allowed}; connect-src 'self' blob: {allowed}; base-uri" in html
    assert f"media-src 'self' file: {allowed}; base-uri" in quote.read_text(encoding="utf-8")
    fingerprint_path(alignment).unlink()
    html = (publish(alignment, tmp_path / "site") / "index.html").read_text(encoding="utf-8")
    assert f"blob: {allowed}; connect-src 'self'; base-uri" in html  # no sync file: its audio is never read


@pytest.mark.parametrize("host", ["127.0.0.1", "müller.localhost"])
def test_sound_whose_address_leads_on_to_another_host_is_heard(
    browser: Browser, sample: Path, tmp_path: Path, host: str
) -> None:
    alignment, answers = copied_sample(sample, tmp_path / "episode"), dict[str, Answer]()
    with hosting(alignment.parent) as cdn, hosting(tmp_path, answers) as counting:
        answers["/count/episode.mp3"] = leading_to(f"{cdn}episode.mp3".replace("127.0.0.1", "localhost"))
        address = f"{counting}count/episode.mp3".replace("127.0.0.1", host)
        publish(alignment, tmp_path / "site", "--audio-url", address)
        with new_tab(browser, may_complain=True) as page:  # scripts may not read the audio
            page.goto(f"{counting}site/index.html")
            page.locator("[data-play=toggle]").click()
            page.wait_for_function("() => document.getElementById('audio').currentTime > 0.2")
