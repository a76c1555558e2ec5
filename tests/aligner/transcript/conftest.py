"""Fixtures that read a transcript from text and show its segments."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.model import Transcript
from aligner.transcript import read_transcript

DATA = Path(__file__).parent / "data"
Reader = Callable[..., Transcript]
Row = tuple[str, str | None, str]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Return a function that reads text or bytes as a transcript file with the given name."""

    def _read(content: str | bytes, name: str = "talk.txt") -> Transcript:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_transcript(path)

    return _read


@pytest.fixture
def rows() -> Callable[[Transcript], list[Row]]:
    """Return a function that gives a transcript's segments as (kind, speaker, text)."""

    def _rows(transcript: Transcript) -> list[Row]:
        return [(s.kind.value, s.speaker, transcript.text[s.char_start : s.char_end]) for s in transcript.segments]

    return _rows


@pytest.fixture
def of_kind(rows: Callable[[Transcript], list[Row]]) -> Callable[[Transcript, str], list[str]]:
    """Return a function that gives the texts of a transcript's segments of one kind."""

    def _of_kind(transcript: Transcript, kind: str) -> list[str]:
        return [text for found, _, text in rows(transcript) if found == kind]

    return _of_kind


@pytest.fixture
def data() -> Callable[[str], Transcript]:
    """Return a function that reads a file of the data folder."""
    return lambda name: read_transcript(DATA / name)
