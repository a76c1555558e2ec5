"""Links in a library are not followed, even within it."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.asking import Asker
from tests.web.library.shelved import tree
from web.library import Library

PAGE, API = "/episodes/roue-libre", "/api/episodes/roue-libre"


@pytest.mark.usefixtures("unprepared")
def test_a_linked_episode_is_not_shown_and_the_library_names_it(client: FlaskClient, library: Path) -> None:
    (library / "again").symlink_to("roue-libre")
    before = tree(library / "roue-libre")
    assert client.get("/episodes/again").status_code == 404
    assert [episode.id for episode in Library(library).episodes()] == ["roue-libre"]
    assert b"links, which quotecast does not follow: again" in client.get("/").data
    assert tree(library / "roue-libre") == before


def test_linked_files_are_not_used_and_reported(ask: Asker, library: Path) -> None:
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
