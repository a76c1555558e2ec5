"""Browser tests of the library: adding, editing, removing and searching episodes."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.paths import SAMPLE
from tests.web.library.shelved import write_sound
from tests.web.visiting import assert_accessible

AUDIO, TRANSCRIPT = SAMPLE / "episode.mp3", SAMPLE / "transcript.txt"
LISTENING = 120_000  # milliseconds that the real model may take for two minutes of sound


def give(page: Page, audio: Path = AUDIO, transcript: Path = TRANSCRIPT) -> None:
    """Choose both files and wait until they were understood."""
    page.set_input_files("#file-audio", audio)
    page.set_input_files("#file-transcript", transcript)
    expect(page.locator(".transcript-preview")).to_be_visible()
    expect(page.locator('.slot[data-kind="audio"]')).to_have_attribute("data-state", "there")


def drop(page: Page, *files: Path) -> None:
    """Drop files on the page."""
    contents = [{"name": f.name, "bytes": list(f.read_bytes())} for f in files]
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const { name, bytes } of files) data.items.add(new File([new Uint8Array(bytes)], name));
            const about = { dataTransfer: data, bubbles: true, cancelable: true };
            for (const type of ["dragenter", "dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(type, about));
        }""",
        contents,
    )


@pytest.mark.ci
def test_an_episode_is_added_and_plays(page: Page, server: str, library: Path) -> None:
    page.goto(f"{server}/add")
    give(page)
    expect(page.locator(".transcript-preview .tally")).to_contain_text("3 speakers")
    expect(page.locator(".passage.heading")).to_contain_text("Une clé de 15")
    expect(page.locator("#field-language")).to_have_value("fr")
    page.fill("#field-title", "Vélos d’hiver")
    page.get_by_role("textbox", name="Bastien Oriol").fill("B. Oriol")
    expect(page.locator(".passage .speaker").first).to_have_text("B. Oriol")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#transcript")).to_be_visible(timeout=LISTENING)
    expect(page.locator("h1")).to_have_text("Vélos d’hiver")
    expect(page.locator(".heading .speaker").first).to_have_text("B. Oriol")
    page.wait_for_selector("#transcript .w[tabindex]")  # scripts are awake
    page.get_by_text("tandem", exact=True).click()
    page.wait_for_function("() => !document.getElementById('audio').paused")
    assert (library / "Vélos d’hiver" / "transcript.txt").read_bytes() == TRANSCRIPT.read_bytes()


def test_the_sample_is_tried_from_an_empty_library(page: Page, server: str, library: Path) -> None:
    shutil.rmtree(library / "roue-libre")
    page.goto(server)
    expect(page.get_by_text("No episodes yet.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Try the sample").click()
    expect(page.locator("#transcript")).to_be_visible(timeout=LISTENING)


def test_a_row_follows_its_job_without_a_reload(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_role("button", name="Align again").click()
    row = page.locator("#row-roue-libre")
    expect(row.locator("progress")).to_be_visible()
    page.evaluate("document.title = 'still the same page'")
    expect(row.locator(".verdict")).to_contain_text("Words found", timeout=LISTENING)
    assert page.title() == "still the same page"


def test_a_failed_alignment_has_its_reason_and_can_be_tried_again(page: Page, server: str, library: Path) -> None:
    write_sound(library / "silence" / "quiet.wav", 3.0)
    (library / "silence" / "words.txt").write_text("Anna Weber: Hello.\n", encoding="utf-8")
    page.goto(server)
    row = page.locator(".row", has_text="silence")
    row.get_by_role("button", name="Align").click()
    expect(row.locator(".problem")).to_contain_text("quiet.wav: silence or music", timeout=LISTENING)
    row.get_by_role("link", name="silence", exact=True).click()
    expect(page.locator(".problem")).to_contain_text("quiet.wav: silence or music")
    shutil.copyfile(AUDIO, library / "silence" / "quiet.wav")
    shutil.copyfile(TRANSCRIPT, library / "silence" / "words.txt")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("You can leave this page")).to_be_visible()
    expect(page.locator("#transcript")).to_be_visible(timeout=LISTENING)


def test_a_job_is_cancelled_from_its_row(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_role("button", name="Align again").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#row-roue-libre .verdict")).to_contain_text("Words found")
    page.reload()
    expect(page.locator("#row-roue-libre progress")).to_have_count(0)


def test_files_dropped_on_the_list_begin_a_new_episode(page: Page, server: str) -> None:
    page.goto(server)
    drop(page, AUDIO, TRANSCRIPT)
    expect(page.get_by_role("heading", name="New episode")).to_be_visible()
    expect(page.locator(".transcript-preview .tally")).to_contain_text("3 speakers")
    expect(page.locator('.slot[data-kind="audio"] .name')).to_have_text("episode.mp3")
    page.go_back()
    expect(page.get_by_role("heading", name="Episodes")).to_be_visible()


def test_the_list_offers_to_resume_an_episode(page: Page, server: str) -> None:
    page.goto(server)
    expect(page.locator(".resume")).to_be_hidden()
    page.evaluate("localStorage.setItem('place:roue-libre', '66.2')")
    page.reload()
    page.get_by_role("link", name="Resume at 1:06").click()
    page.wait_for_function("() => document.getElementById('audio').currentTime > 66")


@pytest.mark.ci
def test_details_are_edited_and_a_speaker_renamed(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_label("Show").fill("Roue libre, saison 2")
    page.get_by_label("Inès Vauquelin").fill("Inès V.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saved")).to_be_visible()
    page.get_by_role("link", name="Read and listen").click()
    expect(page.locator(".heading")).to_contain_text("Roue libre, saison 2")
    expect(page.locator(".heading .speakers")).to_contain_text("Inès V.")


@pytest.mark.walk
def test_an_episode_is_added_by_keys_alone(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_role("link", name="Add an episode").press("Enter")
    page.wait_for_url("**/add")
    with page.expect_file_chooser() as chooser:
        page.locator("#file-audio").press("Enter")
    chooser.value.set_files(AUDIO)
    page.locator(".pasted summary").press("Enter")
    expect(page.locator("#pasted-text")).to_be_focused()
    page.keyboard.type("Anna Weber: Hello.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".passage")).to_contain_text("Hello.")
    page.locator("#field-title").press("Control+a")
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    page.wait_for_url("**/episodes/by-keys-*")
