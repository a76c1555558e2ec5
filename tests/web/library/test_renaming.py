"""A sound that was renamed by hand gets its name back, if it is the one that was aligned."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.web.library.shelved import plant, tree
from web.errors import Conflict
from web.library import EpisodeProblem, EpisodeState, Library, give_name_back


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = plant(tmp_path / "library" / "talk")
    alignment = folder / "talk.alignment.json"
    sha256 = hashlib.sha256((folder / "talk.wav").read_bytes()).hexdigest()
    alignment.write_text(alignment.read_text(encoding="utf-8").replace("1" * 64, sha256), encoding="utf-8")
    return folder


def test_the_sound_that_was_aligned_is_known_by_its_bytes(folder: Path) -> None:
    before = tree(folder)
    (folder / "talk.wav").rename(folder / "episode 12.wav")
    (folder / "jingle.wav").write_bytes(b"RIFF")
    library = Library(folder.parent)
    [episode] = library.episodes()
    assert episode.problem is EpisodeProblem.RENAMED
    give_name_back(episode)
    (folder / "jingle.wav").unlink()
    assert tree(folder) == before
    [episode] = library.episodes()
    assert (episode.state, episode.problem) == (EpisodeState.ALIGNED, None)


def test_another_sound_gets_no_name(folder: Path) -> None:
    (folder / "talk.wav").unlink()
    (folder / "other.wav").write_bytes(b"RIFF" + bytes(1000))
    before = tree(folder)
    [episode] = Library(folder.parent).episodes()
    with pytest.raises(Conflict):
        give_name_back(episode)
    assert tree(folder) == before


@pytest.mark.parametrize("name", ["../talk.wav", "/etc/talk.wav", "talk.json"])
def test_an_alignment_names_nothing_outside_its_folder_and_no_other_file(folder: Path, name: str) -> None:
    (folder / "talk.wav").rename(folder / "new.wav")
    alignment = folder / "talk.alignment.json"
    text = alignment.read_text(encoding="utf-8")
    assert '"talk.wav"' in text
    alignment.write_text(text.replace('"talk.wav"', f'"{name}"'), encoding="utf-8")
    outside = tree(folder.parent.parent)
    [episode] = Library(folder.parent).episodes()
    try:
        give_name_back(episode)
    except Conflict:
        assert tree(folder.parent.parent) == outside
    else:
        assert (folder / "talk.wav").is_file()
    assert not (folder.parent / "talk.wav").exists()
