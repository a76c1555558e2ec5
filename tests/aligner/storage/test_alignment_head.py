"""The head of an alignment is read from the file's beginning, and no more of a file than a head can have."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from aligner.errors import AlignmentError, NewerError
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


@pytest.fixture
def slowly_read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The characters that were read in the slow way, where a head is no longer than a thousand bytes."""
    read, loads = list[int](), json.loads
    monkeypatch.setattr("aligner.storage.alignment_head._LARGEST_HEAD_BYTES", 1000)

    def counted(text: str) -> object:
        read.append(len(text))
        return loads(text)

    monkeypatch.setattr(json, "loads", counted)
    return read


def test_what_is_slowly_read_is_no_longer_than_a_head(stored: Path, slowly_read: list[int]) -> None:
    content = stored.read_text(encoding="utf-8").replace('"version": 1,', '"version": 1, "name": "\\ud800",', 1)
    stored.write_text(content + " " * 5000, encoding="utf-8")
    assert head_as_written(stored) is None
    assert read_head(stored).audio.file == "harbour.mp3"
    on_one_line = json.dumps({"name": "\ud800", "more": [{}] * 5000} | json.loads(content))
    stored.write_text(on_one_line, encoding="utf-8")
    slowly_read.clear()
    with pytest.raises(AlignmentError):
        read_head(stored)
    assert max(slowly_read) <= 1001


def test_what_is_quickly_read_may_be_laid_out_in_any_way(stored: Path, slowly_read: list[int]) -> None:
    expected, data = read_head(stored), json.loads(stored.read_text(encoding="utf-8"))
    slowly_read.clear()
    stored.write_text(json.dumps({"more": [{}] * 5000} | data), encoding="utf-8")
    assert read_head(stored) == expected
    stored.write_text(json.dumps({"more": [{}] * 5000} | data | {"version": 2, "language": 3}), encoding="utf-8")
    with pytest.raises(NewerError):
        read_head(stored)
    assert slowly_read == []
