"""Edited texts: what stays keeps its time, what is put in is told, and nothing else changes."""

from __future__ import annotations

import random
import re
from functools import cache
from itertools import pairwise

from tests.bench.edited import (
    VERSIONS,
    Edited,
    applied,
    edited,
    headings_and_notes,
    lines,
    sentences,
    sentences_dropped,
    without,
    words_dropped,
    words_replaced,
)
from tests.bench.planted import SENTENCE, recording_of_tones
from tests.bench.recordings import Recording, Said
from tests.tables import over_rows


@cache
def talk() -> Recording:
    return recording_of_tones(600)


def numbers(version: Edited) -> list[int]:
    """Which of the recording's words stay, by their text."""
    texts = (version.recording.text[word.char_start : word.char_end] for word in version.recording.words)
    return [int(re.fullmatch(r"mot(\d+)\.?", text)[1]) for text in texts]


@over_rows("version", list(VERSIONS))
def test_words_that_stay_keep_their_times_and_every_other_token_is_told_as_put_in(version: str) -> None:
    result = edited(talk(), version, seed=1)
    assert result is not None
    for number, word in zip(numbers(result), result.recording.words, strict=True):
        true = talk().words[number]
        assert (word.earliest, word.latest, word.end) == (true.earliest, true.latest, true.end)
    covered = sorted([*result.unsaid, *((word.char_start, word.char_end) for word in result.recording.words)])
    left = [*result.recording.text]
    for start, end in covered:
        left[start:end] = " " * (end - start)
    assert not re.search(r"\w", "".join(left))
    assert all(a[1] <= b[0] for a, b in pairwise(covered))


def test_as_published_nothing_changes_and_the_same_seed_gives_the_same_text() -> None:
    assert edited(talk(), "published", seed=1) == Edited(talk())
    assert edited(recording_of_tones(44 * SENTENCE), "passage", seed=1) is None
    first, again, other = (edited(talk(), "all", seed).recording.text for seed in (1, 1, 2))
    assert first == again != other


def test_a_tenth_of_the_words_is_dropped_a_twentieth_replaced_a_fifth_of_the_sentences_dropped() -> None:
    rng = random.Random(1)
    kept = numbers(applied(Edited(talk()), words_dropped(talk(), rng)))
    assert 0.07 < 1 - len(kept) / 600 < 0.13
    replaced = applied(Edited(talk()), words_replaced(talk(), rng))
    assert len(replaced.unsaid) == 600 - len(replaced.recording.words)
    assert 0.03 < len(replaced.unsaid) / 600 < 0.07
    kept = numbers(applied(Edited(talk()), sentences_dropped(talk(), rng)))
    assert len(kept) == 0.8 * 600
    assert all(kept.count(k - k % SENTENCE) for k in kept)


def test_headings_stand_on_lines_of_their_own_and_notes_at_the_end() -> None:
    short = recording_of_tones(30)
    result = applied(Edited(short), headings_and_notes(short, random.Random(1)))
    assert numbers(result) == list(range(30))
    paragraphs = result.recording.text.split("\n\n")
    assert [bool(re.search(r"\.", each)) for each in paragraphs[:4]] == [False, True, False, True]
    assert paragraphs[1].startswith("mot0 ")
    assert [each[:3] for each in paragraphs[4:]] == ["[1]", "[2]"]
    assert "mot14.[1]" in result.recording.text


def test_a_line_goes_with_its_speaker_where_no_word_of_it_stays() -> None:
    text = "Ana : mot0 mot1.\nBo : mot2 mot3.\nAna : mot4."
    places = [m.span() for m in re.finditer(r"mot\d\.?", text)]
    turns = Recording("t", "fr", talk().samples, text, tuple(Said(*p, 1, 1, None) for p in places), frozenset())
    assert applied(Edited(turns), without(turns, {2, 3})).recording.text == "Ana : mot0 mot1.\nAna : mot4."
    assert applied(Edited(turns), without(turns, {0, 3})).recording.text == "Ana : mot1.\nBo : mot2 \nAna : mot4."


def test_lines_begin_with_sentences_and_hold_what_a_caption_line_holds() -> None:
    tones = recording_of_tones(45)
    text = re.sub(r"\.(?! mot(?:15|30) )", " ", tones.text.rstrip()) + "."
    long = Recording("t", "fr", tones.samples, text, tones.words, frozenset())
    assert [first for first, _ in sentences(long)] == [0, 15, 30]
    for first, stop in pairwise([*lines(long), 45]):
        assert long.words[stop - 1].char_end - long.words[first].char_start <= 42
        assert stop % 15 == 0 or long.words[stop].char_end - long.words[first].char_start > 42
