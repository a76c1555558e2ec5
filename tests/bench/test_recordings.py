"""What a truth knows of the starts of words, where passages may be cut, and recordings joined."""

from __future__ import annotations

import pytest

from tests.bench.planted import PERIOD, pitch, pitch_at, recording_of_tones
from tests.bench.recordings import bounded, breaks_of, joined, read_recordings
from tests.places import SAMPLE


def true_word(k: int, start: float | None, end: float | None = None) -> dict:
    return {"text": f"mot{k}", "char_start": 5 * k, "char_end": 5 * k + 4, "start": start, "end": end}


def test_a_start_that_is_not_known_lies_between_the_edges_that_are() -> None:
    words = list(bounded([true_word(0, None), true_word(1, 1.0), true_word(2, None, 2.5), true_word(3, None)], 9.0))
    assert [(word.earliest, word.latest) for word in words] == [(0, 1), (1, 1), (1, 2.5), (2.5, 9)]
    assert [word.known for word in words] == [False, True, False, False]


def test_words_after_unsaid_text_and_after_speech_without_text_are_breaks() -> None:
    tokens = [true_word(k, None if k == 1 else float(k), None if k == 1 else k + 0.5) for k in range(5)]
    said = list(bounded([token for token in tokens if token["start"] is not None], 9.0))
    assert breaks_of(tokens, said, extra=[2.6]) == {1, 2}


def test_joined_recordings_have_each_word_where_it_sounds() -> None:
    parts = [recording_of_tones(10), recording_of_tones(12)]
    both = joined(parts)
    assert len(both.words) == 22
    assert both.seams == {0, 10}
    assert both.words[10].latest > 10 * PERIOD
    for k, word in enumerate(both.words):
        own = k if k < 10 else k - 10
        assert both.text[word.char_start : word.char_end].strip(".") == f"mot{own}"
        assert pitch_at(both.samples, word.latest) == pytest.approx(pitch(own), abs=3)


def test_the_sample_is_read_with_its_advert_and_its_cuts_as_breaks() -> None:
    (recording,) = read_recordings([SAMPLE])
    assert recording.language == "fr"
    assert len(recording.words) == 310
    assert len(recording.breaks) >= 3
