"""Changes of two people at once come together where they touch different words, and are refused where they do not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.edits import Edit, applied, difference, rebased, undone
from aligner.errors import ConflictError
from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import Alignment, Span, Status
from aligner.settled import Settled, SettledKind, Signature
from tests.aligner.edits.changed_alignments import Episode, Paragraph, Said, changed, episodes, segment_named
from tests.tables import over_rows


def said(text: str) -> tuple[Said, ...]:
    return tuple(Said(word, 0.3) for word in text.split())


TIDE = Episode((Paragraph(said("teh harbour was quiet"), "Ada"), Paragraph(said("the first fery came"), "Quint")))
BASE = TIDE.aligned()


def judged(alignment: Alignment) -> Alignment:
    """The alignment with what follows from its words."""
    transcript, words = alignment.transcript, alignment.words
    coverage = round(coverage_of(transcript, words), 4)
    return replace(alignment, segments=timed_segments(transcript, words), coverage=coverage)


def retimed(place: int, start: float, status: Status = Status.EXACT, alignment: Alignment = BASE) -> Alignment:
    words = list(alignment.words)
    words[place] = replace(words[place], span=Span(start, start + 0.2), status=status)
    return judged(replace(alignment, words=tuple(words)))


def respelt(paragraph: int, text: str, of: Episode = TIDE) -> Episode:
    paragraphs = list(of.paragraphs)
    paragraphs[paragraph] = replace(paragraphs[paragraph], words=said(text))
    return replace(of, paragraphs=tuple(paragraphs))


def both_ways(ours: Alignment, theirs: Alignment, base: Alignment = BASE) -> tuple[Alignment, Alignment]:
    """What comes of two changes of the same alignment, in either order."""
    mine, other = difference(base, ours), difference(base, theirs)
    return applied(theirs, rebased(mine, other, theirs)), applied(ours, rebased(other, mine, ours))


@over_rows(
    "ours, theirs, merged",
    [
        (retimed(1, 1.5), retimed(6, 4.5), retimed(6, 4.5, alignment=retimed(1, 1.5))),
        (retimed(0, 0.5), retimed(3, 2.4), retimed(3, 2.4, alignment=retimed(0, 0.5))),  # in the same paragraph
        (
            retimed(0, 0.5, Status.INTERPOLATED),
            retimed(3, 2.4, Status.INTERPOLATED),
            retimed(3, 2.4, Status.INTERPOLATED, retimed(0, 0.5, Status.INTERPOLATED)),
        ),
        (
            respelt(0, "the harbour was quiet").aligned(),
            respelt(1, "the first ferry came").aligned(),
            respelt(0, "the harbour was quiet", respelt(1, "the first ferry came")).aligned(),
        ),
        (
            respelt(0, "theee harbour was quiet").aligned(),
            respelt(0, "teh haaaarbour was quiet").aligned(),
            respelt(0, "theee haaaarbour was quiet").aligned(),
        ),
        (
            respelt(0, "theee harbour was quiet").aligned(),
            segment_named(BASE, 1, "Grace"),
            segment_named(respelt(0, "theee harbour was quiet").aligned(), 1, "Grace"),
        ),
        (segment_named(BASE, 0, "Grace"), retimed(3, 2.4), segment_named(retimed(3, 2.4), 0, "Grace")),
        (replace(BASE, language="fr"), retimed(3, 2.4), replace(retimed(3, 2.4), language="fr")),
    ],
)
def test_different_words_come_together_in_either_order(ours: Alignment, theirs: Alignment, merged: Alignment) -> None:
    assert both_ways(ours, theirs) == (merged, merged)


@over_rows(
    "ours, theirs, told",
    [
        (retimed(1, 1.5), retimed(1, 1.6), r"to “harbour \(1.600–1.800\)”, not “harbour \(1.500–1.700\)”"),
        (
            respelt(0, "the harbour was quiet").aligned(),
            respelt(0, "le harbour was quiet").aligned(),
            "to “le”, not “the”",
        ),
        (segment_named(BASE, 1, "Grace"), segment_named(BASE, 1, "Ada"), "to “Ada”, not “Grace”"),
        (replace(BASE, language="fr"), replace(BASE, language="de"), "to “de”, not “fr”"),
        (retimed(1, 1.5, Status.FUZZY), retimed(1, 1.5, Status.INTERPOLATED), "meanwhile, in another way; look"),
        (
            replace(BASE, signature=Signature("Grace", "2026-11-27T09:00:00Z", 1.0)),
            replace(BASE, signature=Signature("Ada", "2026-11-26T09:00:00Z", 0.5)),
            "to “Ada, 2026-11-26”, not “Grace, 2026-11-27”",
        ),
        (
            replace(BASE, settled=(Settled(SettledKind.ADVERT, 1.0, 2.0),)),
            replace(BASE, settled=(Settled(SettledKind.JINGLE, 1.0, 2.5),)),
            r"to “jingle \(1.000–2.500\)”, not “advert \(1.000–2.000\)”",
        ),
    ],
)
def test_the_same_words_are_refused_with_both_versions(ours: Alignment, theirs: Alignment, told: str) -> None:
    with pytest.raises(ConflictError, match=told) as refusal:
        both_ways(ours, theirs)
    assert refusal.value.versions
    assert refusal.value.versions[0] != refusal.value.versions[1]


def test_the_same_change_twice_is_one() -> None:
    once = difference(BASE, respelt(1, "the first ferry came").aligned())
    assert rebased(once, once, applied(BASE, once)) == Edit()


def test_a_change_is_taken_back_from_under_a_later_one() -> None:
    spelt = respelt(0, "theee harbour was quiet").aligned()
    later = respelt(0, "theee harbour was quiet", respelt(1, "the first ferry came")).aligned()
    back = rebased(undone(difference(BASE, spelt)), difference(spelt, later), later)
    assert applied(later, back) == respelt(1, "the first ferry came").aligned()


@st.composite
def three_states(draw: st.DrawFn) -> tuple[Alignment, Alignment, Alignment]:
    episode = draw(episodes())
    return episode.aligned(), draw(changed(episode)).aligned(), draw(changed(episode)).aligned()


@pytest.mark.nightly
@settings(max_examples=40)
@given(three_states())
def test_what_comes_together_does_so_in_either_order_or_not_at_all(states: tuple[Alignment, ...]) -> None:
    base, ours, theirs = states
    outcomes = []
    for mine, other, onto in ((ours, theirs, theirs), (theirs, ours, ours)):
        try:
            edit = rebased(difference(base, mine), difference(base, other), onto)
            outcomes.append(replace(applied(onto, edit), coverage=0.0))
        except ConflictError:
            outcomes.append(None)
    assert outcomes[0] == outcomes[1]
