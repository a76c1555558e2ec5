"""Words are placed where they were recognised, or estimated with less confidence, or unspoken."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.locating.words import locate_by_words, match, place
from aligner.model import Kind, Placement, RecognisedWord, Span, Status, Transcript
from tests.aligner.episodes import Planted, footnoted, heard_as, spoken, transcript_of
from tests.tables import over_rows

OPENING = "the harbour was quiet when the first ferry came round the point"
CLOSING = "and nobody on the quay remembered who had lit the lamps"


def placed(transcript: Transcript, heard: Planted) -> dict[str, Placement]:
    """Return the placements by word; of a word that occurs twice, the last one."""
    placements = place(transcript, match(transcript, heard.words, heard.language), heard.audio)
    return {w.text: p for w, p in zip(transcript.words, placements, strict=True)}


def test_words_recognised_as_written_are_exact_with_those_times() -> None:
    heard = heard_as((1.0, OPENING), (6.0, CLOSING))
    placements = place(t := transcript_of(OPENING + " " + CLOSING), match(t, heard.words, "en"), heard.audio)
    assert [(s.start, s.end) for s in map(spoken, placements)] == [pytest.approx((w.start, w.end)) for w in heard.words]
    assert {p.status for p in placements} == {Status.EXACT}


def test_a_misrecognised_word_takes_the_time_of_the_recognised_one() -> None:
    heard = heard_as((0.5, OPENING.replace("ferry", "fairy")))
    word = placed(transcript_of(OPENING), heard)["ferry"]
    fairy = next(w for w in heard.words if w.text == "fairy")
    assert (spoken(word).start, word.status) == (pytest.approx(fairy.start, abs=0.08), Status.FUZZY)


def test_a_restarted_word_is_placed_at_its_last_copy() -> None:
    heard = heard_as((0.0, OPENING.replace("the point", "the point uh the point") + " " + CLOSING))
    words = placed(transcript_of(OPENING + " " + CLOSING), heard)
    assert spoken(words["point"]).start == pytest.approx([w.start for w in heard.words if w.text == "point"][1])


def test_a_paragraph_missing_from_the_audio_is_unspoken() -> None:
    cut = "meanwhile seventeen engineers argued about copper prices until breakfast"
    heard = heard_as((0.0, OPENING), (5.0, CLOSING))
    words = placed(transcript_of(OPENING, cut, CLOSING), heard)
    assert {words[token].status for token in cut.split()} == {Status.UNSPOKEN}
    assert words["quay"].status is Status.EXACT


def test_words_not_recognised_are_spread_over_speech_and_not_over_silence() -> None:
    lost = "grandfather whistled"
    before, after = heard_as((0.0, OPENING)), heard_as((12.0, CLOSING))
    speech = (*before.speech, Span(7.0, 8.4), *after.speech)
    heard = Planted(before.words + after.words, speech, 20.0)
    words = placed(transcript_of(OPENING, lost, CLOSING), heard)
    assert words["grandfather"].status is Status.INTERPOLATED
    assert (spoken(words["grandfather"]).start, spoken(words["whistled"]).end) == pytest.approx((7.0, 8.4))


def test_words_beside_untranscribed_speech_stay_outside_it() -> None:
    ad = "buy seventeen copper kettles before breakfast and save enormously tomorrow " * 4
    sound = heard_as((0.0, OPENING), (5.0, ad), (40.0, CLOSING))
    lost = tuple(w for w in sound.words if w.text != "point")
    words = placed(transcript_of(OPENING, CLOSING), Planted(lost, sound.speech, 50.0))
    point = next(w for w in sound.words if w.text == "point")
    assert spoken(words["point"]).start == pytest.approx(point.start, abs=0.1)
    assert spoken(words["quay"]).start > 40


def test_a_heading_that_is_read_aloud_gets_its_times() -> None:
    heading = "The night of the copper lamps"
    heard = heard_as((0.0, OPENING), (6.0, heading), (10.0, CLOSING))
    words = placed(transcript_of(OPENING, (Kind.HEADING, heading), CLOSING), heard)
    assert spoken(words["night"]).start == pytest.approx(next(w.start for w in heard.words if w.text == "night"))


def test_a_word_recognised_across_a_pause_is_on_one_side_of_it() -> None:
    sound = heard_as((0.0, OPENING))
    late = RecognisedWord("afterwards", sound.duration, sound.duration + 3.0)
    speech = (Span(0.0, sound.duration + 0.1), Span(sound.duration + 2.2, sound.duration + 3.0))
    heard = Planted((*sound.words, late), speech, sound.duration + 3.0)
    word = placed(transcript_of(OPENING + " afterwards"), heard)["afterwards"]
    assert (spoken(word).start, spoken(word).end) == (pytest.approx(speech[1].start), pytest.approx(speech[1].end))


vocabulary = st.sampled_from(["river", "a", "stone", "of", "lantern", "walked", "97", "north"])
sentences = st.lists(vocabulary, min_size=1, max_size=40).map(" ".join)


@given(sentences, sentences, st.floats(0.0, 3.0))
def test_every_word_is_placed_once_in_order_and_inside_the_audio(text: str, said: str, start: float) -> None:
    heard = heard_as((start, said), gap=0.02)
    transcript = transcript_of(text)
    placements = place(transcript, match(transcript, heard.words, "en"), heard.audio)
    assert len(placements) == len(transcript.words)
    timed = [p.span for p in placements if p.span]
    assert all(a.start <= b.start for a, b in itertools.pairwise(timed))
    assert all(0 <= span.start < span.end <= heard.duration + 0.021 for span in timed)


def test_a_symbol_between_spaces_has_the_time_of_the_previous_word() -> None:
    said = "they sold eighty percent of the 2 300 lamps before the winter came"
    heard = heard_as((0.0, said.replace("2 300", "two thousand three hundred")))
    words = placed(transcript_of("they sold 80 % of the 2 300 lamps before the winter came"), heard)
    percent, thousand, hundred = (
        next(w for w in heard.words if w.text == text) for text in ("percent", "thousand", "hundred")
    )
    assert spoken(words["80"]).end == pytest.approx(percent.end)
    assert spoken(words["2"]).end == pytest.approx(thousand.end)
    assert spoken(words["300"]).end == pytest.approx(hundred.end)


@over_rows("mark, number", [("[3]", "three"), ("²", "two,"), ("[12]", "12.")])
def test_a_footnote_mark_that_is_read_aloud_has_its_time(mark: str, number: str) -> None:
    heard = heard_as((1.0, f"{OPENING} {number} {CLOSING}"), gap=0.05)
    placements = locate_by_words(footnoted(OPENING, mark, CLOSING), heard.audio, heard.words, "en").placements
    at = len(OPENING.split())
    said = heard.words[at]
    assert (spoken(placements[at]).start, spoken(placements[at]).end) == pytest.approx((said.start, said.end), abs=0.01)
    without = locate_by_words(transcript_of(f"{OPENING} {CLOSING}"), heard.audio, heard.words, "en").placements
    assert [p.span for p in placements[:at] + placements[at + 1 :]] == [p.span for p in without]


@over_rows("said", ["", "four", "and three hundred", "call us now " * 8 + "thirty"])
def test_an_unread_footnote_mark_has_no_time(said: str) -> None:
    heard = heard_as((1.0, f"{OPENING} {said} {CLOSING}"), gap=0.05)
    placements = locate_by_words(footnoted(OPENING, "[30]", CLOSING), heard.audio, heard.words, "en").placements
    assert placements[len(OPENING.split())].span is None
