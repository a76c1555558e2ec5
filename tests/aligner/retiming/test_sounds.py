"""New audio in the place of the old one: nothing that stood there is lost, and nothing is kept twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from aligner.retiming.carrying import in_place


def exchange(old: Path, place: Path, content: bytes) -> None:
    laid = place.with_name("laid")
    laid.write_bytes(content)
    for path, held in in_place(place, laid, old).items():
        if isinstance(held, Path):
            shutil.copyfile(held, path)
        else:
            path.unlink()
    laid.unlink()


def test_new_audio_takes_its_place_and_the_old_and_whatever_stood_there_are_kept(tmp_path: Path) -> None:
    (tmp_path / "e.mp3").write_bytes(b"first")
    (tmp_path / "e.ogg").write_bytes(b"somebody's")
    exchange(tmp_path / "e.mp3", tmp_path / "e.ogg", b"second")
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert held == {"e.ogg": b"second", "e.mp3.bak": b"first", "e.ogg.bak": b"somebody's"}


def test_audio_that_comes_back_again_and_again_is_kept_once(tmp_path: Path) -> None:
    audio = tmp_path / "e.mp3"
    audio.write_bytes(b"first")
    for content in (b"second", b"first", b"second", b"first"):
        exchange(audio, audio, content)
    assert audio.read_bytes() == b"first"
    assert sorted(path.read_bytes() for path in tmp_path.glob("*.bak*")) == [b"first", b"second"]
