"""What a truth knows of the starts of words, where passages may be cut, and recordings joined."""

from __future__ import annotations

import pytest

from tests.bench.planted import PERIOD, SENTENCE, pitch, pitch_at, recording_of_tones
from tests.bench.recordings import Said, bounded, breaks_of, distance, joined, read_recordings
from tests.places import SAMPLE


def true_word(k: int, start: float | None, end: float | None = None) -> dict:
    return {"text": f"mot{k}", "char_start": 5 * k, "char_end": 5 * k + 4, "start": start, "end": end}


def test_a_start_that_is_not_known_lies_between_the_edges_that_are() -> None:
    words = list(bounded([true_word(0, None), true_word(1, 1.0), true_word(2, None, 2.5), true_word(3, None)], 9.0))
    assert [(word.earliest, word.latest) for word in words] == [(0, 1), (1, 1), (1, 2.5), (2.5, 9)]
    assert [word.known for word in words] == [False, True, False, False]


def test_a_range_is_off_by_its_distance() -> None:
    word = Said(0, 4, 1.0, 2.0, None)
    assert [distance(start, word) for start in (0.5, 1.5, 2.25)] == [0.5, 0, 0.25]


def test_words_after_unsaid_text_and_after_speech_without_text_are_breaks() -> None:
    tokens = [true_word(k, None if k == 1 else float(k), None if k == 1 else k + 0.5) for k in range(5)]
    said = list(bounded([token for token in tokens if token["start"] is not None], 9.0))
    assert breaks_of(tokens, said, extra=[2.6]) == {1, 2}


def test_a_cut_lies_in_the_silence_beside_the_word() -> None:
    recording = recording_of_tones(20)
    for k in range(1, 19):
        word = recording.words[k]
        assert recording.words[k - 1].end <= recording.cut_before(k) <= word.latest
        assert word.end <= recording.cut_after(k) <= recording.words[k + 1].latest


def test_phrases_begin_after_pauses_and_sentences_after_full_stops() -> None:
    recording = recording_of_tones(20)
    assert recording.phrase_starts == list(range(20))
    assert recording.sentence_starts == set(range(0, 20, SENTENCE))


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
