"""A correction moves what it explains; what is well placed stays, and so does what was heard beside it."""

from __future__ import annotations

import pytest

from aligner.attempts import find_untranscribed
from aligner.corrections.commands import Unspoken, corrected
from aligner.corrections.pinning import started
from aligner.locating.quality import placement_of
from aligner.model import Span
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.corrections.test_repair import episode, off
from tests.aligner.episodes import spoken
from tests.tables import over_rows


@over_rows("is_pinned", [True, False])
def test_a_word_that_begins_within_the_one_before_shortens_that(is_pinned: bool) -> None:
    right, heard = episode()
    before = spoken(right.words[150])
    first = started(right, 150, before.start, heard) if is_pinned else right
    at = round(before.end - 0.06, 3)
    now = started(first, 151, at, heard)
    from_content(to_text(now).encode())
    assert spoken(now.words[150]).start == pytest.approx(before.start, abs=0.05)
    assert spoken(now.words[150]).end <= at
    assert spoken(now.words[151]).start == at
    assert now.words[150].pinned is is_pinned
    assert off(now, right, 0.1) == []


@over_rows("words", [range(60, 80), range(150, 190)])
def test_what_words_that_are_not_said_leave_lacks_text_as_it_does_after_aligning_anew(words: range) -> None:
    right, heard = episode()
    now = corrected(right, Unspoken(words.start, words.stop), heard)
    anew = find_untranscribed([placement_of(word) for word in now.words], heard.audio, heard.recognition)
    assert len(now.untranscribed) == len(anew)
    for one, other in zip(now.untranscribed, anew, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.002)
    gap = Span(spoken(now.words[words.start - 1]).end, spoken(now.words[words.stop]).start)
    assert any(each.start - gap.start < 0.7 and gap.end - each.end < 0.7 for each in now.untranscribed)
