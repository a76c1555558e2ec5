"""Speakers have colours that are told from each other, and from black, as long as there are such."""

from __future__ import annotations

from aligner.formats import Material
from aligner.formats.ttml import COLOURS, speaker_colours
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows

_BLACK = 0.05  # its luminance, as the contrast of WCAG counts it


def _colours(*paragraphs: tuple[str | None, str]) -> dict[str, str]:
    return speaker_colours(Material(spoken(*paragraphs), "episode"))


def test_of_many_those_who_say_most_have_their_own() -> None:
    said = [("A", "Oui."), ("B", "Un deux trois."), ("C", "Un deux."), ("D", "Un deux trois quatre."), ("E", "Non.")]
    white, yellow, cyan, green = COLOURS
    assert _colours(*said) == {"A": green, "B": white, "C": yellow, "D": cyan, "E": green}


@over_rows("colour", COLOURS)
def test_all_can_be_read_on_black(colour: str) -> None:
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert (luminance + 0.05) / _BLACK >= 15
