"""Who takes part by lines of credits is a speaker, whatever letter follows the name."""

from __future__ import annotations

import pytest

TALK = "Karim: {0}\nNora: {0}\nKarim: {0}\nNora: {0}\n".format("The boats are here, and the sea is calm.") * 2


def told(transcript) -> list[str | None]:
    return [s.speaker for s in transcript.segments if s.kind == "speech"]


@pytest.mark.parametrize(
    ("credit", "label"),
    [
        ("Guests: Ana Sol, Leo Paz", "Leo Paz"),
        ("Guest: Leo Paz (CNRS)", "Paz"),
        ("Avec : Ana Sol et Leo Paz", "Leo"),
        ("Gäste: Ana Sol und Leo Paz", "Leo Paz"),
        ("Invitados: Ana Sol y Leo Paz", "Leo Paz"),
    ],
)
def test_a_name_of_the_credits_is_a_speaker_before_a_small_letter(read, credit, label):
    found = read(f"{credit}\n\n{TALK}{label}: and so it is\n{TALK}")
    assert label in told(found)
    assert label not in told(read(f"{TALK}{label}: and so it is\n{TALK}"))


def test_what_other_lines_of_credits_name_is_no_speaker(read):
    found = read(
        f"Title: Star Trek\nLocation: New York\n\n{TALK}New York: a city of boats.\nStar Trek: a tale.\n{TALK}"
    )
    assert set(told(found)) == {"Karim", "Nora"}
