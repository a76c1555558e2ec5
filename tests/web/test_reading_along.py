"""Browser tests of the episode's page: playing, following, searching, keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.paths import SAMPLE
from tests.web.gestures import sound_time
from tests.web.visiting import assert_accessible, play_without_waiting, wait_for_sound


@pytest.fixture
def episode(page: Page, server: str) -> Page:
    page.goto(f"{server}/episodes/roue-libre")
    return page


def lit(page: Page) -> str:
    return page.locator("#transcript .w.lit").inner_text()


@pytest.mark.ci
def test_the_spoken_word_is_lit(episode: Page) -> None:
    for word in ("dort", "pneus."):
        index = episode.get_by_text(word, exact=True).first.get_attribute("data-i")
        start = episode.evaluate(
            "i => JSON.parse(document.getElementById('episode-data').textContent).starts[i]", index
        )
        play_without_waiting(episode, start / 1000 + 0.02)
        expect(episode.locator("#transcript .w.lit")).to_have_text(word)


@pytest.mark.walk
def test_a_click_on_a_word_plays_from_it(episode: Page) -> None:
    episode.get_by_text("tandem", exact=True).click()
    episode.wait_for_function("() => !document.getElementById('audio').paused")
    assert 45 < sound_time(episode) < 60


def test_the_page_follows_the_voice_until_the_reader_scrolls(episode: Page) -> None:
    episode.get_by_text("bienvenue", exact=True).click()
    play_without_waiting(episode, 130)
    episode.wait_for_function("() => scrollY > 500")
    episode.mouse.move(600, 300)
    episode.mouse.wheel(0, -3000)
    episode.wait_for_function("() => scrollY < 100")
    back = episode.get_by_role("button", name="Back to the spoken word")
    expect(back).to_be_visible()
    back.click()
    episode.wait_for_function("() => scrollY > 500")
    expect(back).to_be_hidden()


@pytest.mark.ci
def test_a_press_on_the_waveform_seeks_and_shows_the_word(episode: Page) -> None:
    episode.set_viewport_size({"width": 1280, "height": 500})
    wait_for_sound(episode)
    wave = episode.locator("#wave").bounding_box()
    assert wave
    episode.mouse.click(wave["x"] + 0.8 * wave["width"], wave["y"] + 20)
    expect(episode.locator(".w.lit")).to_be_in_viewport()
    duration = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).duration")
    assert sound_time(episode) == pytest.approx(0.8 * duration, abs=1)
    assert episode.evaluate("document.getElementById('audio').paused")
    expect(episode.get_by_role("button", name="Back to the spoken word")).to_be_hidden()


@pytest.mark.ci
def test_find_counts_hits_without_regard_to_accents_and_steps_through_them(episode: Page) -> None:
    episode.keyboard.press("/")
    episode.keyboard.type("VELO QUI DORT")
    expect(episode.locator("#find-count")).to_have_text("1 of 2")
    expect(episode.locator(".w.hit.current")).to_have_text(["vélo", "qui", "dort"])
    expect(episode.locator(".w.hit.current").first).to_be_in_viewport()
    for key, count in (("ArrowDown", "2 of 2"), ("ArrowDown", "1 of 2"), ("ArrowUp", "2 of 2")):
        episode.keyboard.press(key)
        expect(episode.locator("#find-count")).to_have_text(count)
    episode.locator("#find-text").fill("zeppelin")
    expect(episode.locator("#find-count")).to_have_text("no results")


def test_the_hit_is_where_the_next_key_acts(episode: Page) -> None:
    focused = episode.locator(".w:focus")
    episode.keyboard.press("/")
    episode.keyboard.type("velo qui dort")
    episode.keyboard.press("Enter")
    expect(focused).to_have_text("vélo")
    first = focused.get_attribute("data-i")
    for keys in (("/", "Enter"), ("/", "Enter"), ("/", "Escape")):  # to the next, and around; Escape stays there
        for key in keys:
            episode.keyboard.press(key)
    expect(focused).to_have_attribute("data-i", str(first))
    listed = episode.get_by_role("list", name="Results").get_by_role("button")
    expect(listed).to_have_count(2)
    expect(listed.nth(0)).to_have_attribute("aria-current", "true")
    expect(listed.nth(1).locator("mark")).to_have_text(["vélo", "qui", "dort"])
    listed.nth(1).click()
    expect(focused).to_have_text("vélo")
    assert focused.get_attribute("data-i") != first
    assert_accessible(episode)


def test_find_accepts_words_speakers_and_phrases(episode: Page) -> None:
    for typed, found in {
        "l'échappée EN 2021": ["L’Échappée", "en", "2021."],
        "rendez vous de": ["rendez-vous", "de"],
        "« roue libre »": ["Roue", "libre"],
        "pneus cave": ["cave", "pneus"],  # as the library's search finds them, in any order
        "Oriol: cave “qui attend”": ["cave", "qui", "attend"],
        "bienvenue “Roue libre”": ["bienvenue", "Roue", "libre"],
    }.items():
        episode.locator("#find-text").fill(typed)
        expect(episode.locator(".w.hit.current")).to_have_text([re.compile(f"^[«\\s]*{word}") for word in found])


@pytest.mark.ci
def test_arrows_move_by_word_in_the_transcript_and_seek_elsewhere(episode: Page) -> None:
    episode.locator(".w").first.focus()
    episode.keyboard.press("ArrowRight")
    expect(episode.locator(".w:focus")).to_have_text("vélo")
    episode.keyboard.press("Shift+ArrowRight")
    expect(episode.locator(".w.sel")).to_have_text(["vélo", "qui"])
    assert sound_time(episode) == 0
    episode.evaluate("document.activeElement.blur()")
    episode.keyboard.press("ArrowRight")
    assert sound_time(episode) == 5


def test_the_transcript_is_one_tab_stop(episode: Page) -> None:
    stops = "elements => elements.filter(element => element.tabIndex >= 0).map(element => element.className)"
    assert episode.locator("#transcript *").evaluate_all(stops) == ["w"]


def test_shortcuts_can_be_switched_off(episode: Page) -> None:
    episode.keyboard.press("?")
    episode.get_by_label("Single-key shortcuts").uncheck()
    episode.get_by_role("button", name="Close", exact=True).click()
    episode.reload()
    episode.keyboard.press("l")
    assert sound_time(episode) == 0


def test_shortcuts_do_not_act_in_fields(episode: Page) -> None:
    episode.locator("#find-text").focus()
    episode.keyboard.type("k l")
    assert episode.locator("#find-text").input_value() == "k l"
    assert sound_time(episode) == 0


def test_captions_in_large_type_name_the_speaker_and_light_the_word(episode: Page) -> None:
    episode.get_by_role("button", name="Large captions").click()
    play_without_waiting(episode, 21)
    expect(episode.locator("#captions .speaker")).to_have_text("Maëlle Kerdoncuff")
    assert episode.locator("#captions .lit").text_content() == lit(episode)  # no space in the box


def test_the_page_has_every_letter_of_the_transcript(episode: Page) -> None:
    shown = "".join(episode.locator("#transcript p[data-segment], #transcript h2").all_text_contents()).split()
    labels = ("Bastien Oriol :", "Maëlle Kerdoncuff :", "Inès Vauquelin :")
    printed = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    for label in labels:
        printed = printed.replace(label.replace(" :", "\u00a0:"), "").replace(label, "")
    assert "".join(shown) == "".join(printed.split())


@pytest.mark.ci
@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing(episode: Page, theme: str, width: int) -> None:
    episode.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    episode.set_viewport_size({"width": width, "height": 800})
    play_without_waiting(episode, 21)
    assert_accessible(episode)
    episode.evaluate("document.getElementById('help').showModal()")
    assert_accessible(episode)
