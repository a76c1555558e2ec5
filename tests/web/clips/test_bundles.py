"""Clips are taken as one ZIP, whose names are safe wherever it is unpacked."""

import os
import shutil
import tempfile
import time
import unicodedata
import zipfile
from pathlib import Path, PureWindowsPath

import pytest

from web.clips.bundles import bundled
from web.clips.folder import clips_of
from web.errors import Full


def test_a_zip_holds_every_file_once_as_it_is(folder: Path) -> None:
    (folder / "clips" / "tide.mp3").write_bytes(os.urandom(3_000_000))
    clips = clips_of(folder)
    with bundled([*clips, *clips]) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in (folder / "clips").iterdir()}


def test_a_zip_takes_files_of_any_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_year(_seconds: float) -> time.struct_time:
        raise OverflowError

    monkeypatch.setattr(time, "localtime", no_such_year)
    clips = clips_of(folder)
    with bundled(clips) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_a_zip_lies_without_a_name_where_uploads_pass_and_is_gone_when_it_is_closed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))
    with bundled(clips_of(folder)) as file:
        assert os.fstat(file.fileno()).st_dev == passing.stat().st_dev
        assert file.seek(0, os.SEEK_END) > 0
    assert list(passing.iterdir()) == []


def test_a_zip_for_which_there_is_no_room_is_not_begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(Full):
        bundled(clips_of(folder))


@pytest.mark.parametrize("name", ["L’été.mp3", "-x.mp3", "a\nb.mp3", os.fsdecode(b"\xe9.mp3")])
def test_a_zip_takes_every_name(folder: Path, name: str) -> None:
    (folder / "clips" / name).write_bytes(b"sound")
    with bundled(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
        assert b"sound" in {archive.read(each) for each in archive.namelist()}


def test_a_zip_of_nothing_is_an_empty_one() -> None:
    with bundled([]) as file:
        assert zipfile.ZipFile(file).namelist() == []


HOSTILE = (
    *(
        "a\\..\\..\\evil.mp3",
        "b\\evil.mp3",
        "C:\\Windows\\x.mp3",
        "\\\\host\\x.mp3",
        "C:x.mp3",
        "two\nlines\x1b[2J.mp3",
    ),
    *("rlo\u202egpj.exe.mp3", "\u2066x.mp3", "CASE.mp3", "case.mp3", "con.mp3", "nul.tar.mp3", "x ..mp3", " .mp3"),
    *(
        "x.mp3",
        "x 2.mp3",
        "X 2.mp3",
        "a?b.mp3",
        "a:b.mp3",
        "e\u0301.mp3",
        "é.mp3",
        "\u01f0.mp3",
        "J\u030c.mp3",
        "x" * 251 + ".mp3",
    ),
    *("y" * 240 + "1.mp3", "y" * 240 + "2.mp3", os.fsdecode(b"bad\xff.mp3"), os.fsdecode(b"bad\xfe.mp3"), "-.mp3"),
)


def test_names_in_a_zip_are_safe_everywhere_and_no_file_is_left_out(folder: Path) -> None:
    shutil.rmtree(folder / "clips")
    (folder / "clips").mkdir()
    for number, name in enumerate(HOSTILE):
        (folder / "clips" / name).write_bytes(b"%d" % number)
    with bundled(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
        names = [entry.orig_filename for entry in archive.infolist()]
        assert {int(archive.read(name)) for name in names} == set(range(len(HOSTILE)))
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(HOSTILE)
    for name in names:
        assert PureWindowsPath(name).name == Path(name).name == name
        assert not PureWindowsPath(name).is_reserved()
        assert not set(name) & set('<>:"|?*')
        assert not any(unicodedata.category(c).startswith("C") for c in name)
        assert name[0] not in ". "
        assert name[-1] not in ". "
        assert len(name.encode()) <= 255


def test_a_clip_and_what_lies_beside_it_go_on_being_called_alike(folder: Path) -> None:
    one, other = os.fsdecode(b"bad\xff"), os.fsdecode(b"bad\xfe")
    for name in (f"{one}.mp3", f"{other}.mp3", f"{other}.txt", f"{other}.vtt"):
        (folder / "clips" / name).write_text(name[3:4].encode("utf-8", "surrogateescape").hex())
    with bundled(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
        found = {Path(name): archive.read(name) for name in archive.namelist() if name.startswith("bad")}
    assert len(found) == 4
    of_stem: dict[str, set[bytes]] = {}
    for path, content in found.items():
        of_stem.setdefault(path.stem, set()).add(content)
    assert sorted(map(sorted, of_stem.values())) == [[b"fe"], [b"ff"]]
