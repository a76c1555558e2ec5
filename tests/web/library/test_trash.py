"""Removed episodes are in the trash until they are restored or deleted for good."""

from pathlib import Path

import pytest

from tests.web.library.shelved import plant, tree
from web.errors import Conflict, NotFound
from web.library import Library
from web.library.episode import ids_of
from web.library.library import delete_for_good, remove, removed_episodes, restore, size_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name in ("one", "two"):
        folder = tmp_path / "library" / name
        (folder / "clips").mkdir(parents=True)
        (folder / "episode.mp3").write_bytes(b"x" * 1000)
        (folder / "clips" / "tide.mp3").write_bytes(b"y" * 234)
    return Library(tmp_path / "library")


def test_removed_episodes_are_listed_with_their_size_the_latest_first(library: Library) -> None:
    for episode in library.episodes():
        remove(library, episode)
    told = removed_episodes(library)
    assert [(each.title, each.size_bytes, each.can_return) for each in told] == [
        ("two", 1234, True),
        ("one", 1234, True),
    ]
    assert told[0].at >= told[1].at > 0


def test_what_is_deleted_for_good_is_gone_and_the_rest_stays(library: Library) -> None:
    tokens = [remove(library, episode) for episode in library.episodes()]
    delete_for_good(library.root / "trash", tokens[0])
    assert [each.token for each in removed_episodes(library)] == [tokens[1]]
    assert not (library.root / "trash" / "one").exists()
    for token in (tokens[0], "..", "../two", "", "."):
        with pytest.raises(NotFound):
            delete_for_good(library.root / "trash", token)
    restore(library, tokens[1])
    assert [episode.title for episode in library.episodes()] == ["two"]


def test_no_link_in_the_trash_is_followed(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "theirs.mp3").write_bytes(b"z" * 5000)
    token = remove(library, library.episodes()[0])
    place = library.root / "trash" / "one"
    (place / "within").symlink_to(library.root / "two")
    (place / "out").symlink_to(other)
    (place / "round").symlink_to(place)
    (library.root / "trash" / "link").symlink_to(library.root / "two")
    before = tree(other), tree(library.root / "two")
    assert size_of(place) == 1234
    for each in removed_episodes(library):
        delete_for_good(library.root / "trash", each.token)
    assert (tree(other), tree(library.root / "two")) == before
    assert token not in {each.token for each in removed_episodes(library)}
    assert list((library.root / "trash").iterdir()) == []


def test_a_removed_episode_lies_whole_in_the_trash_and_comes_back(library: Library) -> None:
    episode, before = library.episode("one"), tree(library.root / "one")
    token = remove(library, episode)
    assert tree(library.root / "trash" / "one") == before
    assert restore(library, token) == episode
    assert tree(library.root / "one") == before
    with pytest.raises(NotFound):
        restore(library, token)


def test_removing_and_restoring_never_replaces_another_episode(library: Library) -> None:
    first = remove(library, library.episode("one"))
    plant(library.root / "one", title="The second")
    second = remove(library, library.episode("one"))
    plant(library.root / "one", title="The third")
    assert restore(library, first).folder.name == "one 2"
    assert restore(library, second).title == "The second"
    assert {episode.title for episode in library.episodes()} == {"one 2", "The second", "The third", "two"}


def test_a_restored_episode_never_gets_a_reserved_name(library: Library) -> None:
    plant(library.root / "trash" / "clips")
    (token,) = ids_of([library.root / "trash" / "clips"])
    assert restore(library, token).folder == library.root / "clips episode"


def test_work_is_ended_before_a_folder_goes_and_the_library_itself_never_does(library: Library) -> None:
    ended: list[Path] = []
    remove(library, library.episode("one"), lambda place: ended.append(place if place.is_dir() else Path()))
    assert ended == [library.root / "one"]
    plant(library.root)
    with pytest.raises(Conflict):
        remove(library, library.episode("library"), ended.append)
    assert len(ended) == 1
