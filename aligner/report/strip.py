"""The whole episode as one strip: how sure the words are from its start to its end, and where there are none.

Conventions
-----------
A strip has ``COLUMNS`` equal columns; narrower ones are made of it by taking as many together as are needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from aligner.locating.quality import UNSURE
from aligner.model import Alignment, Span
from aligner.settled import lacking as speech_lacking

COLUMNS = 912
"""Divisible by 76, the columns of a terminal with room at its edges."""

SURE = 0.9
"""Confidence from which hardly a word is wrong."""

_LEAST_VOICED = 0.05  # of a column that words take; below it is a pause or music
_LEAST_LACKING = 0.25  # ... that speech takes of which the text has nothing


class Shade(StrEnum):
    """What a stretch of the episode is."""

    SURE = "sure"
    FAIR = "fair"
    DOUBTFUL = "doubtful"
    LACKING = "lacking"  # speech that the text lacks
    SILENT = "silent"  # no words: a pause, music


@dataclass(frozen=True, slots=True)
class Column:
    """The shares of a column's time that timed words and untranscribed speech take, and the words' mean confidence."""

    voiced: float
    confidence: float
    lacking: float

    @property
    def shade(self) -> Shade:
        if self.lacking >= max(_LEAST_LACKING, self.voiced):
            return Shade.LACKING
        if self.voiced < _LEAST_VOICED:
            return Shade.SILENT
        return Shade.SURE if self.confidence >= SURE else Shade.FAIR if self.confidence >= UNSURE else Shade.DOUBTFUL


def strip_of(alignment: Alignment) -> tuple[Column, ...]:
    """The columns of an episode."""
    edges = np.linspace(0.0, max(alignment.audio.duration, 0.001), COLUMNS + 1)
    said = [(word.span, word.confidence) for word in alignment.words if word.span]
    spans, confidence = [span for span, _ in said], np.array([each for _, each in said])
    lacking = [Span(passage.start, passage.end) for passage in speech_lacking(alignment)]
    width = edges[1]
    time = _seconds(spans, np.ones(len(spans)), edges)
    sure = _seconds(spans, confidence, edges) / np.maximum(time, 1e-9)
    foreign = _seconds(lacking, np.ones(len(lacking)), edges) / width
    shares = zip((time / width).tolist(), sure.tolist(), foreign.tolist(), strict=True)
    return tuple(Column(min(v, 1.0), min(max(c, 0.0), 1.0), min(f, 1.0)) for v, c, f in shares)


def narrowed(strip: Sequence[Column], count: int) -> list[Column]:
    """The strip in ``count`` columns, which divides the number that it has."""
    values = np.array([(each.voiced, each.voiced * each.confidence, each.lacking) for each in strip])
    means = values.reshape(count, -1, 3).mean(axis=1)
    return [Column(v, c / max(v, 1e-9), f) for v, c, f in means.tolist()]


def bands(strip: Sequence[Column]) -> list[tuple[int, int, Shade]]:
    """Runs of columns of one shade, half-open."""
    found: list[tuple[int, int, Shade]] = []
    for index, column in enumerate(strip):
        if found and found[-1][2] is column.shade:
            found[-1] = (found[-1][0], index + 1, column.shade)
        else:
            found.append((index, index + 1, column.shade))
    return found


def _seconds(spans: Sequence[Span], weights: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted seconds that spans take between edges that follow each other, (edges - 1,): the area under the sum
    of their weights, which changes at their ends alone."""
    if not spans:
        return np.zeros(len(edges) - 1)
    times = np.array([(span.start, span.end) for span in spans])
    order = np.argsort(times, axis=None, kind="stable")
    moments, height = times.ravel()[order], np.cumsum(np.column_stack([weights, -weights]).ravel()[order])
    area = np.concatenate([[0.0], np.cumsum(height[:-1] * np.diff(moments))])
    seconds: NDArray[np.float64] = np.diff(np.interp(edges, moments, area))
    return np.maximum(seconds, 0.0)
