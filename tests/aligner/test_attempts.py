"""If the layout of a text does not settle which part is spoken, the audio does."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.attempts import Attempt, TranscriptWays, best_attempt
from aligner.model import Audio, Kind, Pin, PinKind, Recognition, Span, TimedWord, Verdict
from aligner.recognition import Progress, silent
from aligner.transcript import open_transcript
from tests.aligner.episodes import Planted, heard_as
from tests.aligner.locating.acoustic.tape import Tape
from tests.tables import over_rows

Lines = tuple[str, ...]
Align = Callable[[Lines, Lines], Attempt]

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


class PlantedRecogniser:
    """A recogniser with a planted result."""

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

    def _attempt(lines: Lines, said: Lines) -> Attempt:
        path = tmp_path / "talk.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file, heard = open_transcript(path), heard_as(*((6.0 * at, line) for at, line in enumerate(said)))
        ways = TranscriptWays(file.understood(), file.understood)
        return best_attempt(ways, heard.audio, [PlantedRecogniser(heard)], None, silent)

    return _attempt


def lines_of(found: Attempt, kind: Kind) -> Lines:
    text = found.transcript.text
    return tuple(text[s.char_start : s.char_end] for s in found.transcript.segments if s.kind is kind)


MATTRESS = "Somebody sells a mattress here and gives a code for it."
THANKS = "Thanks to the museum."


@over_rows(
    "lines, said, speech, notes",
    {
        "what is heard below notes, though it is less": ((*MORE, "Show notes", *TALK), (*MORE, *TALK), None, ()),
        "a line of it": ((*MORE, "Show notes", TALK[0]), (*MORE, TALK[0]), None, ()),
        "long notes that are not heard": ((*TALK, "Notes", *MORE), TALK, TALK, MORE),
        "of two headings the last": ((*MORE, "Notes", *TALK, "Sources", *SOURCES), (*MORE, *TALK), None, SOURCES),
        **{
            f"what is heard above {title}": ((*MORE, title, *TALK), (*MORE, *TALK), None, ())
            for title in ("Transcript", "Transkript", "Transcription", "Trascrizione", "Transcripción")
        },
        "a line above it": ((MORE[0], "Transcript", *TALK), (MORE[0], *TALK), None, ()),
        "what is not heard above it": ((*MORE, "Transcript", *TALK), (MATTRESS, *TALK), TALK, MORE),
        "the talk between the first and the last": (
            (*SOURCES, "Transcript", *MORE, "Full transcript", *TALK, "Notes", THANKS, "Sources", *SOURCES),
            (*MORE, *TALK, THANKS),
            None,
            (*SOURCES, *SOURCES),
        ),
    },
)
def test_beside_a_heading_such_as_notes_or_transcript_what_is_heard_is_said_and_the_rest_is_a_note(
    attempt: Align, lines: Lines, said: Lines, speech: Lines | None, notes: Lines
) -> None:
    found = attempt(lines, said)
    assert lines_of(found, Kind.SPEECH) == (speech or said)
    assert lines_of(found, Kind.NOTE) == notes
    assert found.judgement.coverage == 1.0
    assert MATTRESS in said or found.judgement.verdict is Verdict.GOOD


NAMED = [f"{('Ana', 'Leo')[at % 2]}: {line}" for at, line in enumerate((*MORE, *TALK))]


@over_rows("label", ["Zoé", "Music", "Ana"])
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


FEW = "and that should be all, thanks."
AD = 3 * "this programme is brought to you by marmalade mattresses use the code toast for a tenth off your order "


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
    tape.say(AD.strip())
    tape.pause(0.6)
    for line in MORE:
        said += tape.say(line)
        tape.pause(0.6)
    return [*TALK[:2], FEW, *MORE], tape.heard(), said


def aligned_with(path: Path, lines: list[str], heard: Planted, *pins: Pin) -> tuple[TimedWord, ...]:
    path.write_text(" ".join(lines) + "\n", encoding="utf-8")
    file = open_transcript(path)
    ways = TranscriptWays(file.understood(), file.understood, lambda transcript: pins)
    return best_attempt(ways, heard.audio, [PlantedRecogniser(heard)], None, silent).judgement.words


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


@over_rows("copy", [0, 1])
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
