"""The strip shows where in the episode words are sure, in doubt, missing from the text, or none."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from aligner.model import Alignment, Span, Untranscribed
from aligner.report.strip import COLUMNS, Shade, bands, narrowed, strip_of
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


def test_bands_take_in_the_whole_strip() -> None:
    found = bands(strip_of(planted()))
    assert found[0][0] == 0
    assert found[-1][1] == COLUMNS
    assert all(before[1] == after[0] and before[2] is not after[2] for before, after in pairwise(found))


def test_words_that_overlap_fill_no_column_twice() -> None:
    alignment = spoken("un deux")
    words = tuple(replace(word, span=Span(0.0, 10.0)) for word in alignment.words)
    strip = strip_of(replace(alignment, words=words, audio=replace(alignment.audio, duration=10.0)))
    assert {column.voiced for column in strip} == {1.0}


def test_an_episode_without_words_or_length_has_a_strip() -> None:
    alignment = spoken("~un ~deux")
    strip = strip_of(replace(alignment, audio=replace(alignment.audio, duration=0.0)))
    assert {column.shade for column in strip} == {Shade.SILENT}
