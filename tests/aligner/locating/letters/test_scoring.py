"""What two paths make of a word: when it is said, and how sure that is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.emissions import CLASSES, FRAME, Emissions, silent_frames
from aligner.locating.letters.anchors import Anchors, DecodedLetters, find_anchors
from aligner.locating.letters.paths import Paths, WordPath
from aligner.locating.letters.scoring import Findings, drop_isolated, in_sequence, score_words
from aligner.model import Kind
from tests.aligner.episodes import transcript_of
from tests.tables import over_rows

NOTHING_HEARD = DecodedLetters("", np.empty(0, np.int64))
LENGTHS = np.array([4, 5, 3, 6, 4])
PLACES = [[100, 110], [112, 124], [125, 133], [140, 155], [160, 170]]


def paths(*frames: list[int], gain: float = 12.0) -> WordPath:
    taken = np.array(frames, np.int64)
    return WordPath(taken, np.where(taken[:, 0] >= 0, gain, 0.0).astype(np.float32))


def anchors(words: int, share: float) -> Anchors:
    none = find_anchors(["a"] * words, NOTHING_HEARD)
    none.share[:] = share
    return none


def emissions(starts: list[float] = (), ends: list[float] = (), frames: int = 300) -> Emissions:
    """Emissions that say no more than where words start and end, in frames and fractions of them."""
    values = silent_frames(frames)
    for side, edges in ((-2, starts), (-1, ends)):
        bell = np.full(frames, 1e-4)
        for edge in edges:
            bell = np.maximum(bell, 0.9 * np.exp(-0.5 * (np.arange(frames) - edge) ** 2))
        values[:, side] = np.log(bell)
    return Emissions(values, np.full(CLASSES, 1 / CLASSES, np.float32))


def scored(framewise: WordPath, ctc: WordPath, share: float = 1.0, heard: Emissions | None = None) -> Findings:
    return score_words(LENGTHS, anchors(len(LENGTHS), share), Paths(framewise, ctc), heard or emissions())


def test_where_paths_differ_nothing_is_beyond_doubt() -> None:
    far = [[start + 30, stop + 30] for start, stop in PLACES]
    agreed, differing = scored(paths(*PLACES), paths(*PLACES)), scored(paths(*PLACES), paths(*far))
    assert not differing.exact.any()
    assert (differing.score < agreed.score).all()


@over_rows("offset", [-0.9, -0.5, -0.2, 0.0, 0.3, 0.5, 0.8])
def test_edges_are_found_to_a_fraction_of_a_frame(offset: float) -> None:
    starts, ends = [start - 0.5 + offset for start, _ in PLACES], [stop - 0.5 - offset for _, stop in PLACES]
    findings = scored(paths(*PLACES), paths(*PLACES), heard=emissions(starts, ends))
    assert findings.starts / FRAME == pytest.approx(starts, abs=0.3)
    assert findings.ends / FRAME == pytest.approx(ends, abs=0.3)


def test_of_two_places_far_apart_the_one_that_its_letters_speak_for_is_taken() -> None:
    far = [[start + 30, stop + 30] for start, stop in PLACES]
    named = [start for start, _ in PLACES]
    misled = scored(paths(*PLACES), paths(*far, gain=-3))
    assert misled.starts / FRAME == pytest.approx(named, abs=1)
    both = scored(paths(*PLACES), paths(*far))
    assert both.starts / FRAME == pytest.approx([start + 30 for start in named], abs=1)


def findings_of(found: list[bool]) -> Findings:
    flags, times = np.array(found), np.arange(len(found), dtype=np.float64)
    return Findings(times, times + 0.5, flags, flags, np.where(flags, 0.9, 0.1))


def test_a_word_found_where_little_else_is_found_is_not_believed() -> None:
    transcript = transcript_of("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")
    alone = drop_isolated(transcript, findings_of([False] * 6 + [True] + [False] * 7))
    assert not alone.found.any()
    assert not alone.exact.any()
    most = [True] * 6 + [False] + [True] * 7
    assert drop_isolated(transcript, findings_of(most)).found.tolist() == most


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_what_is_kept_in_sequence_rises_and_nothing_longer_does(starts: list[float]) -> None:
    rising = [1] * len(starts)  # the longest that ends with each, the slow way
    for k, start in enumerate(starts):
        rising[k] = 1 + max((rising[j] for j in range(k) if starts[j] <= start), default=0)
    findings = findings_of([True] * len(starts))
    findings.starts[:] = starts
    kept = in_sequence(findings)
    assert kept.found.sum() >= max(rising)
    left = np.array(starts)[kept.found]
    assert (np.maximum.accumulate(left) - left <= 0.2 + 1e-9).all()


def test_a_heading_is_believed_as_a_whole_or_not_at_all() -> None:
    transcript = transcript_of((Kind.HEADING, "a word about the weather"), "five words of plain speech")
    half = drop_isolated(transcript, findings_of([True, True, False, False, False] + [True] * 5))
    assert half.found.tolist() == [False] * 5 + [True] * 5
    assert drop_isolated(transcript, findings_of([True] * 10)).found.all()
