"""Browser tests of selecting words, of links to quotes, and of saved quotes marked in the text."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.gestures import clipboard, drag, press, selected, sound_time, word
from tests.web.visiting import assert_accessible
from web.quotes.saved import save_quote


def test_a_drag_selects_whole_words_and_the_bar_stands_above_them(episode: Page) -> None:
    drag(episode, 25, 28)
    assert selected(episode) == [25, 26, 27, 28]
    bar, words = episode.locator("#selection-bar").bounding_box(), episode.locator(word(episode, 25)).bounding_box()
    assert bar
    assert words
    assert bar["y"] + bar["height"] <= words["y"]


@pytest.mark.ci
def test_a_selection_leads_back_to_its_words_by_its_link(episode: Page) -> None:
    drag(episode, 60, 66)
    press(episode, "link")
    expect(episode.locator("#toast")).to_contain_text("works on this computer only")
    address = clipboard(episode)
    assert re.search(r"#t=[\d.]+,[\d.]+&w=\d+-\d+&v=[0-9a-f]{8}$", address)
    episode.goto("about:blank")
    episode.goto(address)
    assert selected(episode) == list(range(60, 67))
    expect(episode.locator(word(episode, 60))).to_be_in_viewport()
    expect(episode.locator("#selection-bar")).to_be_visible()
    start = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts[60]")
    assert sound_time(episode) == pytest.approx(start / 1000, abs=0.05)


def test_a_link_to_another_transcript_version_is_resolved_by_its_times(
    episode: Page, library: Path, server: str
) -> None:
    starts = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts")
    ends = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).ends")
    times = f"{starts[30] / 1000},{ends[36] / 1000}"
    episode.goto(f"{server}/episodes/roue-libre#t={times}&w=0-5&v=00000000")
    episode.reload()
    assert selected(episode) == list(range(30, 37))
    expect(episode.locator("#toast")).to_contain_text("has changed since this link was made")


def test_a_selection_grows_to_its_sentence_and_plays(episode: Page) -> None:
    drag(episode, 20, 22)
    press(episode, "extend")
    expect(episode.locator("#transcript .w.sel")).to_have_count(23)
    expect(episode.get_by_role("button", name="Extend to sentence")).to_be_disabled()
    expect(episode.get_by_role("button", name="Extend to sentence")).to_have_attribute("title", re.compile("whole"))
    press(episode, "play")
    episode.wait_for_function("() => !document.getElementById('audio').paused")
    assert 4 < sound_time(episode) < 8


@pytest.mark.ci
def test_words_are_selected_and_copied_by_keys_alone(episode: Page) -> None:
    episode.locator(word(episode, 0)).focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Tab", "ArrowRight"):
        episode.keyboard.press(key)
    expect(episode.get_by_role("button", name="Copy quote")).to_be_focused()
    episode.keyboard.press("Enter")
    expect(episode.locator("#toast")).to_contain_text("Quote copied")
    assert clipboard(episode).startswith("«\u00a0vélo qui dort\u00a0»")
    episode.keyboard.press("Escape")
    expect(episode.locator(word(episode, 3))).to_be_focused()
    episode.evaluate("navigator.clipboard.writeText('')")
    episode.keyboard.press("Control+c")
    assert clipboard(episode).startswith("«\u00a0vélo qui dort\u00a0»")
    episode.keyboard.press("Escape")
    assert selected(episode) == []


@pytest.mark.walk
def test_a_saved_quote_is_listed_removed_and_restored(episode: Page) -> None:
    drag(episode, 25, 28)
    press(episode, "keep")
    expect(episode.locator("#saved-quotes .row")).to_have_count(1)
    episode.reload()
    row = episode.locator("#saved-quotes .row")
    row.get_by_role("link").click()
    assert selected(episode) == [25, 26, 27, 28]
    row.get_by_role("button", name="Remove from the list").click()
    expect(row).to_have_count(0)
    episode.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)


def test_a_lost_quote_has_a_reason_and_a_suggestion(episode: Page, library: Path) -> None:
    path = library / "roue-libre" / "episode.alignment.json"
    alignment = read_alignment(path)
    for first, last in ((81, 88), (93, 97)):
        save_quote(library / "roue-libre", alignment, first, last + 1)
    path.write_text(to_text(said_by_another(reworded(alignment, {*range(80, 90)}), 93)), encoding="utf-8")
    episode.reload()
    expect(episode.locator("#saved-quotes .row")).to_have_count(2)
    gone, lost = episode.locator("#saved-quotes .row").all()
    expect(gone.get_by_text("Not found: the words are no longer there")).to_be_visible()
    expect(lost.get_by_text("Not found: another speaker says these words now")).to_be_visible()
    for row in (gone, lost):
        expect(row.get_by_role("checkbox")).to_be_disabled()
        expect(row.get_by_role("button", name="Make a clip")).to_be_disabled()
        told = row.locator("[data-part=lost]").inner_text()
        expect(row.get_by_role("button", name="Make a clip")).to_have_attribute("title", told)
    expect(gone.get_by_role("button", name="Save this passage instead")).to_be_hidden()
    before = (gone.inner_text(), lost.inner_text())
    lost.get_by_role("button", name="Save this passage instead").click()
    expect(episode.locator("#saved-quotes [data-part=lost]:visible")).to_have_count(1)
    expect(episode.locator("#saved-quotes .row a.saying[href]")).to_have_count(1)
    expect(episode.locator("#saved-quotes .row input:enabled")).to_have_count(1)
    episode.locator("#toast").get_by_role("button", name="Undo").click()
    expect(episode.locator("#saved-quotes [data-part=lost]:visible")).to_have_count(2)
    assert (gone.inner_text(), lost.inner_text()) == before
    expect(lost.locator("[data-do=remove]")).to_be_focused()


def said_by_another(alignment: Alignment, word: int) -> Alignment:
    """Another transcript, that names another person for the paragraph of a word."""
    place = alignment.words[word].word.segment
    own = alignment.segments[place].segment
    other = next(each.segment.speaker for each in alignment.segments if each.segment.speaker not in (None, own.speaker))
    timed = list(alignment.segments)
    timed[place] = replace(timed[place], segment=replace(own, speaker=other))
    return replace(alignment, segments=tuple(timed))


def reworded(alignment: Alignment, words: set[int]) -> Alignment:
    """Another transcript, with other letters for some words, said at the same times."""
    letters, timed = list(alignment.transcript.text), list(alignment.words)
    for k in words:
        word = timed[k].word
        letters[word.char_start : word.char_end] = other = "z" * len(word.text)
        timed[k] = replace(timed[k], word=replace(word, text=other))
    transcript = replace(
        alignment.transcript, text="".join(letters), sha256="0badcafe" * 8, words=tuple(each.word for each in timed)
    )
    return replace(alignment, transcript=transcript, words=tuple(timed))


# The words under the line that marks kept quotes.
MARKED = """() => [...(CSS.highlights.get("saved") ?? [])].map((range) => range.toString()).join(" | ")"""


def kept(library: Path, *places: tuple[int, int]) -> None:
    alignment = read_alignment(library / "roue-libre" / "episode.alignment.json")
    for first, last in places:
        save_quote(library / "roue-libre", alignment, first, last)


def test_a_saved_quote_is_marked_until_it_is_removed(episode: Page) -> None:
    drag(episode, 25, 28)
    height = episode.evaluate("document.documentElement.scrollHeight")
    press(episode, "keep")
    expect(episode.locator(".flag")).to_have_count(1)
    words = "".join(episode.locator(word(episode, i)).inner_text() for i in range(25, 29))
    assert episode.evaluate(MARKED).replace(" ", "").replace("\u00a0", "").replace("«", "").startswith(words[:12])
    assert episode.evaluate("document.documentElement.scrollHeight") == height  # nothing has moved
    episode.locator("#saved-quotes").get_by_role("button", name="Remove from the list").click()
    expect(episode.locator(".flag")).to_have_count(0)
    assert episode.evaluate(MARKED) == ""
    episode.get_by_role("button", name="Undo").click()
    expect(episode.locator(".flag")).to_have_count(1)


@pytest.mark.ci
@pytest.mark.parametrize("width", [390, 1280])
def test_a_mark_leads_to_its_card_and_back(page: Page, server: str, library: Path, width: int) -> None:
    kept(library, (25, 29))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server}/episodes/roue-libre")
    page.locator(".flag").click()
    link = page.locator("#saved-quotes a.saying")
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()
    assert page.evaluate("document.getElementById('audio').paused")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator("#transcript .w.sel")).to_have_count(4)
    assert selected(page) == [25, 26, 27, 28]
    expect(page.locator(word(page, 25))).to_be_in_viewport()


def test_marks_are_reached_by_arrow_keys_and_opened_by_enter(page: Page, server: str, library: Path) -> None:
    kept(library, (0, 2))
    page.goto(f"{server}/episodes/roue-libre")
    flag = page.get_by_role("button", name="Saved quote: ")
    expect(flag).to_have_count(1)
    page.locator(word(page, 0)).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(flag).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(word(page, 2))).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(flag).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(word(page, 1))).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#saved-quotes a.saying")).to_be_focused()
    assert page.locator('#transcript [tabindex="0"]').count() == 1
