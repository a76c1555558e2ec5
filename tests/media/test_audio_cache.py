"""Cached audio equals the decoded audio; where it cannot be cached, decoding continues."""

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from media import audio_cache
from media.audio_cache import AudioCache
from media.decode import audio_blocks
from tests.media.audio_files import write_sound

RATE = 16000
NOISE = np.random.default_rng(3).normal(0, 0.1, 5 * RATE + 77).astype(np.float32)

Blocks = list[tuple[float, np.ndarray]]


def noise_blocks(size: int = 7000) -> Iterator[tuple[float, np.ndarray]]:
    return ((at / RATE, NOISE[at : at + size]) for at in range(0, len(NOISE), size))


def are_same(found: Blocks, wanted: Blocks) -> bool:
    return [at for at, _ in found] == [at for at, _ in wanted] and all(
        np.array_equal(a, b) for (_, a), (_, b) in zip(found, wanted, strict=True)
    )


def test_cached_audio_equals_decoded_audio_in_blocks_of_any_size(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "noise.mp3", np.tile(NOISE, 3), RATE)
    with AudioCache(RATE) as kept:
        assert are_same(list(kept.storing(audio_blocks(path, block=2.5))), list(audio_blocks(path, block=2.5)))
        assert kept.is_complete
        for block in (0.7, 30.0):
            assert are_same(list(kept.blocks(block=block)), list(audio_blocks(path, block=block)))


class Full(io.BytesIO):
    """A disk with room for two blocks."""

    def write(self, content: object) -> int:
        if self.tell() > 50_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


def test_without_disk_space_audio_is_decoded_without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", Full)
    with AudioCache(RATE) as kept:
        assert are_same(list(kept.storing(noise_blocks())), list(noise_blocks()))
        assert not kept.is_complete


def test_no_more_than_a_few_hours_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, is_kept in ((NOISE.nbytes, True), (NOISE.nbytes - 1, False)):
        monkeypatch.setattr(audio_cache, "_MOST_BYTES", most)
        with AudioCache(RATE) as kept:
            assert are_same(list(kept.storing(noise_blocks())), list(noise_blocks()))
            assert kept.is_complete is is_kept
