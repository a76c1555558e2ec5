"""Sentences in the place of others are asked, and words that are torn from theirs; what is right is not."""

from __future__ import annotations

from dataclasses import replace

from aligner.emissions import Emissions
from aligner.locating.quality import judge
from aligner.model import Alignment, Located, Placement, Recognition, Span, Status, TimedWord, Untranscribed
from aligner.report.doubt import Hearing, Why, torn_runs, unlike_runs
from aligner.review.queue import ItemKind, queue_of
from aligner.review.wording import reasons
from tests.aligner.corrections.test_repair import SENTENCES, episode
from tests.aligner.episodes import spoken, transcript_of

NOBODY_SAYS = "Quick xylophones jumped over my lazy dog."


def planted() -> tuple[Alignment, Emissions]:
    alignment, heard = episode()
    assert heard.recognition.emissions
    return alignment, heard.recognition.emissions


def words_of(alignment: Alignment, sentence: int) -> list[int]:
    return [k for k, word in enumerate(alignment.words) if word.word.segment == sentence]


def with_text(alignment: Alignment, sentences: tuple[str, ...], placements: list[Placement]) -> Alignment:
    """The alignment of another text, whose words are said then."""
    transcript = transcript_of(*sentences)
    _, heard = episode()
    judged = judge(transcript, Located(tuple(placements), ()), heard.audio)
    return replace(alignment, transcript=transcript, words=judged.words, segments=judged.segments)


def placement_of(word: TimedWord) -> Placement:
    return Placement(word.span, word.status, word.confidence)


def with_one_in_the_place_of_another() -> tuple[Alignment, Emissions, list[int]]:
    """A sentence that nobody says, its words timed amid those of the one that is said there."""
    alignment, emissions = planted()
    own = words_of(alignment, 30)
    start, end = spoken(alignment.words[own[0]]).start, spoken(alignment.words[own[-1]]).end
    count = len(NOBODY_SAYS.split())
    step = (end - start) / count
    put = [
        Placement(Span(start + k * step, start + (k + 0.9) * step), Status.FUZZY, 0.65 + 0.02 * k) for k in range(count)
    ]
    said = [placement_of(word) for word in alignment.words]
    placements = [*said[: own[0]], *put, *said[own[-1] + 1 :]]
    sentences = (*SENTENCES[:30], NOBODY_SAYS, *SENTENCES[31:])
    return with_text(alignment, sentences, placements), emissions, [*range(own[0], own[0] + count)]


def test_of_what_is_right_nothing_is_asked() -> None:
    alignment, emissions = planted()
    assert unlike_runs(alignment, emissions) == []
    assert torn_runs(alignment, emissions) == []


def test_a_sentence_in_the_place_of_another_is_asked_and_told_why() -> None:
    alignment, emissions, own = with_one_in_the_place_of_another()
    assert unlike_runs(alignment, emissions) == [range(own[0], own[-1] + 1)]
    [first, *_] = queue_of(alignment, Hearing(Recognition((), "en", emissions=emissions)))
    assert (first.kind, first.words, first.why) == (ItemKind.MISPLACED, range(own[0], own[-1] + 1), Why.UNLIKE)
    assert first.cost == len(own)
    assert next(reasons(alignment, first)).endswith("it may not be said here.")


def test_words_that_speech_without_text_parts_from_their_sentence_are_asked() -> None:
    alignment, emissions = planted()
    gone = range(21, 25)
    left = [k for k, word in enumerate(alignment.words) if word.word.segment not in gone]
    last = words_of(alignment, 20)[-1]
    there = spoken(alignment.words[words_of(alignment, 24)[-1]])
    placements = [placement_of(alignment.words[k]) for k in left]
    sentences = (*SENTENCES[:21], *SENTENCES[25:])
    whole = with_text(alignment, sentences, placements)
    lacking = Untranscribed(spoken(alignment.words[words_of(alignment, 21)[0]]).start, there.start - 0.1, "")
    assert torn_runs(replace(whole, untranscribed=(lacking,)), emissions) == []
    placements[last] = Placement(there, Status.INTERPOLATED, 0.65)
    torn = replace(with_text(alignment, sentences, placements), untranscribed=(lacking,))
    assert torn_runs(torn, emissions) == [range(last, last + 1)]
    asked = [
        item for item in queue_of(torn, Hearing(Recognition((), "en", emissions=emissions))) if item.why is Why.TORN
    ]
    assert [item.words for item in asked] == [range(last, last + 1)]
    assert "parted from the rest" in next(reasons(torn, asked[0]))
