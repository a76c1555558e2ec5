"""Whether the words of a clip are still those of the transcript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aligner.model import Alignment
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.clips.folder import MadeClip
from web.clips.outdated import Printed

TALK = (("Ana", "Good day to you all."), ("Bo", "The tide waits for nobody here."), ("Ana", "And yet it does."))


def clip(text: str, start: float | None, end: float | None, speaker: str | None = "Bo") -> MadeClip:
    return MadeClip("1", Path("c.mp3"), {}, None, 2.0, 0.0, text=text, speaker=speaker, start=start, end=end)


def talk(*replaced: tuple[int, tuple[str | None, str]]) -> Alignment:
    paragraphs: list[tuple[str | None, str]] = [*TALK]
    for k, paragraph in replaced:
        paragraphs[k] = paragraph
    return planted(*paragraphs)


MADE = clip("The tide waits for nobody here.", 4.9, 10.9)


@over_rows(
    "now",
    [
        talk(),
        talk((0, ("Ana", "Good bye to them."))),  # before it
        talk((1, ("Bo", "the tide waits, for nobody here!"))),  # marks and case
        talk((1, (None, TALK[1][1]))),  # a name that is gone tells of nobody else
    ],
)
def test_a_clip_of_words_that_stand_there_is_as_it_was(now: Alignment) -> None:
    assert Printed(now).outdated(MADE) is None


@over_rows(
    "now, told",
    [
        (talk((1, ("Bo", "The tide waited for nobody here."))), "words"),
        (talk((1, ("Bo", "The tide for nobody here."))), "words"),
        (talk((1, ("Bo", "No more of that at all."))), "words"),
        (talk((1, ("Ana", TALK[1][1]))), "speaker"),
        (planted(TALK[0]), "gone"),
    ],
)
def test_of_a_clip_of_words_that_were_corrected_it_is_told_what_changed(now: Alignment, told: str) -> None:
    assert Printed(now).outdated(MADE) == told


def test_a_printed_word_that_nobody_says_is_no_difference() -> None:
    now = planted(*TALK, unspoken="here.")
    assert Printed(now).outdated(MADE) is None


def test_of_a_clip_that_was_cut_from_another_sound_that_is_told() -> None:
    now = talk()
    assert Printed(now).outdated(replace(MADE, sound="e" * 64)) == "sound"
    assert Printed(now).outdated(replace(MADE, sound=now.audio.sha256)) is None
