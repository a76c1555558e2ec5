"""Pins follow their words through changes of the text, and are told where these are gone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.corrections.annotations import kept_pins
from aligner.model import Alignment, LostPin, Pin, PinKind, Span, Status
from aligner.pins import pins_of
from tests.aligner.episodes import alignment_of, transcript_of

HARBOUR = "The ferry left the harbour before dawn with nine passengers."
WELL = "My grandmother kept bees behind the chapel all summer."
SOUND = "1" * 64  # of what is aligned


def with_pins(*pinned: int, unspoken: range = range(0)) -> Alignment:
    """An alignment of both paragraphs, in which a person has fixed some words."""
    alignment = alignment_of(HARBOUR, WELL)
    words = list(alignment.words)
    for k in pinned:
        words[k] = replace(words[k], pinned=True)
    for k in unspoken:
        words[k] = replace(words[k], span=None, status=Status.UNSPOKEN, pinned=True)
    return replace(alignment, words=tuple(words))


def on(alignment: Alignment, *paragraphs: str, sound: str = SOUND) -> tuple[list[str], list[str]]:
    """The words that pins are on in another text, and the texts of the pins that are lost."""
    transcript = transcript_of(*paragraphs)
    pins, lost = kept_pins(alignment, transcript, sound)
    kept = [" ".join(word.text for word in transcript.words[pin.words.start : pin.words.stop]) for pin in pins]
    return kept, [each.text for each in lost]


def test_a_pin_stays_on_its_word_wherever_that_moves() -> None:
    alignment = with_pins(4, 13)
    assert on(alignment, "A word from our sponsor.", HARBOUR, "And now, the bees.", WELL) == (["harbour", "bees"], [])
    assert on(alignment, HARBOUR.replace("The ferry left", "It left"), WELL) == (["harbour", "bees"], [])


def test_a_pin_stays_on_a_word_that_is_written_otherwise() -> None:
    alignment = with_pins(4, 13)
    assert on(alignment, HARBOUR.replace("harbour", "HARBOUR,"), WELL) == (["HARBOUR,", "bees"], [])
    assert on(alignment, HARBOUR.replace("harbour", "harbor"), WELL) == (["harbor", "bees"], [])


def test_a_word_that_another_replaces_takes_its_pin_away() -> None:
    assert on(with_pins(4, 13), HARBOUR.replace("harbour", "port"), WELL) == (["bees"], ["harbour"])
    unspoken = with_pins(unspoken=range(10, 14))
    assert on(unspoken, HARBOUR, WELL.replace("bees", "goats")) == (["My grandmother kept"], [])


def test_a_pin_whose_word_is_gone_is_kept_among_the_lost_and_so_are_earlier_ones() -> None:
    alignment = with_pins(4, 13)
    earlier = LostPin(PinKind.UNSPOKEN, "Some notes", None)
    pins, lost = kept_pins(replace(alignment, lost_pins=(earlier,)), transcript_of(WELL), SOUND)
    assert [pin.words for pin in pins] == [range(3, 4)]
    assert lost == (earlier, LostPin(PinKind.WORD, "harbour", alignment.words[4].span))


def test_of_words_that_are_not_said_those_that_stay_stay_unsaid_and_new_ones_among_them_are_sought() -> None:
    alignment = with_pins(unspoken=range(10, 14))
    kept, lost = on(alignment, HARBOUR, WELL.replace("kept", "always kept"))
    assert (kept, lost) == (["My grandmother", "kept bees"], [])


def test_a_passage_keeps_all_between_its_ends() -> None:
    passage = Pin(PinKind.PASSAGE, range(10, 14), Span(5.0, 9.0))
    alignment = replace(alignment_of(HARBOUR, WELL), pinned_passages=(passage,))
    kept, lost = on(alignment, HARBOUR, WELL.replace("kept", "always kept"))
    assert (kept, lost) == (["My grandmother always kept bees"], [])


def test_in_another_sound_all_pins_are_lost() -> None:
    assert on(with_pins(4), HARBOUR, WELL, sound="2" * 64) == ([], ["harbour"])


@pytest.mark.nightly
@given(st.lists(st.integers(0, 17), unique=True), st.lists(st.sampled_from(["a", "ferry", "bees", "the"]), max_size=9))
def test_pins_keep_their_order_and_their_spans(pinned: list[int], words: list[str]) -> None:
    alignment = with_pins(*pinned)
    text = " ".join([*words[:4], HARBOUR, *words[4:], WELL])
    pins, lost = kept_pins(alignment, transcript_of(text), SOUND)
    starts = [pin.words.start for pin in pins]
    assert starts == sorted(starts)
    assert [pin.span for pin in pins] == [pin.span for pin in pins_of(alignment)][: len(pins)]
    assert len(pins) + len(lost) == len(pinned)
