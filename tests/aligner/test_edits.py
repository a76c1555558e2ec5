"""An edit leads from one state of an alignment to another and back, and over what was changed since."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from aligner.edits import Content, Edit, Splice, applied, difference, rebased, undone
from aligner.errors import ConflictError
from aligner.model import Alignment, Span, Status
from aligner.storage.alignment_json import to_text
from tests.aligner.changed_alignments import Episode, Paragraph, Said, segment_named, two_states


def content(alignment: Alignment) -> Content:
    read: Content = json.loads(to_text(alignment))
    return read


def said(text: str) -> tuple[Said, ...]:
    return tuple(Said(word, 0.3) for word in text.split())


TIDE = Episode(
    tuple(Paragraph(said(text), speaker) for text, speaker in [
        ("teh harbour was quiet", "Ada"), ("the first ferry came late", "Quint"), ("nobody waits for her tide", "Ada"),
    ]), ((20.0, 21.0),),
)  # fmt: skip
_LAST = replace(TIDE.paragraphs[2], words=said("nobody at all waits for her tide"))
LONGER = replace(TIDE, paragraphs=(*TIDE.paragraphs[:2], _LAST))


def timed(place: int, start: float, pinned: bool = False) -> Alignment:
    words = list(TIDE.aligned().words)
    words[place] = replace(words[place], span=Span(start, start + 0.2), status=Status.FUZZY, pinned=pinned)
    return replace(TIDE.aligned(), words=tuple(words))


def size(edit: Edit) -> dict[str, list[tuple[int, int, int]]]:
    """Where the splices of an edit are, and of how many."""
    lists: dict[str, Any] = {"text": edit.text, **edit.lists}
    return {name: [(s.at, len(s.before), len(s.after)) for s in splices] for name, splices in lists.items() if splices}


@pytest.mark.nightly
@settings(max_examples=300, deadline=None)
@given(two_states())
def test_an_edit_leads_from_one_state_to_the_other_and_back(states: tuple[Alignment, Alignment]) -> None:
    old, new = map(content, states)
    edit = difference(old, new)
    assert applied(old, edit) == new
    assert applied(new, undone(edit)) == old
    assert undone(undone(edit)) == edit


def test_a_change_says_nothing_of_what_only_moved() -> None:
    assert size(difference(content(TIDE.aligned()), content(timed(5, 100.0)))) == {"words": [(5, 1, 1)]}
    renamed = segment_named(TIDE.aligned(), 1, "Grace")
    assert size(difference(content(TIDE.aligned()), content(renamed))) == {"segments": [(1, 1, 1)]}
    longer = size(difference(content(TIDE.aligned()), content(LONGER.aligned())))
    assert longer == {"text": [(76, 0, 7)], "words": [(10, 4, 6)], "segments": [(2, 1, 1)]}


def test_an_edit_is_refused_where_something_else_stands() -> None:
    old = content(TIDE.aligned())
    edits = [
        difference(old, content(timed(0, 50.0))),
        difference(old, content(segment_named(TIDE.aligned(), 0, "Grace"))),
        difference(old, {**old, "coverage": 0.25}),
        Edit(text=[Splice(10**9, "", "x")]),
        Edit(text=[Splice(9, "", "x"), Splice(3, "", "y")]),
    ]
    other = {**old, "coverage": 0.75, "words": [], "segments": []}
    for edit in edits:
        with pytest.raises(ValueError, match=r"another value|edit expects|in order"):
            applied(other, edit)


def test_what_is_taken_back_is_carried_over_what_was_changed_elsewhere() -> None:
    old, nudged, longer = (content(each) for each in (TIDE.aligned(), timed(6, 3.2, pinned=True), LONGER.aligned()))
    both = applied(nudged, difference(old, longer))
    assert applied(both, rebased(undone(difference(old, nudged)), difference(nudged, both))) == longer
    assert applied(both, rebased(undone(difference(old, longer)), Edit())) == nudged


def test_what_somebody_pinned_since_is_not_taken_back_from_under_them() -> None:
    old, mine, theirs = (content(each) for each in (TIDE.aligned(), timed(6, 60.0, True), timed(6, 61.0, True)))
    with pytest.raises(ConflictError):
        rebased(undone(difference(old, mine)), difference(mine, theirs))


def test_times_that_nobody_pinned_are_those_of_the_later_change() -> None:
    old, mine, later = (content(each) for each in (TIDE.aligned(), timed(6, 60.0), timed(6, 61.0)))
    assert applied(later, rebased(undone(difference(old, mine)), difference(mine, later))) == later


def test_a_splice_moves_with_what_stands_before_it_and_two_insertions_at_one_place_are_in_conflict() -> None:
    removed, inserted = Splice(3, "a", ""), Splice(3, "", "x")
    for mine in (removed, inserted):
        [moved] = rebased(Edit(text=[mine]), Edit(text=[Splice(1, "bc", "bcd"), Splice(5, "", "y")])).text
        assert moved == Splice(4, mine.before, mine.after)
    assert rebased(Edit(text=[removed]), Edit(text=[Splice(3, "", "yz")])).text == [Splice(5, "a", "")]
    with pytest.raises(ConflictError):
        rebased(Edit(text=[inserted]), Edit(text=[Splice(3, "", "y")]))
