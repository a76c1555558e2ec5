"""Speakers have colours that are told from each other, and from black, as long as there are such."""

from __future__ import annotations

import pytest

from aligner.formats import Material
from aligner.formats.speaker_colours import COLOURS, speaker_colours
from tests.aligner.captions.spoken import spoken

_BLACK = 0.05  # its luminance, as the contrast of WCAG counts it


def _colours(*paragraphs: tuple[str | None, str]) -> dict[str, str]:
    return speaker_colours(Material(spoken(*paragraphs), "episode"))


def test_they_come_in_order_of_appearance() -> None:
    said = [
        ("Ada", "Oui."),
        (None, "Qui ?"),
        ("Luc", "Non, non, non."),
        ("Ada", "Si."),
        ("Zoé", "Ah."),
        ("Guy", "Bon."),
    ]
    assert _colours(*said) == dict(zip(("Ada", "Luc", "Zoé", "Guy"), COLOURS, strict=True))


def test_of_many_those_who_say_most_have_their_own() -> None:
    said = [("A", "Oui."), ("B", "Un deux trois."), ("C", "Un deux."), ("D", "Un deux trois quatre."), ("E", "Non.")]
    white, yellow, cyan, green = COLOURS
    assert _colours(*said) == {"A": green, "B": white, "C": yellow, "D": cyan, "E": green}


def test_without_speakers_there_are_none() -> None:
    assert _colours((None, "Il pleut.")) == {}


@pytest.mark.parametrize("colour", COLOURS)
def test_all_can_be_read_on_black(colour: str) -> None:
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert (luminance + 0.05) / _BLACK >= 15
