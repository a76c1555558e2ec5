"""The player's script is one file that runs as a module, as a classic script, and twice."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.paths import SAMPLE
from tests.web.embed.hosting import SCRIPT, Guest
from tests.web.visiting import new_tab

MODULE = '<script type="module" src="/quote-cast.js"></script>'
CLASSIC = '<script src="/quote-cast.js"></script>'
FORMS = {"module": MODULE, "script": CLASSIC, "script twice": CLASSIC * 2}


def within(data: bytes) -> str:
    """Return the data as inline JSON."""
    written = data.decode().replace("</", "<\\/")
    return f'<script type="application/json">{written}</script>'


@pytest.mark.parametrize("form", FORMS)
def test_it_runs_as_a_module_as_a_classic_script_and_twice(guest: Guest, data: dict[str, bytes], form: str) -> None:
    guest.site.script = FORMS[form]
    guest.show(
        f"""<quote-cast loading="eager">{within(data["quotes"])}</quote-cast>
        <quote-cast src="/bac.json" quote="dernier bac n’attend personne"></quote-cast>"""
    )
    expect(guest.cast().locator(".title")).to_have_text("Le bac")
    expect(guest.cast(1).locator("blockquote .paragraph")).to_have_text("dernier bac n’attend personne.")
    assert guest.do("return [...element.shadowRoot.children].map((each) => each.className)") == ["", "frame whole"]
    guest.do("await element.play()")
    guest.page.wait_for_function("() => document.querySelector('quote-cast').currentTime > 0.3")
    guest.do("await element.play()", 1)
    assert guest.do("return element.paused") is True


def test_a_page_opened_from_disk_plays_with_inline_data(
    browser: Browser, data: dict[str, bytes], tmp_path: Path
) -> None:
    source = json.loads(data["quotes"])["audio"]["sources"][0]["src"]
    (tmp_path / source).write_bytes((SAMPLE / "episode.mp3").read_bytes())
    (tmp_path / "quote-cast.js").write_bytes(SCRIPT)
    script = CLASSIC.replace("/quote", "quote")
    (tmp_path / "page.html").write_text(
        f'<!doctype html><meta charset="utf-8">{script}<quote-cast>{within(data["quotes"])}</quote-cast>', "utf-8"
    )
    with new_tab(browser) as page:
        page.goto((tmp_path / "page.html").as_uri())
        cast = page.locator("quote-cast")
        expect(cast.locator(".title")).to_have_text("Le bac")
        cast.evaluate("async (element) => { await element.play(); element.currentTime = 20; }")
        page.wait_for_function("() => document.querySelector('quote-cast').currentTime > 20.3")
