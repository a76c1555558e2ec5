"""Kept quotes, clips and links that point into text which is then edited, on the page that shows them."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from aligner.kept import text_of
from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from tests.web.editing.fields import WORD, field, name_reader, opened, saved
from tests.web.gestures import clipboard, drag, press, selected
from web.quotes.kept import keep

FLAGS = """() => [...document.querySelectorAll(".flag")].map((flag) => flag.closest(".w").firstChild.textContent)"""


def aligned(library: Path) -> Alignment:
    return read_alignment(library / "roue-libre" / "episode.alignment.json")


def paragraph(alignment: Alignment, i: int = WORD) -> range:
    segment = alignment.words[i].word.segment
    words = [k for k, timed in enumerate(alignment.words) if timed.word.segment == segment]
    return range(words[0], words[-1] + 1)


def test_quotes_before_and_after_stay_those_within_say_what_they_were_and_none_is_deleted(
    page: Page, server: str, library: Path
) -> None:
    alignment = aligned(library)
    within = paragraph(alignment)
    places = {
        "before": range(5, 12),
        "whole": within,
        "deleted": range(within.stop - 8, within.stop - 2),
        "after": range(within.stop + 20, within.stop + 28),
    }
    for words in places.values():
        keep(library / "roue-libre", alignment, words.start, words.stop)
    said = {name: text_of(alignment, words) for name, words in places.items()}
    ends = {name: alignment.words[words.stop - 1].word.text for name, words in places.items()}
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    expect(page.locator(".flag")).to_have_count(4)
    segment = alignment.segments[alignment.words[WORD].word.segment].segment
    text = alignment.transcript.text[segment.char_start : segment.char_end]
    first = alignment.words[places["deleted"].start].word.char_start - segment.char_start
    stop = alignment.words[places["deleted"].stop].word.char_start - segment.char_start
    opened(page).fill(f"Alors voilà : {text[:first]}{text[stop:]}")
    saved(page)
    expect(page.locator("#kept .changed:visible")).not_to_have_count(0)
    flagged = page.evaluate(FLAGS)
    assert [each for each in flagged if each.startswith(ends["before"].strip(".,"))]
    assert [each for each in flagged if each.startswith(ends["after"].strip(".,"))]
    rows = page.locator("#kept .row").all_inner_texts()
    assert len(rows) == 4
    assert sum("changed" in row or "Not found" in row for row in rows) == 2
    plain = [row.replace("\u00a0", " ").replace("\u202f", " ") for row in rows]
    for name in places:
        assert any(said[name].replace("\u202f", " ").replace("\u00a0", " ")[:30] in row for row in plain), name


def test_the_lines_of_quotes_are_right_after_words_before_them_came_and_went(
    page: Page, server: str, library: Path
) -> None:
    alignment = aligned(library)
    last = len(alignment.words)
    keep(library / "roue-libre", alignment, last - 6, last)
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    expect(page.locator(".flag")).to_have_count(1)
    [flagged] = page.evaluate(FLAGS)
    opened(page).fill("Moins.")
    saved(page)
    expect(page.locator(".flag")).to_have_count(1)
    assert page.evaluate(FLAGS) == [flagged]
    expect(page.locator("#kept .changed:visible, #kept .lost:visible")).to_have_count(0)


def open_with_a_quote(page: Page, server: str, library: Path) -> None:
    """Open a paragraph of which a quote is kept."""
    alignment = aligned(library)
    words = paragraph(alignment)
    keep(library / "roue-libre", alignment, words.start, words.start + 12)
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    opened(page)


def test_a_quote_goes_with_its_words_when_their_speaker_is_set_right_and_says_who_it_was(
    page: Page, server: str, library: Path
) -> None:
    open_with_a_quote(page, server, library)
    page.locator(".editor input").fill("Inès Vauquelin")
    saved(page)
    row = page.locator("#kept .row")
    expect(row).to_contain_text("The speaker was set right; it was: Bastien Oriol")
    expect(row.locator('[data-part="speaker"]')).to_have_text("Inès Vauquelin")
    expect(row.locator(".lost")).to_be_hidden()
    expect(row.get_by_role("button", name="Make a clip")).to_be_enabled()
    expect(page.locator(".flag")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(row.locator('[data-part="speaker"]')).to_have_text("Bastien Oriol")
    expect(row.locator('[data-part="respoken"]')).to_be_hidden()


def test_a_quote_of_what_is_made_a_heading_stays_and_one_that_is_deleted_says_so_and_leads_to_its_moment(
    page: Page, server: str, library: Path
) -> None:
    open_with_a_quote(page, server, library)
    page.locator(".editor select").select_option("heading")
    saved(page)
    row = page.locator("#kept .row")
    expect(row).to_contain_text("This is a heading now.")
    expect(page.locator("#transcript h2 .flag, #transcript h3 .flag")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(row.locator('[data-part="unsaid"]')).to_be_hidden()
    opened(page).fill("Rien.")
    saved(page)
    expect(row).to_contain_text("Not found: the words do not stand there any more")
    row.get_by_role("link", name="Its moment").click()
    expect(page.locator("#transcript .w.sel").first).to_be_visible()


def test_a_clip_of_words_that_are_others_now_says_so_and_one_of_others_does_not(
    page: Page, server: str, library: Path
) -> None:
    alignment = aligned(library)
    words, folder = paragraph(alignment), library / "roue-libre"
    (folder / "clips").mkdir()
    for name, part in (("here.mp3", words), ("there.mp3", range(5, 12))):
        spans = [span for k in part if (span := alignment.words[k].span)]
        source = {"start": spans[0].start - 0.05, "end": spans[-1].end + 0.05}
        told = {"format": "quotecast-clip", "version": 1, "file": name, "quote": text_of(alignment, part)}
        (folder / "clips" / name).write_bytes(b"x")
        (folder / "clips" / name).with_suffix(".json").write_text(json.dumps(told | {"source": source}), "utf-8")
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    expect(page.locator("#clips .row.card")).to_have_count(2)
    expect(page.locator('#clips [data-part="outdated"]:visible')).to_have_count(0)
    opened(page).fill(field(page).input_value().replace("La première année", "La première saison"))
    saved(page)
    marked = page.locator("#clips .row.card", has=page.locator('[data-part="outdated"]:visible'))
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("The text has changed since")


def test_a_link_made_before_leads_to_the_words_by_their_time_and_one_made_after_by_its_place(
    page: Page, server: str, library: Path
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    words = paragraph(aligned(library))
    beyond = range(words.stop + 20, words.stop + 26)
    drag(page, beyond.start, beyond.stop - 1)
    press(page, "link")
    expect(page.locator("#toast")).to_be_visible()
    before = clipboard(page)
    page.keyboard.press("Escape")
    opened(page).press("Control+Home")
    field(page).press_sequentially("Alors voilà donc ")
    saved(page)
    drag(page, beyond.start + 3, beyond.stop + 2)
    press(page, "link")
    page.wait_for_timeout(500)
    after = clipboard(page)
    assert before.partition("&w=")[2] != after.partition("&w=")[2]
    for address, told in ((before, True), (after, False)):
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator("#transcript .w.sel").first).to_be_visible()
        assert selected(page) == list(range(beyond.start + 3, beyond.stop + 3))
        if told:
            expect(page.locator("#toast")).to_contain_text("has changed since this link was made")
        else:
            expect(page.locator("#toast")).to_be_hidden()
