"""A transcript of a format that cannot be written, from a new episode to the original restored, in the browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from aligner.model import Kind, outermost
from aligner.storage.alignment_json import read_alignment
from aligner.transcript import read_transcript
from tests.paths import SAMPLE
from tests.web.visiting import assert_accessible


def as_docx(path: Path) -> Path:
    """Write the sample's transcript in a format that cannot be edited in place."""
    read = read_transcript(SAMPLE / "transcript.txt")
    document = Document()
    for segment in (read.segments[index] for index, _ in outermost(read.segments)):
        text = read.text[segment.char_start : segment.char_end]
        if segment.kind is Kind.HEADING:
            document.add_heading(text, 2)
            continue
        paragraph = document.add_paragraph()
        if segment.speaker:
            paragraph.add_run(f"{segment.speaker} : ").bold = True
        paragraph.add_run(text)
    document.save(str(path))
    return path


@pytest.mark.usefixtures("recognised")
def test_a_text_is_edited_as_text_and_its_original_stays_and_comes_back(
    page: Page, server: str, library: Path, tmp_path: Path
) -> None:
    given = as_docx(tmp_path / "La roue.docx")
    page.context.add_cookies([{"name": "quotecast-name", "value": "Zo%C3%A9", "url": server}])
    page.goto(f"{server}/add")
    page.locator("#file-audio").set_input_files(SAMPLE / "episode.mp3")
    page.locator("#file-transcript").set_input_files(given)
    expect(page.locator(".transcript-preview .passages")).to_contain_text("La première année")
    page.locator("#field-title").fill("La roue")
    page.locator("#begin").click()
    expect(page.locator("#transcript .w[tabindex]").first).to_be_attached()
    folder = library / "La roue"

    edit(page, "La première année", lambda text: text.replace("La première", "La toute première"))
    expect(page.locator("#toast")).to_contain_text("La roue.txt")
    expect(page.locator("#toast")).to_contain_text(given.name)
    assert_accessible(page)
    edit(page, "La toute première", speaker="Inès Vauquelin")
    edit(page, "La toute première", insert="Un paragraphe tout neuf.")
    edit(page, "Un paragraphe tout neuf", delete=True)
    expect(page.locator("#transcript")).not_to_contain_text("tout neuf")
    text = (folder / "La roue.txt").read_text(encoding="utf-8")
    assert "La toute première année" in text
    assert "tout neuf" not in text
    assert named(folder) == "La roue.txt"
    assert given.read_bytes() == (folder / given.name).read_bytes()
    page.reload()
    expect(page.locator("#transcript")).to_contain_text("La toute première année")

    page.goto(page.url + "/versions")
    rows = page.locator(".versions-list > li")
    expect(rows).to_have_count(4)
    expect(rows.last).to_contain_text(given.name)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download: Version 1").click()
    assert taken.value.path().read_bytes() == given.read_bytes()
    page.get_by_label("Before").select_option("1")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".differences ins", has_text="toute")).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("button", name="Restore: Version 1").click()
    expect(page.locator("#done")).to_contain_text("Version 1 is the current text again")
    assert named(folder) == given.name
    assert "La première année" in read_alignment(folder / "episode.alignment.json").transcript.text
    assert (folder / given.name).read_bytes() == given.read_bytes()
    page.goto("about:blank")


def named(folder: Path) -> str:
    """The file that is the episode's transcript."""
    told = json.loads((folder / "episode.json").read_text(encoding="utf-8"))["transcript"]
    assert read_alignment(folder / "episode.alignment.json").transcript.file == told
    return str(told)


def edit(
    page: Page,
    start: str,
    change: Callable[[str], str] = str,
    speaker: str | None = None,
    insert: str | None = None,
    delete: bool = False,
) -> None:
    """Edit the paragraph that begins so, and save it."""
    word = page.locator("#transcript [data-segment]", has_text=start).first.locator(".w").first
    word.evaluate("word => { word.tabIndex = 0; word.focus() }")
    page.keyboard.press("e")
    field = page.locator(".editor textarea").first
    expect(field).to_be_focused()
    field.fill(change(field.input_value()))
    if speaker:
        page.locator(".editor input").first.fill(speaker)
    if insert:
        page.locator(".editor [data-do=after]").click()
        expect(field).to_have_value("")
        field.fill(insert)
    if delete:
        page.locator(".editor [data-do=delete]").click()
    else:
        page.keyboard.press("Control+Enter")
    expect(page.locator(".editor")).to_have_count(0)
