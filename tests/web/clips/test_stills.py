"""Thumbnails of clips, and the list that shows them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.media.videos import write_video
from tests.web.library.shelved import write_sound
from tests.web.visiting import assert_accessible
from web.clips import folder as made
from web.clips.folder import thumbnail_of
from web.worker_pool import call

EPISODE = "/api/episodes/roue-libre"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that a child was asked to look into."""
    files: list[Path] = []

    def by_child(function: Callable[..., object], path: Path) -> object:
        files.append(path)
        return call(function, path)

    monkeypatch.setattr(made, "call", by_child)
    return files


def test_a_thumbnail_is_cached_until_the_clip_changes(tmp_path: Path, asked: list[Path]) -> None:
    path = write_video(tmp_path / "a.mp4", (64, 32), [(200, 30, 30)])
    first = thumbnail_of(path)
    assert first
    assert first.startswith(b"\xff\xd8")
    assert thumbnail_of(path) == first
    assert asked == [path]
    write_video(path, (32, 64), [(30, 30, 200)] * 2)
    assert thumbnail_of(path) != first
    path.write_bytes(b"no video")
    assert [thumbnail_of(path) for _ in range(3)] == [None] * 3
    assert asked == [path] * 3


def test_browsers_cache_thumbnails(client: FlaskClient, library: Path) -> None:
    folder = library / "roue-libre" / "clips"
    folder.mkdir()
    write_video(folder / "a.mp4", (64, 32), [(200, 30, 30)])
    (folder / "b.mp3").write_bytes(b"no sound")
    ids = {each["name"]: each["id"] for each in client.get(f"{EPISODE}/clips").get_json()["clips"]}
    answer = client.get(f"{EPISODE}/clips/{ids['a.mp4']}/still?of=1")
    assert (answer.status_code, answer.mimetype, answer.data[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(f"{EPISODE}/clips/{ids['b.mp3']}/still").status_code == 204
    for wrong in ("0" * 12, "..%2fa", "a.mp4"):
        assert client.get(f"{EPISODE}/clips/{wrong}/still").status_code == 404


def plant_clips(folder: Path) -> None:
    """Forty clips of both kinds, the newest damaged."""
    folder.mkdir()
    video = write_video(folder.parent / "video.mp4", (54, 96), [(200, 30, 30)])
    sound = write_sound(folder.parent / "sound.wav", 1.0)
    for number in range(40):
        path = folder / (f"{number} - portrait.mp4" if number % 2 else f"{number}.wav")
        os.link(video if number % 2 else sound, path)
        path.with_suffix(".vtt").write_text("WEBVTT\n")
        path.with_suffix(".txt").write_text(f"Le post {number}")
    (folder / "broken - square.mp4").write_bytes(b"no video")
    os.utime(folder / "broken - square.mp4", (4e9, 4e9))


@pytest.mark.parametrize("width", [390, 1440])
def test_clips_are_cards_with_thumbnail_shape_and_actions(episode: Page, library: Path, width: int) -> None:
    plant_clips(library / "roue-libre" / "clips")
    episode.set_viewport_size({"width": width, "height": 844})
    episode.reload()
    if width < 1100:
        episode.get_by_role("button", name="Quotes", exact=True).click()
    cards = episode.locator("#clips .rows .card")
    expect(cards).to_have_count(41)
    broken, video = cards.first, cards.filter(has_text="39 - portrait")
    expect(broken).to_contain_text("Square")
    broken.scroll_into_view_if_needed()
    expect(broken.locator("img")).to_have_count(0)
    expect(broken.locator('[data-icon="film"]')).to_be_visible()
    video.scroll_into_view_if_needed()
    expect(video).to_contain_text(" kB")
    image = video.locator("img")
    expect(image).to_have_js_property("naturalWidth", 54)
    box = video.locator(".still").bounding_box()
    assert box
    assert box["height"] / box["width"] == pytest.approx(16 / 9, rel=0.02)
    expect(video.get_by_role("link", name="Download as MP4")).to_be_visible()
    expect(video.locator(".acts > :is(a, button)")).to_have_count(1)  # beside what plays it, and the menu
    video.locator(".menu summary").click()
    expect(video.get_by_role("link", name="Captions as VTT")).to_be_visible()
    video.get_by_role("button", name="Copy post text").click()
    expect(episode.get_by_text("Post text copied.")).to_be_visible()
    assert episode.evaluate("navigator.clipboard.readText()") == "Le post 39"
    video.get_by_role("button", name="Play").click()
    expect(video.locator("video")).to_be_visible()
    for card in (broken, video):
        for each in card.locator(".acts > *").all():
            place = each.bounding_box()
            assert place
            assert place["x"] + place["width"] <= width
    assert_accessible(episode)
