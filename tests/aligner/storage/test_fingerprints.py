"""The fingerprint beside an alignment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from aligner.storage.fingerprints import fingerprint_contents, read_fingerprint, with_fingerprint
from media.fingerprint import LARGEST_BYTES, Fingerprint, fingerprint_of
from tests.media.voices import blocks, murmur
from tests.tables import over_rows

SHA256, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture
def known() -> Fingerprint:
    return fingerprint_of(blocks(murmur(5, 1)), sha256=SHA256)


def test_it_is_in_the_set_that_has_the_alignment_and_in_no_other(known: Fingerprint, tmp_path: Path) -> None:
    sets: list[Mapping[Path, bytes]] = []

    def write(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
        sets.append(contents)
        return ()

    alignment, captions = tmp_path / "ep. 3.alignment.json", tmp_path / "ep. 3.vtt"
    with_fingerprint(known.to_bytes(), write)({captions: b"1", alignment: b"2"})
    with_fingerprint(known.to_bytes(), write)({captions: b"1"})
    with_fingerprint(None, write)({alignment: b"2"})
    names = [[path.name for path in each] for each in sets]
    assert names == [
        ["ep. 3.vtt", "ep. 3.alignment.json", "ep. 3.fingerprint"],
        ["ep. 3.vtt"],
        ["ep. 3.alignment.json"],
    ]


def test_it_is_read_for_its_own_sound_alone(known: Fingerprint, tmp_path: Path) -> None:
    alignment = tmp_path / "a.alignment.json"
    assert read_fingerprint(alignment, SHA256) is None
    for path, content in fingerprint_contents(known.to_bytes(), alignment).items():
        path.write_bytes(content)
    read = read_fingerprint(alignment, SHA256)
    assert read is not None
    np.testing.assert_array_equal(read.bits, known.bits)
    assert read_fingerprint(alignment, OTHER) is None


@over_rows("content", [b"", b"quotecast sound\n", b"\0" * 1000, bytes(LARGEST_BYTES + 1)])
def test_what_is_none_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.fingerprint").write_bytes(content)
    assert read_fingerprint(tmp_path / "a.alignment.json", SHA256) is None


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.fingerprint")
    assert read_fingerprint(tmp_path / "a.alignment.json", SHA256) is None
