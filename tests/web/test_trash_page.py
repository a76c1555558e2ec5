"""Removed episodes and clips are restored from the trash, or deleted."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.asking import Asker
from tests.web.visiting import assert_accessible, new_tab
from web.clips.folder import clips_of
from web.clips.trash import delete


@pytest.fixture
def clip(library: Path) -> str:
    """The token of a clip in the trash."""
    clips = library / "roue-libre" / "clips"
    clips.mkdir(exist_ok=True)
    (clips / "tide.mp3").write_bytes(b"x" * 1_200_000)
    (clips / "tide.vtt").write_bytes(b"WEBVTT")
    return delete(clips_of(library / "roue-libre")[0])


@pytest.mark.walk
def test_a_removed_episode_is_restored_from_the_next_page(page: Page, server: str) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_role("button", name="Remove this episode").click()
    expect(page.get_by_text("is in the trash")).to_be_visible()
    page.goto(f"{server}/add")
    page.goto(server)
    page.get_by_role("link", name="Trash").click()
    line = page.locator(".removed-things li")
    expect(line).to_contain_text("Une promenade qui attend")
    expect(line.locator(".about")).to_contain_text(re.compile(r"removed on \d+.\w+ 20\d\d.*kB"))
    assert_accessible(page)
    line.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("The trash is empty.")).to_be_visible()
    expect(page.locator("#done")).to_contain_text("“Une promenade qui attend” is restored.")
    assert_accessible(page)
    page.reload()
    expect(page.locator("#done")).to_be_hidden()
    page.goto(server)
    expect(page.locator(".row")).to_have_count(1)


def test_deleting_for_good_asks_twice(browser: Browser, server: str, library: Path) -> None:
    with new_tab(browser, locale="fr-FR") as page:
        page.goto(f"{server}/episodes/roue-libre/details")
        page.get_by_role("button", name="Supprimer cet épisode").click()
        page.wait_for_url("**/?removed=*")
        page.goto(f"{server}/trash")
        asked: list[str] = []
        page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
        page.get_by_role("button", name="Supprimer définitivement").click()
        assert "Une promenade qui attend" in asked[0]
        assert (library / "trash" / "roue-libre").is_dir()
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Supprimer définitivement").click()
        expect(page.get_by_text("La corbeille est vide.")).to_be_visible()
        expect(page.locator("#done")).to_contain_text("Supprimé définitivement\u00a0: «\u00a0Une promenade qui attend")
        assert list((library / "trash").iterdir()) == []


def test_a_clip_is_restored_from_the_trash_or_deleted(ask: Asker, library: Path, clip: str) -> None:
    shown = ask.client.get("/trash").text
    assert "tide.mp3" in shown
    assert "1.2\u00a0MB" in shown
    path = f"/api/episodes/roue-libre/clips/trash/{clip}"
    assert f'data-send="DELETE {path}"' in shown
    assert f'data-send="POST /api/episodes/roue-libre/clips/restore/{clip}"' in shown
    assert ask.post(f"/api/episodes/roue-libre/clips/restore/{clip}").status_code == 200
    assert "tide.mp3" not in ask.client.get("/trash").text
    again = delete(clips_of(library / "roue-libre")[0])
    assert ask.delete(f"/api/episodes/roue-libre/clips/trash/{again}").status_code == 200
    assert ask.delete(f"/api/episodes/roue-libre/clips/trash/{again}").status_code == 404
    assert list((library / "roue-libre" / "clips" / "trash").iterdir()) == []
