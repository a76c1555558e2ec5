"""A library that is away, and a disk that is full, while `archive add` and `update` are at work: told as what they are,
and over once there is a library, or room, again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aligner.storage.audio_lookup import sha256_of
from media.errors import UserError
from tests.web.archive.test_changed_sounds import OTHER, TALK, run, said
from tests.web.library.shelved import write_sound
from web.archive.adding.add import _Looking
from web.archive.adding.making import Maker
from web.archive.errors import ArchiveError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (folder := tmp_path / "source").mkdir()
    for n, word in enumerate(("vélo", "train", "phare"), 1):
        write_sound(folder / f"E{n}.wav", 1.0 + n)
        (folder / f"E{n}.txt").write_text(TALK.replace("vélo", word), "utf-8")
    return folder


def add(source: Path, library: Path) -> int:
    return run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library)


@pytest.mark.nightly
def test_a_library_that_goes_away_while_episodes_are_made_is_told_once_and_gone_on_with_once_it_is_back(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library, away, made = tmp_path / "library", tmp_path / "away", Maker._made

    def then_away(*arguments: object) -> object:
        episode = made(*arguments)  # type: ignore[arg-type]
        library.rename(away)
        return episode

    with monkeypatch.context() as once:
        once.setattr(Maker, "_made", then_away)
        with pytest.raises(UserError, match="is not there any more"):
            add(source, library)
    assert "not made" not in said(capsys)
    assert not library.exists()
    away.rename(library)
    assert add(source, library) == 0
    assert sorted(path.name for path in library.glob("E*")) == ["E1", "E2", "E3"]


def test_a_library_that_goes_away_while_sounds_are_exchanged_is_told_once(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library, away = tmp_path / "library", tmp_path / "away"
    assert add(source, library) == 0
    for n in (1, 2, 3):
        write_sound(source / f"E{n}.wav", 5.0 + n)
        (source / f"E{n}.txt").write_text(OTHER, "utf-8")

    def away_now(*_: object) -> None:
        library.rename(away)
        raise OSError(2, "no such file")

    monkeypatch.setattr("web.archive.adding.exchanges.exchange", away_now)
    said(capsys)
    with pytest.raises(ArchiveError, match="is not there any more"):
        run("update", "--no-listen", library)
    assert "not brought up to date" not in said(capsys)


@pytest.mark.nightly
def test_a_disk_that_is_full_refuses_no_sound(
    source: Path, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = small_disk / "library"
    assert add(source, library) == 0
    write_sound(source / "E1.wav", 8.0)
    new, filler = sha256_of(source / "E1.wav"), small_disk / "filler"
    filler.write_bytes(bytes(max(0, shutil.disk_usage(small_disk).free - 100_000)))
    said(capsys)
    assert run("update", "--no-listen", library) == 3
    told = said(capsys)
    assert "No space left" in told
    assert "-o" not in told
    filler.unlink()
    assert run("update", "--no-listen", library) == 0
    assert sha256_of(next(library.glob("*/E1.wav"))) == new


def test_how_many_files_were_looked_at_is_told_without_a_terminal_where_it_takes_long(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _Looking()(1, 3000)
    assert said(capsys) == ""
    _Looking(every=0.0)(1, 3000)
    assert said(capsys) == "Looking   1 of 3000 files\n"
