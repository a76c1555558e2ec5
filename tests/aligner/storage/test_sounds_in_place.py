"""A sound takes the place of another, of which one copy stays, and none of what is there anyway."""

from __future__ import annotations

from pathlib import Path

from aligner.storage.atomic import replace_files
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.sounds_in_place import copy_of, in_place
from media.moving import remove_file
from media.temporary import temporary_path


def exchange(old: Path, place: Path, content: bytes) -> None:
    laid = temporary_path(place.parent, place.suffix)
    laid.write_bytes(content)
    replace_files(in_place(place, laid, old))
    remove_file(laid)


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_old_sound_and_whatever_stands_in_the_place_are_kept(tmp_path: Path) -> None:
    (tmp_path / "e.mp3").write_bytes(b"first")
    (tmp_path / "e.ogg").write_bytes(b"somebody's")
    exchange(tmp_path / "e.mp3", tmp_path / "e.ogg", b"second")
    assert held(tmp_path) == {"e.ogg": b"second", "e.mp3.bak": b"first", "e.ogg.bak": b"somebody's"}


def test_a_copy_goes_where_it_is_the_sound_itself_again(tmp_path: Path) -> None:
    sound = tmp_path / "e.mp3"
    sound.write_bytes(b"first")
    for content in (b"second", b"third", b"first", b"second", b"first"):
        exchange(sound, sound, content)
        there = held(tmp_path)
        assert sorted(there.values()) == sorted({*there.values()}), "something is there twice"
    assert sorted(there.values()) == [b"first", b"second", b"third"]
    assert there["e.mp3"] == b"first"


def test_what_is_called_otherwise_than_copies_are_stays(tmp_path: Path) -> None:
    others = ("e.mp3.bak1", "e.mp3.bak02", "e.mp3.bakup", "f.mp3.bak", "e.ogg.bak")
    for name in others:
        (tmp_path / name).write_bytes(b"new")
    (tmp_path / "e.mp3").write_bytes(b"old")
    (tmp_path / "e.mp3.bak2").symlink_to("f.mp3.bak")
    exchange(tmp_path / "e.mp3", tmp_path / "e.mp3", b"new")
    assert {*held(tmp_path)} == {*others, "e.mp3", "e.mp3.bak", "e.mp3.bak2"}
    assert (tmp_path / "e.mp3.bak").read_bytes() == b"old"


def test_the_copy_of_a_sound_is_found_by_what_it_holds(tmp_path: Path) -> None:
    sound = tmp_path / "e.mp3"
    for content in (b"first", b"second", b"third"):
        sound.write_bytes(content)
        exchange(sound, sound, content + b" anew")
    assert copy_of(sound, sha256_of(tmp_path / "e.mp3.bak3")) == tmp_path / "e.mp3.bak3"
    assert copy_of(sound, sha256_of(sound)) is None
