"""Links that stay in a library are read through, and nothing is changed through them."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from aligner.errors import OutputError
from aligner.recognition import silent
from tests.web.asking import Asker
from tests.web.library.shelved import plant, tree
from web.errors import NotFound
from web.http.server import take_up
from web.library import Incoming, Library, remove, restore
from web.page.preparation import prepare, ready

PAGE, API = "/episodes/roue-libre", "/api/episodes/roue-libre"
TOKEN = "20250101-000000-aaaaaaa"  # and a digit


@pytest.fixture
def ask(client: FlaskClient) -> Asker:
    return Asker(client)


@pytest.fixture
def linked(library: Path) -> Path:
    """The episode, its sound, transcript and cover linked to where they lie in the same library."""
    episode = library / "roue-libre"
    for folder, name in (("sounds", "episode.mp3"), ("texts", "transcript.txt")):
        (library / folder).mkdir()
        shutil.move(episode / name, library / folder / name)
        (episode / name).symlink_to(f"../{folder}/{name}")
    Image.new("RGB", (64, 64), "teal").save(library / "cover.jpg")
    (episode / "cover.jpg").symlink_to("../cover.jpg")
    return episode


@pytest.mark.nightly
def test_a_sound_a_transcript_and_a_cover_elsewhere_in_the_library_are_used(
    ask: Asker, client: FlaskClient, linked: Path
) -> None:
    assert Library(linked.parent).episode("roue-libre").problem is None
    for path, content in ((f"{PAGE}/audio?as=given", "episode.mp3"), (f"{PAGE}/cover", "cover.jpg")):
        with client.get(path) as answer:
            assert (answer.status_code, answer.data) == (200, (linked / content).read_bytes())
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}/download/txt").status_code == 200
    sound = ask.post(f"{API}/clips/sound", {"first": 3, "last": 9, "shape": ""})
    assert sound.status_code == 200, sound.text
    prepare(linked / "episode.mp3", linked, silent)
    assert ready(linked / "episode.mp3", linked)


def test_what_is_written_takes_the_place_of_a_link_and_not_of_what_it_leads_to(ask: Asker, linked: Path) -> None:
    before = tree(linked.parent / "sounds") | tree(linked.parent / "texts")
    (linked / "quotes.json").symlink_to("../texts/transcript.txt")
    (linked / "episode.vtt").unlink()
    (linked / "episode.vtt").symlink_to("../texts/transcript.txt")
    form = {"fields": {"title": "Neu", "language": "fr"}, "names": {}, "token": ""}
    saved = ask.post(f"{API}/details", form)
    assert saved.status_code == 200, saved.text
    assert (linked / "cover.jpg").is_symlink()
    assert tree(linked.parent / "sounds") | tree(linked.parent / "texts") == before


@pytest.mark.usefixtures("unprepared")
def test_an_episode_that_is_a_link_is_read_and_not_changed(ask: Asker, client: FlaskClient, library: Path) -> None:
    (library / "again").symlink_to("roue-libre")
    before = tree(library / "roue-libre")
    assert client.get("/episodes/again").status_code == 200
    for path, given in (("quotes", {"first": 3, "last": 9}), ("prepare", {}), ("align", {})):
        refused = ask.post(f"/api/episodes/again/{path}", given)
        assert refused.status_code == 422
        assert "again is a link; nothing in a library is changed through one" in refused.get_json()["error"]
    assert tree(library / "roue-libre") == before


def test_an_episode_that_is_a_link_is_removed_and_restored_itself(library: Path) -> None:
    (library / "again").symlink_to("roue-libre")
    before, shelf = tree(library / "roue-libre"), Library(library)
    token = remove(shelf, shelf.episode("again"))
    assert [episode.id for episode in shelf.episodes()] == ["roue-libre"]
    assert restore(shelf, token).id == "again"
    assert (library / "again").readlink() == Path("roue-libre")
    assert tree(library / "roue-libre") == before


def test_a_link_in_the_place_of_our_own_folder_is_told_of_that_episode_alone(
    client: FlaskClient, library: Path
) -> None:
    other = plant(library / "other")
    (other / "clips").mkdir()
    shutil.copy(other / "talk.wav", other / "clips" / "mine.wav")
    for name in ("clips", "jobs", ".quotecast"):
        link = library / "roue-libre" / name
        shutil.rmtree(link, ignore_errors=True)
        link.symlink_to("../other/clips")
        assert b"mine.wav" not in client.get(f"{API}/clips").data
        problems = {episode.id: episode.problem for episode in Library(library).episodes()}
        assert problems == {"other": None, "roue-libre": "problem.refused"}, name
        link.unlink()


def test_the_start_of_the_server_moves_nothing_through_a_link_in_the_trash_of_clips(
    app: Flask, ask: Asker, library: Path
) -> None:
    before = tree(plant(library / "other"))
    trash = library / "roue-libre" / "clips" / "trash"
    trash.mkdir(parents=True)
    for number, target in enumerate(("../../..", "../../../other")):
        (trash / f"{TOKEN}{number}.moving").symlink_to(target)
        (trash / f"{TOKEN}{number}").symlink_to(target)
    take_up(app)
    for number in range(2):
        assert ask.post(f"{API}/clips/restore/{TOKEN}{number}").status_code == 404
    assert tree(library / "other") == before
    assert (library / "roue-libre" / "episode.mp3").exists()


def test_no_upload_that_begins_sweeps_what_a_link_leads_to(library: Path) -> None:
    before, incoming = tree(library / "roue-libre"), Incoming(Library(library).root, 1_000_000)
    for place in ("incoming", f"incoming/{'e' * 32}"):
        link = library / ".quotecast" / place
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(library, link.parent))
        for path in (library, *library.rglob("*")):
            os.utime(path, (0, 0), follow_symlinks=False)
        os.utime(library / ".quotecast")  # lest it went first, and the link with it
        with contextlib.suppress(OutputError):  # which says that it is a link
            incoming.open()
        for token in ("roue-libre", "e" * 32):
            with pytest.raises(NotFound):
                incoming.drop(token)
        assert tree(library / "roue-libre") == before, place
        link.unlink(missing_ok=True)
