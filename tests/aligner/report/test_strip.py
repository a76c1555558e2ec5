"""The strip shows where in the episode words are sure, in doubt, missing from the text, or none."""

from __future__ import annotations

from dataclasses import replace

from aligner.model import Alignment, Span, Untranscribed
from aligner.report.facts import Shade, narrowed, strip_of
from tests.aligner.captions.spoken import spoken

SECONDS = 100.0


def planted() -> Alignment:
    """A word a second for 60 s, those from 40 s on in doubt; from 60 to 70 s speech that the text lacks."""
    alignment = spoken("mot " * 60)
    words = tuple(
        replace(word, span=Span(k, k + 0.9), confidence=0.95 if k < 40 else 0.3)
        for k, word in enumerate(alignment.words)
    )
    audio = replace(alignment.audio, duration=SECONDS)
    return replace(alignment, words=words, audio=audio, untranscribed=(Untranscribed(60.0, 70.0, ""),))


def shade_at(seconds: float, shades: list[Shade]) -> Shade:
    return shades[int(seconds / SECONDS * len(shades))]


def test_each_part_has_its_shade() -> None:
    strip = strip_of(planted())
    for shades in ([c.shade for c in strip], [c.shade for c in narrowed(strip, 76)]):
        assert shade_at(20.5, shades) is Shade.SURE
        assert shade_at(50.5, shades) is Shade.DOUBTFUL
        assert shade_at(65, shades) is Shade.LACKING
        assert shade_at(85, shades) is Shade.SILENT


def test_an_episode_without_words_or_length_has_a_strip() -> None:
    alignment = spoken("~un ~deux")
    strip = strip_of(replace(alignment, audio=replace(alignment.audio, duration=0.0)))
    assert {column.shade for column in strip} == {Shade.SILENT}
