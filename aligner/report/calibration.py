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
    Reliability(0.9, 1.0, (614, 100.0), (454, 95.2)),
    Reliability(0.8, 0.9, (54, 100.0), (44, 95.0)),
    Reliability(0.7, 0.8, (42, 98.0), (45, 76.0)),
    Reliability(0.6, 0.7, (28, 96.0), (23, 65.0)),
    Reliability(0.5, 0.6, (9, 100.0), (17, 53.0)),
    Reliability(0.4, 0.5, (2, 100.0), (8, 50.0)),
    Reliability(0.3, 0.4, (31, 65.0), (50, 40.0)),
    Reliability(0.2, 0.3, (14, 86.0), (12, 33.0)),
)
"""The surest first. Voices of eighteen people in six languages; the bins of real voices and not of synthesised speech,
which is kinder than people are."""
