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
    right, in per cent, on real voices with the text as published and edited; None where there was no word."""

    low: float
    high: float
    published: tuple[int, float]
    edited: tuple[int, float]


REAL_VOICES = (
    Reliability(0.9, 1.0, (614, 100.0), (443, 95.9)),
    Reliability(0.8, 0.9, (55, 100.0), (50, 88.0)),
    Reliability(0.7, 0.8, (40, 98.0), (39, 79.0)),
    Reliability(0.6, 0.7, (27, 96.0), (29, 69.0)),
    Reliability(0.5, 0.6, (11, 100.0), (16, 56.0)),
    Reliability(0.4, 0.5, (2, 100.0), (7, 57.0)),
    Reliability(0.3, 0.4, (31, 65.0), (61, 30.0)),
    Reliability(0.2, 0.3, (14, 86.0), (17, 29.0)),
)
"""The surest first. Voices of eighteen people in six languages; the bins of real voices and not of synthesised speech,
which is kinder than people are."""
