"""Seeds pair rare passages, each occurrence with its own."""

import numpy as np

from aligner.locating.matching.seeds import seed_pairs


def letters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def test_a_passage_said_and_written_twice_meets_itself_at_both_places() -> None:
    passage = "lapluietombaitsurlequai"
    reference = passage + "A" * 5 + passage
    hypothesis = "B" * 7 + passage + "C" * 9 + passage
    pairs = dict(seed_pairs(letters(reference), letters(hypothesis), 10, crossings=64).tolist())
    n = len(passage)
    assert all(pairs[k] == 7 + k for k in range(n))
    assert all(pairs[n + 5 + k] == 7 + n + 9 + k for k in range(n))


def test_a_passage_written_twice_but_said_once_is_found_where_its_surroundings_are() -> None:
    passage, after = "lapluietombaitsurlequai", "etlephareseteignitsansbruit"
    pairs = seed_pairs(letters(passage + "AAAAA" + passage + after), letters(passage + after), 10, crossings=64)
    n = len(passage)
    assert (pairs[:, 0] - pairs[:, 1]).tolist() == [n + 5] * (n + len(after))


def test_a_refrain_said_as_often_as_written_is_paired_in_order() -> None:
    refrain = "encoreetencore"
    text = "".join(refrain + mark * 12 for mark in "ABCDEFGHIJ")
    other = "".join(refrain + mark * 20 for mark in "klmnopqrst")
    pairs = dict(seed_pairs(letters(text), letters(other), 10, crossings=64).tolist())
    n = len(refrain)
    assert all(pairs[k * (n + 12) + place] == k * (n + 20) + place for k in range(10) for place in range(n))


def test_a_repeat_with_more_ways_to_pair_than_allowed_is_no_seed() -> None:
    refrain = "encoreetencore"
    said, written = (refrain + "A" * 12) * 2, (refrain + "B" * 12) * 3
    assert len(seed_pairs(letters(said), letters(written), 14, crossings=5)) == 0
    assert len(seed_pairs(letters(said), letters(written), 14, crossings=6)) == 2 * len(refrain)


def test_texts_shorter_than_a_seed_have_none() -> None:
    assert seed_pairs(letters("abc"), letters("abc"), 10, crossings=64).shape == (0, 2)
