"""Deleted clips go into the trash with all files and can be restored."""

from pathlib import Path

import pytest

from media import safe_fs
from web.clips.folder import clips_of
from web.clips.trash import delete, restore
from web.errors import Conflict, NotFound


def the_sound(folder: Path):
    return next(clip for clip in clips_of(folder) if clip.file.name == "tide.mp3")


def test_a_deleted_clip_is_restored_with_all_its_files(folder: Path) -> None:
    before = clips_of(folder)
    token = delete(the_sound(folder))
    assert [clip.file.name for clip in clips_of(folder)] == ["tide-portrait.mp4"]
    assert sorted(path.name for path in (folder / "clips").iterdir()) == ["tide-portrait.mp4", "trash"]
    restore(folder, token)
    assert clips_of(folder) == before
    with pytest.raises(NotFound):
        restore(folder, token)


def test_restoring_overwrites_nothing(folder: Path) -> None:
    token = delete(the_sound(folder))
    (folder / "clips" / "tide.txt").write_text("new")
    with pytest.raises(Conflict, match=r"clips\.again"):
        restore(folder, token)
    assert (folder / "clips" / "tide.txt").read_text() == "new"


def test_a_clip_is_not_restored_over_a_pending_export(folder: Path) -> None:
    token = delete(the_sound(folder))
    with pytest.raises(Conflict, match=r"clips\.again"):
        restore(folder, token, ["tide"])
    restore(folder, token, ["ebb"])


def test_files_shared_by_two_clips_stay_with_the_other(folder: Path) -> None:
    (folder / "clips" / "tide.wav").write_bytes(b"RIFF")
    before = clips_of(folder)
    token = delete(the_sound(folder))
    assert sorted(path.name for path in (folder / "clips" / "trash" / token).iterdir()) == ["tide.mp3"]
    restore(folder, token)
    assert clips_of(folder) == before


@pytest.mark.parametrize("stuck", [".mp3", ".txt"])
def test_a_clip_that_cannot_be_moved_completely_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, stuck: str
) -> None:
    before = clips_of(folder)

    def failing(source: Path, target: Path) -> None:
        if source.suffix == stuck:
            raise PermissionError(13, "no", str(source))
        safe_fs.move(source, target)

    monkeypatch.setattr("web.clips.trash.move", failing)
    with pytest.raises(Conflict):
        delete(the_sound(folder))
    assert clips_of(folder) == before


def test_a_token_is_not_a_path(folder: Path) -> None:
    delete(the_sound(folder))
    for token in ("..", "", ".", "../../Ferries", "/etc"):
        with pytest.raises(NotFound):
            restore(folder, token)
