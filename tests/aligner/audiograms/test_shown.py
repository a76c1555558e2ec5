"""The words on the screen are those that are said, in order, with breaks at sense."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from aligner.audiograms.shown import as_shown, shown_words
from aligner.model import Span, Status
from aligner.quotes import Timeline, cut_out, quote_of_words
from aligner.typography.tokens import Token
from tests.aligner.episodes import alignment_of


def test_the_words_of_the_quote_are_shown_in_the_clips_time() -> None:
    alignment = alignment_of("The harbour sleeps. Boats knock at the quay, all night long.")
    quote = quote_of_words(alignment, range(3, 8))
    start = quote.voice.start - 0.2
    cut = cut_out(alignment, quote, Timeline((Span(start, quote.voice.end + 0.2),)))
    words = shown_words(cut)
    assert [word.text for word in words] == ["Boats", "knock", "at", "the", "quay,"]
    assert abs(words[0].start - 0.2) < 0.002
    assert words[-1].end <= cut.timeline.duration


def test_a_word_that_was_not_found_is_shown_and_takes_no_time() -> None:
    alignment = alignment_of("Boats knock at the quay. Gulls sleep.")
    lost = replace(alignment.words[2], span=None, status=Status.UNSPOKEN)
    silent = [replace(word, span=None, status=Status.UNSPOKEN) for word in alignment.words[5:]]
    alignment = replace(alignment, words=(*alignment.words[:2], lost, *alignment.words[3:5], *silent))
    quote = quote_of_words(alignment, range(0, 5))
    words = shown_words(cut_out(alignment, quote, Timeline((Span(0.0, 60.0),))))
    assert [word.text for word in words] == ["Boats", "knock", "at", "the", "quay."]
    assert words[2].start == words[2].end == words[3].start


def test_each_turn_of_a_dialogue_begins_with_its_dash_and_a_line() -> None:
    tokens = [
        Token(text, " ", k, None, k * 1.0, k + 0.5, k, opens=opens)
        for k, (text, opens) in enumerate((("Non.", True), ("Si.", True), ("Alors.", False)))
    ]
    shown = as_shown(tokens, "fr")
    assert [word.text for word in shown] == ["–\u00a0Non.", "–\u00a0Si.", "Alors."]
    assert [word.opens for word in shown] == [True, True, False]
    assert as_shown(tokens[:1], "fr")[0].text == "Non."


def test_a_break_after_a_comma_costs_less_than_one_after_an_article() -> None:
    alignment = alignment_of("Boats knock at the quay, all night long.")
    quote = quote_of_words(alignment, range(0, 8))
    words = shown_words(cut_out(alignment, quote, Timeline((Span(0.0, 60.0),))))
    costs = {word.text: word.cost for word in words}
    assert costs["all"] < costs["knock"] < costs["quay,"]


def test_no_word_is_lit_before_the_one_that_comes_before_it() -> None:
    times = [(1.0, 1.6), (1.4, 1.9), (1.3, 2.0)]
    tokens = [Token("mot", " ", 0, None, start, end, k) for k, (start, end) in enumerate(times)]
    shown = as_shown(tokens, "fr")
    assert [word.start for word in shown] == [1.0, 1.4, 1.4]
    assert all(one.end <= other.start for one, other in pairwise(shown))
