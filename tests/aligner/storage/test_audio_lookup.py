"""What an alignment names is found where it may lie; the audio also by its content, and other audio is refused."""

import hashlib
import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from aligner.errors import SourceError
from aligner.model import Alignment
from aligner.outputs import write_alignment
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import find_audio, find_named, seen_from, sha256_of
from aligner.storage.history import with_file_names
from media.safe_fs import VARIABLE
from tests.aligner.episodes import alignment_of
from tests.media.audio_files import clicks, write_sound
from tests.tables import over_rows

OPENING = "the harbour was quiet when the first ferry came"
NAME = "ferry.alignment.json"


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    (tmp_path / "shows").mkdir()
    return write_sound(tmp_path / "shows" / "ferry.wav", clicks([0.05], 0.1))


def alignment_in(folder: Path, audio: Path) -> Alignment:
    folder.mkdir(exist_ok=True)
    alignment = alignment_of(OPENING)
    file = replace(alignment.audio, file=seen_from(folder, audio), sha256=sha256_of(audio))
    return replace(alignment, audio=file)


def test_the_way_to_the_sound_and_back_moves_with_both(tmp_path: Path, audio: Path) -> None:
    alignment = alignment_in(tmp_path / "captions", audio)
    write_alignment(alignment, tmp_path / "captions" / NAME)
    assert alignment.audio.file == "../shows/ferry.wav"
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for folder in ("shows", "captions"):
        (tmp_path / folder).rename(moved / folder)
    assert find_audio(alignment, moved / "captions" / NAME).resolve() == moved / "shows" / "ferry.wav"


def test_a_sound_that_was_renamed_beside_the_alignment_is_known_by_its_content(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    renamed = audio.rename(audio.with_name("the crossing.wav"))
    assert find_audio(alignment, audio.with_name(NAME)) == renamed


def test_what_is_too_large_to_be_guessed_is_not_looked_into(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alignment = alignment_in(audio.parent, audio)
    os.truncate(audio.rename(audio.with_name("the crossing.wav")), 1 << 42)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("four terabytes are hashed"))
    with pytest.raises(SourceError, match="the audio of the alignment is missing"):
        find_audio(alignment, audio.with_name(NAME))


def test_another_sound_of_the_same_name_is_refused(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    audio.write_bytes(audio.read_bytes() + b"\0\0")
    with pytest.raises(SourceError, match="not the audio that was aligned, or has changed"):
        find_audio(alignment, audio.with_name(NAME))
    with pytest.raises(SourceError, match="not the audio that was aligned, or has changed"):
        find_audio(alignment, audio.with_name(NAME), chosen=audio)


def test_a_sound_that_is_gone_is_asked_for(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    audio.unlink()
    with pytest.raises(SourceError, match=r"ferry\.wav: the audio of the alignment is missing; name it with --audio"):
        find_audio(alignment, audio.with_name(NAME))


@pytest.fixture
def sent(tmp_path: Path, audio: Path) -> Path:
    """An alignment in a library whose audio lies in another folder of that."""
    file = tmp_path / "sent" / NAME
    write_alignment(alignment_in(file.parent, audio), file)
    (file.parent / "inner").mkdir()
    return file


WAYS = ("../shows/ferry.wav", "{audio}", "inner/../../shows/ferry.wav")


def test_on_the_command_line_a_path_may_lead_anywhere(sent: Path, audio: Path) -> None:
    for way in WAYS:
        found = find_named(way.format(audio=audio), sent)
        assert found is not None, way
        assert found.samefile(audio), way


def test_in_a_library_no_path_leads_out_of_the_alignments_folder(
    tmp_path: Path, sent: Path, audio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for way in WAYS:
        assert find_named(way.format(audio=audio), sent) is None, way
    with pytest.raises(SourceError, match="the audio of the alignment is missing; name it with --audio"):
        find_audio(read_alignment(sent), sent)
    assert find_audio(read_alignment(sent), sent, chosen=audio) == audio
    beside = audio.rename(sent.with_name("ferry.wav"))
    assert find_audio(read_alignment(sent), sent) == beside, "found by its content, whatever the path says"


def test_what_is_no_file_is_not_named(tmp_path: Path, audio: Path) -> None:
    alignment, file = alignment_in(audio.parent, audio), audio.with_name(NAME)
    write_alignment(alignment, file)
    os.mkfifo(audio.with_name("fifo.wav"))
    audio.with_name("zero.wav").symlink_to("/dev/zero")
    for name in ("fifo.wav", "zero.wav", "/dev/zero", "", ".", "..", "\0", "none.wav", "x" * 5000):
        assert find_named(name, file) is None, name


@over_rows("name", ["../shows/ferry.wav", "/home/me/ferry.wav", r"C:\\shows\ferry.wav", "ferry.wav"])
def test_what_is_written_again_names_its_sound_without_a_way_to_it(tmp_path: Path, name: str) -> None:
    alignment = alignment_of(OPENING)
    given = replace(alignment.audio, file=name)
    new = replace(alignment, audio=given, transcript=replace(alignment.transcript, file=name))
    rewritten = with_file_names(new, alignment)
    assert rewritten.audio.file == rewritten.transcript.file == "ferry.wav"
    assert with_file_names(new, new) == new, "as it was there already"


@over_rows("on_disk, recorded", [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_whose_accents_another_system_writes_otherwise_is_found(
    tmp_path: Path, on_disk: Literal["NFC", "NFD"], recorded: Literal["NFC", "NFD"]
) -> None:
    found = tmp_path / unicodedata.normalize(on_disk, "été.jpg")
    found.write_bytes(b"\xff\xd8")
    assert find_named(unicodedata.normalize(recorded, "été.jpg"), tmp_path / NAME) == found
    assert find_named("Été.jpg", tmp_path / NAME) is None
