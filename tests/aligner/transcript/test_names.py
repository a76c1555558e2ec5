"""What of a label is the name."""

from __future__ import annotations

import pytest

from aligner.transcript.names import clean_name


@pytest.mark.parametrize(
    "label",
    [
        "\u202eBastien Oriol\u202c",
        "\u2067\u202eBastien Oriol\u202c\u2069",
        "\u200fBastien \u202eOriol\u202c\u200e",
        "\u061cBastien Oriol\u200f, voix off",
    ],
)
def test_a_name_has_no_controls_of_direction(label: str) -> None:
    assert clean_name(label) == "Bastien Oriol"


@pytest.mark.parametrize(
    ("label", "name"),
    [("DR. <X>", "DR. <X>"), ("DR. <X>:", "DR. <X>"), (">> Ana", "Ana"), ("<Ana>", "Ana"), ("Ana >", "Ana")],
)
def test_a_bracket_that_closes_one_in_a_name_is_of_it(label: str, name: str) -> None:
    assert clean_name(label) == name


@pytest.mark.parametrize("label", ["🐻 Osito", "🎙️ Osito (por teléfono)", "Osito [off]", "Osito, el oso 🐻"])
def test_pictures_and_brackets_are_no_part_of_a_name(label: str) -> None:
    assert clean_name(label) == "Osito"
