"""Words begin and end where they are heard."""

import pytest

from aligner.training.edges import by_ear
from aligner.training.records import Phone, SpokenUtterance, SpokenWord
from tests.aligner.training.beeps import beeps


def test_a_word_before_a_pause_ends_with_its_sound():
    spoken = SpokenUtterance(
        "fr", beeps((0.5, 0.8), (1.6, 2.0), seconds=2.5), (SpokenWord("a", 0.5, 1.3), SpokenWord("b", 1.6, 2.4)), ()
    )
    assert [word.end for word in by_ear(spoken).words] == pytest.approx([0.8, 2.0], abs=0.03)


def test_a_word_run_on_to_the_next_ends_in_the_space_between_them():
    spoken = SpokenUtterance(
        "fr", beeps((0.5, 0.8), seconds=2.0), (SpokenWord("a", 0.5, 0.75), SpokenWord("b", 0.8, 1.0)), ()
    )
    first, second = by_ear(spoken).words
    assert 0.75 < first.end < 0.8
    assert second.start == 0.8


def test_a_fricative_is_heard_before_its_nominal_start():
    phones = (Phone("a", 0.5, 0.75), Phone("s", 0.8, 0.9), Phone("a", 0.9, 1.0))
    spoken = SpokenUtterance(
        "fr", beeps((0.5, 1.0), seconds=2.0), (SpokenWord("a", 0.5, 0.75), SpokenWord("sa", 0.8, 1.0)), phones
    )
    first, second = by_ear(spoken).words
    assert first.end <= second.start < 0.8
