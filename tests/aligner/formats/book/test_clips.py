"""Clips are adjacent if the pause between their phrases is short, and skip longer pauses."""

from __future__ import annotations

from aligner.formats.book.page import clips_of
from aligner.model import Span


def clips(*pages: list[tuple[float, float]], duration: float = 100.0) -> list[list[tuple[int, int]]]:
    phrases = [[(f"s{k}", Span(*span)) for k, span in enumerate(page)] for page in pages]
    return [[(clip.begin_ms, clip.end_ms) for clip in each] for each in clips_of(phrases, duration)]


def test_a_short_pause_is_played_also_from_one_page_to_the_next() -> None:
    assert clips([(1.0, 2.0), (3.5, 4.0)], [(7.0, 8.0)]) == [[(1000, 3500), (3500, 7000)], [(7000, 8300)]]


def test_a_longer_pause_is_skipped_after_the_last_word_fades_out() -> None:
    assert clips([(1.0, 2.0), (5.1, 6.0)]) == [[(1000, 2300), (5100, 6300)]]


def test_phrases_that_overlap_or_go_back_in_time_are_played_once() -> None:
    assert clips([(1.0, 5.0), (4.0, 6.0), (2.0, 3.0), (7.0, 8.0)]) == [[(1000, 4000), (4000, 6300), (7000, 8300)]]
