"""Downloads of an episode, and the offline page."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from aligner.storage.alignment_json import to_text
from aligner.storage.atomic import write_text
from tests.tables import over_rows
from tests.web.page.planted import planted
from tests.web.visiting import assert_accessible, new_tab, play_without_waiting
from web.page.preparation import COPY, HIDDEN, PEAKS, stamp_of

NAME = "2025-03-15 Une promenade qui attend"


def take(client: FlaskClient, what: str) -> str:
    answer = client.get(f"/episodes/roue-libre/download/{what}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}.{what}"'
    return answer.text


def test_captions_are_those_in_the_folder_even_edited(client: FlaskClient, library: Path) -> None:
    assert take(client, "vtt").startswith("WEBVTT\n")
    edited = library / "roue-libre" / "episode.srt"
    edited.write_text("1\n00:00:01,000 --> 00:00:02,000\nÀ ma façon\n", encoding="utf-8")
    assert "À ma façon" in take(client, "srt")


def test_the_text_has_review_status_times_and_speakers(client: FlaskClient) -> None:
    text = take(client, "txt")
    assert text.startswith("Une promenade qui attend\n====")
    assert "\n\n(minutage automatique, non vérifié)\n\n" in text
    assert "Automatic timing, not reviewed" in take(client, "html")
    assert "[0:04] Bastien Oriol\nUn vélo qui dort dans une cave" in text
    assert "\n\n## Une clé de 15\u00a0: tout commence là\n\n" in text
    assert "\u202f" not in text  # which is a box in some editors


def test_a_dialogue_dash_is_shown_in_text_and_on_pages(client: FlaskClient, library: Path) -> None:
    alignment = planted(("Ana", "Names vary."), ("Ana", "— An example?"), ("Ana", "– They stink!"))
    segments = [
        replace(timed, segment=replace(timed.segment, char_start=timed.segment.char_start + 2 * (k > 0)))
        for k, timed in enumerate(alignment.segments)
    ]
    alignment = replace(alignment, segments=tuple(segments))
    write_text(library / "roue-libre" / "episode.alignment.json", to_text(alignment))
    said = "Ana\nNames vary.\n–\xa0An example?\n–\xa0They stink!"
    assert said in client.get("/episodes/roue-libre/download/txt").text
    for page in ("/episodes/roue-libre/download/html", "/episodes/roue-libre"):
        assert client.get(page).text.count('class="dashed"') == 2


def test_the_alignment_is_downloaded_unchanged(client: FlaskClient, library: Path) -> None:
    with client.get("/episodes/roue-libre/download/json") as answer:
        assert answer.data == (library / "roue-libre" / "episode.alignment.json").read_bytes()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}.alignment.json"'


def test_the_offline_page_plays_audio_only_from_web_addresses(client: FlaskClient) -> None:
    address = "/episodes/roue-libre/download/html?audio="
    assert 'src="https://cdn.example/e.mp3"' in client.get(address + "https://cdn.example/e.mp3").text
    assert "javascript:alert" not in client.get(address + "javascript:alert(1)").text


@over_rows("title, named",
    [
        ("Cœurs d’été : 24/7 ?", "filename*=UTF-8''2026-11-20%20C%C5%93urs%20d%E2%80%99%C3%A9t%C3%A9%2024-7.srt"),
        (
            'Was it "rain"? 5.5 inches of it, they said, which nobody in the valley had expected',
            'filename="2026-11-20 Was it rain 5-5 inches of it, they said, which nobody in the.srt"',
        ),
        ("../../etc/passwd\0", 'filename="2026-11-20 etc-passwd.srt"'),
    ],
)  # fmt: skip
def test_a_download_is_named_after_date_and_title(client: FlaskClient, library: Path, title: str, named: str) -> None:
    said = {"format": "quotecast-episode", "version": 1, "title": title, "date": "2026-11-20"}
    (library / "roue-libre" / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    assert client.get("/episodes/roue-libre/download/srt").headers["Content-Disposition"].endswith(named)


@pytest.fixture
def disk(client: FlaskClient, library: Path, tmp_path: Path) -> Path:
    """Return the offline page in a folder with its audio."""
    folder = tmp_path / "on disk"
    folder.mkdir()
    (folder / "page.html").write_text(take(client, "html"), encoding="utf-8")
    shutil.copy(library / "roue-libre" / "episode.mp3", folder / f"{NAME}.mp3")
    return folder / "page.html"


@pytest.mark.walk
def test_the_offline_page_plays_in_sync(disk: Path, page: Page) -> None:
    page.goto(disk.as_uri())
    play_without_waiting(page, 21)
    shown = page.locator("#transcript .w.lit").inner_text()
    data = json.loads(page.locator("#episode-data").text_content() or "")
    index = int(page.locator("#transcript .w.lit").get_attribute("data-i") or -1)
    assert shown
    assert data["starts"][index] <= 21_000 < data["ends"][index] + 300
    page.get_by_text("tandem", exact=True).click()
    page.wait_for_function("() => document.getElementById('audio').currentTime > 46")
    page.get_by_role("button", name="Large captions").click()
    expect(page.locator("#captions .speaker")).to_have_text("Bastien Oriol")
    assert_accessible(page)


def test_a_link_to_a_quote_opens_the_offline_page_at_its_words(disk: Path, page: Page) -> None:
    page.goto(disk.as_uri())
    words = page.locator("#transcript .w")
    chars = page.evaluate("JSON.parse(document.getElementById('episode-data').textContent)")
    link = f"w={chars['chars'][2 * 30]}-{chars['chars'][2 * 35 - 1]}&v={chars['hash']}"
    page.goto(f"{disk.as_uri()}#t=1,2&{link}")
    page.reload()
    expect(page.locator("#transcript .w.sel")).to_have_text(words.all_inner_texts()[30:35])
    assert page.evaluate("document.getElementById('audio').currentTime") == pytest.approx(
        chars["starts"][30] / 1000, abs=0.05
    )


def test_an_offline_page_without_its_audio_asks_for_it(disk: Path, browser: Browser) -> None:
    sound = disk.with_name("moved.mp3")
    disk.with_name(f"{NAME}.mp3").rename(sound)
    with new_tab(browser, may_complain=True, locale="en-GB") as page:
        page.goto(disk.as_uri())
        expect(page.get_by_text("This page cannot find its audio")).to_be_visible()
        page.locator("#audio-missing input").set_input_files(sound)
        play_without_waiting(page, 21)
        expect(page.locator("#audio-missing")).to_be_hidden()


def plant_copy(folder: Path, audio: Path) -> Path:
    """Prepare the episode in ``folder`` as if its audio were not seekable; return the copy."""
    hidden = folder / HIDDEN
    hidden.mkdir(exist_ok=True)
    copy = Path(shutil.copy(audio, hidden / COPY))
    copy.write_bytes(copy.read_bytes() + b"the copy")
    told = {"of": stamp_of(audio), "copy": True, "peaks": [3, 255, 7] * 4000}
    (hidden / PEAKS).write_text(json.dumps(told), encoding="utf-8")
    return copy


def test_the_offline_page_plays_the_seekable_copy(
    client: FlaskClient, library: Path, tmp_path: Path, page: Page
) -> None:
    folder = library / "roue-libre"
    copy = plant_copy(folder, folder / "episode.mp3")
    with client.get("/episodes/roue-libre/audio?download=1") as answer:
        assert answer.data == copy.read_bytes()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{NAME}.m4a"'
        (tmp_path / f"{NAME}.m4a").write_bytes(answer.data)
    (tmp_path / "page.html").write_text(take(client, "html"), encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    play_without_waiting(page, 21)
    assert str(page.evaluate("document.getElementById('audio').currentSrc")).endswith(f"/{quote(NAME)}.m4a")
    peaks = json.loads(page.locator("#standalone-data").text_content() or "")["peaks"]
    assert max(peaks) == 255
    assert 1000 < len(peaks) <= 2000
