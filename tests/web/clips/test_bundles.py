"""Clips are downloaded as one ZIP with names that are safe everywhere."""

import os
import shutil
import unicodedata
import zipfile
from pathlib import Path, PureWindowsPath

from web.clips.folder import clips_of, zip_of


def test_a_zip_contains_each_file_once_and_unchanged(folder: Path) -> None:
    (folder / "clips" / "tide.mp3").write_bytes(os.urandom(3_000_000))
    clips = clips_of(folder)
    with zip_of([*clips, *clips]) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in (folder / "clips").iterdir()}


HOSTILE = (
    *("a\\..\\..\\evil.mp3", "C:\\Windows\\x.mp3", "\\\\host\\x.mp3", "C:x.mp3", "two\nlines\x1b[2J.mp3"),
    *("rlo\u202egpj.exe.mp3", "CASE.mp3", "case.mp3", "con.mp3", "nul.tar.mp3", "x ..mp3", " .mp3", "-.mp3"),
    *("x.mp3", "x 2.mp3", "X 2.mp3", "a?b.mp3", "a:b.mp3", "e\u0301.mp3", "é.mp3", "x" * 251 + ".mp3"),
    *("y" * 240 + "1.mp3", "y" * 240 + "2.mp3", os.fsdecode(b"bad\xff.mp3"), os.fsdecode(b"bad\xfe.mp3")),
)


def test_names_in_a_zip_are_safe_everywhere_and_no_file_is_left_out(folder: Path) -> None:
    shutil.rmtree(folder / "clips")
    (folder / "clips").mkdir()
    for number, name in enumerate(HOSTILE):
        (folder / "clips" / name).write_bytes(b"%d" % number)
    with zip_of(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
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
