"""Where words' letters were heard, and in which of their ways words were read."""

from __future__ import annotations

import numpy as np

from aligner.locating.letters.anchors import DecodedLetters, choose_readings, find_anchors
from tests.tables import over_rows

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


YEAR = ("milleneufcentdouze", "dixneufcentdouze")


def test_the_likeliest_way_stands_where_nothing_tells_them_apart() -> None:
    ways = [(word,) for word in WORDS[:9]] + [YEAR] + [(word,) for word in WORDS[9:]]
    for heard in (heard_as(*WORDS), heard_as(*WORDS[:9], "tout", "autre", *WORDS[9:])):
        anchors = find_anchors([way[0] for way in ways], heard)
        assert choose_readings(ways, anchors, heard)[9] == YEAR[0]


@over_rows(
    "ways, said",
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


@over_rows("said", ["bbva", "bebeuvea"])
@over_rows("unheard", [0, 12])
def test_a_way_to_read_is_told_beside_one_neighbour_that_was_heard(said: str, unheard: int) -> None:
    acronym, others = ("bbva", "bebeuvea"), [("xyzxyz",)] * unheard
    words = [(word,) for word in WORDS]
    for ways, letters, at in (
        ([*words, acronym, *others], heard_as(*WORDS, said), len(words)),
        ([*others, acronym, *words], heard_as(said, *WORDS), unheard),
        ([*words, acronym, *others], heard_as(*WORDS, said, "toute", "autre", "chose", "encore"), len(words)),
    ):
        assert choose_readings(ways, find_anchors([way[0] for way in ways], letters), letters)[at] == said
