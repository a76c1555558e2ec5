"""A folder that somebody sent leads nowhere else, whatever lies in it; and only files are opened."""

import os
from pathlib import Path

import pytest

from media import confinement
from media.confinement import OutsideError, confine, is_folder, is_regular, open_regular, read_regular, where
from media.listing import entries, files, folders


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(confinement, "_confined", set())
    folder = tmp_path / "library"
    (folder / "episode").mkdir(parents=True)
    (folder / "episode" / "inside.txt").write_text("inside")
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "secret.txt").write_text("secret")
    confine(folder)
    return folder


def test_what_lies_in_the_folder_is_read(library: Path) -> None:
    assert read_regular(library / "episode" / "inside.txt") == b"inside"


def test_a_link_that_stays_in_the_folder_is_followed(library: Path) -> None:
    (library / "link.txt").symlink_to("episode/inside.txt")
    (library / "again").symlink_to(library / "episode")
    assert read_regular(library / "link.txt") == read_regular(library / "again" / "inside.txt") == b"inside"


@pytest.mark.parametrize("target", ["{out}/secret.txt", "../../private/secret.txt", "far/secret.txt"])
def test_a_link_that_leads_out_is_not_followed(library: Path, tmp_path: Path, target: str) -> None:
    (library / "episode" / "far").symlink_to(tmp_path / "private")
    (library / "episode" / "link").symlink_to(target.format(out=tmp_path / "private"))
    with pytest.raises(OutsideError, match="leads out of its library"):
        open_regular(library / "episode" / "link")
    assert not is_regular(library / "episode" / "link")


def test_a_folder_that_leads_out_is_neither_listed_nor_entered(library: Path, tmp_path: Path) -> None:
    (library / "clips").symlink_to(tmp_path / "private")
    assert list(entries(library / "clips")) == []
    assert not is_folder(library / "clips")
    with pytest.raises(OutsideError):
        where(library / "clips" / "new.mp3")
    with pytest.raises(OutsideError):
        open_regular(library / "clips" / "secret.txt")


def test_a_library_that_is_itself_reached_by_a_link_is_one(tmp_path: Path, library: Path) -> None:
    (tmp_path / "by link").symlink_to(library)
    confine(tmp_path / "by link")
    assert read_regular(tmp_path / "by link" / "episode" / "inside.txt") == b"inside"


def test_a_link_put_in_the_way_between_look_and_opening_is_not_followed(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = confinement.open_below

    def swapped(root: Path, path: Path) -> int:
        (library / "episode").rename(library / "moved")
        (library / "episode").symlink_to(tmp_path / "private")
        (tmp_path / "private" / "inside.txt").write_text("secret")
        return real(root, path)

    monkeypatch.setattr(confinement, "open_below", swapped)
    with pytest.raises(OSError, match="episode"):
        open_regular(library / "episode" / "inside.txt")


def test_a_job_inherits_what_is_confined(tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_confined", set())
    (library / "link").symlink_to(tmp_path / "private" / "secret.txt")
    assert read_regular(library / "link") == b"secret"
    monkeypatch.setenv(confinement.VARIABLE, str(library))
    with pytest.raises(OutsideError):
        read_regular(library / "link")


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "device").symlink_to("/dev/zero")
    for name in ("fifo", "device"):
        with pytest.raises(OutsideError, match="no regular file"):
            open_regular(tmp_path / name)


def test_a_folder_and_what_is_not_there_are_told_as_the_system_does(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "none")


def test_no_more_is_read_than_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_regular(tmp_path / "a", largest_bytes=5) == b"12345"
    with pytest.raises(OSError, match="larger"):
        read_regular(tmp_path / "a", largest_bytes=4)


def test_dots_lead_no_further_out_of_a_folder_than_a_link(library: Path, tmp_path: Path) -> None:
    with pytest.raises(OutsideError):
        read_regular(library / "episode" / ".." / ".." / "private" / "secret.txt")
    assert read_regular(library / "episode" / ".." / "episode" / "inside.txt") == b"inside"


def test_what_the_library_keeps_to_itself_is_reached_by_its_own_path_alone(library: Path) -> None:
    (library / ".quotecast").mkdir()
    (library / ".quotecast" / "key").write_text("key")
    (library / "episode" / "cover.jpg").symlink_to("../.quotecast/key")
    (library / "episode" / "clips").symlink_to("../.quotecast")
    assert read_regular(library / ".quotecast" / "key") == b"key"
    for path in (library / "episode" / "cover.jpg", library / "episode" / "clips" / "key"):
        with pytest.raises(OutsideError, match="keeps to itself"):
            open_regular(path)
    assert list(entries(library / "episode" / "clips")) == []


def test_files_and_folders_are_listed_with_the_links_that_may_be_followed(library: Path, tmp_path: Path) -> None:
    folder = library / "episode"
    (folder / "deep").mkdir()
    os.mkfifo(folder / "fifo")
    for name, target in [
        ("file", "inside.txt"),
        ("folder", "deep"),
        ("loop", "loop"),
        ("nowhere", "none"),
        ("out", str(tmp_path / "private")),
        ("out.txt", str(tmp_path / "private" / "secret.txt")),
    ]:
        (folder / name).symlink_to(target)
    assert files(folder) == {name: folder / name for name in ("file", "inside.txt")}
    assert folders(folder) == [folder / "deep", folder / "folder"]


def test_a_pipe_that_a_shell_hands_over_is_read(library: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"from a pipe")
    os.close(writing)
    assert read_regular(Path(f"/dev/fd/{reading}")) == b"from a pipe"
    os.close(reading)
    with pytest.raises(OSError, match="descriptor"):
        read_regular(Path(f"/dev/fd/{reading}"))
