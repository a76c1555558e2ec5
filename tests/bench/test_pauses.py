"""Breaks last and sound as they say, the words around them stay where they are, and those beside them are judged."""

from __future__ import annotations

import random
from functools import cache

import pytest

from aligner.model import Untranscribed
from tests.bench.break_cases import FILLINGS, LACKING, Break, breaks, broken, filled, places
from tests.bench.pauses import as_table, judged, lack_of
from tests.bench.planted import SENTENCE, pitch, pitch_at, recording_of_tones, sounds_from, timed
from tests.bench.recordings import Recording
from tests.tables import over_rows


@cache
def recordings() -> list[Recording]:
    return [recording_of_tones(), recording_of_tones(90, "others", "en")]


def case_of(filling: str = "nothing", lacking: str = "whole", seconds: float = 4.0) -> Break:
    rng, (recording, _) = random.Random(3), recordings()
    sound = filled(recording, recordings(), filling, seconds, rng)
    return broken(recording, rng.choice(places(recording)), filling, lacking, sound)


def perfect(case: Break) -> list:
    return [timed(case.text, word.char_start, word.char_end, word.latest) for word in case.words]


@over_rows("lacking", LACKING)
@over_rows("filling", FILLINGS)
def test_every_word_sounds_when_it_is_said_to(filling: str, lacking: str) -> None:
    case = case_of(filling, lacking)
    assert case.text.split() == [case.text[word.char_start : word.char_end] for word in case.words]
    for word in case.words:
        own = pitch(int(case.text[word.char_start : word.char_end].strip(".mot")))
        assert pitch_at(case.samples, word.latest) == pytest.approx(own, abs=3)
        assert sounds_from(case.samples, word.latest)


@over_rows("lacking, words", [*zip(LACKING, (0, SENTENCE, SENTENCE, 2 * SENTENCE), strict=True)])
@over_rows("filling", ["music", "foreign"])
def test_what_the_text_lacks_sounds_where_it_is_said_to(filling: str, lacking: str, words: int) -> None:
    case, whole = case_of(filling, lacking), case_of(filling)
    said = [w for w in whole.words if any(start <= w.latest < end for start, end in case.lacked)]
    assert len(said) == words
    assert (case.span in case.lacked) == (filling == "foreign")
    told = [Untranscribed(start, end + 1, "") for start, end in case.lacked]
    lack = lack_of(case, told)
    assert lack.both >= lack.true - 0.001
    assert lack.told == pytest.approx(lack.true + len(told))


def test_all_kinds_come_in_turn_and_none_is_foreign_where_all_speak_one_language() -> None:
    both = {(case.filling, case.lacking) for case in breaks(recordings(), 16, 1)}
    assert len(both) == len(FILLINGS) * len(LACKING)
    assert "foreign" not in {case.filling for case in breaks(recordings()[:1], 12, 1)}


def test_a_first_word_before_the_break_is_off_and_a_last_one_that_is_unspoken_lost() -> None:
    case = case_of()
    found = perfect(case)
    last, first = case.words[case.first - 1], case.words[case.first]
    found[case.first - 1] = timed(case.text, last.char_start, last.char_end, None)
    found[case.first] = timed(case.text, first.char_start, first.char_end, case.span[0])
    outcome = judged(case, found)
    assert not any(verdict.off for verdict in outcome.others)
    assert outcome.last.off is None
    assert outcome.first.off == pytest.approx(first.latest - case.span[0])
    rows = [line.split() for line in as_table({("nothing", "whole"): [outcome]}).splitlines()]
    assert rows[0][:9] == ["word", "break", "text", "words", "<=100", "<=200", "lost", ">1", "s"]
    assert rows[1][:8] == ["first", "nothing", "whole", "1", "0.0", "0.0", "0.0", "100.0"]
    assert rows[5][:7] == ["last", "nothing", "whole", "1", "0.0", "0.0", "100.0"]
