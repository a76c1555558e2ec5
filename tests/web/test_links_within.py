"""Links that stay in a library are read through, and nothing is changed through them."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from aligner.recognition import silent
from tests.web.asking import Asker
from tests.web.library.shelved import tree
from web.library import Library, remove, restore
from web.page.preparation import prepare, ready

PAGE, API = "/episodes/roue-libre", "/api/episodes/roue-libre"


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
