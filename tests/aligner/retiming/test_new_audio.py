"""What was heard of an old sound goes along to the new one, and is never taken for what is heard of the whole."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aligner.corrections.repair import RecognisedAudio
from aligner.emissions import COLUMNS, FRAME, Emissions, silent_frames
from aligner.model import Alignment, Audio, AudioFile, Recognition, Span
from aligner.normalization import ALPHABET
from aligner.outputs import OutputOptions, write_outputs
from aligner.recognition import Progress, Recogniser, cached_recognition, silent
from aligner.recognition.cached import recognisers_of, recognition_of
from aligner.retiming import new_audio
from aligner.retiming.moving import MatchedSpan
from aligner.retiming.new_audio import NewAudio, recognise_new, replaced_files
from aligner.storage.file_names import read_fingerprint
from media.fingerprint import LARGEST_BYTES, Fingerprint, fingerprint_of
from tests.aligner.cli.test_main import write_silence
from tests.aligner.episodes import alignment_of
from tests.media.voices import blocks, murmur

PRIOR = np.full(1 + len(ALPHABET), 0.02, np.float32)
STRETCHES = (MatchedSpan(Span(1.0, 5.0), Span(0.0, 4.0)), MatchedSpan(Span(5.0, 9.0), Span(7.0, 11.0)))


class PlantedEar(Recogniser):
    """Hears the same in every frame of speech, and remembers of what."""

    name, model = "acoustic", "base"

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def identity(self) -> dict[str, object]:
        return {}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        self.spans += audio.speech
        values = silent_frames(round(audio.duration / FRAME))
        for span in audio.speech:
            values[round(span.start / FRAME) : round(span.end / FRAME)] = 7.0
        return Recognition((), "en", emissions=Emissions(values, PRIOR))


@pytest.fixture
def alignment() -> Alignment:
    found = alignment_of("the harbour was quiet")
    return replace(found, engine=replace(found.engine, method="acoustic", model="base"))


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> PlantedEar:
    """Somebody talks in all of what is new."""
    found = PlantedEar()
    monkeypatch.setattr(new_audio, "_recogniser_of", lambda _: found)
    monkeypatch.setattr(new_audio, "_speech_in", lambda spans, _: iter(spans))
    return found


def numbered(frames: int) -> RecognisedAudio:
    """A sound of which each frame is heard as its number."""
    values = np.repeat(np.arange(frames, dtype=np.float16)[:, None], COLUMNS, axis=1)
    audio = Audio(Path("old.wav"), "0" * 64, frames * FRAME, (Span(0.5, 4.5), Span(6.0, 9.5)))
    return RecognisedAudio(audio, Recognition((), "en", emissions=Emissions(values, PRIOR)))


def sound_at(path: Path) -> NewAudio:
    return NewAudio(write_silence(path, 11.0), "d" * 64, 11.0)


def test_what_is_kept_is_heard_as_before_and_only_what_is_new_is_listened_to(
    alignment: Alignment, ear: PlantedEar, tmp_path: Path
) -> None:
    heard = recognise_new(alignment, numbered(500), STRETCHES, sound_at(tmp_path / "new.wav"), (), silent)
    values = heard.recognition.emissions.values[:, 0]
    assert values[0] == 50
    assert values[199] == 249
    assert set(values[201:349]) == {7.0}
    assert values[351] == 251
    assert values[500] == 400
    assert heard.audio.speech == (Span(0.0, 3.5), Span(4.0, 7.0), Span(8.0, 11.0))
    assert min(span.start for span in ear.spans) >= 3.0
    assert max(span.end for span in ear.spans) <= 8.0


def test_it_is_known_later_for_corrections_and_not_for_whoever_listens_to_the_whole(
    alignment: Alignment, ear: PlantedEar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    sound = sound_at(tmp_path / "new.wav")
    heard = recognise_new(alignment, numbered(500), STRETCHES, sound, (), silent)
    now = replace(alignment, audio=AudioFile("new.wav", 11.0, sound.sha256))
    found = recognition_of(now)
    assert found is not None
    assert found[0].speech == heard.audio.speech
    assert np.array_equal(found[1].emissions.values, heard.recognition.emissions.values)
    assert all(cached_recognition(found[0], each) is None for each in recognisers_of(now))


def test_where_nothing_is_known_of_the_old_sound_nothing_is_kept_that_was_heard_in_part(
    alignment: Alignment, ear: PlantedEar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    sound = sound_at(tmp_path / "new.wav")
    monkeypatch.setattr(
        new_audio, "examine", lambda path, progress: Audio(path, sound.sha256, 11.0, (Span(0.0, 11.0),))
    )
    heard = recognise_new(alignment, None, STRETCHES, sound, (Span(9.0, 10.0),), silent)
    assert ear.spans == [Span(3.0, 11.0)]
    assert heard.recognition.emissions.values[0, 0] != 7.0
    assert recognition_of(replace(alignment, audio=AudioFile("new.wav", 11.0, sound.sha256))) is None


SHA256, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def known() -> Fingerprint:
    return fingerprint_of(blocks(murmur(5, 1)), sha256=SHA256)


def test_it_is_written_with_the_alignment_and_read_for_its_own_sound_alone(known: Fingerprint, tmp_path: Path) -> None:
    alignment = tmp_path / "ep. 3.alignment.json"
    for formats, names in ((("vtt",), set()), (("vtt", "json"), {"ep. 3.fingerprint"})):
        write_outputs(alignment_of("ahoy"), tmp_path, "ep. 3", OutputOptions(formats), fingerprint=known.to_bytes())
        assert {path.name for path in tmp_path.glob("*.fingerprint")} == names
    read = read_fingerprint(alignment, SHA256)
    assert read is not None
    np.testing.assert_array_equal(read.bits, known.bits)
    assert read_fingerprint(alignment, OTHER) is None


def test_a_fingerprint_that_is_damaged_or_no_file_is_ignored(tmp_path: Path) -> None:
    for content in (b"", b"quotecast sound\n", b"\0" * 1000, bytes(LARGEST_BYTES + 1)):
        (tmp_path / "a.fingerprint").write_bytes(content)
        assert read_fingerprint(tmp_path / "a.alignment.json", SHA256) is None
    os.mkfifo(tmp_path / "b.fingerprint")
    assert read_fingerprint(tmp_path / "b.alignment.json", SHA256) is None


def test_new_audio_takes_its_place_and_copies_of_replaced_files_are_kept(tmp_path: Path) -> None:
    old, target, copy = (tmp_path / name for name in ("e.mp3", "e.ogg", "new"))
    for path, content in ((old, b"first"), (target, b"somebody's"), (copy, b"second")):
        path.write_bytes(content)
    for path, source in replaced_files(target, copy, old).items():
        if isinstance(source, Path):
            shutil.copyfile(source, path)
        else:
            path.unlink()
    copy.unlink()
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert held == {"e.ogg": b"second", "e.mp3.bak": b"first", "e.ogg.bak": b"somebody's"}
