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


@pytest.mark.nightly
def test_what_was_set_right_once_holds_for_the_next_episodes(corrected: Show, library: Path) -> None:
    for number in (4, 5):
        corrected.add(number)
        updated(library)
        assert_corrected(library, f"Épisode {number}")
    assert details(library, "Épisode 3")["names"] == {"ANNA": "Anna"}


@pytest.mark.nightly
def test_it_does_where_that_episode_is_removed_later(corrected: Show, library: Path) -> None:
    updated(library)
    shutil.rmtree(library / "Épisode 2")
    corrected.add(4)
    updated(library)
    assert_corrected(library, "Épisode 4")


@pytest.mark.nightly
def test_the_latest_of_two_corrections_holds(corrected: Show, library: Path) -> None:
    updated(library)
    path = library / "Épisode 1" / "episode.json"
    path.write_text(path.read_text("utf-8").replace('"Anna"', '"Anna W."'), encoding="utf-8")
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["names"] == {"ANNA": "Anna W.", "BOB": "Robert"}


def call_again(library: Path, name: str, names: dict[str, str]) -> None:
    """Call an episode's speakers otherwise, as the form does; those that are not named as their labels."""
    told = details(library, name)
    speakers = [names.get(label, label) for label in ("ANNA", "BOB")]
    path = library / name / "episode.json"
    path.write_text(json.dumps(told | {"names": names, "speakers": speakers}), encoding="utf-8")


@pytest.mark.nightly
def test_names_that_were_taken_away_in_one_episode_are_those_of_the_next_ones_still(
    corrected: Show, library: Path
) -> None:
    corrected.add(4)
    updated(library)
    call_again(library, "Épisode 4", {})
    corrected.add(5)
    updated(library)
    assert_corrected(library, "Épisode 5")
    assert details(library, "Épisode 4")["names"] == {}


def test_a_name_that_was_taken_away_wherever_it_was_is_forgotten(corrected: Show, library: Path) -> None:
    corrected.add(4)
    updated(library)
    for number in (2, 4):
        call_again(library, f"Épisode {number}", {"ANNA": "Anna Weber"})
    corrected.add(5)
    updated(library)
    assert details(library, "Épisode 5")["names"] == {"ANNA": "Anna Weber"}


@pytest.mark.nightly
def test_an_older_name_that_is_taken_away_leaves_the_one_that_was_set_since(corrected: Show, library: Path) -> None:
    updated(library)
    call_again(library, "Épisode 3", {})
    corrected.add(4)
    updated(library)
    assert_corrected(library, "Épisode 4")


@pytest.mark.nightly
def test_a_spelling_that_is_taken_away_wherever_it_was_is_set_right(corrected: Show, library: Path) -> None:
    """The feed writes "Anna"; a person wants the label as it is."""
    call_again(library, "Épisode 2", {"ANNA": "Anna"})
    updated(library)
    for number in (1, 2, 3):
        call_again(library, f"Épisode {number}", {})
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["names"] == {}


def test_an_episode_has_the_cover_that_the_feed_gives_it_alone(corrected: Show, library: Path) -> None:
    corrected.add(4)
    corrected.items[3] = corrected.items[3].replace("<title>", '<itunes:image href="/own.png"/><title>')
    corrected.host.put("/own.png", picture("blue"))
    corrected.publish()
    updated(library)
    assert (library / "Épisode 4" / "cover.png").read_bytes() == picture("blue")


@pytest.mark.nightly
def test_what_no_episode_can_say_hinders_no_next_one(corrected: Show, library: Path) -> None:
    updated(library)
    path = library / ".quotecast" / "archive" / "shows.json"
    told = json.loads(path.read_text("utf-8"))
    told["shows"]["Roue libre"] = {"names": {"ANNA": "A" * 2000}, "language": "?" * 99, "cover": "../../../etc/passwd"}
    path.write_text(json.dumps(told), encoding="utf-8")
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["language"] == "fr"


@pytest.mark.nightly
@pytest.mark.parametrize("content", [b"", b"{}", b"[[[", b'{"format": "quotecast-archive-shows", "version": 2}'])
def test_a_record_that_somebody_damaged_is_begun_anew(corrected: Show, library: Path, content: bytes) -> None:
    updated(library)
    (library / ".quotecast" / "archive" / "shows.json").write_bytes(content)
    corrected.add(4)
    updated(library)
    assert details(library, "Épisode 4")["language"] == "fr"
