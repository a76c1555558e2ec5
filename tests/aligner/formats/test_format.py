"""A file that holds the sound is written through the disk, and takes its place like any other."""

from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest

from aligner.errors import SourceError
from aligner.formats import Format, Material
from aligner.formats.format import written
from aligner.storage.alignment_json import read_alignment
from aligner.storage.audio_lookup import find_audio
from aligner.storage.backups import write_keeping

HOLDING = Format("holding", ".sound", "audio/x-holding", "the sound, twice", holds_sound=True)


@pytest.fixture
def material(alignment: Path, monkeypatch: pytest.MonkeyPatch) -> Material:
    """Of an episode whose format writes the title and the sound."""

    def write(material: Material, file: BinaryIO) -> None:
        file.write(material.title.encode())
        file.write(material.sound.read_bytes())

    monkeypatch.setattr(Format, "_module", lambda self: SimpleNamespace(write=write))
    stored = read_alignment(alignment)
    return Material(stored, "roue", sound=lambda: find_audio(stored, alignment))


def test_it_lies_beside_its_place_until_it_is_whole_and_leaves_nothing_there(
    material: Material, tmp_path: Path
) -> None:
    place = tmp_path / "roue.sound"
    before = {*tmp_path.iterdir()}
    with written(material, {place: HOLDING}) as contents:
        assert not place.exists()
        assert write_keeping(contents) == ()
    assert {*tmp_path.iterdir()} - before == {place}
    assert place.read_bytes() == HOLDING.write(material) == "Les vélos".encode() + material.sound.read_bytes()


def test_what_someone_edited_in_its_place_is_kept_and_what_we_wrote_is_not(material: Material, tmp_path: Path) -> None:
    place = tmp_path / "roue.sound"
    place.write_bytes(b"by hand")
    for kept in ((place.with_name("roue.sound.bak"),), (), ()):
        with written(material, {place: HOLDING}) as contents:
            assert write_keeping(contents) == kept
    assert place.with_name("roue.sound.bak").read_bytes() == b"by hand"


def test_without_its_sound_it_is_told_and_nothing_is_left_behind(material: Material, tmp_path: Path) -> None:
    (tmp_path / "roue.mp3").unlink()
    before = {*tmp_path.iterdir()}
    assert "the sound of the alignment is not there" in str(HOLDING.lacking(material))
    with pytest.raises(SourceError), written(material, {tmp_path / "roue.sound": HOLDING}):
        pass
    assert {*tmp_path.iterdir()} == before


def test_a_material_that_was_given_no_way_to_its_sound_has_none(material: Material) -> None:
    assert "the sound of the alignment is not there" in str(HOLDING.lacking(Material(material.alignment, "roue")))
