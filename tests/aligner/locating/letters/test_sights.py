"""Where words' letters were heard, and in which of their ways words were read."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.emissions import CLASSES, Emissions, silent_frames
from aligner.locating.letters.reading import chosen_readings, letter_classes
from aligner.locating.letters.sights import HeardLetters, find_sights, heard_letters
from aligner.normalization import ALPHABET

WORDS = "la vieille barque verte quitta le port avant que le jour ne monte sur les collines du nord".split()  # noqa: SIM905


def heard_as(*words: str, letter: int = 3, gap: int = 0) -> HeardLetters:
    """Each letter so many frames after the one before, doubled ones once, ``gap`` frames between words."""
    letters, frames, now = "", [], 10
    for word in words:
        for c in word:
            if letters[-1:] != c:
                letters += c
                frames.append(now)
            now += letter
        now += gap
    return HeardLetters(letters, np.array(frames, np.int64))


def scores_of(spikes: str) -> Emissions:
    """Scores in which the letter in each frame spikes, a dot for none."""
    values = silent_frames(len(spikes))
    for t, letter in enumerate(spikes):
        if letter != ".":
            values[t, 0], values[t, 1 + ALPHABET.index(letter)] = -9, -0.1
    return Emissions(values, np.full(CLASSES, 1 / CLASSES, np.float32))


def test_letters_are_heard_at_their_onsets_accents_dropped_and_doubled_ones_once() -> None:
    heard = heard_letters(scores_of("..bb.é..e.t..tt.e."))
    assert heard.letters == "bete"
    assert heard.frames.tolist() == [2, 5, 10, 16]


def test_nothing_is_heard_in_silence_or_in_no_frames_at_all() -> None:
    for frames in (0, 50):
        heard = heard_letters(Emissions(silent_frames(frames), np.ones(CLASSES, np.float32)))
        assert (heard.letters, heard.frames.tolist()) == ("", [])


def test_every_word_that_was_heard_as_written_is_in_sight_over_its_letters() -> None:
    sights = find_sights(WORDS, heard_as(*WORDS, gap=5))
    assert sights.share.min() > 0.8
    now = 10
    for word, (start, stop) in zip(WORDS, sights.frames, strict=True):
        assert now <= start < stop <= now + 3 * len(word)
        now += 3 * len(word) + 5


def test_accents_and_doubled_letters_are_no_difference() -> None:
    words = ["allée", "été", "ballon", "prière", "lumière", "colline", "chaussée"]
    sights = find_sights(words, heard_as("alee", "ete", "balon", "priere", "lumiere", "coline", "chausee"))
    assert sights.share.tolist() == [1.0] * len(words)


def test_words_that_were_not_heard_and_words_that_are_not_sought_are_not_in_sight() -> None:
    spelled = [*WORDS[:9], "xylophone", "", *WORDS[9:]]
    sights = find_sights(spelled, heard_as(*WORDS))
    assert (sights.frames[9:11] == -1).all()
    assert sights.share[10] == 0
    assert (sights.frames[[0, 8, 11, len(spelled) - 1]] >= 0).all()


def test_a_word_whose_letters_were_heard_far_apart_is_not_in_sight() -> None:
    heard = heard_as(*WORDS)
    k = heard.letters.index("quita")
    torn = HeardLetters(heard.letters, heard.frames + np.where(np.arange(len(heard.frames)) > k + 2, 400, 0))
    sights = find_sights(WORDS, torn)
    assert sights.frames[WORDS.index("quitta")].tolist() == [-1, -1]
    assert (sights.frames[WORDS.index("verte")] >= 0).all()


def test_nothing_heard_or_nothing_written_is_no_sight() -> None:
    nothing = HeardLetters("", np.empty(0, np.int64))
    assert (find_sights(WORDS, nothing).frames == -1).all()
    assert find_sights([], heard_as(*WORDS)).frames.shape == (0, 2)
    assert find_sights([], nothing).frames.shape == (0, 2)


YEAR = ("milleneufcentdouze", "dixneufcentdouze")


@pytest.mark.parametrize("said", YEAR)
def test_of_two_ways_to_read_a_number_the_one_that_was_heard_is_taken(said: str) -> None:
    ways = [(word,) for word in WORDS[:9]] + [YEAR] + [(word,) for word in WORDS[9:]]
    heard = heard_as(*WORDS[:9], said, *WORDS[9:])
    chosen = chosen_readings(ways, find_sights([way[0] for way in ways], heard), heard)
    assert chosen == [*WORDS[:9], said, *WORDS[9:]]


def test_the_likeliest_way_stands_where_nothing_tells_them_apart() -> None:
    ways = [(word,) for word in WORDS[:9]] + [YEAR] + [(word,) for word in WORDS[9:]]
    for heard in (heard_as(*WORDS), heard_as(*WORDS[:9], "tout", "autre", *WORDS[9:])):
        sights = find_sights([way[0] for way in ways], heard)
        assert chosen_readings(ways, sights, heard)[9] == YEAR[0]


def test_a_word_that_is_not_read_stays_empty() -> None:
    heard = heard_as(*WORDS)
    ways = [("",), *((word,) for word in WORDS)]
    assert chosen_readings(ways, find_sights([way[0] for way in ways], heard), heard) == ["", *WORDS]


def test_classes_are_the_alphabets_places_doubled_letters_once() -> None:
    assert letter_classes("") == []
    assert letter_classes("abba") == [1, 2, 1]
    assert letter_classes("éée") == [1 + ALPHABET.index("é"), 1 + ALPHABET.index("e")]
