"""A clip that is deleted goes into the trash whole, and comes back whole."""

from pathlib import Path

import pytest

from web.clips.folder import clips_of
from web.clips.trash import bring_back, discard
from web.errors import Conflict, NotFound


def the_sound(folder: Path):
    return next(clip for clip in clips_of(folder) if clip.file.name == "tide.mp3")


def test_a_deleted_clip_comes_back_with_all_its_files(folder: Path) -> None:
    before = clips_of(folder)
    token = discard(the_sound(folder))
    assert [clip.file.name for clip in clips_of(folder)] == ["tide-portrait.mp4"]
    assert sorted(path.name for path in (folder / "clips").iterdir()) == ["tide-portrait.mp4", "trash"]
    bring_back(folder, token)
    assert clips_of(folder) == before
    with pytest.raises(NotFound):
        bring_back(folder, token)


def test_bringing_back_replaces_nothing(folder: Path) -> None:
    token = discard(the_sound(folder))
    (folder / "clips" / "tide.txt").write_text("new")
    with pytest.raises(Conflict, match=r"clips\.again"):
        bring_back(folder, token)
    assert (folder / "clips" / "tide.txt").read_text() == "new"


def test_a_token_is_no_path(folder: Path) -> None:
    discard(the_sound(folder))
    for token in ("..", "", ".", "../../Ferries", "/etc"):
        with pytest.raises(NotFound):
            bring_back(folder, token)
