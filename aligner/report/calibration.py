"""What a confidence has meant: how many words of each were right on recordings whose times are known.

The figures are those that ``docs/measuring.md`` publishes under "Honesty", where the recordings and the command that
repeats them are; this is the one other place that has them, and a test holds both together.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "docs/measuring.md, Honesty"

TOLERANCE = 0.2
"""Seconds within which a word's start counts as right."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of words with a confidence in ``[low, high)``, the last bin including 1: how many there were and which share was
    right, in per cent, on real voices with the text as published and edited."""

    low: float
    high: float
    published: tuple[int, float]
    edited: tuple[int, float]


REAL_VOICES = (
    Reliability(0.9, 1.0, (687, 100.0), (486, 95.1)),
    Reliability(0.8, 0.9, (33, 94.0), (48, 79.0)),
    Reliability(0.7, 0.8, (23, 83.0), (18, 83.0)),
    Reliability(0.6, 0.7, (17, 100.0), (22, 73.0)),
    Reliability(0.5, 0.6, (10, 90.0), (12, 50.0)),
    Reliability(0.4, 0.5, (6, 50.0), (16, 69.0)),
    Reliability(0.3, 0.4, (9, 67.0), (12, 33.0)),
    Reliability(0.2, 0.3, (7, 71.0), (15, 27.0)),
    Reliability(0.0, 0.2, (2, 100.0), (24, 17.0)),
)
"""The surest first; the two lowest bins are one, for few words are there. Voices of eighteen people in six languages;
the bins of real voices and not of synthesised speech, which is kinder than people are."""
