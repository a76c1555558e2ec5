"""Where words' letters were heard, and in which of their ways words were read."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.emissions import CLASSES, Emissions, silent_frames
from aligner.locating.letters.anchors import DecodedLetters, choose_readings, decode, find_anchors, letter_classes
from aligner.normalization import ALPHABET

WORDS = "la vieille barque verte quitta le port avant que le jour ne monte sur les collines du nord".split()  # noqa: SIM905


def heard_as(*words: str, letter: int = 3, gap: int = 0) -> DecodedLetters:
    """Each letter so many frames after the one before, doubled ones once, ``gap`` frames between words."""
    letters, frames, now = "", [], 10
    for word in words:
        for c in word:
            if letters[-1:] != c:
                letters += c
                frames.append(now)
            now += letter
        now += gap
    return DecodedLetters(letters, np.array(frames, np.int64))


def emissions_of(spikes: str) -> Emissions:
    """Emissions in which the letter in each frame spikes, a dot for none."""
    values = silent_frames(len(spikes))
    for t, letter in enumerate(spikes):
        if letter != ".":
            values[t, 0], values[t, 1 + ALPHABET.index(letter)] = -9, -0.1
    return Emissions(values, np.full(CLASSES, 1 / CLASSES, np.float32))


def test_letters_are_heard_at_their_onsets_accents_dropped_and_doubled_ones_once() -> None:
    heard = decode(emissions_of("..bb.é..e.t..tt.e."))
    assert heard.letters == "bete"
    assert heard.frames.tolist() == [2, 5, 10, 16]


def test_nothing_is_heard_in_silence_or_in_no_frames_at_all() -> None:
    for frames in (0, 50):
        heard = decode(Emissions(silent_frames(frames), np.ones(CLASSES, np.float32)))
        assert (heard.letters, heard.frames.tolist()) == ("", [])


def test_every_word_that_was_heard_as_written_is_anchored_over_its_letters() -> None:
    anchors = find_anchors(WORDS, heard_as(*WORDS, gap=5))
    assert anchors.share.min() > 0.8
    now = 10
    for word, (start, stop) in zip(WORDS, anchors.frames, strict=True):
        assert now <= start < stop <= now + 3 * len(word)
        now += 3 * len(word) + 5


def test_accents_and_doubled_letters_are_no_difference() -> None:
    words = ["allée", "été", "ballon", "prière", "lumière", "colline", "chaussée"]
    anchors = find_anchors(words, heard_as("alee", "ete", "balon", "priere", "lumiere", "coline", "chausee"))
    assert anchors.share.tolist() == [1.0] * len(words)


def test_words_that_were_not_heard_and_words_that_are_not_sought_have_no_anchor() -> None:
    spelled = [*WORDS[:9], "xylophone", "", *WORDS[9:]]
    anchors = find_anchors(spelled, heard_as(*WORDS))
    assert (anchors.frames[9:11] == -1).all()
    assert anchors.share[10] == 0
    assert (anchors.frames[[0, 8, 11, len(spelled) - 1]] >= 0).all()


def test_a_word_whose_letters_were_heard_far_apart_has_no_anchor() -> None:
    heard = heard_as(*WORDS)
    k = heard.letters.index("quita")
    torn = DecodedLetters(heard.letters, heard.frames + np.where(np.arange(len(heard.frames)) > k + 2, 400, 0))
    anchors = find_anchors(WORDS, torn)
    assert anchors.frames[WORDS.index("quitta")].tolist() == [-1, -1]
    assert (anchors.frames[WORDS.index("verte")] >= 0).all()


def test_nothing_heard_or_nothing_written_is_no_anchor() -> None:
    nothing = DecodedLetters("", np.empty(0, np.int64))
    assert (find_anchors(WORDS, nothing).frames == -1).all()
    assert find_anchors([], heard_as(*WORDS)).frames.shape == (0, 2)
    assert find_anchors([], nothing).frames.shape == (0, 2)


YEAR = ("milleneufcentdouze", "dixneufcentdouze")


@pytest.mark.parametrize("said", YEAR)
def test_of_two_ways_to_read_a_number_the_one_that_was_heard_is_taken(said: str) -> None:
    ways = [(word,) for word in WORDS[:9]] + [YEAR] + [(word,) for word in WORDS[9:]]
    heard = heard_as(*WORDS[:9], said, *WORDS[9:])
    chosen = choose_readings(ways, find_anchors([way[0] for way in ways], heard), heard)
    assert chosen == [*WORDS[:9], said, *WORDS[9:]]


def test_the_likeliest_way_stands_where_nothing_tells_them_apart() -> None:
    ways = [(word,) for word in WORDS[:9]] + [YEAR] + [(word,) for word in WORDS[9:]]
    for heard in (heard_as(*WORDS), heard_as(*WORDS[:9], "tout", "autre", *WORDS[9:])):
        anchors = find_anchors([way[0] for way in ways], heard)
        assert choose_readings(ways, anchors, heard)[9] == YEAR[0]


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        (("tva", "tévéa", "tivié"), "tevea"),  # all letters of the first way are in the names, too
        (("rgpd", "erregépédé"), "rgepede"),  # nobody says "rgpd"
        (("dvd", "deeveedee"), "devede"),  # doubled letters are heard once
    ],
)
def test_an_acronym_is_read_letter_by_letter_where_the_letters_names_were_heard(
    ways: tuple[str, ...], said: str
) -> None:
    written = [(word,) for word in WORDS[:9]] + [ways] + [(word,) for word in WORDS[9:]]
    for heard, chosen in ((said, ways[1]), (ways[0], ways[0])):
        letters = heard_as(*WORDS[:9], heard, *WORDS[9:])
        assert choose_readings(written, find_anchors([way[0] for way in written], letters), letters)[9] == chosen


@pytest.mark.parametrize("said", ["bbva", "bebeuvea"])
@pytest.mark.parametrize("unheard", [0, 12])
def test_a_way_to_read_is_told_beside_one_neighbour_that_was_heard(said: str, unheard: int) -> None:
    acronym, others = ("bbva", "bebeuvea"), [("xyzxyz",)] * unheard
    words = [(word,) for word in WORDS]
    for ways, letters, at in (
        ([*words, acronym, *others], heard_as(*WORDS, said), len(words)),
        ([*others, acronym, *words], heard_as(said, *WORDS), unheard),
        ([*words, acronym, *others], heard_as(*WORDS, said, "toute", "autre", "chose", "encore"), len(words)),
    ):
        assert choose_readings(ways, find_anchors([way[0] for way in ways], letters), letters)[at] == said


def test_a_word_that_is_not_read_stays_empty() -> None:
    heard = heard_as(*WORDS)
    ways = [("",), *((word,) for word in WORDS)]
    assert choose_readings(ways, find_anchors([way[0] for way in ways], heard), heard) == ["", *WORDS]


def test_classes_are_the_alphabets_places_doubled_letters_once() -> None:
    assert letter_classes("") == []
    assert letter_classes("abba") == [1, 2, 1]
    assert letter_classes("éée") == [1 + ALPHABET.index("é"), 1 + ALPHABET.index("e")]
