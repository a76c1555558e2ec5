"""Aligned again, an episode that somebody signed stays as it was signed, or they are told that it did not."""

from dataclasses import replace

from aligner.corrections.annotations import carry_over
from aligner.model import UNSPOKEN, Alignment, Engine, Review, Span, TimedWord
from aligner.pins import review_removed
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.episodes import alignment_of, spoken
from tests.tables import over_rows

ZOE = Review("Zoé", "2026-11-27T01:02:03Z", 1.0)
FRESH = alignment_of("the harbour was quiet when the first ferry came", "and nobody was there to see it")
SIGNED = replace(from_content(to_text(FRESH).encode()), review=ZOE)


def with_word(number: int, **other: object) -> Alignment:
    """As it was aligned, but for a word."""
    words = [replace(word, **other) if k == number else word for k, word in enumerate(FRESH.words)]
    return replace(FRESH, words=tuple(words))


def moved(number: int, seconds: float) -> Alignment:
    span = spoken(FRESH.words[number])
    return with_word(number, span=Span(span.start, span.end + seconds))


@over_rows("again", [FRESH, replace(moved(8, 0.05), engine=Engine("asr", "small")), with_word(3, confidence=0.123)])
def test_a_signed_episode_whose_words_nobody_would_notice_elsewhere_stays_as_it_was_signed(again: Alignment) -> None:
    held = carry_over(again, SIGNED)
    assert to_text(held) == to_text(SIGNED)
    assert review_removed(SIGNED.review, held.review, same_audio=True) == ()


def unspoken(number: int) -> Alignment:
    none = TimedWord(FRESH.words[number].word, UNSPOKEN.span, UNSPOKEN.status, UNSPOKEN.confidence)
    return replace(FRESH, words=(*FRESH.words[:number], none, *FRESH.words[number + 1 :]))


@over_rows(
    "again, why",
    [
        (moved(8, 0.15), "some words or their times differ from those reviewed"),
        (unspoken(4), "some words or their times"),
        (alignment_of("the harbour was loud when the first ferry came"), "some words or their times"),
        (replace(FRESH, audio=replace(FRESH.audio, sha256="2" * 64)), "this is not the audio reviewed"),
    ],
)
def test_where_words_are_otherwise_the_signature_goes_and_that_is_told(again: Alignment, why: str) -> None:
    held = carry_over(again, SIGNED)
    assert held.review is None
    assert held.words == again.words
    [told] = review_removed(ZOE, held.review, same_audio=again.audio.sha256 == SIGNED.audio.sha256)
    assert told.startswith("no longer marked as reviewed by Zoé: ")
    assert why in told
