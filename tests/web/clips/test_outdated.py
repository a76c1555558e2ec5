"""Clips whose words or audio have changed are outdated."""

from __future__ import annotations

from pathlib import Path

from aligner.model import Alignment
from tests.tables import over_rows
from tests.web.page.planted import planted
from web.clips.folder import CutSource, Record, SavedClip, outdated_in

TALK = (("Ana", "Good day to you all."), ("Bo", "The tide waits for nobody here."), ("Ana", "And yet it does."))


def clip(sound: str | None = None) -> SavedClip:
    record = Record(quote="The tide waits for nobody here.", speaker="Bo", source=CutSource(4.9, 10.9, sound))
    return SavedClip("1", Path("c.mp3"), {}, 0.0, 0, record)


def talk(*replaced: tuple[int, tuple[str | None, str]]) -> Alignment:
    paragraphs: list[tuple[str | None, str]] = [*TALK]
    for k, paragraph in replaced:
        paragraphs[k] = paragraph
    return planted(*paragraphs)


@over_rows(
    "now, changed",
    {
        "nothing": (talk(), None),
        "another sentence": (talk((0, ("Ana", "Good bye to them."))), None),
        "punctuation and case": (talk((1, ("Bo", "the tide waits, for nobody here!"))), None),
        "a word that is not spoken": (planted(*TALK, unspoken="here."), None),
        "a word": (talk((1, ("Bo", "The tide waited for nobody here."))), "words"),
        "a deleted word": (talk((1, ("Bo", "The tide for nobody here."))), "words"),
        "the sentence": (talk((1, ("Bo", "No more of that at all."))), "words"),
        "everything after it": (planted(TALK[0]), "words"),
    },
)
def test_a_clip_is_outdated_if_its_words_changed(now: Alignment, changed: str | None) -> None:
    assert outdated_in(now)(clip()) == changed


def test_a_clip_is_outdated_if_the_audio_was_replaced() -> None:
    now = talk()
    assert outdated_in(now)(clip("e" * 64)) == "sound"
    assert outdated_in(now)(clip(now.audio.sha256)) is None
