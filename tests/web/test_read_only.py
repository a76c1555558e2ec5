"""A read-only library can be read, played and searched, but not changed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.tables import over_rows
from tests.web.http.test_server import Command
from tests.web.watching import until
from web.app import create_app
from web.languages import LANGUAGES, catalogue
from web.library.library import open_library
from web.settings import Settings

MOUNTED = ["unshare", "-r", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"']
"""Run a command with a folder mounted read-only, also for root."""

NEEDS_A_MOUNT = pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*MOUNTED, "/tmp", "true"], capture_output=True).returncode != 0,
    reason="this system lets nobody mount a folder for themselves",
)


@pytest.fixture
def app(library: Path) -> Flask:
    return create_app(Settings(library, read_only=True))


def contents(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.nightly
@NEEDS_A_MOUNT
@pytest.mark.usefixtures("unprepared")
def test_a_read_only_library_is_served_and_nothing_is_written(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    before = contents(library)
    server = Command(library, within=[*MOUNTED, str(library)])
    try:
        assert catalogue("en")["error.read_only"] in server.get("/").decode()
        until(lambda: b"roue-libre" in server.get("/search?q=promenade"))  # once it has been read
        assert len(server.get("/episodes/roue-libre/audio")) == (library / "roue-libre" / "episode.mp3").stat().st_size
        assert json.loads(server.get("/api/episodes/roue-libre/quotes")) == {"quotes": []}
        assert server.post("/api/incoming") == (403, {"error": catalogue("en")["error.read_only"]})
        assert server.post("/api/episodes/roue-libre/prepare")[0] == 200
        until(lambda: json.loads(server.get("/episodes/roue-libre/peaks"))["peaks"])
    finally:
        server.process.terminate()
        _, said = server.process.communicate(timeout=60)
    assert "cannot be written (Read-only file system)" in said
    assert contents(library) == before
    assert list(tmp_path.glob("cache/prepared/*/peaks.json"))


def test_a_writable_library_is_not_read_only(library: Path) -> None:
    assert open_library(library) is None
    assert open_library(library / "new") is None
    assert list((library / ".quotecast" / "passing").iterdir()) == []


@over_rows("language", LANGUAGES)
def test_every_change_is_refused_with_a_sentence(app: Flask, language: str) -> None:
    client = app.test_client()
    changing, refused = set(), set()
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            changing.add(rule.endpoint)
            address = rule.build({name: 1 if name == "number" else "roue-libre" for name in rule.arguments})
            assert address
            headers = {"Accept-Language": language, "X-CSRF-Token": client.get("/api/session").json["token"]}
            answer = client.open(address[1], method=method, headers=headers)
            if catalogue(language)["error.read_only"] in (answer.json or {}).get("error", answer.text):
                refused.add(rule.endpoint)
    harmless = {
        "visitor.log_in",
        "visitor.log_out",
        "visitor.end",
        "visitor.save_preferences",
        "corrections.name",
        "page.prepare",
        "jobs.cancel",
        "jobs.cancel_listed",
    }
    harmless |= {"clips.preview", "clips.audio_preview", "clips.frame_preview", "clips.video_preview", "clips.bundle"}
    assert changing - refused == harmless


@pytest.mark.ci
def test_pages_say_that_the_library_is_read_only_and_offer_no_changes(page: Page, server: str) -> None:
    said = catalogue("en")["error.read_only"]
    page.goto(server)
    expect(page.get_by_text(said)).to_have_count(1)
    expect(page.get_by_role("link", name="Add an episode")).to_have_count(0)
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.get_by_text(said)).to_have_count(1)
    names = page.locator("#selection-bar button").evaluate_all("all => all.map(each => each.dataset.do)")
    assert names == ["play", "copy", "link", "extend"]
