"""alignment.json keeps everything, and what contradicts itself is refused in one line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from episodes import alignment_of

from aligner.errors import AlignmentError
from aligner.store import read_alignment, write_alignment

OPENING = "the harbour was quiet when the « first » ferry came"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.alignment.json"
    write_alignment(alignment_of(OPENING), path)
    return path


def test_an_alignment_comes_back_as_it_was_to_the_millisecond(stored: Path) -> None:
    before, after = alignment_of(OPENING), read_alignment(stored)
    assert [w.word for w in after.words] == [w.word for w in before.words]
    assert [(w.start, w.end) for w in after.words] == [
        (round(w.start or 0, 3), round(w.end or 0, 3)) for w in before.words
    ]
    assert replace(after, words=(), segments=()) == replace(before, words=(), segments=())


def test_the_fields_are_those_of_the_format(stored: Path) -> None:
    data = json.loads(stored.read_text(encoding="utf-8"))
    assert (data["format"], data["version"]) == ("quotecast-alignment", 1)
    assert set(data["words"][0]) == {
        "text", "char_start", "char_end", "segment", "start", "end", "status", "confidence", "pinned",
    }  # fmt: skip
    word = data["words"][0]
    assert data["transcript"]["text"][word["char_start"] : word["char_end"]] == word["text"]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda text: text[: len(text) // 2], "no valid JSON"),
        (lambda text: text.replace('"quotecast-alignment"', '"something"'), "not an alignment.json"),
        (lambda text: text.replace('"version": 1', '"version": 9'), "version 9"),
        (lambda text: text.replace('"char_start": 4,', '"char_start": 5,'), "damaged"),
        (lambda text: text.replace('"segment": 0', '"segment": 7'), "damaged"),
        (lambda text: text.replace('"status": "exact"', '"status": "perfect"'), "damaged"),
        (lambda text: "[" * 100_000, "no valid JSON"),
    ],
)
def test_a_damaged_file_is_refused_by_name(stored: Path, damage: object, complaint: str) -> None:
    stored.write_text(damage(stored.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(AlignmentError, match=complaint) as refusal:
        read_alignment(stored)
    assert str(stored) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AlignmentError, match="nowhere"):
        read_alignment(tmp_path / "nowhere.alignment.json")
