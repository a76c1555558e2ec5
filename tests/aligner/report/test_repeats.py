"""What stands twice is told with the place that each copy was given."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from aligner.model import Untranscribed
from aligner.report.facts import repeats_of
from tests.aligner.captions.spoken import spoken

TEASER = "Nous avons marché toute la nuit vers la mer."


def test_a_passage_that_stands_twice_is_given_with_both_places() -> None:
    alignment = spoken(TEASER, "Bonjour à tous et bienvenue.", TEASER)
    [repeat] = repeats_of(alignment)
    assert repeat.text == TEASER
    first, second = repeat.copies
    words = [word.span.start for word in alignment.words if word.span]
    assert (first.start, second.start) == (words[0], words[-9])
    assert first.words is not None
    text = alignment.transcript.text
    assert text[first.words.char_start : first.words.char_end] == TEASER


def test_a_copy_that_the_text_lacks_is_found_in_what_was_heard() -> None:
    alignment = replace(spoken(TEASER, tail=30.0), untranscribed=(Untranscribed(10.0, 14.0, TEASER.lower()),))
    [repeat] = repeats_of(alignment)
    assert [(copy.words is None, copy.start) for copy in repeat.copies][1] == (True, 10.0)


def test_a_turn_of_phrase_is_no_passage() -> None:
    assert repeats_of(spoken("Il y a de cela bien des ans.", "Il y a de cela peu.")) == []


def test_one_word_said_ten_thousand_times_is_one_passage_and_its_copies_do_not_overlap() -> None:
    [repeat] = repeats_of(spoken("encore " * 10_000))
    assert repeat.count * repeat.length <= 10_000
    ranges = [(copy.words.first, copy.words.stop) for copy in repeat.copies if copy.words]
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
