"""What the user asks for becomes one quote, or one line that says why not."""

from dataclasses import replace

import pytest

from aligner.errors import QuoteError
from aligner.model import Alignment, Segment, Status, Untranscribed
from aligner.quotes import QuoteQuery, find_quote, listing
from tests.aligner.episodes import alignment_of, spoken

TEXT = "One lamp burns at the end of the pier. Two boats lie below it, and a third is late."


def spoken_by(alignment: Alignment, *speakers: str) -> Alignment:
    segments = tuple(
        replace(timed, segment=replace(timed.segment, speaker=speaker))
        for timed, speaker in zip(alignment.segments, speakers, strict=True)
    )
    return replace(alignment, segments=segments)


def unspoken(alignment: Alignment, words: range) -> Alignment:
    return replace(
        alignment,
        words=tuple(
            replace(word, span=None, status=Status.UNSPOKEN) if k in words else word
            for k, word in enumerate(alignment.words)
        ),
    )


def test_two_times_stand_for_the_words_between_them() -> None:
    alignment = alignment_of(TEXT)
    start, end = spoken(alignment.words[2]).start, spoken(alignment.words[5]).end
    chosen = find_quote(alignment, QuoteQuery(start=start, end=end))
    assert chosen.quote.words == range(2, 6)


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [(5, 3, "after its start"), (3, 3, "after its start"), (500, 600, "outside"), (0, 0.5, "nothing")],
)
def test_times_that_hold_no_quote_are_refused(start: float, end: float, complaint: str) -> None:
    with pytest.raises(QuoteError, match=complaint):
        find_quote(alignment_of(TEXT), QuoteQuery(start=start, end=end))


def test_a_segment_is_cut_by_its_id() -> None:
    alignment = alignment_of("A first one, then.", TEXT)
    assert find_quote(alignment, QuoteQuery(segment=alignment.segments[1].id)).quote.text == TEXT


def test_a_segment_that_is_not_there_is_refused_with_those_that_are() -> None:
    alignment = alignment_of(TEXT)
    with pytest.raises(QuoteError, match=f"'s99'.*{alignment.segments[0].id}"):
        find_quote(alignment, QuoteQuery(segment="s99"))


def test_a_quote_that_is_printed_but_not_said_is_refused() -> None:
    alignment = alignment_of("A first one is said aloud.", TEXT)
    silent = unspoken(alignment, range(6, len(alignment.words)))
    with pytest.raises(QuoteError, match="nobody says it"):
        find_quote(silent, QuoteQuery("Two boats lie below it"))


def test_the_printed_text_is_that_of_the_transcript_across_speakers() -> None:
    alignment = spoken_by(alignment_of(TEXT, "Which one? “The Mouette”, I think."), "Ana", "Bo")
    quote = find_quote(alignment, QuoteQuery("and a third is late. which one")).quote
    assert quote.text == "and a third is late.\nWhich one?"
    assert quote.speakers == ("Ana", "Bo")
    assert quote.speaker == "Ana, Bo"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("Two boats lie below it, and a third is late.", set()),
        ("boats lie below it, and a third is late.", {"starts-inside-sentence"}),
        ("Two boats lie below it", {"ends-inside-sentence"}),
        ("burns at the end", {"starts-inside-sentence", "ends-inside-sentence"}),
    ],
)
def test_a_cut_inside_a_sentence_is_told(words: str, kinds: set[str]) -> None:
    assert {caution.kind for caution in find_quote(alignment_of(TEXT), QuoteQuery(words)).quote.cautions} == kinds


def test_words_that_are_printed_but_not_said_are_told_and_the_cut_begins_at_one_that_is() -> None:
    alignment = unspoken(alignment_of("Never believe the pilot, he drinks too much."), range(0, 2))
    quote = find_quote(alignment, QuoteQuery("Never believe the pilot, he drinks")).quote
    assert quote.words.start == 2
    assert quote.text.startswith("Never believe")
    assert "Never believe" in next(c.message for c in quote.cautions if c.kind == "unspoken")


def test_speech_inside_a_quote_that_the_transcript_lacks_is_told() -> None:
    alignment = alignment_of(TEXT)
    start, end = spoken(alignment.words[3]).end, spoken(alignment.words[9]).start
    lacking = replace(alignment, untranscribed=(Untranscribed(start, end, "so they say"),))
    assert "untranscribed" in {caution.kind for caution in find_quote(lacking, QuoteQuery(TEXT)).quote.cautions}


def test_several_places_are_listed_and_another_can_be_taken() -> None:
    alignment = spoken_by(alignment_of(TEXT, "Yes.", TEXT), "Ana", "Bo", "Ana")
    chosen = find_quote(alignment, QuoteQuery("two boats lie below it"))
    lines = listing(alignment, chosen.places)
    assert chosen.taken is chosen.places[1]
    assert "teaser" in lines[0]
    assert lines[1].startswith("2  0:")
    assert "Ana" in lines[1]
    first = find_quote(alignment, QuoteQuery("two boats lie below it", match=1))
    assert first.quote.words.start == chosen.places[0].words.start
    with pytest.raises(QuoteError, match="found 2 times"):
        find_quote(alignment, QuoteQuery("two boats lie below it", match=3))


def test_what_is_not_found_is_refused_with_the_nearest_passages() -> None:
    with pytest.raises(QuoteError, match=r"not in the transcript; nearest: .*boats"):
        find_quote(alignment_of(TEXT), QuoteQuery("two goats lie beyond the sea wall"))


def test_a_segment_without_words_cannot_be_quoted() -> None:
    alignment = alignment_of(TEXT)
    empty = replace(alignment.segments[0], id="s9", segment=Segment(alignment.segments[0].segment.kind, None, 0, 1))
    with pytest.raises(QuoteError):
        find_quote(replace(alignment, segments=(empty,), words=alignment.words[5:]), QuoteQuery(segment="s9"))
