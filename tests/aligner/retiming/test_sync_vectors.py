"""The test vectors of the sync file hold for Python: tests/data/sync/README.md says what must agree."""

from __future__ import annotations

import hashlib
import json
import wave
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from aligner.errors import AnotherEpisodeError
from aligner.retiming.matching import match_audio
from media.fingerprint import FINE_MS, HOP_MS, fingerprint_of, from_bytes
from tests.media.voices import Samples, blocks
from tests.paths import DATA
from tests.tables import over_rows

VECTORS = DATA / "sync"
DELIVERIES = json.loads((VECTORS / "vectors.json").read_bytes())
EDGE, OFFSET = HOP_MS / 1000, FINE_MS / 1000  # seconds


@cache
def samples(name: str) -> Samples:
    with wave.open(str(VECTORS / f"{name}.wav")) as file:
        return np.frombuffer(file.readframes(-1), np.uint8).astype(np.float32) / np.float32(128) - np.float32(1)


def delivered(pieces: list[dict[str, Any]]) -> Samples:
    parts = [samples(each["audio"])[each["first"] : each["last"]] * each.get("gain", 1) for each in pieces]
    return np.concatenate(parts, dtype=np.float32)


@over_rows("name", ["own", "ad", "other"])
def test_a_sync_file_holds_the_fingerprint_of_its_recording(name: str) -> None:
    saved, found = from_bytes((VECTORS / f"{name}.sync").read_bytes()), fingerprint_of(blocks(samples(name)))
    assert saved.sha256 == hashlib.sha256((VECTORS / f"{name}.wav").read_bytes()).hexdigest()
    assert saved.samples == found.samples
    np.testing.assert_array_equal(saved.is_informative, found.is_informative)
    wrong = np.bitwise_count(saved.bits ^ found.bits).sum()
    assert wrong <= 0.001 * 32 * len(saved.bits)  # rounding


@over_rows("delivery", DELIVERIES)
def test_the_spans_of_the_vectors_are_found(delivery: dict[str, Any]) -> None:
    own, audio = from_bytes((VECTORS / "own.sync").read_bytes()), delivered(delivery["pieces"])
    new = fingerprint_of(blocks(audio), FINE_MS)
    if delivery["spans"] is None:
        with pytest.raises(AnotherEpisodeError):
            match_audio(own, new, partial(blocks, audio))
        return
    found = match_audio(own, new, partial(blocks, audio))
    edges = [[each.old.start, each.old.end, each.new.start, each.new.end] for each in found]
    true = [list(span.values()) for span in delivery["spans"]]
    np.testing.assert_allclose(edges, true, atol=EDGE)
    offsets, true_offsets = ([start - first for first, _, start, _ in each] for each in (edges, true))
    np.testing.assert_allclose(offsets, true_offsets, atol=OFFSET)
