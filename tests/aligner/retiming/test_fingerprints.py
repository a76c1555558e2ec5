"""The fingerprint beside an alignment."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from aligner.outputs import OutputOptions, write_outputs
from aligner.retiming.carrying import read_fingerprint
from media.fingerprint import LARGEST_BYTES, Fingerprint, fingerprint_of
from tests.aligner.episodes import alignment_of
from tests.media.voices import blocks, murmur
from tests.tables import over_rows

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


@over_rows("content", [b"", b"quotecast sound\n", b"\0" * 1000, bytes(LARGEST_BYTES + 1)])
def test_what_is_none_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.fingerprint").write_bytes(content)
    assert read_fingerprint(tmp_path / "a.alignment.json", SHA256) is None


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.fingerprint")
    assert read_fingerprint(tmp_path / "a.alignment.json", SHA256) is None
