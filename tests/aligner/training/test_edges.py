"""Words begin and end where they are heard."""

import numpy as np
import pytest

from aligner.training.edges import by_ear
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord


def _beeps(*times: tuple[float, float], seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    sounding = sum(((t >= start) & (t < end)).astype(np.float32) for start, end in times)
    return (0.3 * np.sin(2 * np.pi * 500 * t) * sounding).astype(np.float32)


def test_a_word_before_a_pause_ends_with_its_sound():
    spoken = SpokenUtterance(
        "fr", _beeps((0.5, 0.8), (1.6, 2.0), seconds=2.5), (SpokenWord("a", 0.5, 1.3), SpokenWord("b", 1.6, 2.4)), ()
    )
    assert [word.end for word in by_ear(spoken).words] == pytest.approx([0.8, 2.0], abs=0.03)


def test_a_word_run_on_to_the_next_ends_in_the_space_between_them():
    spoken = SpokenUtterance(
        "fr", _beeps((0.5, 0.8), seconds=2.0), (SpokenWord("a", 0.5, 0.75), SpokenWord("b", 0.8, 1.0)), ()
    )
    first, second = by_ear(spoken).words
    assert 0.75 < first.end < 0.8
    assert second.start == 0.8


@pytest.mark.parametrize("first", ["s", "t"])
def test_words_run_on_end_no_later_than_the_next_one_starts(first):
    phones = (Phone("a", 0.5, 0.75), Phone(first, 0.8, 0.9), Phone("a", 0.9, 1.0))
    words = (SpokenWord("a", 0.5, 0.75), SpokenWord("sa", 0.8, 1.0))
    one, other = by_ear(SpokenUtterance("fr", _beeps((0.5, 1.0), seconds=2.0), words, phones)).words
    assert one.end <= other.start <= one.end + 0.011


def test_a_fricative_is_heard_before_its_nominal_start():
    phones = (Phone("a", 0.5, 0.75), Phone("s", 0.8, 0.9), Phone("a", 0.9, 1.0))
    spoken = SpokenUtterance(
        "fr", _beeps((0.5, 1.0), seconds=2.0), (SpokenWord("a", 0.5, 0.75), SpokenWord("sa", 0.8, 1.0)), phones
    )
    first, second = by_ear(spoken).words
    assert first.end <= second.start < 0.8


def test_a_word_begins_after_its_stress_mark():
    phones = (Phone("ˈ", 0.5, 0.55), Phone("a", 0.55, 0.8))
    spoken = SpokenUtterance("en", _beeps((0.5, 0.8), seconds=1.0), (SpokenWord("a", 0.5, 0.8),), phones)
    assert by_ear(spoken).words[0].start == 0.55
