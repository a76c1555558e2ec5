"""Saved quotes, clips and links that point into text which is then edited, on the page that shows them."""

from pathlib import Path

from playwright.sync_api import Page, expect

from aligner.model import Alignment
from aligner.saved_quotes import text_of
from aligner.storage.alignment_json import read_alignment
from tests.web.editing.fields import WORD, field, name_reader, opened, saved
from tests.web.planting import plant_clip
from web.quotes.saved import save_quote

FLAGS = """() => [...document.querySelectorAll(".flag")].map((flag) => flag.closest(".w").firstChild.textContent)"""


def aligned(library: Path) -> Alignment:
    return read_alignment(library / "roue-libre" / "episode.alignment.json")


def paragraph(alignment: Alignment, i: int = WORD) -> range:
    segment = alignment.words[i].word.segment
    words = [k for k, timed in enumerate(alignment.words) if timed.word.segment == segment]
    return range(words[0], words[-1] + 1)


def test_quotes_before_and_after_stay_and_one_of_words_that_are_deleted_says_what_it_was(
    page: Page, server: str, library: Path
) -> None:
    alignment = aligned(library)
    within = paragraph(alignment)
    quotes = range(5, 12), range(within.start, within.start + 12), range(within.stop + 20, within.stop + 28)
    for words in quotes:
        save_quote(library / "roue-libre", alignment, words.start, words.stop)
    said = [" ".join(text_of(alignment, words).split()) for words in quotes]
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    expect(page.locator(".flag")).to_have_count(3)
    flagged = page.evaluate(FLAGS)
    opened(page).fill("Alors voilà.")
    saved(page)
    expect(page.locator(".flag")).to_have_count(2)
    assert page.evaluate(FLAGS) == [flagged[0], flagged[2]]
    rows = page.locator("#saved-quotes .row")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="Not found: the words are no longer there")).to_have_count(1)
    shown = " ".join("".join(rows.all_inner_texts()).split())
    assert [text for text in said if text[:30] not in shown] == []


def test_a_clip_of_words_that_are_others_now_says_so(page: Page, server: str, library: Path) -> None:
    alignment = aligned(library)
    words = paragraph(alignment)
    spans = [span for k in words if (span := alignment.words[k].span)]
    source = {"start": spans[0].start - 0.05, "end": spans[-1].end + 0.05}
    plant_clip(library / "roue-libre", "here.mp3", text_of(alignment, words), source=source)
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    outdated = page.locator("#clips .row.card p.to-check")
    expect(outdated).to_be_hidden()
    opened(page).fill(field(page).input_value().replace("La première année", "La première saison"))
    saved(page)
    expect(outdated).to_contain_text("The text has changed since")
