"""Audio is examined and recognised, once: what the cache stored is returned, and damage to it only costs time."""

import hashlib
import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from msgspec import msgpack

import media.decode
from aligner.emissions import CLASSES, COLUMNS, Emissions
from aligner.errors import SpeechError
from aligner.model import Audio, RecognisedWord, Recognition, Span
from aligner.recognition import Progress, cache, examine, recognise
from aligner.storage.file_names import sha256_of
from media.errors import DecodeError, Message, to_facts
from media.fingerprint import fingerprint_of, from_bytes
from tests.tables import over_rows


class Counting:
    """A recogniser that returns one word and counts its calls."""

    name = "counting"
    model = "none"

    def __init__(self) -> None:
        self.times = 0
        self.options: dict[str, object] = {}

    def identity(self) -> dict[str, object]:
        return dict(self.options)

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        self.times += 1
        return Recognition((RecognisedWord("abeille", 1.0, 1.5),), "fr", ("heard with effort",))


def write_wave(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def test_audio_is_fingerprinted_while_it_is_examined_to_its_end(excerpt) -> None:
    told: list[tuple[str, float, float]] = []
    sound = examine(excerpt.audio, lambda *now: told.append(now))
    assert sound.duration == pytest.approx(excerpt.duration, abs=0.05)
    assert told[-1] == ("speech", sound.duration, sound.duration)
    first = sound.fingerprint
    assert first is not None
    made, decoded = from_bytes(first), fingerprint_of(media.decode.audio_blocks(excerpt.audio))
    np.testing.assert_array_equal(made.bits, decoded.bits)
    assert made.sha256 == sha256_of(excerpt.audio)
    assert examine(excerpt.audio).fingerprint == first


def test_the_same_bytes_are_recognised_once_under_any_name(excerpt, tmp_path: Path) -> None:
    recogniser = Counting()
    first = recognise(examine(excerpt.audio), recogniser)
    copy = tmp_path / "copy of the episode.bin"
    copy.write_bytes(excerpt.audio.read_bytes())
    assert recognise(examine(copy), recogniser) == first
    assert recogniser.times == 1
    recogniser.options = {"beam": 5}
    recognise(examine(copy), recogniser)
    assert recogniser.times == 2


def test_a_cache_hit_imports_no_audio_or_model_library(excerpt) -> None:
    recognise(examine(excerpt.audio), Counting())
    code = (
        "import json, sys; from pathlib import Path\n"
        "from aligner.recognition import examine; from aligner.recognition.asr import AsrRecogniser\n"
        f"sound = examine(Path({str(excerpt.audio)!r})); AsrRecogniser('base').identity()\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"av", "faster_whisper", "ctranslate2", "onnxruntime", "numpy", "huggingface_hub"}
    assert heavy.isdisjoint(json.loads(done.stdout))


def test_silence_and_music_are_no_episode(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"silence or music: 0\.0 s of speech in 3 s"):
        examine(write_wave(tmp_path / "silence.wav", np.zeros(3 * 16000)))
    time = np.arange(8 * 16000) / 16000
    chords = [(220, 277, 330), (196, 247, 294), (175, 220, 262), (196, 247, 294)]
    music = sum(
        0.1 * np.sin(2 * np.pi * chords[beat % 4][voice] * time) * np.exp(-3 * (time % 0.5)) * (time // 0.5 == beat)
        for beat in range(16)
        for voice in range(3)
    )
    with pytest.raises(SpeechError, match="silence or music"):
        examine(write_wave(tmp_path / "music.wav", music))


@over_rows(
    "duration, spoken, told",
    [
        (1.0, 0.9, "1.0 s long, with less than a second of speech; expected"),
        (0.3, 0.1, "0.3 s long, with less than a second of speech; expected"),
        (25.0, 0.9, "silence or music: 0.9 s of speech in 25 s; expected"),
    ],
)
def test_short_audio_with_mostly_speech_is_not_silence(
    tmp_path: Path, duration: float, spoken: float, told: str
) -> None:
    path = write_wave(tmp_path / "short.wav", np.zeros(16000))
    cache.store_audio(Audio(path, sha256_of(path), duration, (Span(0.0, spoken),)))
    with pytest.raises(SpeechError) as error:
        examine(path)
    assert told in str(error.value)


def test_a_missing_file_is_reported_first(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="no such file"):
        examine(tmp_path / "none.mp3")


WARNINGS = "plain", Message("the file is cut short: its first {decoded:.0f} s are used", decoded=12.5)
AUDIO = Audio(Path("a.mp3"), "ab" * 32, 12.345678901, (Span(0.1, 2.0), Span(3.0, 4.5)), WARNINGS)
WORDS = RecognisedWord("L'île", 0.1, 0.2, 0.75), RecognisedWord("« été »", 0.3, 0.4)
RECOGNITION = Recognition(WORDS, "fr", ("lost",))
KEY = {"method": "asr", "audio": "ab" * 32, "model": "base"}


def entries(place: Path) -> list[Path]:
    return sorted((place / "recognition").iterdir())


def sealed(content: bytes) -> bytes:
    """The bytes of an entry that holds ``content``, nonsense too, and is whole."""
    return hashlib.sha256(content).digest() + content


def test_a_stored_result_comes_back_exactly_for_its_key_alone() -> None:
    cache.store_audio(AUDIO)
    cache.store_recognition(KEY, RECOGNITION)
    found = cache.load_audio(AUDIO.path, AUDIO.sha256)
    assert found == AUDIO
    assert list(map(to_facts, found.warnings)) == list(map(to_facts, WARNINGS))  # translatable still
    assert cache.load_recognition(KEY) == RECOGNITION
    for other in ({"model": "small"}, {"audio": "cd" * 32}, {"language": "fr"}):
        assert cache.load_recognition({**KEY, **other}) is None


def test_an_invalid_entry_counts_as_missing(cache_place: Path) -> None:
    cache.store_audio(AUDIO)
    cache.store_recognition(KEY, RECOGNITION)
    for damage in (b"", b"\xff\xfe\x00", b"[" * 100_000, msgpack.encode([5, [[3, "1"]], []])):
        for written in (damage, sealed(damage)):
            for entry in entries(cache_place):
                entry.write_bytes(written)
            assert cache.load_audio(AUDIO.path, AUDIO.sha256) is None
            assert cache.load_recognition(KEY) is None


def test_an_unwritable_cache_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("QUOTECAST_CACHE", str(blocked / "cache"))
    cache.store_recognition(KEY, RECOGNITION)
    assert cache.load_recognition(KEY) is None


def test_the_least_recently_used_entries_are_removed_first(cache_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [{**KEY, "model": name} for name in ("tiny", "base", "small")]
    for age, key in zip((300, 200, 100), keys, strict=True):
        known = set((cache_place / "recognition").glob("*"))
        cache.store_recognition(key, RECOGNITION)
        (new,) = set((cache_place / "recognition").glob("*")) - known
        then = new.stat().st_mtime - age
        os.utime(new, (then, then))
    assert cache.load_recognition(keys[0]) == RECOGNITION  # used again: now the youngest
    size = entries(cache_place)[0].stat().st_size
    monkeypatch.setattr(cache, "_LARGEST_BYTES", 3 * size)
    cache.store_recognition({**KEY, "model": "medium"}, RECOGNITION)
    assert cache.load_recognition(keys[1]) is None
    assert cache.load_recognition(keys[0]) == cache.load_recognition(keys[2]) == RECOGNITION


def store_emissions() -> Emissions:
    rng = np.random.default_rng(3)
    values = -rng.exponential(4.0, (300, COLUMNS)).astype(np.float16)
    letters = Emissions(values, rng.dirichlet(np.ones(CLASSES)).astype(np.float32))
    cache.store_recognition(KEY, Recognition((), "fr", (), letters))
    return letters


def test_emissions_come_back_exactly(cache_place: Path) -> None:
    letters = store_emissions()
    recognition = cache.load_recognition(KEY)
    assert recognition is not None
    assert recognition.emissions is not None
    assert (recognition.words, recognition.language) == ((), "fr")
    assert np.array_equal(recognition.emissions.values, letters.values)
    assert np.array_equal(recognition.emissions.prior, letters.prior)
    assert len(entries(cache_place)) == 2


def test_changed_emissions_count_as_missing(cache_place: Path) -> None:
    store_emissions()
    (scores,) = (path for path in entries(cache_place) if path.suffix != ".entry")
    whole = scores.read_bytes()
    with_another_bit = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 997)]
    for damaged in (*with_another_bit, b"", whole[:-1], whole + b"\0", whole[: -COLUMNS * 2]):
        scores.write_bytes(damaged)
        assert cache.load_recognition(KEY) is None
    scores.unlink()
    assert cache.load_recognition(KEY) is None
