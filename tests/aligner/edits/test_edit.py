"""An edit leads from one alignment to another and back, and says nothing of what only moved."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from aligner.edits import NOTHING, Edit, applied, difference, undone
from aligner.edits.splices import Splice
from aligner.model import Alignment, Span, Status
from aligner.pins import Pin, PinKind
from tests.aligner.edits.changed_alignments import Episode, Paragraph, Said, segment_named, two_states
from tests.tables import over_rows

PAIR = tuple[Alignment, Alignment]


def said(text: str) -> tuple[Said, ...]:
    return tuple(Said(word, 0.3) for word in text.split())


TIDE = Episode(
    tuple(Paragraph(said(text), speaker) for text, speaker in [
        ("teh harbour was quiet", "Ada"), ("the first ferry came late", "Quint"), ("nobody waits for her tide", "Ada"),
    ]), ((20.0, 21.0),),
)  # fmt: skip


def size(edit: Edit) -> dict[str, list[tuple[int, int, int]]]:
    """Where the splices of an edit are, and of how many."""
    lists: dict[str, Any] = {"text": edit.text, **edit.lists}
    return {name: [(s.at, len(s.before), len(s.after)) for s in splices] for name, splices in lists.items() if splices}


@pytest.mark.nightly
@settings(max_examples=40)
@given(two_states())
def test_an_edit_leads_from_one_state_to_the_other_and_back(states: PAIR) -> None:
    old, new = states
    edit = difference(old, new)
    assert applied(old, edit) == new
    assert applied(new, undone(edit)) == old
    assert undone(undone(edit)) == edit


def test_a_letter_that_is_set_right_is_a_splice_of_the_text_and_of_one_word() -> None:
    first = replace(TIDE.paragraphs[0], words=said("theee harbour was quiet"))
    edit = difference(TIDE.aligned(), replace(TIDE, paragraphs=(first, *TIDE.paragraphs[1:])).aligned())
    assert edit == Edit(
        (Splice(5, "teh", "theee"),), {"words": (Splice(0, (TIDE.aligned().words[0],), edit.lists["words"][0].after),)}
    )


def test_a_speaker_that_is_renamed_is_a_splice_of_one_segment() -> None:
    edit = difference(TIDE.aligned(), segment_named(TIDE.aligned(), 1, "Grace"))
    assert size(edit) == {"segments": [(1, 1, 1)]}


@over_rows("place", [0, 5, 12])
def test_a_word_that_is_timed_anew_is_alone(place: int) -> None:
    old = TIDE.aligned()
    words = list(old.words)
    words[place] = replace(words[place], span=Span(100.0, 101.0), status=Status.FUZZY)
    assert size(difference(old, replace(old, words=tuple(words)))) == {"words": [(place, 1, 1)]}


def test_an_edit_is_refused_where_something_else_stands() -> None:
    old = TIDE.aligned()
    words = (replace(old.words[0], confidence=0.5), *old.words[1:])
    edits = [
        difference(old, replace(old, words=words)),
        difference(old, segment_named(old, 0, "Grace")),
        difference(old, replace(old, coverage=0.25)),
        difference(old, replace(old, untranscribed=())),
        difference(old, NOTHING),
    ]
    for edit in edits:
        with pytest.raises(ValueError, match=r"stands|something else|in order"):
            applied(applied(old, edit), edit)


@over_rows(
    "edit",
    [
        Edit(text=(Splice(10**9, "", "x"),)),
        Edit(text=(Splice(-1, "", "x"),)),
        Edit(text=(Splice(9, "", "x"), Splice(3, "", "y"))),
        Edit(text=(Splice(5, "teh harbour", "the harbour"),)),
        Edit(lists={"segments": (Splice(0, TIDE.aligned().segments[:1], ()),)}),
        Edit(lists={"words": (Splice(0, (), TIDE.aligned().words[:1]),)}),
        Edit(fields={"colour": ("red", "blue")}),  # type: ignore[dict-item]
    ],
)
def test_an_edit_that_makes_no_sense_is_refused(edit: Edit) -> None:
    with pytest.raises(ValueError, match=r"."):
        applied(TIDE.aligned(), edit)


def test_a_pinned_passage_moves_with_its_words_and_nothing_of_it_is_told() -> None:
    def pinned(episode: Episode, words: range) -> Alignment:
        return replace(episode.aligned(), pinned_passages=(Pin(PinKind.PASSAGE, words, Span(4.0, 9.0)),))

    words = (*said("teh harbour was"), Said("very", 0.1), Said("quiet", 0.1))  # as long as "quiet" was
    longer = replace(TIDE, paragraphs=(replace(TIDE.paragraphs[0], words=words), *TIDE.paragraphs[1:]))
    edit = difference(pinned(TIDE, range(4, 9)), pinned(longer, range(5, 10)))
    assert size(edit).keys() == {"text", "words"}
    assert applied(pinned(TIDE, range(4, 9)), edit) == pinned(longer, range(5, 10))
