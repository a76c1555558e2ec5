"""The cache: what goes in comes out, and nothing that happens to it can do more than cost time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aligner.listening import cache
from aligner.listening.ear import Hearing, Sound
from aligner.model import HeardWord, Span

SOUND = Sound(Path("a.mp3"), "ab" * 32, 12.345678901, (Span(0.1, 2.0), Span(3.0, 4.5)), ("cut short",))
HEARING = Hearing((HeardWord("L'île", 0.1, 0.2, 0.75), HeardWord("« été »", 0.3, 0.4)), "fr", ("lost",))
KEY = {"ear": "words", "audio": "ab" * 32, "model": "base"}


def entries(place: Path) -> list[Path]:
    return sorted((place / "heard").iterdir())


def test_what_was_stored_comes_back_exactly() -> None:
    cache.store_sound(SOUND)
    cache.store_hearing(KEY, HEARING)
    assert cache.load_sound(SOUND.path, SOUND.sha256) == SOUND
    assert cache.load_hearing(KEY) == HEARING


def test_another_sound_model_or_option_is_another_entry() -> None:
    cache.store_hearing(KEY, HEARING)
    assert cache.load_hearing({**KEY, "model": "small"}) is None
    assert cache.load_hearing({**KEY, "audio": "cd" * 32}) is None
    assert cache.load_hearing({**KEY, "language": "fr"}) is None


def test_the_same_bytes_under_another_name_are_the_same_sound() -> None:
    cache.store_sound(SOUND)
    found = cache.load_sound(Path("b.mp3"), SOUND.sha256)
    assert found is not None
    assert found.path == Path("b.mp3")


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"words": [["a", 1]], "language": "fr", "warnings": []}',
        b'{"words": [["a", NaN, 2, 1]], "language": "fr", "warnings": []}',
        b'{"words": [["a", "1", 2, 1]], "language": "fr", "warnings": []}',
        b'{"words": 5, "language": "fr", "warnings": []}',
        b'{"duration": 5, "speech": [[3, 1]], "warnings": []}',
        b'{"duration": 5, "speech": [[1, 3]], "warnings": "all"}',
    ],
)
def test_a_damaged_entry_counts_as_missing(cache_place: Path, damage: bytes) -> None:
    cache.store_sound(SOUND)
    cache.store_hearing(KEY, HEARING)
    for entry in entries(cache_place):
        entry.write_bytes(damage)
    assert cache.load_sound(SOUND.path, SOUND.sha256) is None
    assert cache.load_hearing(KEY) is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("QUOTECAST_CACHE", str(blocked / "cache"))
    cache.store_hearing(KEY, HEARING)
    assert cache.load_hearing(KEY) is None


def test_nothing_but_entries_is_left_in_the_folder(cache_place: Path) -> None:
    cache.store_sound(SOUND)
    cache.store_sound(SOUND)
    assert [entry.suffix for entry in entries(cache_place)] == [".json"]


def test_the_entries_used_longest_ago_go_first_when_the_cache_is_full(
    cache_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [{**KEY, "model": name} for name in ("tiny", "base", "small")]
    for age, key in zip((300, 200, 100), keys, strict=True):
        known = set((cache_place / "heard").glob("*"))
        cache.store_hearing(key, HEARING)
        (new,) = set((cache_place / "heard").glob("*")) - known
        then = new.stat().st_mtime - age
        os.utime(new, (then, then))
    assert cache.load_hearing(keys[0]) == HEARING  # used again: now the youngest
    size = entries(cache_place)[0].stat().st_size
    monkeypatch.setattr(cache, "_LARGEST_BYTES", 3 * size)
    cache.store_hearing({**KEY, "model": "medium"}, HEARING)
    assert cache.load_hearing(keys[1]) is None
    assert cache.load_hearing(keys[0]) == cache.load_hearing(keys[2]) == HEARING


def test_the_folder_is_the_users_unless_named(monkeypatch: pytest.MonkeyPatch, cache_place: Path) -> None:
    assert cache.cache_folder() == cache_place
    monkeypatch.delenv("QUOTECAST_CACHE")
    assert "quotecast" in str(cache.cache_folder())
