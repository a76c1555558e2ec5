"""The matcher finds planted pairs in noise, and its pairs increase and are equal."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching import match_characters
from tests.tables import over_rows


def babble(rng: random.Random, words: int) -> str:
    """Return letters with the statistics of syllables, so that chance matches are as common as in a language."""
    onsets, nuclei, codas = "bcdfglmnprstv", ["a", "e", "i", "o", "u", "ou", "an", "on", "ai"], ["", "", "r", "s", "t"]
    syllable = lambda: rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas)  # noqa: E731
    return "".join(syllable() for _ in range(words) for _ in range(rng.choice([1, 1, 2, 3])))


def garble(text: str, rng: random.Random, rate: float) -> tuple[str, list[int]]:
    """Return ``text`` with recognition errors, and the place of each of its letters in the result, -1 if it was
    lost."""
    heard: list[str] = []
    places = []
    for letter in text:
        chance = rng.random()
        if chance < rate / 3:
            places.append(-1)
            continue
        if chance < 2 * rate / 3:
            heard.append(rng.choice("aeiou"))
        places.append(-1 if chance > 1 - rate / 3 else len(heard))
        heard.append("#" if chance > 1 - rate / 3 else letter)
    return "".join(heard), places


@over_rows("rate", [0.0, 0.1, 0.25])
def test_planted_letters_come_back_through_noise(rate: float) -> None:
    rng = random.Random(7)
    reference = babble(rng, 1500)
    hypothesis, planted = garble(reference, rng, rate)
    matched = match_characters(reference, hypothesis).positions
    kept = [k for k, place in enumerate(planted) if place >= 0]
    right = sum(abs(int(matched[k]) - planted[k]) <= 1 for k in kept)
    assert right >= (1 - 0.15 * rate) * len(kept)


@given(st.text(alphabet="abcd", max_size=60), st.text(alphabet="abcd", max_size=60))
@settings(deadline=None)
def test_pairs_increase_and_join_equal_letters(reference: str, hypothesis: str) -> None:
    matched = match_characters(reference, hypothesis).positions
    paired = np.flatnonzero(matched >= 0)
    assert (np.diff(matched[paired]) > 0).all()
    assert all(reference[k] == hypothesis[matched[k]] for k in paired)
