"""A correction moves what it explains; what is well placed stays, and so does what was heard beside it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from aligner.attempts import lacked
from aligner.corrections.passages import passages_between
from aligner.corrections.pinning import moved, not_said, started
from aligner.locating.keeping import (
    _NEVER,
    LettersHeard,
    _best_heard,
    _Choice,
    _continued,
    _Way,
    kept,
    placement_of,
)
from aligner.locating.pinned import locate_between
from aligner.model import UNSPOKEN, Alignment, Located, Placement, Recognition, Span, Status, Untranscribed
from aligner.storage.alignment_check import check_alignment
from tests.aligner.corrections.test_repair import episode, off, shifted
from tests.aligner.episodes import spoken
from tests.aligner.locating.letters.tape import Tape


def letters() -> LettersHeard:
    alignment, heard = episode()
    return LettersHeard.of(heard.recognition, Span(0.0, alignment.audio.duration))


def chosen(alignment: Alignment, found: list[Placement], words: range) -> list[Placement]:
    room = Span(0.0, alignment.audio.duration)
    return kept(alignment.words[words.start : words.stop], found, set(), room, letters(), alignment.language)


def test_words_that_a_search_lost_stay_where_they_are_heard() -> None:
    right, _ = episode()
    assert chosen(right, [UNSPOKEN] * 20, range(100, 120)) == [placement_of(word) for word in right.words[100:120]]


def test_words_that_are_clearly_better_heard_elsewhere_go_there() -> None:
    right, _ = episode()
    wrong = shifted(right, range(100, 120), 1.5)
    found = [placement_of(word) for word in right.words[95:130]]
    assert off(replace(wrong, words=wrong.words[95:130]), replace(right, words=right.words[95:130]), 0.1)
    new = chosen(wrong, found, range(95, 130))
    starts = [each.span.start for each in new if each.span]
    assert starts == pytest.approx([spoken(word).start for word in right.words[95:130]], abs=0.1)


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


@pytest.mark.parametrize("is_pinned", [True, False])
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


def test_a_word_that_is_started_ends_where_the_next_pinned_one_begins() -> None:
    right, heard = episode()
    first = started(right, 151, spoken(right.words[151]).start, heard)
    now = started(first, 150, spoken(right.words[151]).start - 0.05, heard)
    check_alignment(now)
    assert spoken(now.words[150]).end == spoken(now.words[151]).start


def test_letters_are_those_heard_in_a_span() -> None:
    tape = Tape()
    tape.pause(1.0)
    ((start, end), *_) = tape.say("bridge keys")
    heard = LettersHeard.of(Recognition((), "en", emissions=tape.heard().emissions), Span(0.0, tape.now))
    assert heard.within(Span(start, end)) == "bridge"
    assert heard.letters == "bridgekeys"


def test_a_passage_that_is_cut_in_two_keeps_of_its_text_what_was_heard_in_each() -> None:
    right, _ = episode()
    texts = ["the yellow bridge over the river was closed", "nine crates of oranges and a lamp came ashore"]
    tape, said = apart(texts, pause=1.0)
    known = Untranscribed(0.6, tape.now - 0.6, " ".join(texts))
    heard = tape.heard()
    recognition = Recognition((), "en", emissions=heard.emissions)
    alone = replace(right, untranscribed=(known,), words=right.words[:1])
    between = Placement(Span(said[0].end + 0.4, said[0].end + 0.5), Status.EXACT, 1.0)
    now = passages_between(alone, [between], Span(0.0, heard.audio.duration), heard.audio, recognition)
    assert [each.text for each in now] == texts


def apart(texts: Sequence[str], pause: float) -> tuple[Tape, list[Span]]:
    """Texts said after a second, with seconds of silence behind each, and when each is said."""
    tape = Tape()
    tape.pause(1.0)
    spans = []
    for text in texts:
        words = tape.say(text)
        spans.append(Span(words[0][0], words[-1][1]))
        tape.pause(pause)
    return tape, spans


def between_words(*said: str, known: slice, text: str) -> Alignment:
    """Stretches of speech that the text lacks, some heard as ``text``; they are one passage now."""
    right, _ = episode()
    tape, spans = apart(said, pause=0.5)
    before = Untranscribed(spans[known][0].start - 0.3, spans[known][-1].end + 0.3, text)
    heard = tape.heard()
    recognition = Recognition((), "en", emissions=heard.emissions)
    alone = replace(right, untranscribed=(before,), words=right.words[:1])
    now = passages_between(alone, [], Span(0.0, heard.audio.duration), heard.audio, recognition)
    return replace(alone, untranscribed=tuple(now))


def test_a_passage_that_takes_in_more_sound_keeps_what_was_heard_and_says_where_more_is_said() -> None:
    """Words beside it were taken out of the text; nobody has listened to these yet."""
    advert = "this episode is brought to you by yellow bridges"
    more = "the president spoke of nine crates of oranges"
    (after,) = between_words(advert, more, known=slice(0, 1), text=advert).untranscribed
    assert after.text == f"{advert} …"
    (before,) = between_words(more, advert, known=slice(1, 2), text=advert).untranscribed
    assert before.text == f"… {advert}"
    (again,) = between_words(advert, more, known=slice(0, 1), text=f"{advert} …").untranscribed
    assert again.text == f"{advert} …"
    (short,) = between_words(advert, "you know", known=slice(0, 1), text=advert).untranscribed
    assert short.text == advert
    (nothing,) = between_words(advert, more, known=slice(0, 1), text="").untranscribed
    assert nothing.text == ""


@pytest.mark.parametrize("by", [-1.5, -0.5, 0.5, 1.5])
@pytest.mark.parametrize("word", [60, 110, 200])
def test_words_that_are_well_heard_make_room_for_one_that_a_person_sets_beyond_them(word: int, by: float) -> None:
    right, heard = episode()
    at = round(spoken(right.words[word]).start + by, 3)
    now = started(right, word, at, heard)
    check_alignment(now)
    assert now.words[word].pinned
    assert spoken(now.words[word]).start == at


@pytest.mark.parametrize("words", [range(60, 80), range(150, 190)])
def test_what_words_that_are_not_said_leave_lacks_text_as_it_does_after_aligning_anew(words: range) -> None:
    right, heard = episode()
    now = not_said(right, words, heard)
    anew = lacked([placement_of(word) for word in now.words], heard.audio, heard.recognition)
    assert len(now.untranscribed) == len(anew)
    for one, other in zip(now.untranscribed, anew, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.002)
    gap = Span(spoken(now.words[words.start - 1]).end, spoken(now.words[words.stop]).start)
    assert any(each.start - gap.start < 0.7 and gap.end - each.end < 0.7 for each in now.untranscribed)


@pytest.mark.parametrize("seed", range(200))
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
