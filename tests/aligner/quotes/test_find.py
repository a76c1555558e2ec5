"""Quotes are found despite changes, and the right one of several copies is chosen."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aligner.errors import QuoteError
from aligner.model import Alignment, Kind, Status, Untranscribed
from aligner.quotes.find import search
from aligner.quotes.quote import QuoteQuery, find_quote, list_occurrences
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.aligner.episodes import spoken as said
from tests.tables import over_rows

FERRY = (
    "The ferry leaves at noon and nobody waits for those who come late to the quay.",
    "My brother missed it twice, in the year of the great flood, with all his goats.",
    "Nobody laughed, for the goats had eaten every ticket on the harbour wall.",
)


def words_of(alignment: Alignment, words: range) -> str:
    return " ".join(alignment.words[k].word.text for k in words)


def found(alignment: Alignment, quote: str) -> str:
    best = search(alignment, quote).best
    assert best is not None
    return words_of(alignment, best.words)


FRENCH = "On dit que le cœur a peut-être ses raisons."
BROTHER, QUAY = "My brother missed it twice,", "nobody waits for those who come late to the quay."


@over_rows(
    "quote, passage, text",
    [
        ("“My brother, missed it twice…”", BROTHER, FERRY),
        ("MY BROTHER MISSED IT TWICE", BROTHER, FERRY),
        ("My bróther missed ït twice,", BROTHER, FERRY),
        ("My brother mised it twice,", BROTHER, FERRY),
        ("le coeur a peut etre ses raisons", "le cœur a peut-être ses raisons.", [FRENCH]),
        ("nobody waits for those who late to the quay", QUAY, FERRY),
        ("nobody waits for people who come late to the quay", QUAY, FERRY),
        # From one speaker to the next.
        ("all his goats. Nobody laughed, for", "all his goats. Nobody laughed, for", FERRY),
        ("twenty-one goats on the boat", "21 goats on the boat", ["There were 21 goats on the boat that night."]),
    ],
)
def test_a_quote_is_found_in_any_spelling(quote: str, passage: str, text: Sequence[str]) -> None:
    assert found(alignment_of(*text), quote) == passage


def test_a_heading_inside_a_quote_is_skipped() -> None:
    alignment = alignment_of(FERRY[0], "Second part", FERRY[1])
    heading = replace(alignment.segments[1], segment=replace(alignment.segments[1].segment, kind=Kind.HEADING))
    alignment = replace(alignment, segments=(alignment.segments[0], heading, alignment.segments[2]))
    quote = find_quote(alignment, QuoteQuery("late to the quay. My brother missed it")).quote
    assert quote.text == "late to the quay.\nMy brother missed it"


def test_the_passage_is_preferred_to_its_teaser() -> None:
    alignment = alignment_of(FERRY[1], *FERRY)
    places = search(alignment, "My brother missed it twice").occurrences
    assert [place.teaser for place in places] == [True, False]
    best = search(alignment, "My brother missed it twice").best
    assert best is not None
    assert best.words.start > len(FERRY[1].split())


def test_an_unspoken_copy_does_not_make_a_passage_a_teaser() -> None:
    alignment = alignment_of(*FERRY, FERRY[1])
    cut = len(" ".join(FERRY).split())
    silent = [
        word if k < cut else replace(word, span=None, status=Status.UNSPOKEN) for k, word in enumerate(alignment.words)
    ]
    best = search(replace(alignment, words=tuple(silent)), "My brother missed it twice").best
    assert best is not None
    assert best.spoken
    assert best.words.start < cut


def test_a_missing_quote_is_not_found_and_the_nearest_passage_is_reported() -> None:
    result = search(alignment_of(*FERRY), "my brother sold all his cows to the bishop of Coutances")
    assert result.occurrences == ()
    assert result.best is None
    assert result.nearest
    assert search(alignment_of(*FERRY), "пароход ушёл в полдень").nearest == ()


@over_rows("quote", ["", " ", "« … »", "?!"])
def test_a_quote_without_words_is_refused(quote: str) -> None:
    with pytest.raises(QuoteError, match="no word"):
        search(alignment_of(*FERRY), quote)


def test_a_long_quote_is_found_by_its_ends() -> None:
    words = [f"mot{number} parle du port {number * 7}" for number in range(300)]
    alignment = spoken(". ".join(words))
    (place,) = search(alignment, ". ".join(words[20:160])).occurrences
    said = [alignment.words[k].word.text for k in place.words]
    assert (said[0], said[-1]) == ("mot20", "1113.")
    assert place.score > 0.99


def test_a_quote_longer_than_any_clip_is_refused() -> None:
    with pytest.raises(QuoteError, match="expected 30000 at most"):
        search(spoken("Le port dort."), "la " * 20_000)


@over_rows(
    "quote",
    ["ceci n'existe pas du tout ici", "ce n'est pas de moi", "n'est pas là du tout du tout", "il n'a pas du tout"],
)
def test_a_short_quote_is_not_found_by_similarity(quote: str) -> None:
    assert search(spoken("Mais ce n'est pas du tout. Le port dort."), quote).occurrences == ()


def test_a_repeated_passage_is_a_teaser_only_near_the_start() -> None:
    wait = "|60.0 Les bateaux rentrent un par un dans le port."
    alignment = spoken(wait, FERRY[1], wait, FERRY[1], wait, FERRY[1], wait)
    assert [place.teaser for place in search(alignment, FERRY[1]).occurrences] == [True, False, False]
    late = spoken(wait, wait, wait, wait, FERRY[1], wait, FERRY[1])
    assert [place.teaser for place in search(late, FERRY[1]).occurrences] == [False, False]


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
