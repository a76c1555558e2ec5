"""What two paths make of a word: when it is said, and how sure that is."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.emissions import CLASSES, FRAME, Emissions, silent_frames
from aligner.locating.letters.anchors import Anchors, DecodedLetters, find_anchors
from aligner.locating.letters.paths import Paths
from aligner.locating.letters.scoring import (
    LETTER_FRAMES,
    Findings,
    ScoreWeights,
    correct_edge_bias,
    drop_isolated,
    heard_as_written,
    in_sequence,
    refined_edges,
    score_words,
    word_features,
)
from aligner.locating.letters.viterbi import WordPath
from aligner.model import Kind
from tests.aligner.episodes import transcript_of

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


def test_words_on_which_all_agrees_are_found_beyond_doubt() -> None:
    findings = scored(paths(*PLACES), paths(*PLACES))
    assert findings.exact.all()
    assert findings.score.min() > 0.8


def test_a_word_on_no_path_is_not_found_and_has_no_time() -> None:
    places = [*PLACES[:2], [-1, -1], *PLACES[3:]]
    findings = scored(paths(*places), paths(*places))
    assert findings.found.tolist() == [True, True, False, True, True]
    assert findings.score[2] == 0
    assert np.isnan(findings.starts[2])
    assert np.isnan(findings.ends[2])
    assert not np.isnan(np.delete(findings.starts, 2)).any()


def test_where_paths_differ_nothing_is_beyond_doubt() -> None:
    far = [[start + 30, stop + 30] for start, stop in PLACES]
    agreed, differing = scored(paths(*PLACES), paths(*PLACES)), scored(paths(*PLACES), paths(*far))
    assert not differing.exact.any()
    assert (differing.score < agreed.score).all()


def test_letters_that_explain_their_frames_worse_or_were_not_heard_make_a_word_less_sure() -> None:
    sure = scored(paths(*PLACES), paths(*PLACES)).score
    assert (scored(paths(*PLACES, gain=-4), paths(*PLACES, gain=-4)).score < sure).all()
    assert (scored(paths(*PLACES), paths(*PLACES), share=0.0).score < sure).all()


@pytest.mark.parametrize("offset", [-0.9, -0.5, -0.2, 0.0, 0.3, 0.5, 0.8])
def test_edges_are_found_to_a_fraction_of_a_frame(offset: float) -> None:
    starts, ends = [start - 0.5 + offset for start, _ in PLACES], [stop - 0.5 - offset for _, stop in PLACES]
    findings = scored(paths(*PLACES), paths(*PLACES), heard=emissions(starts, ends))
    assert findings.starts / FRAME == pytest.approx(starts, abs=0.3)
    assert findings.ends / FRAME == pytest.approx(ends, abs=0.3)


def test_of_paths_that_are_near_the_middle_is_taken() -> None:
    later = [[start + 2, stop + 2] for start, stop in PLACES]
    starts, ends = [start + 0.5 for start, _ in PLACES], [stop + 0.5 for _, stop in PLACES]
    findings = scored(paths(*PLACES), paths(*later), heard=emissions(starts, ends))
    assert findings.starts / FRAME == pytest.approx(starts, abs=0.2)
    assert findings.ends / FRAME == pytest.approx(ends, abs=0.2)


def test_of_two_places_far_apart_the_one_that_its_letters_speak_for_is_taken() -> None:
    far = [[start + 30, stop + 30] for start, stop in PLACES]
    named = [start for start, _ in PLACES]
    misled = scored(paths(*PLACES), paths(*far, gain=-3))
    assert misled.starts / FRAME == pytest.approx(named, abs=1)
    both = scored(paths(*PLACES), paths(*far))
    assert both.starts / FRAME == pytest.approx([start + 30 for start in named], abs=1)


def test_of_places_that_overlap_that_of_ctc_is_taken_even_where_letters_are_misheard() -> None:
    cut = [[start + 4, stop] for start, stop in PLACES]
    findings = scored(paths(*cut), paths(*PLACES, gain=-3))
    assert findings.starts / FRAME == pytest.approx([start for start, _ in PLACES], abs=1)


def test_of_places_that_overlap_a_start_that_is_heard_as_one_is_taken() -> None:
    """A hiss held for long: its letter spikes at its end, but it sounds, and the word starts, well before."""
    late = [[start + 6, stop] for start, stop in PLACES]
    named = [start for start, _ in PLACES]
    assert scored(paths(*PLACES), paths(*late), heard=emissions(named)).starts / FRAME == pytest.approx(named, abs=0.2)
    neither = scored(paths(*PLACES), paths(*late))
    assert neither.starts / FRAME == pytest.approx([start + 6 for start in named], abs=1)


def findings_flags(words: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.ones(words, bool), np.ones(words, bool), np.ones(words)


def test_a_word_that_runs_on_starts_within_the_gap_and_a_pause_parts_words_as_they_were_heard() -> None:
    edges = np.array([[1.00, 1.20], [1.27, 1.50], [1.80, 2.00], [2.03, 2.10], [2.09, 2.15]])
    findings = Findings(*edges.T, *findings_flags(5))
    moved = correct_edge_bias(findings)
    assert moved.starts == pytest.approx(edges[:, 0] - 0.35 * np.array([0.0, 0.07, 0.0, 0.03, -0.01]))
    assert moved.ends.tolist() == edges[:, 1].tolist()
    after_overlap = correct_edge_bias(Findings(*np.array([[1.0, 1.3], [1.1, 1.12]]).T, *findings_flags(2)))
    assert after_overlap.starts.tolist() == [1.0, 1.1]  # too far over the word before to run on
    short = correct_edge_bias(Findings(*np.array([[1.0, 1.12], [1.09, 1.11]]).T, *findings_flags(2)))
    assert short.starts[1] == pytest.approx(1.09)  # later by 10 ms it would have no length
    alone = correct_edge_bias(replace(findings, found=np.array([True, False, True, False, True])))
    assert alone.starts.tolist() == findings.starts.tolist()


def test_a_word_of_which_other_letters_were_heard_is_not_beyond_doubt() -> None:
    words = ["ship", "house", "sea", "harbor", "sand"]
    findings = scored(paths(*PLACES), paths(*PLACES))
    frames = [[start + k for k in range(len(word))] for word, (start, _) in zip(words, PLACES, strict=True)]
    heard = DecodedLetters("".join(words), np.concatenate(frames))
    assert heard_as_written(findings, words, heard).exact.all()
    half = DecodedLetters("shaphausasiahapburzand", heard.frames)
    assert heard_as_written(findings, words, half).exact.all()
    assert heard_as_written(findings, words, DecodedLetters("ship", heard.frames[:4])).exact.sum() == 1
    doubled = DecodedLetters("shiphouseaharborsand", np.delete(heard.frames, [9, 10]))
    assert heard_as_written(findings, ["ship", "house", "ea", "harbor", "sand"], doubled).exact.all()
    others = ["ship", "table", "sea", "window", "sand"]
    assert heard_as_written(findings, others, heard).exact.tolist() == [True, False, True, False, True]


def test_ends_come_after_starts_even_where_edges_are_heard_the_other_way_round() -> None:
    places = [[100, 101], [101, 102], [102, 103], [103, 104], [104, 105]]
    findings = scored(paths(*places), paths(*places), heard=emissions([101.5, 104], [99.5, 102]))
    assert (findings.ends > findings.starts).all()


def test_edges_beyond_the_sounds_ends_are_looked_for_inside_it() -> None:
    starts, ends = refined_edges(np.array([[0.0, 300.0]]), emissions())
    assert starts[0] >= 0
    assert ends[0] <= 300 * FRAME


def test_there_is_a_column_of_features_for_each_weight() -> None:
    found = word_features(LENGTHS, anchors(5, 0.5), Paths(paths(*PLACES), paths(*PLACES)))
    assert found.shape == (5, len(fields(ScoreWeights)))
    columns = dict(zip((field.name for field in fields(ScoreWeights)), found.T, strict=True))
    assert columns["bias"].tolist() == [1.0] * 5
    assert columns["agree"].tolist() == [1.0] * 5
    assert columns["matched"].tolist() == [0.5] * 5
    assert columns["long"] == pytest.approx(np.log(LENGTHS))
    assert columns["framewise"] == pytest.approx(np.clip(12 / LENGTHS, -4, 3))


def test_a_hurried_word_and_a_drawled_one_speak_in_columns_of_their_own() -> None:
    natural = LETTER_FRAMES
    places = [[0, 1], [10, 10 + round(5 * natural * 4)], [150, 157], [160, 173], [180, 189]]
    found = word_features(LENGTHS, anchors(5, 1.0), Paths(paths(*places), paths(*places)))
    names = [field.name for field in fields(ScoreWeights)]
    hurried, drawled = found[:, names.index("hurried")], found[:, names.index("drawled")]
    assert (hurried[0] < -1, drawled[0]) == (True, 0)
    assert (hurried[1], drawled[1]) == (0, pytest.approx(np.log(4), abs=0.1))


@pytest.mark.parametrize(("said", "own"), [(30, True), (3, False)])
def test_what_was_heard_around_a_word_is_that_of_its_sentence_if_it_has_other_words(said: int, own: bool) -> None:
    words = said + 30
    breaks = np.where(np.arange(words) == said - 1, 2, 0)
    places = [[8 * k, 8 * k + 8] if k < said else [-1, -1] for k in range(words)]
    found = replace(anchors(words, 1.0), share=np.repeat([1.0, 0.0], [said, 30]))
    both = Paths(paths(*places), paths(*places))
    around, anywhere = (word_features(np.full(words, 4), found, both, each)[:, -1] for each in (breaks, None))
    assert 0 < anywhere[said - 1] <= 0.5
    assert 0 < anywhere[said] <= 0.5
    assert around[said - 1] == (1.0 if own else anywhere[said - 1])
    assert around[said] == 0.0


def test_features_of_no_words_or_of_none_that_is_sought_is_no_crash() -> None:
    none = WordPath(np.empty((0, 2), np.int64), np.empty(0, np.float32))
    assert word_features(np.empty(0, np.int64), anchors(0, 0), Paths(none, none)).shape[0] == 0
    silent = paths([-1, -1], [-1, -1])
    findings = score_words(np.zeros(2, np.int64), anchors(2, 0.0), Paths(silent, silent), emissions())
    assert not findings.found.any()


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


def test_words_that_two_windows_put_into_the_same_copy_are_found_once() -> None:
    findings = findings_of([True] * 10)
    findings.starts[:] = [0, 1, 2, 6, 7, 3, 4, 5, 6, 7.05]
    kept = in_sequence(findings)
    assert kept.found.tolist() == [True] * 3 + [False] * 2 + [True] * 5
    assert not kept.exact[3:5].any()


def test_a_word_far_too_late_leaves_those_after_it_and_edges_out_of_order_are_no_fault() -> None:
    findings = findings_of([True] * 6)
    findings.starts[:] = [0, 1, 90, 2, 1.95, 3]
    assert in_sequence(findings).found.tolist() == [True, True, False, True, True, True]


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


def test_words_in_doubt_vouch_for_none() -> None:
    transcript = transcript_of("one two three four five six seven eight nine ten eleven twelve thirteen fourteen")
    doubtful = [*[0.1] * 9, 0.95, 0.4, 0.45, 0.4, 0.45]
    confidence = np.array(doubtful)
    times = np.arange(14, dtype=np.float64)
    findings = Findings(times, times + 0.5, confidence > 0.3, confidence > 0.8, confidence)
    assert not drop_isolated(transcript, findings).found.any()


def test_a_paragraph_is_not_vouched_for_by_its_neighbour() -> None:
    transcript = transcript_of("one two three four five", "six seven eight nine ten eleven twelve")
    found = [True] * 5 + [True] + [False] * 6
    assert drop_isolated(transcript, findings_of(found)).found.tolist() == [True] * 5 + [False] * 7


def test_a_heading_is_believed_as_a_whole_or_not_at_all() -> None:
    transcript = transcript_of((Kind.HEADING, "a word about the weather"), "five words of plain speech")
    half = drop_isolated(transcript, findings_of([True, True, False, False, False] + [True] * 5))
    assert half.found.tolist() == [False] * 5 + [True] * 5
    assert drop_isolated(transcript, findings_of([True] * 10)).found.all()
