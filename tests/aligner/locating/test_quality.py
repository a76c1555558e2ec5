"""Confidence and verdicts follow what was matched; ads and other speakers are listed as untranscribed."""

from dataclasses import replace

import numpy as np
import pytest

from aligner.emissions import FRAME
from aligner.locating.quality import Judgement, judge, passages_of_letters, passages_of_words, text_is_missing
from aligner.locating.words import locate_by_words
from aligner.model import UNSPOKEN, Kind, Placement, RecognisedWord, Span, Status, Transcript, Untranscribed, Verdict
from tests.aligner.episodes import Planted, heard_as, transcript_of
from tests.tables import over_rows

OPENING = "the harbour was quiet when the first ferry came round the point"
CLOSING = "and nobody on the quay remembered who had lit the lamps"
AD = "this programme is brought to you by the friends of the copper kettle"


def judged(transcript: Transcript, heard: Planted) -> Judgement:
    return judge(transcript, locate_by_words(transcript, heard.audio, heard.words, heard.language), heard.audio)


def test_untranscribed_speech_is_listed_with_its_recognised_words() -> None:
    heard = heard_as((0.0, OPENING), (6.0, AD), (20.0, CLOSING))
    (passage,) = judged(transcript_of(OPENING, CLOSING), heard).untranscribed
    assert passage.text == AD
    assert passage.start == pytest.approx(heard.speech[1].start, abs=0.31)
    assert passage.end == pytest.approx(heard.speech[1].end, abs=0.31)


def test_a_hesitation_is_no_untranscribed_speech() -> None:
    heard = heard_as((0.0, OPENING.replace("ferry", "uh ferry")), (6.0, CLOSING))
    assert judged(transcript_of(OPENING, CLOSING), heard).untranscribed == ()


def test_a_faithful_transcript_is_good_and_that_of_another_episode_poor() -> None:
    heard = heard_as((0.0, OPENING), (6.0, CLOSING))
    good = judged(transcript_of(OPENING, CLOSING), heard)
    assert (good.verdict, good.coverage) == (Verdict.GOOD, 1.0)
    other = judged(transcript_of("seventeen engineers argued over breakfast", "copper prices fell again"), heard)
    assert other.verdict is Verdict.POOR
    assert other.coverage < 0.2


@over_rows("foreign, verdict", [(1, Verdict.GOOD), (4, Verdict.REVIEW)])
def test_a_transcript_without_much_of_the_audio_is_not_good(foreign: int, verdict: Verdict) -> None:
    """One ad is an eighth of this speech, four are a third."""
    said = [OPENING, CLOSING] * 4
    ads = [(60.0 + 10 * number, AD) for number in range(foreign)]
    heard = heard_as(*((6.0 * number, text) for number, text in enumerate(said)), *ads)
    found = judged(transcript_of(*said), heard)
    assert found.coverage == 1.0
    assert found.untranscribed
    assert found.verdict is verdict
    assert text_is_missing(found.verdict, found.coverage) == (verdict is Verdict.REVIEW)


def test_a_few_words_for_much_audio_are_not_good() -> None:
    heard = heard_as(*((6.0 * number, text) for number, text in enumerate([OPENING, CLOSING, AD] * 5)))
    found = judged(transcript_of(" ".join(OPENING.split()[:7])), heard)
    assert (found.coverage, found.verdict) == (1.0, Verdict.REVIEW)


def test_music_detected_as_speech_does_not_lower_the_verdict() -> None:
    heard = heard_as((0.0, OPENING), (6.0, CLOSING))
    music = replace(heard, speech=(*heard.speech, Span(20.0, 200.0)), duration=200.0)
    assert judged(transcript_of(OPENING, CLOSING), music).verdict is Verdict.GOOD


def test_headings_do_not_count_against_coverage() -> None:
    heard = heard_as((0.0, OPENING), (6.0, CLOSING))
    assert judged(transcript_of(OPENING, (Kind.HEADING, "Of copper and salt"), CLOSING), heard).coverage == 1.0


def test_a_heading_starts_with_the_next_spoken_word_and_has_no_end() -> None:
    heard = heard_as((0.0, OPENING), (6.0, CLOSING))
    heading = judged(transcript_of(OPENING, (Kind.HEADING, "Of copper and salt"), CLOSING), heard).segments[1]
    assert (heading.start, heading.end) == (6.0, None)


def test_an_isolated_exact_word_has_less_confidence() -> None:
    heard = heard_as((0.0, OPENING), (6.0, CLOSING))
    friends = judged(transcript_of(OPENING, CLOSING), heard)
    strangers = judged(transcript_of(OPENING, "copper engineers argued over quay breakfast prices"), heard)
    quay = next(w for w in friends.words if w.word.text == "quay")
    stranger = next(w for w in strangers.words if w.word.text == "quay")
    assert stranger.confidence < quay.confidence


WORDS = [(0.0, 4.0), (30.0, 34.0)]  # long words, for what matters is what is between them


def passages(
    letters: list[tuple[float, float]],
    speech: list[tuple[float, float]],
    words: list[tuple[float, float] | None] = WORDS,
    a_second: float = 15.0,
    stray: tuple[list[tuple[float, float]], float] = ([], 0.0),
) -> tuple[Untranscribed, ...]:
    """Return the passages found in 40 s of audio, with ``a_second`` letters a second in the spans ``letters``.

    ``stray`` has further spans and their letters a second.
    """
    rates = [*((span, a_second) for span in letters), *((span, stray[1]) for span in stray[0])]
    frames = np.sort(np.concatenate([np.arange(*span, 1 / rate) / FRAME for span, rate in [*rates, ((99, 99), 1)]]))
    placements = [UNSPOKEN if word is None else Placement(Span(*word), Status.EXACT, 0.9) for word in words]
    heard = Planted((), tuple(Span(*span) for span in speech), 40.0)
    return passages_of_letters(placements, frames.astype(np.int64) * FRAME, heard.audio)


def test_an_ad_between_two_words_is_found() -> None:
    (found,) = passages([(10, 24)], [(0, 4), (10, 24), (30, 34)])
    assert found.start <= 10
    assert found.end >= 24
    assert found.text == ""


def test_the_jingle_around_an_ad_belongs_to_it_up_to_the_words() -> None:
    (found,) = passages([(8, 26)], [(0, 4), (8, 26), (30, 34)])
    assert (found.start, found.end) == (pytest.approx(4.3), pytest.approx(29.7))


def test_long_music_around_a_passage_does_not_belong_to_it() -> None:
    (found,) = passages([(12, 20)], [(0, 4), (12, 20), (30, 34)])
    assert (found.start, found.end) == (pytest.approx(11.7, abs=0.1), pytest.approx(20.3, abs=0.1))


@over_rows("a_second", [0.0, 1.5])
def test_a_long_break_between_two_passages_belongs_to_neither(a_second: float) -> None:
    music = [(8.0, 33.0)] if a_second else []
    speech = [(0, 4), (5, 33 if music else 8), (33, 37), (39, 43)]
    found = passages([(5, 8), (33, 36)], speech, [(0.0, 4.0), (39.0, 43.0)], stray=(music, a_second))
    assert [(round(passage.start), round(passage.end)) for passage in found] == [(4, 8), (33, 39)]


def test_recognised_words_on_either_side_of_a_long_break_are_two_passages() -> None:
    said = [RecognisedWord(f"w{k}", at, at + 0.3) for k, at in enumerate([6.0, 6.5, 7.0, 7.5, 25.0, 25.5, 26.0, 26.5])]
    heard = Planted((), (Span(0, 4), Span(6, 8), Span(25, 27), Span(38, 40)), 40.0)
    found = passages_of_words([Placement(Span(0, 4), Status.EXACT, 0.9)], said, heard.audio)
    assert [passage.text for passage in found] == ["w0 w1 w2 w3", "w4 w5 w6 w7"]
    assert [(round(passage.start), round(passage.end)) for passage in found] == [(6, 8), (25, 27)]


@over_rows("speech", [[(10, 11)], [(10, 10.2), (12, 12.2), (14, 14.2), (16, 16.2), (18, 18.2), (20, 21)]])
def test_hesitations_and_breaths_are_no_passage(speech: list[tuple[float, float]]) -> None:
    assert passages(speech, [(0, 4), *speech, (30, 34)]) == ()


def test_music_detected_as_speech_has_too_few_letters_for_a_passage() -> None:
    assert passages([(8, 26)], [(0, 34)], a_second=1.5) == ()


def test_speech_before_the_first_word_and_after_the_last_is_found_too() -> None:
    found = passages([(0, 4), (36, 40)], [(0, 4), (10, 30), (36, 40)], [(10.0, 30.0)])
    assert [round(passage.start) for passage in found] == [0, 36]
    assert [round(passage.end) for passage in found] == [4, 40]


def test_all_speech_is_a_passage_if_no_word_is_spoken() -> None:
    (found,) = passages([(2, 38)], [(2, 38)], [None, None])
    assert (found.start, found.end) == (pytest.approx(0.3), pytest.approx(39.7))
