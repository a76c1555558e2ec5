"""What a person sets right once in an episode of a show holds for its next ones, whatever becomes of that episode."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from tests.web.archive.feeding import Show
from tests.web.archive.test_update import added, details, library, run, show

__all__ = ["library", "show"]  # fixtures


def picture(colour: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def corrected(show: Show, library: Path) -> Show:
    """Of three episodes that are alike one was set right."""
    show.cover = show.host.put("/cover.png", picture("teal"))
    for number in (1, 2, 3):
        show.add(number)
    added(show, library)
    folder = library / "Épisode 2"
    path = folder / "episode.json"
    told = json.loads(path.read_text("utf-8"))
    told |= {"names": {"ANNA": "Anna Weber", "BOB": "Robert"}, "language": "de"}
    path.write_text(json.dumps(told), encoding="utf-8")
    (folder / "cover.png").write_bytes(picture("red"))
    return show


def updated(library: Path) -> None:
    assert run("update", "--no-listen", library) == 0


def assert_corrected(library: Path, name: str) -> None:
    told = details(library, name)
    assert told["names"] == {"ANNA": "Anna Weber", "BOB": "Robert"}
    assert told["language"] == "de"
    assert (library / name / "cover.png").read_bytes() == picture("red")


def test_what_was_set_right_once_holds_for_the_next_episodes(corrected: Show, library: Path) -> None:
    for number in (4, 5):
        corrected.add(number)
        updated(library)
        assert_corrected(library, f"Épisode {number}")
    assert details(library, "Épisode 3")["names"] == {"ANNA": "Anna"}


def test_it_does_where_that_episode_is_removed_later(corrected: Show, library: Path) -> None:
    updated(library)
    shutil.rmtree(library / "Épisode 2")
    corrected.add(4)
    updated(library)
    assert_corrected(library, "Épisode 4")


def test_the_latest_of_two_corrections_holds(corrected: Show, library: Path) -> None:
    updated(library)
    path = library / "Épisode 1" / "episode.json"
    path.write_text(path.read_text("utf-8").replace('"Anna"', '"Anna W."'), encoding="utf-8")
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["names"] == {"ANNA": "Anna W.", "BOB": "Robert"}


def test_an_episode_has_the_cover_that_the_feed_gives_it_alone(corrected: Show, library: Path) -> None:
    corrected.add(4)
    corrected.items[3] = corrected.items[3].replace("<title>", '<itunes:image href="/own.png"/><title>')
    corrected.host.put("/own.png", picture("blue"))
    corrected.publish()
    updated(library)
    assert (library / "Épisode 4" / "cover.png").read_bytes() == picture("blue")


def test_what_no_episode_can_say_hinders_no_next_one(corrected: Show, library: Path) -> None:
    updated(library)
    path = library / ".quotecast" / "archive" / "shows.json"
    told = json.loads(path.read_text("utf-8"))
    told["shows"]["Roue libre"] = {"names": {"ANNA": "A" * 2000}, "language": "?" * 99, "cover": "../../../etc/passwd"}
    path.write_text(json.dumps(told), encoding="utf-8")
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["language"] == "fr"


@pytest.mark.parametrize("content", [b"", b"{}", b"[[[", b'{"format": "quotecast-archive-shows", "version": 2}'])
def test_a_record_that_somebody_damaged_is_begun_anew(corrected: Show, library: Path, content: bytes) -> None:
    updated(library)
    (library / ".quotecast" / "archive" / "shows.json").write_bytes(content)
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["language"] == "fr"
