"""Repeated speech and text: each copy has its location, and none is split between two."""

import numpy as np
import pytest

from aligner.locating.acoustic import locate_by_emissions
from aligner.model import Placement, Transcript
from tests.aligner.episodes import spoken, transcript_of
from tests.aligner.locating.acoustic.tape import Said, Tape
from tests.tables import over_rows

BEFORE = "Every autumn the beekeeper carries his hives down to the valley"
AFTER = "where the almond trees blossom earlier than anywhere else on the island"


def located(transcript: Transcript, tape: Tape) -> tuple[Placement, ...]:
    heard = tape.heard()
    return locate_by_emissions(transcript, heard.audio, heard.emissions, "en").placements


def start_of(word: int, tape: Tape, text: str) -> float:
    return spoken(located(transcript_of(text), tape)[word]).start


@over_rows("word", ["and", "slowly", "unexpectedly"])
@over_rows("pause", [0.0, 0.4])
def test_a_word_said_twice_is_placed_at_its_second_copy(word: str, pause: float) -> None:
    tape = Tape()
    tape.say(BEFORE)
    tape.say(word)
    tape.pause(pause)
    second = tape.now
    tape.say(word)
    tape.say(AFTER)
    assert start_of(len(BEFORE.split()), tape, f"{BEFORE} {word} {AFTER}") == pytest.approx(second, abs=0.03)


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


def test_a_word_twice_in_the_text_has_both_locations() -> None:
    tape = Tape()
    said = [*tape.say(BEFORE), *tape.say("slowly, slowly"), *tape.say(AFTER)]
    transcript = transcript_of(f"{BEFORE} slowly, slowly {AFTER}")
    placements = located(transcript, tape)
    assert [spoken(p).start for p in placements] == [pytest.approx(start, abs=0.03) for start, _ in said]


@over_rows("words", ["and", "slowly", "of the", "a little", "and a little more"])
def test_words_printed_twice_and_said_once_are_located_once(words: str) -> None:
    tape = Tape()
    said = tape.say(f"{BEFORE} {words} {AFTER}")
    first, count = len(BEFORE.split()), len(words.split())
    placements = located(transcript_of(f"{BEFORE} {words} {words} {AFTER}"), tape)[first : first + 2 * count]
    starts = [placement.span.start for placement in placements if placement.span]
    assert starts == [pytest.approx(start, abs=0.05) for start, _ in said[first : first + count]]


SENTENCES = {
    "sentence": "Nobody had told the pilot that the northern buoy was gone.",
    "passage": (
        "My grandmother kept bees behind the chapel, and every summer she sold honey to people from the capital. When "
        "the well dried up she carried water twice a day, a bucket in each hand, singing under her breath."
    ),
}


def repeated(
    again: str, copies: int, pause: float, misheard: float = 0.1, seed: int = 4
) -> tuple[Said, list[Said], Said, Tape]:
    """Return the times of what precedes a repeated passage, of each copy and of what follows, and the recording."""
    tape = Tape(misheard=misheard, seed=seed)
    before = tape.say(f"{BEFORE} {AFTER}")
    said = []
    for _ in range(copies):
        tape.pause(pause)
        said.append(tape.say(again))
    tape.pause(pause)
    return before, said, tape.say(f"{BEFORE} {AFTER}"), tape


def starts(placements: tuple[Placement, ...]) -> list[float]:
    return [p.span.start if p.span else np.inf for p in placements]


@pytest.mark.nightly
@over_rows("again", SENTENCES.values())
@over_rows("copies", [2, 3])
@over_rows("pause", [0.0, 0.5])
def test_a_passage_as_often_in_the_text_as_in_the_audio_has_all_its_locations(
    again: str, copies: int, pause: float
) -> None:
    before, said, after, tape = repeated(again, copies, pause)
    text = " ".join([BEFORE, AFTER + ".", *[again] * copies, BEFORE, AFTER])
    times = [*before, *(word for copy in said for word in copy), *after]
    off = np.abs(np.array(starts(located(transcript_of(text), tape))) - [start for start, _ in times])
    assert (off < 0.1).mean() >= 0.98


@over_rows("again", SENTENCES.values())
@over_rows("copies", [2, 3])
def test_a_passage_once_more_in_the_audio_is_taken_whole_from_its_copies(again: str, copies: int) -> None:
    _, said, _, tape = repeated(again, copies, pause=0.5)
    text = " ".join([BEFORE, AFTER + ".", *[again] * (copies - 1), BEFORE, AFTER])
    words, first = len(again.split()), len(f"{BEFORE} {AFTER}".split())
    found = starts(located(transcript_of(text), tape)[first : first + words * (copies - 1)])
    places = np.array([[start for start, _ in copy] for copy in said])
    for k in range(copies - 1):
        off = np.abs(np.array(found[k * words : (k + 1) * words]) - places)
        assert (off < 0.1).mean(axis=1).max() >= 0.95


@pytest.mark.nightly
@over_rows("again", SENTENCES.values())
@over_rows("copies", [1, 2])
@over_rows("pause", [0.0, 0.5])
def test_a_passage_once_more_in_the_text_has_one_unspoken_copy(again: str, copies: int, pause: float) -> None:
    before, said, after, tape = repeated(again, copies, pause)
    text = " ".join([BEFORE, AFTER + ".", *[again] * (copies + 1), BEFORE, AFTER])
    placements = located(transcript_of(text), tape)
    times = np.array([start for start, _ in [*before, *(word for copy in said for word in copy), *after]])
    timed = np.array([p.span.start for p in placements if p.span])
    near = np.abs(timed[:, None] - times) < 0.05  # less than the shortest word, or near it
    assert near.any(axis=0).mean() >= 0.98
    assert abs(len(timed) - len(times)) <= 1


@over_rows("head", ["She said that", "My brother always says that"])
@over_rows("pause", [0.0, 0.5])
@over_rows("seed", [1, 2, 3])
def test_a_sentence_is_not_split_from_its_first_words_by_its_echo(head: str, pause: float, seed: int) -> None:
    tape = Tape(misheard=0.1, seed=seed)
    tape.say(f"{BEFORE} {AFTER}")
    tape.pause(0.3)
    said = [*tape.say(head), *tape.say(SENTENCES["sentence"])]
    tape.pause(pause)
    tape.say(SENTENCES["sentence"])
    tape.pause(0.3)
    tape.say(f"{BEFORE} {AFTER}")
    text = f"{BEFORE} {AFTER}. {head} {SENTENCES['sentence']} {BEFORE} {AFTER}"
    first = len(f"{BEFORE} {AFTER}".split())
    found = starts(located(transcript_of(text), tape)[first : first + len(said)])
    off = np.abs(np.array(found) - [start for start, _ in said])
    assert (off < 0.1).mean() >= 0.85  # but for a word that is misheard


MID_SENTENCE = "and singing under her breath. Nobody had told the pilot that the northern buoy was gone until"


@over_rows("copies", [2, 3])
@over_rows("seed", [1, 2, 3])
def test_a_mid_sentence_passage_once_more_in_the_audio_is_not_split(copies: int, seed: int) -> None:
    _, said, _, tape = repeated(MID_SENTENCE, copies, pause=0.3, seed=seed)
    text = " ".join([BEFORE, AFTER, *[MID_SENTENCE] * (copies - 1), BEFORE, AFTER])
    words, first = len(MID_SENTENCE.split()), len(f"{BEFORE} {AFTER}".split())
    found = np.array(starts(located(transcript_of(text), tape)[first : first + words * (copies - 1)]))
    places = np.array([[start for start, _ in copy] for copy in said])
    for copy in found.reshape(-1, words):
        assert (np.abs(copy - places) < 0.1).mean(axis=1).max() >= 0.85  # but for a word or two at an edge
    assert found[-1] == pytest.approx(places[-1, -1], abs=0.1)


@over_rows("seed", [1, 2, 3])
def test_a_mid_sentence_passage_once_more_in_the_text_has_one_whole_unspoken_copy(seed: int) -> None:
    *_, tape = repeated(MID_SENTENCE, 1, pause=0.3, seed=seed)
    text = " ".join([BEFORE, AFTER, MID_SENTENCE, MID_SENTENCE, BEFORE, AFTER])
    words, first = len(MID_SENTENCE.split()), len(f"{BEFORE} {AFTER}".split())
    spans = [p.span for p in located(transcript_of(text), tape)]
    unspoken = [k - first for k, span in enumerate(spans) if span is None]
    assert unspoken in (list(range(words)), list(range(words, 2 * words)))


@over_rows("pause", [2.0, 8.0])
@over_rows("swallowed", [False, True])
def test_the_first_word_of_a_sentence_stays_with_it_despite_an_untranscribed_copy(
    pause: float, swallowed: bool
) -> None:
    unwritten = "They say that this was the old custom of the place."
    tape = Tape()
    tape.say(f"{BEFORE} {AFTER}")
    tape.pause(0.3)
    tape.say(unwritten)
    tape.pause(pause)
    expected = tape.now
    if swallowed:
        tape.hum(0.2)
    else:
        tape.say("They")
    tape.say(SENTENCES["sentence"])
    text = f"{BEFORE} {AFTER}. They {SENTENCES['sentence']}"
    assert start_of(len(f"{BEFORE} {AFTER}".split()), tape, text) == pytest.approx(expected, abs=0.2)
