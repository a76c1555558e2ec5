"""Where the text's look leaves it open what is said, the sound tells."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.attempts import Attempt, TranscriptWays, best_attempt
from aligner.model import Audio, Kind, Recognition, Span, TimedWord, Verdict
from aligner.pins import Pin, PinKind
from aligner.recognition import Progress, silent
from aligner.transcript import open_transcript
from tests.aligner.episodes import Planted, heard_as
from tests.aligner.locating.letters.tape import Tape

Align = Callable[[tuple[str, ...], tuple[str, ...]], Attempt]

TALK = (
    "The harbour was quiet when the first ferry came round the point.",
    "Nobody on the quay remembered who had lit the lamps.",
    "My grandmother kept bees behind the old chapel.",
)
MORE = (
    "Every summer she sold honey to people from the capital.",
    "They rebuilt the bridge out of stones from a mill.",
    "Engineers come from abroad to measure it and go home puzzled.",
    "At the museum there is a drawer full of keys that open nothing.",
)
SOURCES = ("Smith, A history of lighthouses, Oxford", "Jones, Copper and salt, https://example.org/copper")


class PlantedEar:
    """Hears what was planted."""

    name, model = "planted", "truth"

    def __init__(self, heard: Planted) -> None:
        self._heard = heard

    def identity(self) -> dict[str, object]:
        return {"planted": os.urandom(8).hex()}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        return Recognition(self._heard.words, "en", emissions=self._heard.emissions)


@pytest.fixture
def attempt(tmp_path: Path) -> Align:
    """What becomes of a text of lines in a sound that says others, each 6 seconds after the one before it."""

    def _attempt(lines: tuple[str, ...], said: tuple[str, ...]) -> Attempt:
        path = tmp_path / "talk.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file, heard = open_transcript(path), heard_as(*((6.0 * at, line) for at, line in enumerate(said)))
        ways = TranscriptWays(file.understood(), file.understood)
        return best_attempt(ways, heard.audio, [PlantedEar(heard)], None, silent)

    return _attempt


def lines_of(found: Attempt, kind: Kind) -> tuple[str, ...]:
    text = found.transcript.text
    return tuple(text[s.char_start : s.char_end] for s in found.transcript.segments if s.kind is kind)


@pytest.mark.parametrize("below", [TALK, TALK[:1]])
def test_talk_below_a_heading_that_looks_like_notes_is_said_where_it_is_heard(
    attempt: Align, below: tuple[str, ...]
) -> None:
    """What follows is the smaller part, so it looks like notes; of one line the verdict would be good without it."""
    found = attempt((*MORE, "Show notes", *below), (*MORE, *below))
    assert lines_of(found, Kind.SPEECH) == (*MORE, *below)
    assert lines_of(found, Kind.NOTE) == ()
    assert (found.judgement.verdict, found.judgement.coverage) == (Verdict.GOOD, 1.0)


NAMED = [f"{('Ana', 'Leo')[at % 2]}: {line}" for at, line in enumerate((*MORE, *TALK))]


@pytest.mark.parametrize("label", ["Zoé", "Music", "Ana"])
def test_what_has_a_label_below_a_heading_notes_is_said_where_it_is_heard_and_a_note_where_it_is_not(
    attempt: Align, label: str
) -> None:
    words = "Two tones were written for the lighthouse of our harbour."
    text = (*NAMED, "Notes", f"{label}: {words}")
    said = attempt(text, (*MORE, *TALK, words))
    assert (label, words) in [
        (each.speaker, said.transcript.text[each.char_start : each.char_end]) for each in said.transcript.segments
    ]
    unsaid = attempt(text, (*MORE, *TALK))
    assert lines_of(unsaid, Kind.NOTE) == (f"{label}: {words}",)
    assert {each.speaker for each in unsaid.transcript.segments} == {"Ana", "Leo", None}


def test_of_two_headings_the_one_below_which_nothing_is_heard_begins_the_notes(attempt: Align) -> None:
    found = attempt((*MORE, "Notes", *TALK, "Sources", *SOURCES), (*MORE, *TALK))
    assert lines_of(found, Kind.SPEECH) == (*MORE, *TALK)
    assert lines_of(found, Kind.NOTE) == SOURCES
    assert found.judgement.verdict is Verdict.GOOD


def test_long_notes_that_look_like_talk_are_set_aside_where_they_are_not_heard(attempt: Align) -> None:
    found = attempt((*TALK, "Notes", *MORE), TALK)
    assert lines_of(found, Kind.SPEECH) == TALK
    assert lines_of(found, Kind.NOTE) == MORE
    assert found.judgement.verdict is Verdict.GOOD


@pytest.mark.parametrize("above", [MORE, MORE[:1]])
@pytest.mark.parametrize("title", ["Transcript", "Transkript", "Transcription", "Trascrizione", "Transcripción"])
def test_talk_above_a_heading_such_as_transcript_is_said_where_it_is_heard(
    attempt: Align, title: str, above: tuple[str, ...]
) -> None:
    """Of one line the verdict would be good without it."""
    found = attempt((*above, title, *TALK), (*above, *TALK))
    assert lines_of(found, Kind.SPEECH) == (*above, *TALK)
    assert lines_of(found, Kind.HEADING) == (title,)
    assert (found.judgement.verdict, found.judgement.coverage) == (Verdict.GOOD, 1.0)


def test_what_stands_above_such_a_heading_and_is_not_heard_is_set_aside_though_something_else_is_said_first(
    attempt: Align,
) -> None:
    found = attempt((*MORE, "Transcript", *TALK), ("Somebody sells a mattress here and gives a code for it.", *TALK))
    assert lines_of(found, Kind.NOTE) == MORE
    assert lines_of(found, Kind.SPEECH) == TALK


def test_the_talk_lies_between_the_heading_above_it_and_the_one_below(attempt: Align) -> None:
    found = attempt(
        (
            *SOURCES,
            "Transcript",
            *MORE,
            "Full transcript",
            *TALK,
            "Notes",
            "Thanks to the museum.",
            "Sources",
            *SOURCES,
        ),
        (*MORE, *TALK, "Thanks to the museum."),
    )
    assert lines_of(found, Kind.SPEECH) == (*MORE, *TALK, "Thanks to the museum.")
    assert lines_of(found, Kind.NOTE) == (*SOURCES, *SOURCES)


def test_another_episodes_text_stays_as_it_looks(attempt: Align) -> None:
    found = attempt((*MORE, "Notes", *SOURCES), TALK)
    assert lines_of(found, Kind.NOTE) == SOURCES
    assert found.judgement.verdict is Verdict.POOR


FEW = "and that should be all, thanks."
ADVERT = 3 * "this programme is brought to you by marmalade mattresses use the code toast for a tenth off your order "


def episode_with_few_words_between() -> tuple[list[str], Planted, list[tuple[float, float]]]:
    """A text; a sound in which some words of it are said between others that it lacks, heard as badly as real voices;
    and when each word of the text is said."""
    tape = Tape(misheard=0.25, seed=2)
    said: list[tuple[float, float]] = []
    tape.pause(1.0)
    for line in TALK[:2]:
        said += tape.say(line)
        tape.pause(0.6)
    tape.say("words words words")
    tape.pause(0.5)
    said += tape.say(FEW)
    tape.pause(0.6)
    tape.say(ADVERT.strip())
    tape.pause(0.6)
    for line in MORE:
        said += tape.say(line)
        tape.pause(0.6)
    return [*TALK[:2], FEW, *MORE], tape.heard(), said


def aligned_with(path: Path, lines: list[str], heard: Planted, *pins: Pin) -> tuple[TimedWord, ...]:
    path.write_text(" ".join(lines) + "\n", encoding="utf-8")
    file = open_transcript(path)
    ways = TranscriptWays(file.understood(), file.understood, lambda transcript: pins)
    return best_attempt(ways, heard.audio, [PlantedEar(heard)], None, silent).judgement.words


def test_a_pin_takes_nothing_from_words_beside_it_that_were_right(tmp_path: Path) -> None:
    """A wall leaves a few words that nobody would believe in by themselves; what the whole tells of them holds."""
    lines, heard, said = episode_with_few_words_between()
    pinned = sum(len(line.split()) for line in TALK[:2]) - 1
    pin = Pin(PinKind.WORD, range(pinned, pinned + 1), Span(*said[pinned]))
    before, now = (aligned_with(tmp_path / "talk.txt", lines, heard, *pins) for pins in ((), (pin,)))
    assert now[pinned].pinned
    assert now[pinned].span == pin.span
    right = [k for k, word in enumerate(before) if word.span and abs(word.span.start - said[k][0]) < 0.1]
    assert set(range(pinned + 1, pinned + 1 + len(FEW.split()))) <= set(right)
    assert [k for k in right if not (span := now[k].span) or abs(span.start - said[k][0]) > 0.1] == []


@pytest.mark.parametrize("copy", [0, 1])
def test_of_what_is_said_twice_a_pin_tells_which_though_the_whole_has_the_other(tmp_path: Path, copy: int) -> None:
    tape = Tape(misheard=0.25, seed=2)
    tape.pause(1.0)
    before = tape.say(TALK[0])
    copies = []
    for _ in range(2):
        tape.pause(1.5)
        copies.append(tape.say(TALK[1]))
    tape.pause(1.5)
    after = tape.say(" ".join(MORE))
    said = before + copies[copy] + after
    word = len(before) + 4
    pin = Pin(PinKind.WORD, range(word, word + 1), Span(*said[word]))
    words = aligned_with(tmp_path / "talk.txt", [TALK[0], TALK[1], *MORE], tape.heard(), pin)
    starts = [word.span.start for word in words[len(before) : len(before) + len(copies[0])] if word.span]
    assert starts == pytest.approx([start for start, _ in copies[copy]], abs=0.15)
