"""Whether the words of a clip are still those of the transcript."""

from __future__ import annotations

from pathlib import Path

from aligner.model import Alignment
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.clips.folder import Cutting, MadeClip, Record, outdated_in

TALK = (("Ana", "Good day to you all."), ("Bo", "The tide waits for nobody here."), ("Ana", "And yet it does."))


def clip(sound: str | None = None) -> MadeClip:
    record = Record(quote="The tide waits for nobody here.", speaker="Bo", source=Cutting(4.9, 10.9, sound))
    return MadeClip("1", Path("c.mp3"), {}, 0.0, 0, record)


def talk(*replaced: tuple[int, tuple[str | None, str]]) -> Alignment:
    paragraphs: list[tuple[str | None, str]] = [*TALK]
    for k, paragraph in replaced:
        paragraphs[k] = paragraph
    return planted(*paragraphs)


@over_rows(
    "now",
    [
        talk(),
        talk((0, ("Ana", "Good bye to them."))),  # before it
        talk((1, ("Bo", "the tide waits, for nobody here!"))),  # marks and case
    ],
)
def test_a_clip_of_words_that_stand_there_is_as_it_was(now: Alignment) -> None:
    assert outdated_in(now)(clip()) is None


@over_rows(
    "now",
    [
        talk((1, ("Bo", "The tide waited for nobody here."))),
        talk((1, ("Bo", "The tide for nobody here."))),
        talk((1, ("Bo", "No more of that at all."))),
        planted(TALK[0]),
    ],
)
def test_a_clip_of_words_that_were_corrected_is_outdated(now: Alignment) -> None:
    assert outdated_in(now)(clip()) == "words"


def test_a_printed_word_that_nobody_says_is_no_difference() -> None:
    now = planted(*TALK, unspoken="here.")
    assert outdated_in(now)(clip()) is None


def test_of_a_clip_that_was_cut_from_another_sound_that_is_told() -> None:
    now = talk()
    assert outdated_in(now)(clip("e" * 64)) == "sound"
    assert outdated_in(now)(clip(now.audio.sha256)) is None
