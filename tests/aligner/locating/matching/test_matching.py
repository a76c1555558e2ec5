"""The whole matcher: planted pairings come back, and unrelated text stays unpaired."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching import match_letters
from tests.tables import over_rows


def babble(rng: random.Random, words: int) -> str:
    """Letters with the statistics of syllables, so that chance resemblance is as common as in a language."""
    onsets, nuclei, codas = "bcdfglmnprstv", ["a", "e", "i", "o", "u", "ou", "an", "on", "ai"], ["", "", "r", "s", "t"]
    syllable = lambda: rng.choice(onsets) + rng.choice(nuclei) + rng.choice(codas)  # noqa: E731
    return "".join(syllable() for _ in range(words) for _ in range(rng.choice([1, 1, 2, 3])))


def garble(text: str, rng: random.Random, rate: float) -> tuple[str, list[int]]:
    """``text`` as a bad ear hears it, and for each of its letters the place in the result, -1 where it was lost."""
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
    matched = match_letters(reference, hypothesis).places
    kept = [k for k, place in enumerate(planted) if place >= 0]
    right = sum(abs(int(matched[k]) - planted[k]) <= 1 for k in kept)
    assert right >= (1 - 0.15 * rate) * len(kept)


def test_an_advert_and_a_cut_paragraph_stay_unpaired() -> None:
    rng = random.Random(11)
    before, after, cut, ad = (babble(rng, 200) for _ in range(4))
    matched = match_letters(before + cut + after, before + ad + after).places
    b, c = len(before), len(cut)
    # A letter or two at the edges may be like those that they would be taken for.
    assert np.array_equal(matched[: b - 2], np.arange(b - 2))
    assert np.array_equal(matched[b + c + 2 :], np.arange(2, len(after)) + b + len(ad))
    assert np.mean(matched[b : b + c] >= 0) < 0.05


def test_a_teaser_and_its_original_each_get_their_own_place() -> None:
    rng = random.Random(5)
    teaser, middle, end = babble(rng, 40), babble(rng, 400), babble(rng, 100)
    reference = teaser + middle + teaser + end
    jingle = babble(rng, 15)
    matched = match_letters(reference, teaser + jingle + middle + teaser + end).places
    shift = np.where(np.arange(len(reference)) < len(teaser), 0, len(jingle))
    assert np.mean(matched == np.arange(len(reference)) + shift) > 0.98


def test_a_teaser_that_was_only_written_leaves_the_original_in_its_place() -> None:
    rng = random.Random(6)
    teaser, middle, end = babble(rng, 40), babble(rng, 400), babble(rng, 100)
    matched = match_letters(teaser + middle + teaser + end, middle + teaser + end).places
    t = len(teaser)
    assert np.mean(matched[t:] == np.arange(len(matched) - t)) > 0.98
    assert np.mean(matched[:t] >= 0) < 0.1


def test_unrelated_episodes_hardly_match() -> None:
    rng = random.Random(3)
    matched = match_letters(babble(rng, 3000), babble(rng, 3000)).places
    assert np.mean(matched >= 0) < 0.05


@given(st.text(alphabet="abcd", max_size=60), st.text(alphabet="abcd", max_size=60))
@settings(deadline=None)
def test_pairs_increase_and_join_equal_letters(reference: str, hypothesis: str) -> None:
    matched = match_letters(reference, hypothesis).places
    paired = np.flatnonzero(matched >= 0)
    assert (np.diff(matched[paired]) > 0).all()
    assert all(reference[k] == hypothesis[matched[k]] for k in paired)
