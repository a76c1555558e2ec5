"""Confidence and verdicts follow what was matched."""

from dataclasses import replace

import pytest

from aligner.locating.quality import Judgement, judge, text_is_missing
from aligner.locating.words import locate_by_words
from aligner.model import Kind, Span, Transcript, Verdict
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
