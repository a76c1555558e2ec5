"""The fingerprint of audio."""

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.errors import FingerprintError
from media.fingerprint import HOP_MS, Fingerprint, FingerprintMaker, fingerprint_of, from_bytes
from tests.media.voices import blocks, murmur

SHA256 = "ab" * 32


def wrong_share(one: Fingerprint, other: Fingerprint) -> float:
    """How many bits differ, of hops that tell something."""
    told = one.is_informative & other.is_informative
    return float(np.bitwise_count(one.bits ^ other.bits)[told].mean()) / 32


def test_gain_a_filter_and_some_noise_leave_nearly_all_bits() -> None:
    sound = murmur(20, 1)
    noise = np.random.default_rng(0).standard_normal(len(sound)).astype(np.float32)
    changed = 0.3 * np.convolve(sound, [1.0, 0.6, 0.2])[: len(sound)].astype(np.float32) + 0.0005 * noise
    assert wrong_share(fingerprint_of(blocks(sound)), fingerprint_of(blocks(changed))) < 0.05


def test_the_fingerprint_does_not_depend_on_blocks() -> None:
    sound = murmur(5, 3)
    whole = fingerprint_of([(0.0, sound)])
    maker = FingerprintMaker()
    rng = np.random.default_rng(4)
    at = 0
    while at < len(sound):
        step = int(rng.integers(0, 3000))
        maker.add(sound[at : at + step])
        at += step
    pieces = maker.finished()
    np.testing.assert_array_equal(pieces.bits, whole.bits)
    np.testing.assert_array_equal(pieces.is_informative, whole.is_informative)
    assert pieces.samples == whole.samples == len(sound)


def test_a_fingerprint_round_trips_through_bytes() -> None:
    found = fingerprint_of(blocks(murmur(10, 1)), sha256=SHA256)
    read = from_bytes(found.to_bytes())
    np.testing.assert_array_equal(read.bits, found.bits)
    np.testing.assert_array_equal(read.is_informative, found.is_informative)
    assert (read.samples, read.hop_ms, read.sha256) == (found.samples, HOP_MS, SHA256)


def test_any_damage_is_noticed() -> None:
    content = fingerprint_of([(0.0, murmur(2, 1))]).to_bytes()
    for at in range(len(content)):
        with pytest.raises(FingerprintError):
            from_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
    for cut in range(0, len(content), 7):
        with pytest.raises(FingerprintError):
            from_bytes(content[:cut])
    with pytest.raises(FingerprintError):
        from_bytes(content + b"\0")


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**16 - 1), st.binary(max_size=200))
def test_an_invalid_header_is_refused_at_no_cost(samples: int, hop_ms: int, rest: bytes) -> None:
    content = struct.pack("<16sHHQ32s", b"quotecast sound\n", 1, hop_ms, samples, bytes(32)) + rest
    content += struct.pack("<I", zlib.crc32(content))
    try:
        read = from_bytes(content)
    except FingerprintError:
        return
    assert read.hop_ms == HOP_MS
    assert 4 * len(read.bits) <= len(rest)
