"""Where the text's look leaves it open what is said, the sound tells."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.attempts import Attempt, TranscriptWays, best_attempt
from aligner.model import Audio, Kind, Recognition, Verdict
from aligner.recognition import Progress, silent
from aligner.transcript import open_transcript
from tests.aligner.episodes import Planted, heard_as

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
        return Recognition(self._heard.words, "en")


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
