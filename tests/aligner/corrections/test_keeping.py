"""A correction moves what it explains; what is well placed stays, and so does what was heard beside it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from aligner.attempts import lacked
from aligner.corrections.commands import Unspoken, corrected
from aligner.corrections.pinning import moved, started
from aligner.locating.pinned import _NEVER, _best_heard, _Choice, _continued, _Way, locate_between
from aligner.locating.quality import placement_of
from aligner.model import UNSPOKEN, Located, Placement, Span, Status
from aligner.storage.alignment_json import check_alignment
from tests.aligner.corrections.test_repair import episode, off
from tests.aligner.episodes import spoken
from tests.tables import over_rows


@pytest.mark.nightly
def test_a_search_that_is_led_astray_takes_nothing_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven words some seconds before one that is moved by a hair were lost so."""
    right, heard = episode()

    def forgetful(*arguments: object, **more: object) -> Located:
        found = locate_between(*arguments, **more)  # type: ignore[arg-type]
        lost = [each if each.pinned else UNSPOKEN for each in found.placements[10:]]
        return replace(found, placements=(*found.placements[:10], *lost), untranscribed=())

    monkeypatch.setattr("aligner.corrections.repair.locate_between", forgetful)
    now = moved(right, range(200, 201), 0.03, heard)
    assert off(now, right, 0.05) == []
    assert now.untranscribed == right.untranscribed
    assert [k for k, (a, b) in enumerate(zip(now.words, right.words, strict=True)) if a.span != b.span][:2] == [
        200,
        201,
    ]


@over_rows("is_pinned", [True, False])
def test_a_word_that_begins_within_the_one_before_shortens_that(is_pinned: bool) -> None:
    right, heard = episode()
    before = spoken(right.words[150])
    first = started(right, 150, before.start, heard) if is_pinned else right
    at = round(before.end - 0.06, 3)
    now = started(first, 151, at, heard)
    check_alignment(now)
    assert spoken(now.words[150]).start == pytest.approx(before.start, abs=0.05)
    assert spoken(now.words[150]).end <= at
    assert spoken(now.words[151]).start == at
    assert now.words[150].pinned is is_pinned
    assert off(now, right, 0.1) == []


@over_rows("words", [range(60, 80), range(150, 190)])
def test_what_words_that_are_not_said_leave_lacks_text_as_it_does_after_aligning_anew(words: range) -> None:
    right, heard = episode()
    now = corrected(right, Unspoken(words.start, words.stop), heard)
    anew = lacked([placement_of(word) for word in now.words], heard.audio, heard.recognition)
    assert len(now.untranscribed) == len(anew)
    for one, other in zip(now.untranscribed, anew, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.002)
    gap = Span(spoken(now.words[words.start - 1]).end, spoken(now.words[words.stop]).start)
    assert any(each.start - gap.start < 0.7 and gap.end - each.end < 0.7 for each in now.untranscribed)


@over_rows("seed", range(200))
def test_of_all_ways_that_are_in_order_the_best_heard_one_is_found(seed: int) -> None:
    """Against every choice of every word, tried one by one."""
    chance = random.Random(seed)

    def placement(k: int) -> Placement:
        start = k + chance.uniform(-1.5, 1.5) + 2
        return Placement(Span(start, start + chance.uniform(0.2, 1.2)), Status.EXACT, 1.0)

    def choices(k: int) -> list[_Choice]:
        if chance.random() < 0.2:
            return [_Choice(placement(k), 0.0, None)]
        old, new = (UNSPOKEN if chance.random() < 0.4 else placement(k) for _ in range(2))
        return [_Choice(old, chance.uniform(-2, 4), True), _Choice(new, chance.uniform(-2, 4), False)]

    words, room = [choices(k) for k in range(6)], Span(1.0, 8.0)

    def worth(ways: Sequence[_Choice]) -> float:
        way = _Way(0.0, None, None, None, None)
        for choice in ways:
            way = _continued(way, choice, room.start)
        last = way.said.span if way.said else None
        return way.worth - (_NEVER if last and last.start > room.end else 0.0)

    best = max(itertools.product(*words), key=worth)
    assert _best_heard(words, room) == [choice.placement for choice in best]
