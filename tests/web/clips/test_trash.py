"""A clip that is deleted goes into the trash whole, and comes back whole."""

from pathlib import Path

import pytest

from tests.web.library.shelved import tree
from web.clips.folder import clips_of
from web.clips.trash import bring_back, deleted_clips, discard
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


def test_nothing_comes_back_where_a_job_is_about_to_write(folder: Path) -> None:
    before = tree(folder)
    token = discard(the_sound(folder))
    with pytest.raises(Conflict, match=r"clips\.making"):
        bring_back(folder, token, ["clips/TIDE.m4a"])
    assert [path.name for path in (folder / "clips").glob("*.*")] == ["tide-portrait.mp4"]
    bring_back(folder, token, ["clips/ebb.mp3", "clips/tide-portrait.mp4"])
    assert tree(folder) == before


def test_a_token_is_no_path(folder: Path) -> None:
    discard(the_sound(folder))
    for token in ("..", "", ".", "../../Ferries", "/etc"):
        with pytest.raises(NotFound):
            bring_back(folder, token)


def test_what_another_clip_of_the_same_name_needs_stays_with_it(folder: Path) -> None:
    video = folder / "clips" / "tide.mp4"
    video.write_bytes(b"a video of the same words")
    before = tree(folder)
    token = discard(the_sound(folder))
    assert sorted(path.name for path in (folder / "clips").glob("tide.*")) == [
        "tide.json", "tide.mp4", "tide.txt", "tide.vtt",
    ]  # fmt: skip
    discard(next(clip for clip in clips_of(folder) if clip.file == video))
    assert not list((folder / "clips").glob("tide.*"))
    for deleted in deleted_clips(folder):
        bring_back(folder, deleted.token)
    assert tree(folder) == before
    assert token not in {deleted.token for deleted in deleted_clips(folder)}
