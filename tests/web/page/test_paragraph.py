"""A paragraph as it is edited."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aligner.storage.alignment_json import read_alignment
from tests.web.page.planted import planted
from web.errors import NotFound
from web.page.paragraph import paragraph_at


def test_it_is_told_to_the_letter_with_its_place_and_time() -> None:
    alignment = planted(("Ana", "Good day."), (None, "Well, <b>so</b>."))
    told = paragraph_at(alignment, 1)
    assert (told.first, told.stop, told.kind.value, told.speaker) == (1, 2, "speech", None)
    assert told.text == "Well, <b>so</b>."
    assert told.char_start == 10
    assert (told.start, told.end) == (2.0, 3.8)


def test_what_lies_within_it_is_of_it_and_no_paragraph_of_its_own(sample: Path) -> None:
    alignment = read_alignment(sample / "episode.alignment.json")
    index = next(k for k, s in enumerate(alignment.segments) if s.segment.kind.value == "note")
    outer = next(k for k in range(index, -1, -1) if alignment.segments[k].segment.kind.value == "speech")
    told = paragraph_at(alignment, outer)
    assert told.first <= index < told.stop
    with pytest.raises(NotFound):
        paragraph_at(alignment, index)


def test_a_page_of_another_text_is_refused(client: FlaskClient) -> None:
    there = client.get("/api/episodes/roue-libre/paragraphs/0")
    assert there.json
    assert there.json["speaker"] == "Bastien Oriol"
    assert client.get("/api/episodes/roue-libre/paragraphs/0", headers={"X-Transcript": "00000000"}).status_code == 409
    assert client.get("/api/episodes/roue-libre/paragraphs/9999").status_code == 404
