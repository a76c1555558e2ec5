"""Robots say when each word is said."""

from __future__ import annotations

import ctypes.util
import random
from itertools import pairwise

import pytest

from tests.bench.robots import HUMS, said_words, spoken

needs_espeak = pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
LINES = ["Anne : Bonjour à tous, il est midi.", "# Le titre", "Luc : Merci [1] beaucoup !"]


@needs_espeak
def test_words_are_said_in_order_within_the_sound_and_headings_and_marks_are_not() -> None:
    samples, words, rate = spoken(LINES, "fr-fr", 0.0, 1)
    text = "\n".join(line.removeprefix("# ") for line in LINES)
    assert all(text[word["char_start"] : word["char_end"]] == word["text"] for word in words)
    silent = [word["text"] for word in words if word["start"] is None]
    assert silent == ["Le", "titre", "[1]", "!"]
    said = [word for word in words if word["start"] is not None]
    assert all(a["start"] < a["end"] <= b["start"] for a, b in pairwise(said))
    assert said[-1]["end"] <= len(samples) / rate
    assert all(word["end"] - word["start"] < 2.0 for word in said)


def test_hesitations_and_words_said_twice_are_none_of_the_text() -> None:
    rows = [{"text": f"mot{k}", "why": "unspoken"} for k in range(300)]
    said = list(said_words(rows, "fr-fr", 1.0, random.Random(1)))
    own = [row for _, row in said if row is not None]
    others = [text.rstrip(",") for text, row in said if row is None]
    assert 280 <= len(own) < 300
    assert HUMS["fr"] in others
    assert any(other.startswith("mot") for other in others)
