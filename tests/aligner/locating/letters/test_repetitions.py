"""Words that were said twice stand where they were said last, if that leads on to the next word."""

from __future__ import annotations

import pytest

from aligner.locating.letters import locate_by_letters
from aligner.model import Placement, Transcript
from tests.aligner.episodes import spoken, transcript_of
from tests.aligner.locating.letters.tape import Tape

BEFORE = "Every autumn the beekeeper carries his hives down to the valley"
AFTER = "where the almond trees blossom earlier than anywhere else on the island"


def located(transcript: Transcript, tape: Tape) -> tuple[Placement, ...]:
    heard = tape.heard()
    return locate_by_letters(transcript, heard.audio, heard.emissions, "en").placements


def start_of(word: int, tape: Tape, text: str) -> float:
    return spoken(located(transcript_of(text), tape)[word]).start


@pytest.mark.parametrize("word", ["and", "slowly", "unexpectedly"])
@pytest.mark.parametrize("pause", [0.0, 0.4])
def test_a_word_said_twice_stands_at_its_second_place(word: str, pause: float) -> None:
    tape = Tape()
    tape.say(BEFORE)
    tape.say(word)
    tape.pause(pause)
    second = tape.now
    tape.say(word)
    tape.say(AFTER)
    assert start_of(len(BEFORE.split()), tape, f"{BEFORE} {word} {AFTER}") == pytest.approx(second, abs=0.03)


def test_a_word_said_three_times_stands_at_its_third_place() -> None:
    tape = Tape()
    tape.say(BEFORE)
    for _ in range(3):
        third = tape.now
        tape.say("slowly")
        tape.pause(0.2)
    tape.say(AFTER)
    assert start_of(len(BEFORE.split()), tape, f"{BEFORE} slowly {AFTER}") == pytest.approx(third, abs=0.03)


def test_the_words_of_a_restart_move_together() -> None:
    restart = "through the chestnut woods"
    tape = Tape()
    tape.say(BEFORE)
    tape.say(restart)
    tape.pause(0.3)
    second = tape.say(restart)
    tape.say(AFTER)
    transcript = transcript_of(f"{BEFORE} {restart} {AFTER}")
    placements = located(transcript, tape)[len(BEFORE.split()) :][:4]
    assert [spoken(p).start for p in placements] == [pytest.approx(start, abs=0.03) for start, _ in second]


def test_a_word_that_the_text_has_twice_keeps_both_places() -> None:
    tape = Tape()
    said = [*tape.say(BEFORE), *tape.say("slowly, slowly"), *tape.say(AFTER)]
    transcript = transcript_of(f"{BEFORE} slowly, slowly {AFTER}")
    placements = located(transcript, tape)
    assert [spoken(p).start for p in placements] == [pytest.approx(start, abs=0.03) for start, _ in said]


def test_a_repetition_that_does_not_lead_on_to_the_next_word_is_no_place_to_move_to() -> None:
    tape = Tape()
    tape.say(BEFORE)
    first = tape.now
    tape.say("slowly")
    tape.pause(0.2)
    tape.say("slowly")
    tape.pause(1.5)
    tape.say(AFTER)
    start = start_of(len(BEFORE.split()), tape, f"{BEFORE} slowly {AFTER}")
    assert start in (pytest.approx(first, abs=0.03), pytest.approx(first + 6 * 0.067 + 0.2, abs=0.03))


def test_a_long_word_is_not_torn_from_its_first_letters() -> None:
    tape = Tape()
    tape.say(BEFORE)
    start = tape.now
    tape.say("nononono")
    tape.say(AFTER)
    assert start_of(len(BEFORE.split()), tape, f"{BEFORE} nononono {AFTER}") == pytest.approx(start, abs=0.03)
