"""Paragraphs for the editor, also after changes by others."""

from __future__ import annotations

from pathlib import Path

from aligner.storage.alignment_json import read_alignment
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.page.paragraph import passage_now


def test_a_paragraph_has_exact_text_segments_and_times() -> None:
    alignment = planted(("Ana", "Good day."), (None, "Well, <b>so</b>."))
    [told] = passage_now(alignment, alignment, range(1, 2), 7)["paragraphs"]
    assert tuple(told[name] for name in ("first", "stop", "kind", "speaker")) == (1, 2, "speech", None)
    assert told["text"] == "Well, <b>so</b>."
    assert told["char_start"] == 10
    assert (told["start"], told["end"]) == (2.0, 3.8)


def test_an_inner_segment_belongs_to_its_paragraph(sample: Path) -> None:
    alignment = read_alignment(sample / "episode.alignment.json")
    index = next(k for k, s in enumerate(alignment.segments) if s.segment.kind.value == "note")
    outer = next(k for k in range(index, -1, -1) if alignment.segments[k].segment.kind.value == "speech")
    [told] = passage_now(alignment, alignment, range(outer, outer + 1), 7)["paragraphs"]
    assert told["first"] <= index < told["stop"]
    assert passage_now(alignment, alignment, range(index, index + 1), 7)["paragraphs"] == []


BEFORE = ["One two three.", "Four five six.", "Seven eight nine."]


@over_rows(
    "now, expected, place",
    [
        (["Before.", *BEFORE], ["Four five six."], 2),
        (["One two three.", "Four FIVE six.", "Seven eight nine."], ["Four FIVE six."], 1),
        (["One two three.", "Four.", "Five six.", "Seven eight nine."], ["Four.", "Five six."], 1),
        (["One two three.", "Seven eight nine."], [], 1),
        (["One two three. Four five six.", "Seven eight nine."], [], 1),
    ],
)
def test_a_paragraph_is_found_after_changes_by_others(now: list[str], expected: list[str], place: int) -> None:
    base, changed = (planted(*((None, text) for text in texts)) for texts in (BEFORE, now))
    passage = passage_now(base, changed, range(1, 2), 7)
    assert [each["text"] for each in passage["paragraphs"]] == expected
    assert (passage["first"], passage["transcript"]) == (place, changed.version)
