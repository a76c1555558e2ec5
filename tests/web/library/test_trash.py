"""What is removed lies in the trash, is told of with its day and size, and goes for good when that is meant."""

import json
import shutil
from pathlib import Path

import pytest

from tests.web.library.shelved import tree
from web.errors import NotFound
from web.library import Library, delete_for_good, remove, removed_episodes, restore, size_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name in ("one", "two"):
        folder = tmp_path / "library" / name
        (folder / "clips").mkdir(parents=True)
        (folder / "episode.mp3").write_bytes(b"x" * 1000)
        (folder / "clips" / "tide.mp3").write_bytes(b"y" * 234)
    return Library(tmp_path / "library")


def test_all_that_was_removed_is_told_with_its_size_the_last_first(library: Library) -> None:
    for episode in library.episodes():
        remove(library, episode)
    told = removed_episodes(library)
    assert [(each.title, each.size_bytes, each.is_episode) for each in told] == [
        ("two", 1234, True),
        ("one", 1234, True),
    ]
    assert told[0].at >= told[1].at > 0


def test_what_is_deleted_for_good_is_gone_and_the_rest_stays(library: Library) -> None:
    tokens = [remove(library, episode) for episode in library.episodes()]
    delete_for_good(library, tokens[0])
    assert [each.token for each in removed_episodes(library)] == [tokens[1]]
    assert not (library.root / "trash" / "one").exists()
    for token in (tokens[0], "..", "../two", "", "."):
        with pytest.raises(NotFound):
            delete_for_good(library, token)
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
        delete_for_good(library, each.token)
    assert (tree(other), tree(library.root / "two")) == before
    assert token not in {each.token for each in removed_episodes(library)}
    assert list((library.root / "trash").iterdir()) == []


def test_the_rest_of_what_was_deleted_halfway_can_be_deleted_too(library: Library) -> None:
    rest = library.root / "trash" / "half"
    rest.mkdir(parents=True)
    (rest / "notes.xyz").write_bytes(b"1234")
    (told,) = removed_episodes(library)
    assert (told.title, told.size_bytes, told.is_episode) == ("half", 4, False)
    delete_for_good(library, told.token)
    assert removed_episodes(library) == []


TIMES = Path("trash") / ".removed.json"


def test_when_it_was_removed_holds_after_the_library_was_copied_or_restored(library: Library, tmp_path: Path) -> None:
    remove(library, library.episodes()[0])
    [told] = removed_episodes(library)
    [(name, at)] = json.loads((library.root / TIMES).read_text(encoding="utf-8")).items()
    assert (name, at) == ("one", told.at)
    (library.root / TIMES).write_text(json.dumps({"one": at - 30 * 24 * 3600}), encoding="utf-8")
    shutil.copytree(library.root, tmp_path / "copy")
    [copied] = removed_episodes(Library(tmp_path / "copy"))
    assert copied.at == told.at - 30 * 24 * 3600


def test_what_is_removed_again_has_the_day_of_the_last_time(library: Library) -> None:
    token = remove(library, library.episodes()[0])
    (library.root / TIMES).write_text('{"one": 1e9, "gone": 1e9}', encoding="utf-8")
    restore(library, token)
    assert not (library.root / TIMES).exists()
    remove(library, library.episodes()[0])
    [told] = removed_episodes(library)
    assert told.at > 1.1e9
    assert json.loads((library.root / TIMES).read_text(encoding="utf-8")).keys() == {"one"}


def test_no_day_is_read_or_written_through_a_link(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"one": 1, "two": 1}', encoding="utf-8")
    remove(library, library.episodes()[0])
    (library.root / TIMES).unlink()
    (library.root / TIMES).symlink_to(other)
    remove(library, library.episodes()[0])
    assert other.read_text(encoding="utf-8") == '{"one": 1, "two": 1}'
    assert min(each.at for each in removed_episodes(library)) > 1
