"""Edited texts: what stays keeps its time, what is put in is told, and nothing else changes."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest

from tests.bench.edited import (
    VERSIONS,
    Edit,
    Edited,
    applied,
    edited,
    first_minutes,
    headings_and_notes,
    lines,
    passage_dropped,
    sentences,
    sentences_dropped,
    without,
    words_dropped,
    words_replaced,
)
from tests.bench.planted import PERIOD, SENTENCE, recording_of_tones
from tests.bench.recordings import Recording, Said

TALK = recording_of_tones(600)


def own_number(recording: Recording, word: Said) -> int:
    """Which of the recording's words it is, by its text."""
    return int(re.fullmatch(r"mot(\d+)\.?", recording.text[word.char_start : word.char_end])[1])


def numbers(version: Edited) -> list[int]:
    return [own_number(version.recording, word) for word in version.recording.words]


@pytest.mark.parametrize("version", VERSIONS)
def test_words_that_stay_are_found_in_the_text_with_the_times_that_they_had(version: str) -> None:
    result = edited(TALK, version, seed=1)
    assert result is not None
    for word in result.recording.words:
        true = TALK.words[own_number(result.recording, word)]
        assert (word.earliest, word.latest, word.end) == (true.earliest, true.latest, true.end)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_token_of_an_edited_text_is_either_said_or_put_in(version: str) -> None:
    result = edited(TALK, version, seed=1)
    assert result is not None
    covered = sorted([*result.unsaid, *((word.char_start, word.char_end) for word in result.recording.words)])
    text = result.recording.text
    left = [*text]
    for start, end in covered:
        left[start:end] = " " * (end - start)
    assert not re.search(r"\w", "".join(left))
    assert all(a[1] <= b[0] for a, b in pairwise(covered))


def test_as_published_nothing_changes_and_the_same_seed_gives_the_same_text() -> None:
    assert edited(TALK, "published", seed=1) == Edited(TALK)
    first, again, other = (edited(TALK, "all", seed).recording.text for seed in (1, 1, 2))
    assert first == again != other


def test_a_tenth_of_the_words_is_dropped_a_twentieth_replaced_a_fifth_of_the_sentences_dropped() -> None:
    rng = random.Random(1)
    kept = numbers(applied(Edited(TALK), words_dropped(TALK, rng)))
    assert 0.07 < 1 - len(kept) / 600 < 0.13
    replaced = applied(Edited(TALK), words_replaced(TALK, rng))
    assert len(replaced.unsaid) == 600 - len(replaced.recording.words)
    assert 0.03 < len(replaced.unsaid) / 600 < 0.07
    kept = numbers(applied(Edited(TALK), sentences_dropped(TALK, rng)))
    assert len(kept) == 0.8 * 600
    assert all(kept.count(k - k % SENTENCE) for k in kept)


def test_a_word_put_in_is_another_of_the_same_text_and_stands_where_it_is_told() -> None:
    result = applied(Edited(TALK), words_replaced(TALK, random.Random(3)))
    gone = sorted(set(range(600)) - set(numbers(result)))
    for (start, end), number in zip(result.unsaid, gone, strict=True):
        put_in = result.recording.text[start:end]
        assert re.fullmatch(r"mot\d+", put_in)
        assert put_in != f"mot{number}"


def test_25_sentences_in_a_row_are_missing_and_none_where_the_text_is_too_short() -> None:
    kept = numbers(applied(Edited(TALK), passage_dropped(TALK, random.Random(1))))
    gone = sorted(set(range(600)) - set(kept))
    assert gone == list(range(gone[0], gone[0] + 25 * SENTENCE))
    assert gone[0] % SENTENCE == 0
    assert edited(recording_of_tones(44 * SENTENCE), "passage", seed=1) is None


def test_headings_stand_on_lines_of_their_own_and_notes_at_the_end() -> None:
    talk = recording_of_tones(30)
    result = applied(Edited(talk), headings_and_notes(talk, random.Random(1)))
    assert numbers(result) == list(range(30))
    paragraphs = result.recording.text.split("\n\n")
    assert [bool(re.search(r"\.", each)) for each in paragraphs[:4]] == [False, True, False, True]
    assert paragraphs[1].startswith("mot0 ")
    assert [each[:3] for each in paragraphs[4:]] == ["[1]", "[2]"]
    assert result.recording.text.count("[1]") == 2
    assert "mot14.[1]" in result.recording.text


def test_a_line_goes_with_its_speaker_where_no_word_of_it_stays() -> None:
    text = "Ana : mot0 mot1.\nBo : mot2 mot3.\nAna : mot4."
    places = [m.span() for m in re.finditer(r"mot\d\.?", text)]
    talk = Recording("t", "fr", TALK.samples, text, tuple(Said(*p, 1, 1, None) for p in places), frozenset())
    assert applied(Edited(talk), without(talk, {2, 3})).recording.text == "Ana : mot0 mot1.\nAna : mot4."
    assert applied(Edited(talk), without(talk, {0, 3})).recording.text == "Ana : mot1.\nBo : mot2 \nAna : mot4."


def test_words_put_in_by_one_edit_are_moved_by_the_next() -> None:
    first = applied(Edited(TALK), [Edit(0, 0, "Titre deux\n\n")])
    second = applied(first, [Edit(0, 0, "Avant "), Edit(6, 10, "trois")])
    assert second.recording.text.startswith("Avant Titre trois\n\nmot0 ")
    assert [second.recording.text[a:b] for a, b in second.unsaid] == ["Titre", "Avant", "trois"]


def test_lines_begin_with_sentences_and_hold_what_a_caption_line_holds() -> None:
    starts = lines(TALK)
    assert {first for first, _ in sentences(TALK)} <= set(starts)
    tones = recording_of_tones(45)
    text = "".join(
        sign if tones.text[:k].count(".") % 3 == 2 else sign.replace(".", " ") for k, sign in enumerate(tones.text)
    )
    long = Recording("t", "fr", tones.samples, text, tones.words, frozenset())
    assert len(sentences(long)) == 3
    for first, stop in pairwise([*lines(long), 45]):
        assert long.words[stop - 1].char_end - long.words[first].char_start <= 42
        assert stop % 15 == 0 or long.words[stop].char_end - long.words[first].char_start > 42


def test_the_first_minutes_end_between_sentences() -> None:
    cut = first_minutes(TALK, 1.0)
    assert len(cut.words) % SENTENCE == 0
    assert cut.words[-1].end < cut.duration <= 60
    assert 60 - cut.duration < (SENTENCE + 1) * PERIOD
    assert cut.text.endswith(f"mot{len(cut.words) - 1}.")
    assert first_minutes(cut, 1.0) is cut
