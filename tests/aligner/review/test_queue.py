"""The queue of a review: its passages, their order, and no passage twice."""

from collections import Counter
from dataclasses import replace

from aligner.captions import build_cues
from aligner.model import (
    Alignment,
    Annotation,
    AnnotationKind,
    RecognisedWord,
    Recognition,
    Review,
    Span,
    Status,
    Untranscribed,
)
from aligner.report.doubt import RecognisedText
from aligner.report.facts import report_of
from aligner.review.queue import Item, ItemKind, queue_of
from aligner.review.wording import reasons
from tests.aligner.captions.spoken import spoken
from tests.aligner.report.doubted import numbered, with_doubt
from tests.tables import over_rows

FAST = 60.0  # characters a second, of which a caption has twenty at most


def troubled() -> Alignment:
    """One passage of each kind, and one caption that is read too fast."""
    text = f"{numbered(30)} ~jamais {numbered(30)}"
    alignment = spoken(("Ada", text), ("Bo", "~Rien ~de ~tout ~cela"), ("Ada", numbered(20)), tail=20.0)
    alignment = with_doubt(alignment, (range(10, 24), 0.2))
    end = alignment.audio.duration
    return replace(alignment, untranscribed=(Untranscribed(end - 15, end - 5, "et voilà"),))


def kinds(items: list[Item]) -> list[ItemKind]:
    return [item.kind for item in items]


def test_passages_are_ordered_by_their_cost_to_a_reader() -> None:
    found = [item for item in queue_of(troubled()) if item.kind is not ItemKind.NORM]
    assert kinds(found) == [ItemKind.MISPLACED, ItemKind.UNFOUND, ItemKind.UNTRANSCRIBED, ItemKind.UNSPOKEN]
    assert [item.words for item in found] == [range(10, 24), range(30, 31), None, range(61, 65)]


def test_an_automatic_transcript_is_reviewed_by_paragraph_until_marked_as_reviewed() -> None:
    drafted = replace(spoken(("Ada", numbered(8)), ("Bo", numbered(5))), machine_text=True)
    [first, second] = [item for item in queue_of(drafted) if item.kind is ItemKind.DRAFT]
    assert (first.words, second.words) == (range(8), range(8, 13))
    assert [str(each) for each in reasons(drafted, first)] == [
        "Automatic transcript: listen, correct the text where it is wrong, then accept the paragraph."
    ]
    unsure = replace(drafted, words=tuple(replace(w, confidence=0.25) for w in drafted.words))
    [doubt] = [item for item in queue_of(unsure) if item.kind is ItemKind.MISRECOGNISED]
    assert [str(each) for each in reasons(unsure, doubt)] == ["Words that may be misrecognised: 10 of 13."]
    accepted = replace(drafted, words=tuple(replace(w, pinned=k < 8) for k, w in enumerate(drafted.words)))
    assert [item.words for item in queue_of(accepted) if item.kind is ItemKind.DRAFT] == [second.words]
    signed = replace(drafted, review=Review("Zoé", "2026-01-02T03:04:05Z", 1.0))
    for alignment in (signed, replace(drafted, machine_text=False)):
        assert ItemKind.DRAFT not in kinds(queue_of(alignment))


def test_the_figures_are_those_of_the_report() -> None:
    for alignment in (troubled(), spoken(numbered(60), speed=FAST)):
        report, counts = report_of(alignment), Counter(kinds(queue_of(alignment)))
        assert counts[ItemKind.MISPLACED] == report.doubtful.count
        assert counts[ItemKind.UNFOUND] + counts[ItemKind.UNSPOKEN] == report.unspoken.count
        assert counts[ItemKind.UNTRANSCRIBED] == report.untranscribed.count
        assert counts[ItemKind.NORM] == report.captions[0].outside
    assert report.captions[0].outside > 0


def test_a_pinned_word_is_not_asked_again() -> None:
    alignment = troubled()
    accepted = replace(alignment, words=tuple(replace(w, pinned=True, confidence=1.0) for w in alignment.words))
    assert set(kinds(queue_of(accepted))) <= {ItemKind.UNTRANSCRIBED, ItemKind.NORM}


def test_unspoken_words_are_asked_until_accepted() -> None:
    alignment = spoken("un ~deux ~trois ~quatre cinq")
    words = tuple(replace(word, pinned=k == 2) for k, word in enumerate(alignment.words))
    found = queue_of(replace(alignment, words=words))
    assert [item.words for item in found if item.kind is ItemKind.UNFOUND] == [range(1, 2), range(3, 4)]


def test_an_annotated_passage_is_not_asked_again_after_small_moves() -> None:
    alignment = spoken(numbered(60), speed=FAST, tail=20.0)
    end = alignment.audio.duration
    alignment = replace(alignment, untranscribed=(Untranscribed(end - 15, end - 5, ""),))
    [first, *others] = [item for item in queue_of(alignment) if item.kind is ItemKind.NORM]
    annotations = (
        Annotation(AnnotationKind.NORM, first.span.start + 0.05, first.span.end + 0.05),
        Annotation(AnnotationKind.AD, end - 14.5, end - 5.2),
    )
    left = queue_of(replace(alignment, annotations=annotations))
    assert ItemKind.UNTRANSCRIBED not in kinds(left)
    assert [item.span for item in left] == [item.span for item in others]


def test_an_unspoken_passage_lies_between_its_neighbours() -> None:
    alignment = spoken("un |2 ~deux trois", "~quatre")
    first, last = queue_of(alignment)
    spans = [word.span for word in alignment.words if word.span]
    assert first.span == Span(spans[0].end, spans[1].start)
    assert last.span == Span(spans[1].end, alignment.audio.duration)


def test_a_paragraph_with_a_spoken_word_is_not_wholly_unspoken() -> None:
    found = queue_of(spoken("un deux", "~trois ~quatre", "~cinq six"))
    assert [(item.kind, item.words) for item in found] == [(ItemKind.UNSPOKEN, range(2, 5))]
    assert kinds(queue_of(spoken("un deux [3] ~quatre", "cinq"))) == [ItemKind.UNFOUND]


def test_every_passage_has_its_reasons() -> None:
    alignment = troubled()
    told = {item.kind: list(reasons(alignment, item)) for item in queue_of(alignment)}
    assert told[ItemKind.MISPLACED] == [
        "None of these 14 words was recognised; their times are estimated. Probably mistimed: 11."
    ]
    assert told[ItemKind.UNFOUND] == [
        "“jamais” was not found in the audio.",
        "Words that captions show to complete the sentence: 1.",
    ]
    assert told[ItemKind.UNTRANSCRIBED] == ["10 s of speech are missing from the transcript."]
    assert told[ItemKind.UNSPOKEN][0].endswith("words: 4.")
    fast = spoken(numbered(60), speed=FAST)
    speeds = [str(each) for item in queue_of(fast) for each in reasons(fast, item)]
    assert any("characters a second to read, at most 20" in told for told in speeds)


@over_rows(
    "text, found, shown",
    [
        ("un deux. ~Trois.", "“Trois.” was", 0),
        ("un ~deux trois.", "“deux” was", 1),
        ("un ~deux ~trois quatre.", "These 2 words were", 2),
        ("un ~deux. ~Trois. Cinq.", "These 2 words were", 1),
        ("un ~anticonstitutionnellement ~incontestablement deux.", "These 2 words were", 0),
    ],
)
def test_caption_problems_are_those_of_the_written_captions(text: str, found: str, shown: int) -> None:
    alignment = spoken(text)
    [item] = [each for each in queue_of(alignment) if each.kind is ItemKind.UNFOUND]
    captions = "".join(cue.text for cue in build_cues(alignment))
    assert sum(alignment.words[k].word.text in captions for k in item.words or ()) == item.shown == shown
    shows = f"Words that captions show to complete the sentence: {shown}." if shown else "Captions leave it out."
    assert list(reasons(alignment, item)) == [f"{found} not found in the audio.", shows]


def test_a_word_unlike_its_audio_is_asked_and_a_misrecognised_one_is_not() -> None:
    alignment = spoken("une supposition quantique dans atelier")
    heard = ("une", "superposition", "quantique", "dans", "atelye")
    words = tuple(
        replace(word, status=Status.FUZZY if k in (1, 4) else word.status) for k, word in enumerate(alignment.words)
    )
    alignment = replace(alignment, words=words)
    spans = [word.span for word in words if word.span]
    recognised = tuple(RecognisedWord(text, span.start, span.end) for text, span in zip(heard, spans, strict=True))
    [item] = [each for each in queue_of(alignment, RecognisedText(Recognition(recognised, "fr"))) if each.recognised]
    assert (item.kind, item.words) == (ItemKind.MISPLACED, range(1, 2))
    assert list(reasons(alignment, item)) == ["“superposition” was recognised, but the text has “supposition”."]
    accepted = replace(alignment, words=tuple(replace(word, pinned=True) for word in words))
    assert not [each for each in queue_of(accepted, RecognisedText(Recognition(recognised, "fr"))) if each.recognised]
