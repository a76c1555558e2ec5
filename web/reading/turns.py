"""From an alignment to what a reader sees: who speaks when, headings as chapters, what sound or text lacks.

Conventions
-----------
- A turn is a run of paragraphs by one speaker, or a heading, a note or a stage direction that stands alone.
- Word numbers index ``Alignment.words``; every word of the transcript is in exactly one paragraph, in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from aligner.model import Alignment, Kind, Untranscribed, outermost
from web.reading.prose import Prose

SPEAKER_COLOURS = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment's text as HTML; ``before`` is speech that the text lacks, said before it."""

    segment: int
    words: range
    html: Markup
    before: tuple[Untranscribed, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Paragraphs that belong together; ``colour`` counts speakers by their appearance, None where nobody is named."""

    kind: Kind
    speaker: str | None
    colour: int | None
    start: float | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def words(self) -> range:
        return range(self.paragraphs[0].words.start, self.paragraphs[-1].words.stop)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading, and when what it stands over begins."""

    title: str
    start: float | None
    segment: int


@dataclass(frozen=True, slots=True)
class Page:
    """A whole transcript as read; ``after`` is speech that the text lacks at the very end."""

    turns: tuple[Turn, ...]
    chapters: tuple[Chapter, ...]
    speakers: tuple[str, ...]
    after: tuple[Untranscribed, ...]


def page_of(alignment: Alignment) -> Page:
    """The page of an alignment."""
    speakers = tuple(dict.fromkeys(s.segment.speaker for s in alignment.segments if s.segment.speaker))
    colours = {speaker: k % SPEAKER_COLOURS for k, speaker in enumerate(speakers)}
    missing = _places_of_missing(alignment)
    turns: list[Turn] = []
    for paragraph in _paragraphs(alignment, missing):
        timed = alignment.segments[paragraph.segment]
        kind, speaker = timed.segment.kind, timed.segment.speaker
        if kind is Kind.SPEECH and turns and turns[-1].kind is kind and turns[-1].speaker == speaker:
            turns[-1] = replace(turns[-1], paragraphs=(*turns[-1].paragraphs, paragraph))
        else:
            turns.append(Turn(kind, speaker, colours.get(speaker or ""), timed.start, (paragraph,)))
    chapters = tuple(_chapter(alignment, k) for k, s in enumerate(alignment.segments) if s.segment.kind is Kind.HEADING)
    return Page(tuple(turns), chapters, speakers, tuple(missing.get(len(alignment.words), ())))


def _chapter(alignment: Alignment, index: int) -> Chapter:
    timed = alignment.segments[index]
    text = alignment.transcript.text[timed.segment.char_start : timed.segment.char_end]
    return Chapter(" ".join(text.split()), timed.start, index)


def _paragraphs(alignment: Alignment, missing: dict[int, list[Untranscribed]]) -> Iterator[Paragraph]:
    """The outermost segments, with what lies within them."""
    starts = [timed.word.char_start for timed in alignment.words]
    segments = [timed.segment for timed in alignment.segments]
    for index, inner in outermost(segments):
        segment = segments[index]
        words = range(bisect_left(starts, segment.char_start), bisect_left(starts, segment.char_end))
        inside = {k: missing[k] for k in words[1:] if k in missing}
        prose = Prose(alignment, words, inner, inside)
        before = tuple(missing.get(words.start, ())) if words else ()
        yield Paragraph(index, words, prose.html(segment.char_start, segment.char_end), before)


def _places_of_missing(alignment: Alignment) -> dict[int, list[Untranscribed]]:
    """Speech that the text lacks, by the word before which it is said; the number of words where it is the last."""
    said = [(word.span.start, k) for k, word in enumerate(alignment.words) if word.span]
    times = [start for start, _ in said]
    places: dict[int, list[Untranscribed]] = {}
    for passage in alignment.untranscribed:
        at = bisect_left(times, (passage.start + passage.end) / 2)
        places.setdefault(said[at][1] if at < len(said) else len(alignment.words), []).append(passage)
    return places
