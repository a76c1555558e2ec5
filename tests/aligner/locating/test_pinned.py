"""No search moves a pin or crosses it; of two searches each word takes the better."""

from functools import partial

import pytest
from hypothesis import strategies as st

from aligner.attempts import locate
from aligner.locating.pinned import TimedLetters, locate_between, merge_with_whole
from aligner.model import UNSPOKEN, Located, Pin, PinKind, Placement, Recognition, Span, Status, Transcript
from aligner.pins import Region, regions
from tests.aligner.episodes import Planted, heard_as, spoken, transcript_of
from tests.aligner.locating.acoustic.tape import Said, Tape
from tests.tables import over_rows

BEFORE = "The ferry left the harbour before dawn with nine passengers and a crate of oranges."
TWICE = "Nobody had told the pilot that the northern buoy was gone."
AFTER = "My grandmother kept bees behind the chapel, and every summer she sold honey."


def placed(transcript: Transcript, heard: Planted, *pins: Pin) -> tuple[Placement, ...]:
    recognition = Recognition(heard.words, "en", emissions=heard.emissions)
    search = partial(locate, language="en")
    return locate_between(transcript, heard.audio, recognition, pins, search).placements


def word_pin(word: int, start: float, end: float) -> Pin:
    return Pin(PinKind.WORD, range(word, word + 1), Span(start, end))


@st.composite
def pinned(draw: st.DrawFn) -> tuple[int, float, list[Pin]]:
    """Words, seconds, and pins whose times rise as their words do."""
    edges = sorted(draw(st.lists(st.integers(0, 60), unique=True, max_size=12)))
    times = sorted(draw(st.lists(st.floats(0, 300), min_size=len(edges), max_size=len(edges), unique=True)))
    pairs = list(zip(edges[::2], edges[1::2], times[::2], times[1::2], strict=False))
    pins = []
    for first, stop, start, end in pairs:
        kind = draw(st.sampled_from(PinKind))
        words = range(first, first + 1 if kind is PinKind.WORD else stop)
        pins.append(Pin(kind, words, None if kind is PinKind.UNSPOKEN else Span(start, end)))
    return 61, 300.0, pins


def test_pins_out_of_order_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="contradict"):
        regions([word_pin(3, 20.0, 20.3), word_pin(9, 4.0, 4.2)], Region(range(12), Span(0.0, 60.0)))


def test_words_that_are_all_pinned_cost_no_search() -> None:
    """Moving all words of an hour once searched the pause and the sentence around each."""
    heard = heard_as((1.0, BEFORE), (9.0, AFTER))
    transcript = transcript_of(BEFORE, AFTER)
    pins = [word_pin(k, word.start, word.end) for k, word in enumerate(heard.words)]

    def search(*_: object) -> Located:
        raise AssertionError("nothing is left to be sought")

    recognition = Recognition(heard.words, "en")
    found = locate_between(transcript, heard.audio, recognition, pins, search)
    assert [each.span for each in found.placements] == [pin.span for pin in pins]


def say_twice(tape: Tape, *sentences: str) -> tuple[Said, list[Said], Said]:
    """When the words are said of what is before, of both copies of the sentences, and of what is after."""
    tape.pause(1.0)
    before, copies = tape.say(BEFORE), []
    for _ in range(2):
        tape.pause(1.2)
        said: Said = []
        for sentence in sentences:
            tape.pause(0.3)
            said += tape.say(sentence)
        copies.append(said)
    tape.pause(1.5)
    return before, copies, tape.say(AFTER)


@over_rows("copy", [0, 1])
def test_one_pinned_word_takes_its_sentence_to_that_copy(copy: int) -> None:
    """The audio has two copies of a sentence: the pin on one word chooses between them."""
    tape = Tape()
    before, copies, after = say_twice(tape, TWICE)
    transcript, first = transcript_of(BEFORE, TWICE, AFTER), len(before)
    word = first + 5
    found = placed(transcript, tape.heard(), word_pin(word, *copies[copy][5]))
    said = before + copies[copy] + after
    assert max(abs(spoken(p).start - start) for p, (start, _) in zip(found, said, strict=True)) < 0.06
    assert found[word] == Placement(Span(*copies[copy][5]), Status.EXACT, 1.0, pinned=True)


@over_rows("copy", [0, 1])
def test_one_pinned_word_takes_its_sentence_to_that_copy_with_asr_words(copy: int) -> None:
    heard = heard_as((1.0, BEFORE), (9.0, TWICE), (16.0, TWICE), (24.0, AFTER))
    transcript, first = transcript_of(BEFORE, TWICE, AFTER), len(BEFORE.split())
    said = [word for word in heard.words if word.text == "northern"][copy]
    word = first + TWICE.split().index("northern")
    found = placed(transcript, heard, word_pin(word, said.start, said.end))
    sentence = [spoken(p).start for p in found[first : first + len(TWICE.split())]]
    assert (9.0, 16.0)[copy] - 0.1 < sentence[0] < sentence[-1] < (16.0, 24.0)[copy]
    assert found[word].span == Span(said.start, said.end)


def test_a_word_marked_as_not_spoken_is_not_searched() -> None:
    tape = Tape()
    tape.pause(1.0)
    said = tape.say(BEFORE)
    tape.pause(1.5)
    tape.say(TWICE)
    transcript = transcript_of(BEFORE, TWICE)
    silent = Pin(PinKind.UNSPOKEN, range(len(said), len(transcript.words)), None)
    found = placed(transcript, tape.heard(), silent)
    assert all(p == Placement(None, Status.UNSPOKEN, 1.0, pinned=True) for p in found[len(said) :])
    assert all(p.span for p in found[: len(said)])


def test_a_pinned_passage_is_searched_only_there() -> None:
    tape = Tape()
    copies = []
    for _ in range(3):
        tape.pause(2.0)
        copies.append(tape.say(TWICE))
    transcript = transcript_of(TWICE)
    within = Span(copies[1][0][0] - 0.5, copies[1][-1][1] + 0.5)
    found = placed(transcript, tape.heard(), Pin(PinKind.PASSAGE, range(len(transcript.words)), within))
    assert max(abs(spoken(p).start - start) for p, (start, _) in zip(found, copies[1], strict=True)) < 0.06
    assert not any(p.pinned for p in found)


def test_words_without_audio_between_pins_are_unspoken() -> None:
    tape = Tape()
    said = tape.say(TWICE)
    transcript = transcript_of(TWICE)
    pins = [word_pin(0, *said[0]), word_pin(4, said[0][1] + 0.01, said[0][1] + 0.3)]
    found = placed(transcript, tape.heard(), *pins)
    assert [p.span for p in found[1:4]] == [None, None, None]
    assert all(p.span for p in found[4:])


@over_rows("copy", [0, 1])
def test_the_single_word_of_a_sentence_moves_with_the_next_sentence(copy: int) -> None:
    tape = Tape()
    before, copies, after = say_twice(tape, "Listen.", TWICE)
    transcript = transcript_of(BEFORE, "Listen.", TWICE, AFTER)
    found = placed(transcript, tape.heard(), word_pin(len(before), *copies[copy][0]))
    said = before + copies[copy] + after
    assert max(abs(spoken(p).start - start) for p, (start, _) in zip(found, said, strict=True)) < 0.06


LETTERS = "here" + "theres" + "nothing" + "nothing"
TIMES = [*(1.0 + 0.1 * k for k in range(10)), *(3.0 + 0.1 * k for k in range(7)), *(9.0 + 0.1 * k for k in range(7))]
HEARD = TimedLetters(LETTERS, TIMES)
ROOM = Span(0.0, 20.0)


def at(start: float, end: float) -> Placement:
    return Placement(Span(start, end), Status.EXACT, 0.9)


HERE, THERES, FIRST, SECOND = at(1.0, 1.4), at(1.4, 2.0), at(3.0, 3.7), at(9.0, 9.7)


def chosen(whole: list[Placement], between: list[Placement], *words: str, room: Span = ROOM) -> list[Placement]:
    return merge_with_whole(whole, between, [room] * len(words), HEARD, words)


def test_a_word_lost_between_pins_takes_the_unpinned_location() -> None:
    assert chosen([HERE, THERES], [UNSPOKEN, UNSPOKEN], "here", "theres") == [HERE, THERES]


def test_a_word_lost_between_pins_never_crosses_a_pin() -> None:
    assert chosen([SECOND], [UNSPOKEN], "nothing", room=Span(0.0, 8.0)) == [UNSPOKEN]


def test_edges_with_the_better_acoustic_score_win() -> None:
    squeezed, widened = at(0.9, 0.95), at(0.95, 2.0)
    assert chosen([HERE, THERES], [squeezed, widened], "here", "theres") == [HERE, THERES]


def test_corrections_are_unchanged() -> None:
    pinned = Placement(Span(5.0, 5.5), Status.EXACT, 1.0, pinned=True)
    assert chosen([FIRST], [pinned], "nothing") == [pinned]
