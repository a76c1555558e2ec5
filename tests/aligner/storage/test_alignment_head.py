"""The head of an alignment is read from the file's beginning, and no more of a file than a head can have."""

from io import BytesIO
from pathlib import Path

import pytest

from aligner.errors import AlignmentError
from aligner.storage.alignment_head import head_as_written, read_head
from aligner.storage.alignment_json import to_text
from tests.aligner.episodes import alignment_of


class Counted(BytesIO):
    """A file whose lines are counted as they are read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.read_bytes())
        self.lines, self.read_bytes = 0, 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.lines, self.read_bytes = self.lines + 1, self.read_bytes + len(line)
        return line


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.alignment.json"
    path.write_bytes(to_text(alignment_of("the harbour was quiet")).encode())
    return path


def test_what_is_written_has_its_head_first(stored: Path) -> None:
    expected = read_head(stored)
    whole = stored.read_bytes()
    stored.write_bytes(whole[: whole.index(b'"words":')])
    assert head_as_written(stored) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * 3_000_000,
        b'{"format": "quotecast-alignment"\n' + b",\n" * 1_000_000 + b"}",
        b'{"format":[' + b"{}," * 1_000_000 + b"{}]}",
        b'{"format":"quotecast-alignment","version":[' + b"{}," * 1_000_000 + b"{}]}",
        b'{"format":"' + b"f" * 20_000_000 + b'"}',
        b"[" * 3_000_000,
        b"",
    ],
)
def test_of_what_is_no_head_little_is_read(stored: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    stored.write_bytes(content)
    file = Counted(stored)
    monkeypatch.setattr("aligner.storage.alignment_head.open_regular", lambda path: file)
    assert head_as_written(stored) is None
    assert file.lines <= 30
    assert file.read_bytes < 10_000_000


def test_a_missing_file_has_no_head(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere.alignment.json"
    assert head_as_written(missing) is None
    with pytest.raises(AlignmentError, match="nowhere"):
        read_head(missing)
