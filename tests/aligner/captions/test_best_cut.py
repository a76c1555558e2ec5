"""How close the cut comes to the best reading speed that any cut can have, good breaks or bad."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from aligner.captions import CaptionRules, build_cues, judge_cues
from aligner.model import Alignment
from tests.aligner.captions.spoken import spoken
from tests.bench.best_cut import best_readable_share
from tests.places import SHARED
from tests.tables import over_rows
from tests.true_times import at_true_times

pytestmark = pytest.mark.nightly

BENCH = SHARED / "bench" / "dev"
_SYLLABLES = ["la", "re", "mi", "fo", "su", "ta", "pe", "no", "lu", "ga"]


def hurried_speech(seed: int) -> Alignment:
    """Sentences of made-up words, spoken faster than most can read."""
    dice = random.Random(seed)
    paragraphs = []
    for _ in range(12):
        words = ["".join(dice.choices(_SYLLABLES, k=dice.randint(1, 4))) for _ in range(dice.randint(5, 40))]
        commas = [word + "," * (dice.random() < 0.12) for word in words[:-1]]
        pauses = [f"|{dice.choice([0.1, 0.3, 0.6])} " * (dice.random() < 0.05) for _ in words]
        text = " ".join(pause + word for pause, word in zip(pauses, [*commas, words[-1] + "."], strict=True))
        paragraphs.append(text.capitalize())
    return spoken(*paragraphs, language="xx", speed=dice.uniform(19.5, 21.5))


@over_rows("seed", range(4))
def test_hurried_speech_is_within_two_points_of_the_best_cut(seed: int) -> None:
    alignment, rules = hurried_speech(seed), CaptionRules()
    ours = judge_cues(build_cues(alignment, rules), rules)
    assert ours.readable >= best_readable_share(alignment, rules) - 0.02
    assert ours.within == 1


@pytest.mark.skipif(not BENCH.exists(), reason="the bench episode is not here")
def test_real_prose_is_within_two_points_of_the_best_cut() -> None:
    alignment, rules = replace(at_true_times(BENCH), untranscribed=()), CaptionRules()
    ours = judge_cues(build_cues(alignment, rules), rules)
    assert ours.readable >= best_readable_share(alignment, rules) - 0.02
    assert ours.within >= 0.97
