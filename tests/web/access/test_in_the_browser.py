"""Browser tests of the password: links from other sites, and a session that expires."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.web.serving import serving
from web.app import create_app
from web.settings import Settings

WORD = "mot de passe œ"
FRAGMENT = "#t=8.0,12.0"


@pytest.fixture
def guarded(library: Path) -> Iterator[str]:
    """The address of a server that asks for the password."""
    app: Flask = create_app(Settings(library, password=WORD))
    with serving(app) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    yield context
    context.close()


def log_in(page: Page, address: str, word: str = WORD) -> None:
    page.goto(address)
    page.fill("#name", "Ana")
    page.fill("#password", word)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login")


def from_elsewhere(visitor: BrowserContext, link: str) -> Page:
    """The page that opens where a link on another site is clicked."""
    page = visitor.new_page()
    page.route(
        "http://mail.example/",
        lambda route: route.fulfill(content_type="text/html", body=f'<a href="{link}">Quote</a>'),
    )
    page.goto("http://mail.example/")
    page.click("a")
    page.wait_for_url(f"{link.split('/episodes')[0]}/**")
    return page


def test_a_link_on_another_site_opens_its_quote_in_a_session(guarded: str, visitor: BrowserContext) -> None:
    log_in(visitor.new_page(), guarded)
    link = f"{guarded}/episodes/roue-libre{FRAGMENT}"
    page = from_elsewhere(visitor, link)
    assert page.url == link
    expect(page.locator("#transcript")).to_be_visible()


@pytest.mark.walk
def test_a_link_on_another_site_opens_at_its_quote_after_the_password(guarded: str, visitor: BrowserContext) -> None:
    link = f"{guarded}/episodes/roue-libre{FRAGMENT}"
    page = from_elsewhere(visitor, link)
    page.fill("#name", "Ana")
    page.fill("#password", "roue")
    page.press("#password", "Enter")
    expect(page.locator("#wrong")).to_have_text("Wrong password.")
    page.fill("#password", WORD)
    page.press("#password", "Enter")
    page.wait_for_url(link)


def test_an_expired_session_loses_nothing_typed(guarded: str, visitor: BrowserContext) -> None:
    other, page = visitor.new_page(), visitor.new_page()
    log_in(other, guarded)
    page.goto(f"{guarded}/episodes/roue-libre/details")
    page.fill("#field-title", "Perdu ?")
    log_out(other)
    save = page.get_by_role("button", name="Save", exact=True)
    save.click()
    expect(page.locator("#form-problem")).to_contain_text("A password is needed")
    log_in(other, guarded)
    save.click()
    expect(page.locator("h1")).to_have_text("Perdu ?")
