"""The embedded player is isolated from its page: text stays text, and invalid data does not break the page."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.readers.hostile import materials
from tests.web.embed.hosting import POLICY, Guest, Site, hosting
from tests.web.site.publishing import publish
from tests.web.visiting import assert_accessible, new_tab

BAC = '<quote-cast src="/bac.json"><a href="https://example.org/bac">Listen</a></quote-cast>'
ALL = f"""{BAC}<quote-cast src="/bac.json" chapter="2" transcript="closed"></quote-cast>
    <quote-cast src="/bac.json" quote="2"></quote-cast>"""


def test_texts_of_every_kind_are_shown_as_text(guest: Guest, data: dict[str, bytes]) -> None:
    guest.site.files |= {f"/{number}.json": content for number, content in enumerate(data.values())}
    guest.show('<quote-cast loading="eager" src="/0.json"></quote-cast>')
    for number, material in enumerate(materials().values()):
        shown = guest.do(
            f"""element.setAttribute("src", "/{number}.json");
            await element.load();
            const root = element.shadowRoot, rows = [...root.querySelectorAll("[data-number]")];
            const names = new Set([...root.querySelectorAll("*")].map((each) => each.localName));
            const title = root.querySelector(".title").textContent;
            return [rows.map((each) => each.textContent), [...names], title];"""
        )
        texts, names, title = shown
        assert [" ".join(each.split()) for each in texts] == [each.text for each in material.paragraphs]
        assert title == material.title
        assert {*names} <= {
            "slot", "div", "p", "a", "button", "svg", "path", "input", "span", "bdi", "select", "option", "ol", "li",
            "details", "summary",
        }  # fmt: skip


BROKEN = (
    b"<!doctype html>",
    b'{"format": "quotecast"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"format": "quote-cast", "version": "2.0"}',
)


def test_unreadable_data_is_reported_in_a_sentence_and_the_page_works(guest: Guest) -> None:
    guest.site.files |= {f"/{number}.json": content for number, content in enumerate(BROKEN)}
    link = '<a href="#">Listen</a>'
    broken = "".join(f'<quote-cast src="/{number}.json">{link}</quote-cast>' for number in range(len(BROKEN)))
    guest.show(broken + BAC, ready=False)
    for number in range(len(BROKEN)):
        guest.cast(number).scroll_into_view_if_needed()
        expect(guest.cast(number).locator(".status")).to_contain_text("file is damaged or needs a newer quote-cast.js.")
        expect(guest.cast(number).locator("a")).to_be_visible()
    guest.cast(len(BROKEN)).scroll_into_view_if_needed()
    expect(guest.cast(len(BROKEN)).locator(".play")).to_be_visible()


def test_the_next_audio_is_played_if_one_is_missing(guest: Guest) -> None:
    episode = json.loads(guest.site.files["/bac.json"])
    sources = [{"src": "javascript:alert(1)"}, {"src": "x.odd", "type": "audio/odd"}, {"src": "bac.json"}]
    episode["audio"]["sources"] = [*sources, *episode["audio"]["sources"]]
    guest.site.files["/several.json"] = json.dumps(episode).encode()
    guest.show('<quote-cast src="/several.json"></quote-cast>')
    guest.do("element.currentTime = 20; await element.play()")
    guest.page.wait_for_function("() => document.querySelector('quote-cast').currentTime > 20.2")
    assert "/x.odd" not in guest.site.asked
    expect(guest.cast().locator(".status")).to_be_empty()


@pytest.mark.ci
def test_a_published_episode_is_embedded_on_other_sites(
    browser: Browser, site: Site, sample: Path, tmp_path: Path
) -> None:
    folder = publish(sample / "episode.alignment.json", tmp_path / "published")
    with hosting({"Access-Control-Allow-Origin": "*"}) as other, new_tab(browser) as page:
        other.files |= {f"/{file.name}": file.read_bytes() for file in folder.iterdir() if file.is_file()}
        site.headers["Content-Security-Policy"] = POLICY.replace("'self'", other.address)
        address = f"{other.address}/episode.cast.json"
        site.files["/host.html"] = f"""<!doctype html><title>Host</title>
            <script type="module" src="{other.address}/quote-cast.js"></script>
            <quote-cast src="{address}" quote="une promenade qui attend"></quote-cast>""".encode()
        page.goto(f"{site.address}/host.html")
        guest = Guest(page, site)
        expect(guest.cast().locator("blockquote .paragraph")).to_have_text("une promenade qui attend")
        guest.do("await element.play()")
        page.wait_for_function("() => document.querySelector('quote-cast').currentTime > 9")
        assert "/sound.mp3" in other.asked


def test_a_page_styles_the_player_by_variables_and_parts(guest: Guest) -> None:
    own = """
        quote-cast { --quote-cast-accent: rgb(1, 2, 3); --quote-cast-paper: rgb(4, 5, 6); --quote-cast-height: none;
            --quote-cast-text-size: 30px; --quote-cast-radius: 0 }
        quote-cast::part(title) { font-style: italic } quote-cast::part(lit) { background: rgb(7, 8, 9) }
        quote-cast::part(review-status) { display: none }
    """
    guest.show(BAC, guest.site.style(own))
    guest.seek(29.0)
    expect(guest.cast().locator(".play")).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(guest.cast().locator(".frame")).to_have_css("background-color", "rgb(4, 5, 6)")
    expect(guest.cast().locator(".frame")).to_have_css("border-radius", "0px")
    expect(guest.cast().locator(".transcript")).to_have_css("max-height", "none")
    expect(guest.cast().locator(".transcript")).to_have_css("font-size", "30px")
    expect(guest.cast().locator(".title")).to_have_css("font-style", "italic")
    expect(guest.cast().locator(".transcript .lit")).to_have_css("background-color", "rgb(7, 8, 9)")
    expect(guest.cast().locator(".review-status")).to_be_hidden()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_is_the_pages_or_the_configured_one(visit: Callable[..., Guest], system: str) -> None:
    guest = visit(color_scheme=system)
    themes = "".join(f'<quote-cast src="/bac.json" {theme}></quote-cast>' for theme in ("", "theme=auto", "theme=dark"))
    light, dark = "rgb(251, 250, 247)", "rgb(22, 23, 26)"
    by_system = dark if system == "dark" else light
    for head, plain in (("", light), ('<meta name="color-scheme" content="light dark">', by_system)):
        guest.show(themes, head)
        papers = [guest.cast(number).locator(".frame") for number in range(3)]
        for paper, colour in zip(papers, (plain, by_system, dark), strict=True):
            expect(paper).to_have_css("background-color", colour)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 320), ("light", 1440)])
def test_axe_finds_no_problem_and_nothing_is_cut_off(visit: Callable[..., Guest], scheme: str, width: int) -> None:
    guest = visit(color_scheme=scheme, viewport={"width": width, "height": 900}, has_touch=True)
    guest.site.headers.clear()  # for axe's own script
    guest.show(ALL, '<meta name="color-scheme" content="light dark">')
    guest.seek(29.3)
    guest.seek(29.3, 1)
    assert_accessible(guest.page)
    assert guest.page.evaluate("document.documentElement.scrollWidth") == width
    small = guest.page.evaluate(
        """[...document.querySelectorAll("quote-cast")]
            .flatMap((each) => [...each.shadowRoot.querySelectorAll("a, button, select, input")])
            .map((each) => [each.className, each.getBoundingClientRect()])
            .filter(([, { width, height }]) => width && (width < 44 || height < 43.9)).map(([name]) => name)"""
    )
    assert small == []


def test_the_language_is_the_pages_or_the_configured_one(guest: Guest) -> None:
    guest.show(
        f"{BAC}<div lang='en'>{BAC}</div><quote-cast src='/bac.json' lang='en-GB'></quote-cast>",
        html='<html lang="fr-CA">',
    )
    names = [guest.cast(number).locator(".play") for number in range(3)]
    for name, said in zip(names, ("Lire", "Play", "Play"), strict=True):
        expect(name).to_have_accessible_name(said)
    guest.do("element.setAttribute('lang', 'en')")
    expect(names[0]).to_have_accessible_name("Play")
    expect(guest.cast().locator(".transcript")).to_have_attribute("lang", "fr")


STATUSES = {
    "ordinary": ["Automatic timing, not reviewed"],
    "machine text": ["Automatic transcript, not reviewed"],
    "signed": ["Transcript reviewed by Zoé <b> & --> Cie, 14 March 2026"],
    "poor": [
        "Automatic timing, not reviewed",
        "The timing of this transcript is poor: words may be highlighted when nobody says them.",
    ],
}


def test_the_player_shows_the_review_status(guest: Guest, data: dict[str, bytes]) -> None:
    guest.site.files |= {f"/{number}.json": data[name] for number, name in enumerate(STATUSES)}
    guest.show("".join(f'<quote-cast src="/{number}.json"></quote-cast>' for number in range(len(STATUSES))))
    for number, status in enumerate(STATUSES.values()):
        expect(guest.cast(number).locator(".review-status")).to_have_text(status)
