"""What is moved and removed in a folder that somebody sent is in that folder."""

from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from media import confinement
from media.confinement import OutsideError, confine
from media.moving import (
    copy,
    is_taken,
    link,
    make_folder,
    move,
    new_file,
    new_folder,
    remove_empty,
    remove_file,
    remove_folder,
    write_new,
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A confined folder, in which ``out`` leads to one that is not to be touched."""
    monkeypatch.setattr(confinement, "_confined", set())
    (tmp_path / "private" / "deep").mkdir(parents=True)
    (tmp_path / "private" / "deep" / "x.txt").write_text("private", encoding="utf-8")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "here.txt").write_text("here", encoding="utf-8")
    (tmp_path / "library" / "out").symlink_to(tmp_path / "private")
    confinement.confine(tmp_path / "library")
    return tmp_path / "library"


def test_nothing_is_made_moved_or_removed_behind_a_link_that_leads_out(library: Path, tmp_path: Path) -> None:
    for act in (
        lambda: make_folder(library / "out" / "new"),
        lambda: new_file(library / "out" / "new.txt"),
        lambda: move(library / "out" / "deep", library / "taken"),
        lambda: move(library / "here.txt", library / "out" / "here.txt"),
        lambda: copy(library / "out" / "deep" / "x.txt", library / "taken"),
        lambda: copy(library / "here.txt", library / "out" / "here.txt"),
        lambda: remove_file(library / "out" / "deep" / "x.txt"),
        lambda: is_taken(library / "out" / "deep"),
    ):
        with pytest.raises(OutsideError):
            act()
    remove_folder(library / "out" / "deep")
    assert [p.relative_to(tmp_path).as_posix() for p in sorted((tmp_path / "private").rglob("*"))] == [
        "private/deep",
        "private/deep/x.txt",
    ]
    assert sorted(p.name for p in library.iterdir()) == ["here.txt", "out"]


def test_a_link_is_moved_and_removed_itself(library: Path, tmp_path: Path) -> None:
    move(library / "out", library / "moved")
    assert (library / "moved").readlink() == tmp_path / "private"
    remove_folder(library / "moved")
    (library / "link.txt").symlink_to(tmp_path / "private" / "deep" / "x.txt")
    assert is_taken(library / "link.txt")
    remove_file(library / "link.txt")
    assert [p.name for p in library.iterdir()] == ["here.txt"]
    assert (tmp_path / "private" / "deep" / "x.txt").exists()


def test_a_folder_is_removed_with_all_in_it_but_not_what_links_in_it_lead_to(library: Path, tmp_path: Path) -> None:
    make_folder(library / "a" / "b")
    (library / "a" / "b" / "out").symlink_to(tmp_path / "private")
    copy(library / "here.txt", library / "a" / "b" / "copy.txt")
    assert (library / "a" / "b" / "copy.txt").read_text(encoding="utf-8") == "here"
    remove_folder(library / "a")
    assert not is_taken(library / "a")
    assert (tmp_path / "private" / "deep" / "x.txt").exists()


def test_nothing_that_is_there_is_overwritten_by_a_new_file(library: Path) -> None:
    with pytest.raises(FileExistsError):
        new_file(library / "here.txt")


def test_a_confined_folder_that_was_moved_away_is_not_made_anew(tmp_path: Path) -> None:
    root = tmp_path / "library"
    root.mkdir()
    confine(root)
    make_folder(root / "a" / "b")
    root.rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        make_folder(root / "a" / "c")
    with pytest.raises(OutputError), making(root / "jobs"):
        pass
    assert not root.exists()
    (tmp_path / "elsewhere").rename(root)
    make_folder(root / "a" / "c")


@pytest.fixture
def linked(library: Path) -> Path:
    """A library in which ``sent/clips`` leads to the folder of another episode, ``mine``."""
    for name in ("mine", "sent"):
        (library / name).mkdir()
    (library / "mine" / "x.txt").write_text("mine", encoding="utf-8")
    (library / "sent" / "clips").symlink_to("../mine")
    return library


def test_nothing_is_changed_through_a_link_even_if_it_stays_in_the_folder(linked: Path) -> None:
    clips = linked / "sent" / "clips"
    for act in (
        lambda: make_folder(clips / "new"),
        lambda: new_folder(clips / "new"),
        lambda: write_new(clips / "new.txt", b"new"),
        lambda: move(clips / "x.txt", linked / "sent" / "x.txt"),
        lambda: move(linked / "here.txt", clips / "here.txt"),
        lambda: link(linked / "here.txt", clips / "here.txt"),
        lambda: copy(linked / "here.txt", clips / "here.txt"),
        lambda: remove_file(clips / "x.txt"),
        lambda: remove_empty(clips / "x.txt"),
    ):
        with pytest.raises(OutsideError, match=r"nothing in a library is changed through one|quotecast keeps its own"):
            act()
    remove_folder(clips / "x.txt")
    with pytest.raises(OutputError, match="clips"):
        write_text(clips / "x.txt", "theirs")
    with pytest.raises(OutputError, match="clips"), making(clips / "new"):
        pass
    assert [(p.name, p.read_text(encoding="utf-8")) for p in (linked / "mine").iterdir()] == [("x.txt", "mine")]


def test_a_link_in_the_place_of_a_file_is_replaced_and_what_it_led_to_stays(linked: Path) -> None:
    (linked / "sent" / "a.vtt").symlink_to("../mine/x.txt")
    write_text(linked / "sent" / "a.vtt", "new")
    assert not (linked / "sent" / "a.vtt").is_symlink()
    assert (linked / "mine" / "x.txt").read_text(encoding="utf-8") == "mine"
