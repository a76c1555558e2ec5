"""The folders are the user's unless they are named; a library's alignments are those of its episodes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.errors import AlignmentError
from aligner.outputs import alignments_in
from aligner.storage.database import cache_folder, config_folder
from tests.aligner.command import posix_only
from tests.tables import over_rows


@over_rows("variable, folder", [("QUOTECAST_CACHE", cache_folder), ("QUOTECAST_CONFIG", config_folder)])
def test_a_folder_is_the_users_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, folder: Callable[[], Path]
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    assert folder() == tmp_path
    monkeypatch.setenv(variable, "~/mine")
    assert folder() == Path.home() / "mine"
    monkeypatch.delenv(variable)
    assert "quotecast" in str(folder())


def test_the_alignments_of_a_library_are_those_in_its_episodes_folders_by_name(tmp_path: Path) -> None:
    for name in ("b/x", "a/y", "a/x", ".hidden/x", "trash/x", "Versions/x", "clips/x", "c/deeper/x", "x", "a/.x"):
        path = tmp_path / f"{name}.alignment.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in alignments_in(tmp_path)]
    assert found == ["a/x.alignment.json", "a/y.alignment.json", "b/x.alignment.json"]
    for folder in (tmp_path / "a", tmp_path / "nowhere"):
        with pytest.raises(AlignmentError, match="holds no folder with an alignment"):
            alignments_in(folder)


@posix_only
def test_a_link_out_of_a_library_is_not_followed(tmp_path: Path) -> None:
    library, private = tmp_path / "library", tmp_path / "private"
    (library / "a").mkdir(parents=True)
    private.mkdir()
    (private / "x.alignment.json").touch()
    (library / "b").symlink_to(private)
    (library / "a" / "x.alignment.json").symlink_to(private / "x.alignment.json")
    (library / "a" / "y.alignment.json").touch()
    assert [path.name for path in alignments_in(library)] == ["y.alignment.json"]
