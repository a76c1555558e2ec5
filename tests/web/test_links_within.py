"""Links in a library are followed nowhere, even if they stay in it."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aligner.errors import OutputError
from tests.web.asking import Asker
from tests.web.library.shelved import plant, tree
from web.errors import NotFound
from web.http.server import take_up
from web.library import Library
from web.library.incoming import Incoming

PAGE, API = "/episodes/roue-libre", "/api/episodes/roue-libre"
TOKEN = "20250101-000000-aaaaaaa"  # and a digit


@pytest.fixture
def ask(client: FlaskClient) -> Asker:
    return Asker(client)


@pytest.mark.usefixtures("unprepared")
def test_an_episode_that_is_a_link_is_not_shown_and_the_library_names_it(client: FlaskClient, library: Path) -> None:
    (library / "again").symlink_to("roue-libre")
    before = tree(library / "roue-libre")
    assert client.get("/episodes/again").status_code == 404
    assert [episode.id for episode in Library(library).episodes()] == ["roue-libre"]
    assert b"links, which are not followed in a library: again" in client.get("/").data
    assert tree(library / "roue-libre") == before


def test_files_that_are_links_are_not_used_and_that_is_said(ask: Asker, library: Path) -> None:
    episode = library / "roue-libre"
    (library / "texts").mkdir()
    shutil.move(episode / "transcript.txt", library / "texts" / "transcript.txt")
    (episode / "transcript.txt").symlink_to("../texts/transcript.txt")
    (episode / "quotes.json").symlink_to("../texts/transcript.txt")
    before = tree(library / "texts")
    assert Library(library).episode("roue-libre").problem == "problem.refused"
    refused = ask.post(f"{API}/quotes", {"first": 3, "last": 9})
    assert refused.status_code >= 400
    assert "links in a library are not followed" in refused.get_json()["error"]
    assert tree(library / "texts") == before


def test_a_link_in_the_place_of_our_own_folder_is_told_of_that_episode_alone(
    client: FlaskClient, library: Path
) -> None:
    other = plant(library / "other")
    (other / "clips").mkdir()
    shutil.copy(other / "talk.wav", other / "clips" / "mine.wav")
    for name in ("clips", ".quotecast"):
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
