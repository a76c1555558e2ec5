"""A requested quote is chosen, or refused in one line with the reason."""

from dataclasses import replace

import pytest

from aligner.errors import QuoteError
from aligner.model import Alignment, Kind, Status, Untranscribed
from aligner.quotes.quote import QuoteQuery, find_quote, list_occurrences
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.aligner.episodes import spoken as said
from tests.tables import over_rows

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


def test_two_times_choose_the_words_between_them() -> None:
    alignment = alignment_of(TEXT)
    start, end = said(alignment.words[2]).start, said(alignment.words[5]).end
    chosen = find_quote(alignment, QuoteQuery(start=start, end=end))
    assert chosen.quote.words == range(2, 6)


@over_rows(
    "start, end, complaint",
    [(5, 3, "after its start"), (3, 3, "after its start"), (500, 600, "outside"), (0, 0.5, "no text")],
)
def test_times_without_a_quote_are_refused(start: float, end: float, complaint: str) -> None:
    with pytest.raises(QuoteError, match=complaint):
        find_quote(alignment_of(TEXT), QuoteQuery(start=start, end=end))


def test_a_segment_is_chosen_by_its_id_and_an_unknown_one_refused() -> None:
    alignment = alignment_of("A first one, then.", TEXT)
    assert find_quote(alignment, QuoteQuery(segment=alignment.segments[1].id)).quote.text == TEXT
    with pytest.raises(QuoteError, match=f"'s99'.*{alignment.segments[0].id}"):
        find_quote(alignment, QuoteQuery(segment="s99"))


def test_a_printed_but_unspoken_quote_is_refused() -> None:
    alignment = alignment_of("A first one is said aloud.", TEXT)
    silent = unspoken(alignment, range(6, len(alignment.words)))
    with pytest.raises(QuoteError, match="nobody says it"):
        find_quote(silent, QuoteQuery("Two boats lie below it"))


def test_the_printed_text_crosses_speakers_as_in_the_transcript() -> None:
    alignment = spoken_by(alignment_of(TEXT, "Which one? “The Mouette”, I think."), "Ana", "Bo")
    quote = find_quote(alignment, QuoteQuery("and a third is late. which one")).quote
    assert quote.text == "and a third is late.\nWhich one?"
    assert quote.printed.speakers == ("Ana", "Bo")
    assert quote.speaker == "Ana, Bo"


@over_rows(
    "words, kinds",
    [
        ("Two boats lie below it, and a third is late.", set()),
        ("boats lie below it, and a third is late.", {"starts-inside-sentence"}),
        ("Two boats lie below it", {"ends-inside-sentence"}),
        ("burns at the end", {"starts-inside-sentence", "ends-inside-sentence"}),
    ],
)
def test_a_cut_inside_a_sentence_is_reported(words: str, kinds: set[str]) -> None:
    assert {caution.kind for caution in find_quote(alignment_of(TEXT), QuoteQuery(words)).quote.cautions} == kinds


def test_a_quote_never_starts_with_the_end_of_another_speakers_sentence() -> None:
    alignment = spoken(
        ("Ana", "Oui, tout à fait."),
        ("Bo", "Génial, je suis ravi que tu suives nos traditions depuis le début de cette émission."),
        ("Ana", "Vous tomberez un jour sur quelqu’un qui tient à son nom et à son « titre »."),
        ("Bo", "Écoute, jusque-là, même les ministres ont accepté qu’on les tutoie."),
    )
    asked = "Oui, tout à fait. Écoute, jusque-là, même les ministres ont accepté qu’on les tutoie."
    chosen = find_quote(alignment, QuoteQuery(asked))
    assert chosen.quote.text == "Écoute, jusque-là, même les ministres ont accepté qu’on les tutoie."
    assert chosen.quote.printed.speakers == ("Bo",)
    assert chosen.taken is not None
    assert chosen.taken.missing == ("Oui,", "tout", "à", "fait.")


def test_a_mostly_unspoken_quote_is_refused() -> None:
    alignment = unspoken(alignment_of(TEXT, "Three boats lie below the pier."), range(9, 16))
    for query in (QuoteQuery("Two boats lie below it, and a third is late."), QuoteQuery(indices=range(9, 19))):
        with pytest.raises(QuoteError, match=r"most of .* is not in the audio"):
            find_quote(alignment, query)


def of_kinds(alignment: Alignment, *kinds: Kind) -> Alignment:
    segments = tuple(
        replace(timed, segment=replace(timed.segment, kind=kind))
        for timed, kind in zip(alignment.segments, kinds, strict=True)
    )
    return replace(alignment, segments=segments)


def test_an_unspoken_heading_is_refused() -> None:
    alignment = alignment_of("The lamp : at the pier", TEXT, "Yes, late.")
    alignment = unspoken(of_kinds(alignment, Kind.HEADING, Kind.SPEECH, Kind.SPEECH), range(5))
    with pytest.raises(QuoteError, match=r"« The lamp : at the pier » is printed .* nobody says it"):
        find_quote(alignment, QuoteQuery(indices=range(5)))


def test_headings_and_notes_at_the_ends_are_left_out_even_if_read_aloud() -> None:
    alignment = alignment_of("Deuxième partie", "Le port dort.", "1")
    alignment = of_kinds(alignment, Kind.HEADING, Kind.SPEECH, Kind.NOTE)
    quote = find_quote(alignment, QuoteQuery(indices=range(len(alignment.words)))).quote
    assert (quote.text, quote.words) == ("Le port dort.", range(2, 5))
    assert find_quote(alignment, QuoteQuery(indices=range(2))).quote.words == range(2)


def test_untranscribed_speech_inside_a_quote_is_reported() -> None:
    alignment = alignment_of(TEXT)
    start, end = said(alignment.words[3]).end, said(alignment.words[9]).start
    lacking = replace(alignment, untranscribed=(Untranscribed(start, end, "so they say"),))
    assert "untranscribed" in {caution.kind for caution in find_quote(lacking, QuoteQuery(TEXT)).quote.cautions}


def test_several_locations_are_listed_and_each_can_be_chosen() -> None:
    alignment = spoken_by(alignment_of(TEXT, "Yes.", TEXT), "Ana", "Bo", "Ana")
    chosen = find_quote(alignment, QuoteQuery("two boats lie below it"))
    lines = list_occurrences(alignment, chosen.occurrences)
    assert chosen.taken is chosen.occurrences[1]
    assert "teaser" in lines[0]
    assert lines[1].startswith("2  0:")
    assert "Ana" in lines[1]
    first = find_quote(alignment, QuoteQuery("two boats lie below it", match=1))
    assert first.quote.words.start == chosen.occurrences[0].words.start
    with pytest.raises(QuoteError, match="found 2 times"):
        find_quote(alignment, QuoteQuery("two boats lie below it", match=3))
