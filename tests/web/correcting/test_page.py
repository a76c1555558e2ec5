"""Corrections are shown at once as a reload would show them, can be undone by keys, and reach other pages."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import selected
from tests.web.visiting import assert_accessible, new_tab

ID = "/episodes/roue-libre"


def correct(page: Page, correction: dict[str, Any]) -> Any:
    """Make a correction as the page's scripts do."""
    return page.evaluate("async (c) => (await import('/static/js/page/episode.js')).changes.correct(c)", correction)


def data(page: Page) -> Any:
    """Return the page's data."""
    return page.evaluate("async () => (await import('/static/js/page/episode.js')).reading.data")


def without_a_name(page: Page) -> None:
    """Let the reader be anonymous."""
    origin = page.url.split("/episodes")[0]
    page.context.add_cookies([{"name": "quotecast-name", "value": "", "url": origin}])
    page.reload()


def test_an_inserted_word_leaves_the_selection(episode: Page) -> None:
    without_a_name(episode)
    paragraph = episode.locator('[data-segment]:has([data-i="26"])')
    number, speaker = int(paragraph.get_attribute("data-segment") or ""), data(episode)["turns"][-1][2]
    with episode.expect_response("**/selection?*"):  # after the correction, it would be refused and asked again
        episode.evaluate("async () => (await import('/static/js/page/episode.js')).reading.transcript.select(26, 28)")
    before = episode.locator("#transcript .w.sel").all_inner_texts()
    first, rest = paragraph.inner_text().split(maxsplit=1)
    fresh = {"kind": "speech", "speaker": speaker, "text": f"{first} vraiment {rest}"}
    correct(episode, {"kind": "text", "first": number, "stop": number + 1, "paragraphs": [fresh]})
    assert selected(episode) == [27, 28]
    assert episode.locator("#transcript .w.sel").all_inner_texts() == before


@pytest.mark.walk
def test_ctrl_z_undoes_and_says_what_and_its_button_does_it_again(episode: Page) -> None:
    without_a_name(episode)
    before = data(episode)["starts"]
    correct(episode, {"kind": "place", "word": 7, "start": 6.3, "end": 6.6})
    episode.locator("#find-text").focus()
    episode.keyboard.press("Control+z")
    assert data(episode)["starts"][7] == 6300
    episode.locator("h1").click()
    episode.keyboard.press("Control+z")
    toast = episode.locator("#toast")
    expect(toast).to_contain_text("Undone: time of a word")
    assert data(episode)["starts"] == before
    toast.get_by_role("button", name="Redo").click()
    expect(toast).to_contain_text("Redone")
    assert data(episode)["starts"][7] == 6300
    episode.keyboard.press("Control+z")
    expect(toast).to_contain_text("Undone: time of a word")
    episode.keyboard.press("Control+Shift+z")
    expect(toast).to_contain_text("Redone")
    assert data(episode)["starts"][7] == 6300


def test_the_name_is_asked_for_once_and_stands_in_the_history(episode: Page) -> None:
    assert data(episode)["who"] is None
    with episode.expect_response("**/corrections") as told:
        episode.evaluate(
            "() => { import('/static/js/page/episode.js').then(m => "
            "m.changes.correct({kind: 'place', word: 7, start: 6.3, end: 6.6})); }"
        )
        dialog = episode.get_by_role("dialog", name="Your name")
        expect(dialog).to_be_visible()
        assert_accessible(episode)
        dialog.get_by_label("Name").fill("Zoé")
        episode.keyboard.press("Enter")
    assert told.value.json()["change"]["who"] == "Zoé"
    assert correct(episode, {"kind": "unpin", "first": 7, "stop": 8})["change"]["who"] == "Zoé"


@pytest.mark.ci
def test_another_page_announces_a_change_once_it_shows_it(episode: Page, browser: Browser, server: str) -> None:
    without_a_name(episode)
    with new_tab(browser, may_complain=True, locale="en-GB") as other:
        other.route("**/changes?*", lambda route: route.abort())
        other.goto(f"{server}{ID}")
        with other.expect_request("**/changes?*"):
            correct(episode, {"kind": "place", "word": 7, "start": 6.3, "end": 6.6})
        with other.expect_request("**/changes?*"):  # again
            pass
        expect(other.locator("#announcement")).to_be_empty()
        other.unroute("**/changes?*")
        expect(other.locator("#announcement")).to_have_text("Changed elsewhere: time of a word")
        assert data(other)["starts"][7] == 6300


SHOWN = """() => {
    const copy = document.getElementById("transcript").cloneNode(true);
    for (const each of copy.querySelectorAll("[tabindex]")) each.removeAttribute("tabindex");
    for (const each of copy.querySelectorAll("[title]")) each.removeAttribute("title");
    const textOf = (name) => document.querySelector(name).textContent.replace(/\\s+/g, "");
    return [copy.innerHTML.replace(/>\\s+/g, ">").replace(/\\s+</g, "<"), textOf("#chapters"), textOf(".heading"),
        document.querySelector('meta[name="transcript"]').content];
}"""

SPEECH = {"kind": "speech", "speaker": "Maëlle Kerdoncuff"}


def paragraph(text: str, **other: Any) -> dict[str, Any]:
    return {**SPEECH, "text": text, **other}


CORRECTIONS: dict[str, list[dict[str, Any]]] = {
    "a word that is set": [{"kind": "place", "word": 7, "start": 6.3, "end": 6.6}],
    "a paragraph that is written otherwise": [
        {"kind": "text", "first": 3, "stop": 4, "paragraphs": [paragraph("Un texte tout autre, plus court.")]}
    ],
    "a paragraph that becomes two, of two people": [
        {
            "kind": "text",
            "first": 3,
            "stop": 4,
            "paragraphs": [paragraph("Une première partie."), paragraph("Une seconde.", speaker="Quelqu’un")],
        }
    ],
    "one that is taken out, and one put in": [
        {"kind": "text", "first": 4, "stop": 5, "paragraphs": []},
        {"kind": "text", "first": 1, "stop": 1, "paragraphs": [paragraph("Tout au début.")]},
    ],
    "a heading": [
        {"kind": "text", "first": 3, "stop": 3, "paragraphs": [{"kind": "heading", "speaker": None, "text": "Ici"}]}
    ],
    "missing speech, marked": [
        {"kind": "insert", "start": 1.0, "end": 3.0, "speaker": "Maëlle Kerdoncuff", "text": "Bonjour à tous."}
    ],
    "what is said in the place of words": [
        {"kind": "instead", "first": 40, "stop": 44, "start": 20.0, "end": 22.0, "text": "Une autre phrase."}
    ],
    "a jingle that nobody has found": [{"kind": "annotate", "as": "jingle", "start": 1.0, "end": 3.0}],
}


@pytest.mark.parametrize("corrections", CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_corrected_page_is_what_a_reload_shows(episode: Page, corrections: list[dict[str, Any]]) -> None:
    without_a_name(episode)
    before = episode.evaluate(SHOWN), data(episode)
    for correction in corrections:
        assert correct(episode, correction) is not None
    shown, told = episode.evaluate(SHOWN), data(episode)
    episode.reload()
    assert episode.evaluate(SHOWN) == shown
    assert data(episode) | {"revision": 0} == told | {"revision": 0}
    for _ in corrections:
        episode.evaluate("async () => { await (await import('/static/js/page/episode.js')).changes.undo(); }")
    assert episode.evaluate(SHOWN) == before[0]
    assert data(episode) | {"revision": 0} == before[1] | {"revision": 0}
