"""Of what two people made of the same both versions are told: whole paragraphs, or words and when they are said."""

from __future__ import annotations

from dataclasses import replace

from aligner.edits import both_versions
from aligner.model import Alignment, Span
from tests.aligner.edits.changed_alignments import Episode, Paragraph, Said
from tests.tables import over_rows


def episode(*paragraphs: str) -> Alignment:
    """Paragraphs, each "Speaker: words"."""
    parted = (each.partition(": ") for each in paragraphs)
    said = (Paragraph(tuple(Said(word, 0.3) for word in text.split()), name) for name, _, text in parted)
    return Episode(tuple(said)).aligned()


QUIET, FERRY, TIDE = "Ada: the harbour was quiet", "Quint: the first ferry came late", "Ada: nobody waits for her tide"
BASE = episode(QUIET, FERRY, TIDE)


def at(alignment: Alignment, place: int, start: float | None) -> Alignment:
    """The alignment with a word at another time."""
    words = list(alignment.words)
    words[place] = replace(words[place], span=None if start is None else Span(start, start + 0.2))
    return replace(alignment, words=tuple(words))


@over_rows(
    "ours, theirs, told",
    [
        (episode(QUIET, TIDE), episode(QUIET, "Quint: no ferry", TIDE), ("", "no ferry")),
        (
            episode("Eve: hello", QUIET, "Quint: no ferry", TIDE),
            episode(QUIET, "Quint: the first", "Quint: ferry", TIDE),
            ("no ferry", "the first\nferry"),
        ),
        (
            episode(QUIET, "Eve: the first ferry came late", TIDE),
            episode(QUIET, "Zoé: the first ferry came late", TIDE),
            ("Eve: the first ferry came late", "Zoé: the first ferry came late"),
        ),
        (
            at(BASE, 5, 9.0),
            at(at(BASE, 5, 9.5), 6, 10.0),
            ("first (9.000–9.200)", "first (9.500–9.700) ferry (10.000–10.200)"),
        ),
    ],
)
def test_both_versions_are_told(ours: Alignment, theirs: Alignment, told: tuple[str, str]) -> None:
    assert both_versions(BASE, ours, theirs) == told
    assert both_versions(BASE, theirs, ours) == told[::-1]


def test_where_they_touched_different_paragraphs_there_are_none() -> None:
    ours, theirs = episode("Ada: the quay was quiet", FERRY, TIDE), episode(QUIET, FERRY, "Ada: nobody waits")
    assert both_versions(BASE, ours, theirs) is None
    assert both_versions(BASE, BASE, theirs) is None
