"""In a confined folder no link is followed, and only regular files are opened."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_files, write_text
from media import safe_fs
from media.safe_fs import (
    OutsideError,
    confine,
    copy,
    entries,
    files,
    folders,
    is_folder,
    is_regular,
    is_taken,
    link,
    make_folder,
    move,
    new_file,
    open_for_update,
    open_regular,
    plain_files,
    read_regular,
    regular_file,
    remove_empty,
    remove_file,
    remove_folder,
    status_of,
    where,
    write_new,
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A confined folder with links in an episode: out of it, and to another episode."""
    monkeypatch.setattr(safe_fs, "_confined", set())
    for folder, content in (("private", "secret"), ("library/episode", "inside"), ("library/other", "other")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.txt").write_text(content)
    root = tmp_path / "library"
    (root / "episode" / "out").symlink_to(tmp_path / "private")
    (root / "episode" / "out.txt").symlink_to("../../private/x.txt")
    (root / "episode" / "within").symlink_to("../other")
    (root / "episode" / "within.txt").symlink_to("../other/x.txt")
    confine(root)
    return root


LINKS = ("out.txt", "within.txt", "out/x.txt", "within/x.txt")


def tree(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_a_file_in_a_confined_folder_is_read_by_any_path_within_it(library: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(library)
    confine(tmp_path / "alias")
    for path in (library / "episode", tmp_path / "alias" / "episode", library / "other" / ".." / "episode"):
        assert read_regular(path / "x.txt") == b"inside"
        assert status_of(path / "x.txt").st_size == 6


@pytest.mark.parametrize("name", LINKS)
def test_no_file_is_read_through_a_link(library: Path, name: str) -> None:
    path = library / "episode" / name
    for act in (where, open_regular, read_regular, status_of, regular_file):
        with pytest.raises(OutsideError, match="is a link"):
            act(path)
    assert not is_regular(path)


def test_no_folder_is_listed_through_a_link(library: Path) -> None:
    for name in ("out", "within"):
        assert entries(library / "episode" / name) == []
        assert not is_folder(library / "episode" / name)


def test_a_link_is_listed_as_neither_file_nor_folder(library: Path) -> None:
    os.mkfifo(library / "episode" / "fifo")
    (library / "episode" / "deep").mkdir()
    folder = library / "episode"
    assert files(folder) == {"x.txt": folder / "x.txt"}
    assert plain_files(folder)["x.txt"].st_size == 6
    assert folders(folder) == [folder / "deep"]
    assert [path.name for path in entries(folder)] == [
        *("deep", "fifo", "out", "out.txt", "within", "within.txt", "x.txt")
    ]


def test_dots_do_not_leave_a_confined_folder(library: Path) -> None:
    with pytest.raises(OutsideError, match="leads out"):
        read_regular(library / "episode" / ".." / ".." / "private" / "x.txt")
    remove_folder(library / "episode" / "..")
    with pytest.raises(OutsideError):
        is_taken(library / "episode" / "..")
    assert (library / "episode" / "x.txt").exists()


def test_a_link_inserted_between_check_and_open_is_not_followed(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = safe_fs._entry_in_folder

    def swapped(path: Path) -> object:
        (library / "episode").rename(library / "moved")
        (library / "episode").symlink_to(tmp_path / "private")
        monkeypatch.setattr(Path, "is_symlink", lambda _: False)
        return held(path)

    monkeypatch.setattr(safe_fs, "_entry_in_folder", swapped)
    with pytest.raises(OSError, match="episode"):
        open_regular(library / "episode" / "x.txt")


def test_a_job_inherits_the_confined_folders(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_fs, "_confined", set())
    assert read_regular(library / "episode" / "out.txt") == b"secret"
    monkeypatch.setenv(safe_fs.VARIABLE, str(library))
    with pytest.raises(OutsideError):
        read_regular(library / "episode" / "out.txt")


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("fifo", "device"):
        with pytest.raises(OutsideError, match="not a regular file"):
            open_regular(tmp_path / name)
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    for name in ("none", "none\0", "none\ud800"):
        with pytest.raises(OSError, match="none"):
            open_regular(tmp_path / name)
        assert not is_regular(tmp_path / name)


def test_no_more_is_read_than_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular(tmp_path / "a", largest_bytes=5) == b"12345"
    with pytest.raises(OSError, match="too large"):
        read_regular(tmp_path / "a", largest_bytes=4)


def test_a_pipe_of_the_shell_is_read() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe")
    os.close(writing)
    assert read_regular(Path(f"/dev/fd/{reading}")) == b"from a pipe"
    os.close(reading)
    with pytest.raises(OSError, match="descriptor"):
        read_regular(Path(f"/dev/fd/{reading}"))


@pytest.mark.parametrize("name", ["out", "within"])
def test_nothing_is_created_moved_or_removed_through_a_link(library: Path, tmp_path: Path, name: str) -> None:
    before, behind, here = tree(tmp_path), library / "episode" / name, library / "episode" / "x.txt"
    for act in (
        lambda: make_folder(behind / "new"),
        lambda: make_folder(behind / "new"),
        lambda: new_file(behind / "new.txt"),
        lambda: open_for_update(behind / "x.txt"),
        lambda: open_for_update(library / "episode" / f"{name}.txt"),
        lambda: write_new(behind / "new.txt", b"new"),
        lambda: move(behind / "x.txt", library / "taken"),
        lambda: move(here, behind / "here.txt"),
        lambda: link(here, behind / "here.txt"),
        lambda: copy(here, behind / "here.txt"),
        lambda: copy(behind / "x.txt", library / "taken"),
        lambda: remove_file(behind / "x.txt"),
        lambda: remove_empty(behind),
    ):
        with pytest.raises(OSError, match=r"link|symbolic|directory"):
            act()
    remove_folder(behind / "x.txt")
    for write in (lambda: write_text(behind / "x.txt", "theirs"), lambda: write_files({behind / "x.txt": b"theirs"})):
        with pytest.raises(OutputError, match=name):
            write()
    with pytest.raises(OutputError, match=name), making(behind / "new"):
        pass
    assert tree(tmp_path) == before


def test_a_link_itself_is_moved_replaced_or_removed(library: Path, tmp_path: Path) -> None:
    before, episode = tree(tmp_path / "private") | tree(library / "other"), library / "episode"
    move(episode / "out", library / "moved")
    assert (library / "moved").readlink() == tmp_path / "private"
    remove_folder(library / "moved")
    assert is_taken(episode / "out.txt")
    remove_file(episode / "out.txt")
    write_text(episode / "within.txt", "new")
    (episode / "again.txt").symlink_to("../other/x.txt")
    write_files({episode / "again.txt": b"new"})
    remove_folder(episode)  # in which a link to a folder is left
    assert not is_taken(library / "moved")
    assert not is_taken(episode)
    assert tree(tmp_path / "private") | tree(library / "other") == before


def test_no_new_file_replaces_another(library: Path) -> None:
    for act in (new_file, lambda path: copy(library / "other" / "x.txt", path)):
        with pytest.raises(FileExistsError):
            act(library / "episode" / "x.txt")


def test_a_second_name_is_a_hard_link_or_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("content")
    link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").samefile(tmp_path / "a")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    link(tmp_path / "a", tmp_path / "c")
    assert (tmp_path / "c").read_text() == "content"
    assert not (tmp_path / "c").samefile(tmp_path / "a")


def test_a_confined_folder_that_was_moved_away_is_not_created_again(library: Path, tmp_path: Path) -> None:
    make_folder(library / "a" / "b")
    library.rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        make_folder(library / "a" / "c")
    with pytest.raises(OutputError), making(library / "jobs"):
        pass
    assert not library.exists()
    (tmp_path / "elsewhere").rename(library)
    make_folder(library / "a" / "c")
