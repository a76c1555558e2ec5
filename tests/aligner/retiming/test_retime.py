"""What is new in a sound: text that had none is found there, where it is said, and what the text lacks is listed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aligner.corrections.repair import RecognisedAudio
from aligner.model import Alignment, Recognition, Span, Status, TimedWord
from aligner.retiming.retime import find_words, untranscribed_in
from tests.aligner.episodes import Planted, alignment_of, heard_as

FIRST = "the harbour was quiet when the first ferry came over the grey water"
SECOND = "nobody had seen one for a year and some had never seen one at all"
THIRD = "and then the whole town was there to see it"
AD = "this show is brought to you by a shop that sells warm socks for cold mornings"
NEW = [Span(20.0, 40.0)]


def heard(*speech: tuple[float, str]) -> RecognisedAudio:
    planted: Planted = heard_as(*speech, duration=60.0)
    return RecognisedAudio(planted.audio, Recognition(planted.words, "en"))


@pytest.fixture
def lacking() -> Alignment:
    """Three paragraphs, of which the second has no sound: it was between 20 and 40 s, where the new sound is new."""
    whole = alignment_of(FIRST, SECOND, THIRD)
    starts = {0: 1.0, 2: 45.0}
    said = {0: heard_as((1.0, FIRST)).words, 2: heard_as((45.0, THIRD)).words}
    words, counts = [], {0: 0, 2: 0}
    for timed in whole.words:
        segment = timed.word.segment
        if segment in starts:
            word = said[segment][counts[segment]]
            counts[segment] += 1
            words.append(replace(timed, span=Span(round(word.start, 3), round(word.end, 3))))
        else:
            words.append(TimedWord(timed.word, None, Status.UNSPOKEN, 0.0))
    return replace(whole, words=tuple(words), audio=replace(whole.audio, duration=60.0))


def places(alignment: Alignment, segment: int) -> list[int]:
    return [k for k, timed in enumerate(alignment.words) if timed.word.segment == segment]


def test_text_whose_sound_is_back_is_found_and_nothing_else_is_moved(lacking: Alignment) -> None:
    sound = heard((1.2, FIRST), (22.0, SECOND), (45.3, THIRD))
    words = find_words(lacking, NEW, sound)
    own = places(lacking, 1)
    assert all(words[k].status.is_matched for k in own)
    assert words[own[0]].span.start == pytest.approx(22.0, abs=0.01)
    assert all(words[k] is lacking.words[k] for k in range(len(words)) if k not in own)
    assert not untranscribed_in(replace(lacking, words=words), NEW, sound)


def test_an_advert_that_is_new_is_listed_and_takes_no_word(lacking: Alignment) -> None:
    sound = heard((1.0, FIRST), (22.0, AD), (45.0, THIRD))
    assert find_words(lacking, NEW, sound) == lacking.words
    (passage,) = untranscribed_in(lacking, NEW, sound)
    assert passage.start == pytest.approx(22.0, abs=0.5)
    assert passage.text == ""


def test_what_is_said_in_kept_sound_is_not_sought_again(lacking: Alignment) -> None:
    sound = heard((1.0, FIRST), (10.0, SECOND), (45.0, THIRD))
    assert find_words(lacking, NEW, sound) == lacking.words


def test_what_a_person_called_unspoken_is_not_found(lacking: Alignment) -> None:
    own = places(lacking, 1)
    words = [replace(word, pinned=k in own) for k, word in enumerate(lacking.words)]
    sound = heard((1.0, FIRST), (22.0, SECOND), (45.0, THIRD))
    pinned = replace(lacking, words=tuple(words))
    assert find_words(pinned, NEW, sound) == pinned.words
