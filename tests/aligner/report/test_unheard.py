"""Words that are called exact where others are heard are asked, and no others."""

from __future__ import annotations

import pytest

from aligner.report import facts
from aligner.report.doubt import Hearing, unheard_runs
from aligner.review.queue import ItemKind, queue_of
from tests.aligner.corrections.test_repair import episode, off, shifted
from tests.tables import over_rows


def test_of_what_is_where_it_is_heard_nothing_is_asked() -> None:
    alignment, heard = episode()
    assert heard.recognition.emissions
    assert unheard_runs(alignment, heard.recognition.emissions) == []


@pytest.mark.nightly
@over_rows("first, count, seconds", [(40, 4, 1.0), (100, 12, -3.0), (200, 30, 0.5)])
def test_words_that_were_moved_are_asked_however_sure_they_are_said_to_be(
    first: int, count: int, seconds: float
) -> None:
    alignment, heard = episode()
    emissions = heard.recognition.emissions
    assert emissions
    wrong = shifted(alignment, range(first, first + count), seconds)
    moved = set(off(wrong, alignment, 0.1))
    asked = {word for run in unheard_runs(wrong, emissions) for word in run}
    assert len(asked & moved) >= 0.6 * len(moved)
    assert len(asked - moved) <= 3
    items = [item for item in queue_of(wrong, Hearing(heard.recognition)) if item.kind is ItemKind.MISPLACED]
    assert {word for item in items for word in item.words or ()} >= asked
    assert ItemKind.MISPLACED not in {item.kind for item in queue_of(wrong)}


def test_the_report_has_the_passages_that_a_review_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    alignment, heard = episode()
    wrong = shifted(alignment, range(100, 112), -3.0)
    monkeypatch.setattr(facts, "hearing_of", lambda alignment: Hearing(heard.recognition))
    report = facts.report_of(wrong)
    items = [item for item in queue_of(wrong, Hearing(heard.recognition)) if item.kind is ItemKind.MISPLACED]
    assert report.doubtful.count == len(items) > 0
    assert [(p.words.first, p.words.stop) for p in report.doubtful.first] == [
        (item.words.start, item.words.stop) for item in items if item.words
    ]
