"""Names, quotes and turns of languages that are written leftwards, on pages that are written rightwards."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.gestures import drag, export, press, word
from tests.web.library.shelved import plant
from tests.web.page.planted import lay, planted
from tests.web.planting import plant_clip
from web.quotes.kept import keep

SHOWS = ["بودكاست المدينة", "העיר", "Roue libre"]
PLACE = """name => {
    const line = [...document.querySelectorAll(".about")].find(line => line.textContent.includes(name));
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (!walker.nextNode().data.includes(name));
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    return [range.getBoundingClientRect().left, line.closest(".what, li").querySelector("h2, .title, a")
        .getBoundingClientRect().left, getComputedStyle(line.querySelector("span"), "::before").direction];
}"""


@pytest.mark.parametrize("show", SHOWS)
@pytest.mark.parametrize("path", ["/", "/search?q=ferry"])
def test_the_name_of_a_show_stands_whole_after_the_edge_and_its_dot_before_it(
    page: Page, server: str, library: Path, show: str, path: str
) -> None:
    shutil.rmtree(library / "roue-libre")
    plant(library / "tide", "The ferry leaves.", title="Tide", show=show, date="2025-03-15")
    page.goto(server + path)
    left, edge, way = page.evaluate(PLACE, show)
    assert left == pytest.approx(edge, abs=1)
    assert way == "ltr"


WAY = "element => getComputedStyle(element).direction"


@pytest.fixture
def garden(library: Path) -> None:
    """The episode's title and some of its words are Hebrew."""
    path = library / "roue-libre" / "episode.alignment.json"
    alignment = read_alignment(path)
    letters, words = list(alignment.transcript.text), list(alignment.words)
    for k in range(25, 30):
        old = words[k].word
        letters[old.char_start : old.char_end] = text = "\u05d4" * len(old.text)
        words[k] = replace(words[k], word=replace(old, text=text))
    transcript = replace(
        alignment.transcript, text="".join(letters), sha256="0badcafe" * 8, words=tuple(each.word for each in words)
    )
    details = replace(alignment.episode, title="הגינה")
    changed = replace(alignment, transcript=transcript, words=tuple(words), episode=details)
    path.write_text(to_text(changed), encoding="utf-8")


@pytest.mark.usefixtures("garden")
def test_a_clip_of_words_that_are_written_leftwards_is_worded_and_named_so(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre")
    drag(page, 25, 29)
    press(page, "clip")
    quote = page.locator("#clip-panel blockquote")
    expect(quote).to_contain_text("הה")
    assert quote.evaluate(WAY) == "rtl"
    assert quote.evaluate("quote => getComputedStyle(quote).borderLeftWidth") == "0px"
    wording = page.locator("#clip-text")
    wording.evaluate("field => { field.value = 'הגינה שלנו'; }")
    assert wording.evaluate(WAY) == "rtl"
    export(page)
    download = page.locator(".outcome a")
    expect(download).to_contain_text("Download 2025-03-15 הגינה")
    assert download.evaluate(WAY) == "ltr"
    assert download.locator("bdi").evaluate(WAY) == "rtl"


def test_what_a_caution_tells_of_words_that_are_written_leftwards_is_told_in_its_order(
    page: Page, server: str, library: Path
) -> None:
    warnings = [{"kind": "wording", "message": "other words", "detail": "הים ישן. / ים 3"}]
    plant_clip(library / "roue-libre", "גינה.mp3", "הים ישן.", duration=1.5, warnings=warnings)
    page.goto(f"{server}/episodes/roue-libre")
    page.locator("#clips summary").click()
    lefts = page.locator("#clips .cautions li").evaluate(
        """line => (line.style.whiteSpace = "nowrap", ["heard:", "ישן", "הים", " / ", "3", "ים"].map((text, k) => {
            const range = document.createRange(), node = line.firstChild, after = node.data.indexOf(":");
            const at = k === 5 ? node.data.lastIndexOf(text) : node.data.indexOf(text, k === 3 ? after : 0);
            range.setStart(node, at);
            range.setEnd(node, at + text.length);
            return range.getBoundingClientRect().left;
        }))"""
    )
    assert lefts == sorted(lefts)  # the printed words, from right to left, then the ones that were heard


def test_names_of_controls_hold_what_is_written_leftwards_together(
    page: Page, server: str, library: Path, garden: None
) -> None:
    keep(library / "roue-libre", read_alignment(library / "roue-libre" / "episode.alignment.json"), 25, 29)
    page.goto(f"{server}/episodes/roue-libre")
    mark = page.locator(".flag")
    expect(mark).to_have_attribute("title", re.compile("^Kept quote: \u2068ה.*\u2069$"))
    drag(page, 25, 29)
    press(page, "clip")
    edge = page.get_by_role("slider", name="Start")
    expect(edge).to_have_attribute("aria-valuetext", re.compile("^[0-9:.]+, before “\u2068ה+\u2069”$"))


def test_what_is_typed_of_an_episode_runs_as_its_language_does(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    for field in ("#field-title", "#field-show", "#speaker-0", "#pasted-text"):
        page.locator(field).evaluate("field => { field.value = 'הגינה שלנו'; }")
        assert page.locator(field).evaluate(WAY) == "rtl"


def test_what_is_found_runs_as_its_words_do(page: Page, server: str, library: Path) -> None:
    plant(library / "sea", "سامي: البحر قديم يا صديقي.\n\nSami: La mer est vieille, البحر.\n", title="البحر")
    page.goto(f"{server}/search?q=البحر")
    ways = page.locator(".hits .words").evaluate_all("all => all.map(each => getComputedStyle(each).direction)")
    assert ways == ["rtl", "ltr"]


EDGES = """all => all.map((words) => {
    const range = document.createRange();
    range.selectNode(words.lastChild);
    const [line] = words.getClientRects(), name = words.querySelector("b").getBoundingClientRect();
    const said = [...range.getClientRects()].at(-1);
    return getComputedStyle(words).direction === "ltr" ? [name.left - line.left, said.left - name.right]
        : [line.right - name.right, name.left - said.right];
})"""


def test_the_gap_after_a_name_in_what_is_found_is_on_the_side_of_the_words(
    page: Page, server: str, library: Path
) -> None:
    plant(library / "sea", "נועה: tandem.\n\nSami: tandem.\n\nSami: הים tandem.\n\nנועה: הים tandem.\n")
    page.goto(f"{server}/search?q=tandem")
    edges = page.locator(".found:has-text('Sami') .hits .words").evaluate_all(EDGES)
    assert len(edges) == 4
    for before, after in edges:
        assert before == pytest.approx(0, abs=1)
        assert after > 6  # a margin and a space


def test_each_turn_of_an_episode_is_written_its_own_way(page: Page, server: str, library: Path) -> None:
    turns = (("Sami", "البحر قديم."), ("ليلى", "Une roue, énorme."), ("ليلى", "הים ישן."), ("Sami", "Oui."))
    lay(library / "roue-libre", library / "roue-libre", planted(*turns))
    page.goto(f"{server}/episodes/roue-libre")
    ways = "turns => turns.map(turn => getComputedStyle(turn).direction)"
    assert page.locator(".turn").evaluate_all(ways) == ["rtl", "ltr", "ltr"]
    lefts = [page.locator(word(page, k)).evaluate("word => word.getBoundingClientRect().left") for k in range(8)]
    edge = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().left")
    right = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().right")
    assert lefts[0] > lefts[1] > edge + (right - edge) / 2  # rightmost first, at the right
    assert edge + 20 > lefts[2] < lefts[3] < lefts[4]
    assert lefts[5] > lefts[6] > edge + (right - edge) / 2  # a paragraph of the same turn


def test_the_names_of_those_who_speak_begin_at_the_edge_whatever_the_first_is(
    page: Page, server: str, library: Path
) -> None:
    lay(library / "roue-libre", library / "roue-libre", planted(("ليلى", "Une roue."), ("Sami", "Oui.")))
    page.goto(f"{server}/episodes/roue-libre")
    names = page.locator(".heading .speakers .speaker")
    lefts = names.evaluate_all("all => all.map((each) => each.getBoundingClientRect().left)")
    edge = page.locator("h1").evaluate("title => title.getBoundingClientRect().left")
    assert lefts[0] == pytest.approx(edge, abs=1)
    assert lefts == sorted(lefts)
    assert names.first.evaluate(WAY) == "rtl"
