"""The cache returns what was stored; damage to it only costs time."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from msgspec import msgpack

from aligner.emissions import CLASSES, COLUMNS, Emissions
from aligner.model import Audio, RecognisedWord, Recognition, Span
from aligner.recognition import cache
from media.errors import Message, to_facts

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
