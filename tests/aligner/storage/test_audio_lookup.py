"""The sound of an alignment is found by its path, else by its content; another one is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import SourceError
from aligner.model import Alignment
from aligner.storage.audio_lookup import find_audio, seen_from, sha256_of
from tests.aligner.episodes import alignment_of
from tests.media.sounds import clicks, write_sound

OPENING = "the harbour was quiet when the first ferry came"


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
    assert alignment.audio.file == "../shows/ferry.wav"
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for folder in ("shows", "captions"):
        (tmp_path / folder).rename(moved / folder)
    assert find_audio(alignment, moved / "captions").resolve() == moved / "shows" / "ferry.wav"


def test_a_sound_that_was_renamed_beside_the_alignment_is_known_by_its_content(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    renamed = audio.rename(audio.with_name("the crossing.wav"))
    assert find_audio(alignment, audio.parent) == renamed


def test_another_sound_of_the_same_name_is_refused(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    audio.write_bytes(audio.read_bytes() + b"\0\0")
    with pytest.raises(SourceError, match="not the sound that was aligned, or has changed"):
        find_audio(alignment, audio.parent)
    with pytest.raises(SourceError, match="not the sound that was aligned, or has changed"):
        find_audio(alignment, audio.parent, given=audio)


def test_a_sound_that_is_gone_is_asked_for(audio: Path) -> None:
    alignment = alignment_in(audio.parent, audio)
    audio.unlink()
    with pytest.raises(SourceError, match=r"ferry\.wav: the sound of the alignment is not there; name it with --audio"):
        find_audio(alignment, audio.parent)
