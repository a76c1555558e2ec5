"""Facts for an accessibility statement: what a transcript holds of what is said, and what of it fails, with its place.

The tests are those of RGAA 4.1 for media of sound alone: 4.1.1, that a transcript stands beside the sound, and 4.2.1,
that it is relevant: all that is said, in order. Nothing here says that a page complies with anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.formats import Material
from aligner.model import Kind, Span, Status
from aligner.pins import WITHOUT_TEXT, open_untranscribed

_ELSEWHERE = 2.0  # seconds before the latest that was said already: what is said at once may stand in either order


@dataclass(frozen=True, slots=True)
class Passage(Span):
    """A span of the audio; what was recognised or printed there, and what somebody said that it is."""

    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """``lacking`` is speech that the text lacks, ``left_out`` sound that somebody said needs no text; ``elsewhere`` are
    paragraphs that do not stand where they are said, ``unnamed`` those of which nobody knows who speaks; ``unsaid`` is
    how many words of speech nobody says."""

    lacking: tuple[Passage, ...]
    left_out: tuple[Passage, ...]
    elsewhere: tuple[Passage, ...]
    unnamed: tuple[Passage, ...]
    unsaid: int


def facts_of(material: Material) -> Facts:
    """What is known of an episode's transcript."""
    alignment = material.alignment
    speech = [each for each in material.paragraphs if each.kind is Kind.SPEECH]
    unsaid = sum(word.status is Status.UNSPOKEN for each in speech for word in material.words(each))
    return Facts(
        tuple(Passage(each.start, each.end, each.text) for each in open_untranscribed(alignment)),
        tuple(
            Passage(each.start, each.end, kind=each.kind) for each in alignment.annotations if each.kind in WITHOUT_TEXT
        ),
        tuple(_elsewhere([Passage(each.span.start, each.span.end, each.text) for each in speech if each.span])),
        tuple(Passage(each.span.start, each.span.end, each.text) for each in speech if each.span and not each.speaker),
        unsaid,
    )


def _elsewhere(said: list[Passage]) -> Iterator[Passage]:
    """Yield the paragraphs that are said before one that stands above them has begun."""
    latest = 0.0
    for passage in said:
        if passage.start < latest - _ELSEWHERE:
            yield passage
        latest = max(latest, passage.start)
