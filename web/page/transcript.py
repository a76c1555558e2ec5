"""A transcript as a reader sees it: who speaks when, headings as chapters, what audio or text lack; each word in an
element of HTML that carries its number.

Conventions
-----------
- A turn is a run of paragraphs by one speaker, or a heading, a note or a stage direction that stands alone.
- Word numbers index ``Alignment.words``; every word of the transcript is in exactly one paragraph, in order.
- A word's element holds the marks that belong to it as well, so that whatever is done to a word is done to them: what
  is lit, selected or kept ends after a French "!" as after an English one.
- The transcript's text stays to the letter, but that a space at which no line may end is shown as a no-break space. It
  is escaped wherever it is put in, and nothing of it is read as HTML.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup, escape

from aligner.corrections.text import above_headings
from aligner.model import Alignment, AnnotationKind, Kind, Segment, Status, TimedSegment, Untranscribed, outermost
from aligner.pins import annotation_kind
from aligner.typography import dash_before, unbroken, with_marks

SPEAKER_COLOURS = 8

# Fewer words than these that were not found look each like a slip; from here on it is a passage.
_LEAST_ABSENT = 4
_UNWRITTEN = Markup()
_CLASSES = {Status.INTERPOLATED: "w in", Status.UNSPOKEN: "w un"}


@dataclass(frozen=True, slots=True)
class Missing:
    """Speech that is missing from the transcript; ``annotation`` says what a person called it."""

    passage: Untranscribed
    annotation: AnnotationKind | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment's text as HTML, empty until it is ``written``. ``before`` is speech missing from the transcript that is
    said before it, ``inside`` such speech by the word before which it is said, ``inner`` the segments within it. With
    ``dashed`` a dash before it, which is not of its text, shows that somebody else speaks."""

    segment: int
    inner: range
    words: range
    inside: tuple[tuple[int, tuple[Missing, ...]], ...]
    before: tuple[Missing, ...]
    dashed: bool
    html: Markup = _UNWRITTEN


@dataclass(frozen=True, slots=True)
class Turn:
    """Paragraphs that belong together; ``colour`` counts speakers by their appearance, None if nobody is named."""

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
    """A heading, and when its chapter begins."""

    title: str
    start: float | None
    segment: int


@dataclass(frozen=True, slots=True)
class Page:
    """A whole transcript as read; ``after`` is speech missing from its very end."""

    turns: tuple[Turn, ...]
    chapters: tuple[Chapter, ...]
    speakers: tuple[str, ...]
    after: tuple[Missing, ...]


def page_of(alignment: Alignment) -> Page:
    """Return the page of an alignment."""
    page = outline_of(alignment)
    return replace(page, turns=tuple(written(turn, alignment) for turn in page.turns))


def outline_of(alignment: Alignment) -> Page:
    """Return the page of an alignment, whose paragraphs are not written."""
    segments = alignment.segments
    speakers = tuple(dict.fromkeys(each.segment.speaker for each in segments if each.segment.speaker))
    colours = {speaker: k % SPEAKER_COLOURS for k, speaker in enumerate(speakers)}
    missing = _places_of_missing(alignment)
    turns = []
    for _, run in groupby(_paragraphs(alignment, missing), key=lambda each: _speaking(segments, each.segment)):
        paragraphs = tuple(run)
        first = segments[paragraphs[0].segment]
        speaker = first.segment.speaker
        turns.append(Turn(first.segment.kind, speaker, colours.get(speaker or ""), first.start, paragraphs))
    chapters = tuple(_chapter(alignment, k) for k, each in enumerate(segments) if each.segment.kind is Kind.HEADING)
    return Page(tuple(turns), chapters, speakers, tuple(missing.get(len(alignment.words), ())))


def _speaking(segments: Sequence[TimedSegment], index: int) -> Hashable:
    """Return what the paragraphs of a turn have in common: a speaker; any other stands alone."""
    segment = segments[index].segment
    return (segment.speaker,) if segment.kind is Kind.SPEECH else index


def written(turn: Turn, alignment: Alignment) -> Turn:
    """Return a turn of an alignment's page with its HTML."""
    paragraphs = (replace(each, html=_html(each, alignment)) for each in turn.paragraphs)
    return replace(turn, paragraphs=tuple(paragraphs))


def _chapter(alignment: Alignment, index: int) -> Chapter:
    title = unbroken(" ".join(_text_of(alignment, index).split()), alignment.language)
    return Chapter(title, alignment.segments[index].start, index)


def _text_of(alignment: Alignment, index: int) -> str:
    segment = alignment.segments[index].segment
    return alignment.transcript.text[segment.char_start : segment.char_end]


def _paragraphs(alignment: Alignment, missing: dict[int, list[Missing]]) -> Iterator[Paragraph]:
    """Yield the outermost segments, with what lies within them."""
    starts = [timed.word.char_start for timed in alignment.words]
    segments = [timed.segment for timed in alignment.segments]
    for index, inner in outermost(segments):
        segment = segments[index]
        words = range(bisect_left(starts, segment.char_start), bisect_left(starts, segment.char_end))
        inside = tuple((k, tuple(missing[k])) for k in words[1:] if k in missing)
        before = tuple(missing.get(words.start, ())) if words else ()
        dashed = segment.kind is Kind.SPEECH and dash_before(alignment.transcript.text, segment.char_start)
        yield Paragraph(index, inner, words, inside, before, dashed)


def _places_of_missing(alignment: Alignment) -> dict[int, list[Missing]]:
    """Return what is missing from the transcript by the word before which it is said, above headings whose chapters
    begin later; by the number of words at the end."""
    said = [(word.span.start, k) for k, word in enumerate(alignment.words) if word.span]
    times, language = [start for start, _ in said], alignment.language
    places: dict[int, list[Missing]] = {}
    for passage, annotation in _passages_missing(alignment):
        middle = (passage.start + passage.end) / 2
        at = bisect_left(times, middle)
        k = above_headings(alignment, said[at][1], middle) if at < len(said) else len(alignment.words)
        places.setdefault(k, []).append(Missing(replace(passage, text=unbroken(passage.text, language)), annotation))
    return places


def _passages_missing(alignment: Alignment) -> Iterator[tuple[Untranscribed, AnnotationKind | None]]:
    """Yield speech that is missing, without what needs no text, and ads and jingles that a person has marked."""
    told = [(each, annotation_kind(alignment.annotations, each)) for each in alignment.untranscribed]
    found = [each for each in told if each[1] is not AnnotationKind.DISMISSED]
    for mark in alignment.annotations:
        met = any(each.start < mark.end and mark.start < each.end for each, kind in told if kind is mark.kind)
        if mark.kind in (AnnotationKind.AD, AnnotationKind.JINGLE) and not met:
            found.append((Untranscribed(mark.start, mark.end, ""), mark.kind))
    yield from sorted(found, key=lambda each: each[0].start)


def _html(paragraph: Paragraph, alignment: Alignment) -> Markup:
    start = alignment.segments[paragraph.segment].segment.char_start
    shown = unbroken(_text_of(alignment, paragraph.segment), alignment.language)
    parts, at = [], 0
    for offset, _, _, tag in sorted(_tags(paragraph, alignment, shown)):
        parts += [str(escape(shown[at : offset - start])), tag]
        at = offset - start
    parts.append(str(escape(shown[at:])))
    return Markup("".join(parts))


def _tags(paragraph: Paragraph, alignment: Alignment, shown: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield every tag and the character before which it stands: ends first, then outer before inner."""
    inner = [alignment.segments[k].segment for k in paragraph.inner]
    for segment in inner:
        yield segment.char_start, 3, -segment.char_end, f'<span class="{segment.kind.value}">'
        yield segment.char_end, 1, 0, "</span>"
    missing, reaches = dict(paragraph.inside), _reaches(paragraph, alignment, inner, shown)
    for index, (start, end) in reaches.items():
        for passage in missing.get(index, ()):
            yield start, 2, 0, missing_html(passage)
        status = alignment.words[index].status
        yield start, 5, 0, f'<span class="{_CLASSES.get(status, "w")}" data-i="{index}">'
        yield end, 0, 0, "</span>"
    for run in _absent_runs(paragraph, alignment):
        yield reaches[run[0]][0], 4, 0, '<span class="absent">'
        yield reaches[run[-1]][1], 1, 0, "</span>"


def _reaches(
    paragraph: Paragraph, alignment: Alignment, inner: Sequence[Segment], shown: str
) -> dict[int, tuple[int, int]]:
    """Return the characters between which the element of each word is; ``shown`` is the text of the paragraph."""
    start = alignment.segments[paragraph.segment].segment.char_start
    words = [alignment.words[k].word for k in paragraph.words]
    edges = sorted((start, start + len(shown), *(edge for s in inner for edge in (s.char_start, s.char_end))))
    following = [*(word.char_start for word in words), start + len(shown)][1:]
    reaches, end = dict[int, tuple[int, int]](), start
    for index, word, after in zip(paragraph.words, words, following, strict=True):
        # No mark is taken from another segment.
        first = max(end, edges[bisect_right(edges, word.char_start) - 1])
        last = min(after, edges[bisect_left(edges, word.char_end)])
        within = range(first - start, last - start)
        begin, stop = with_marks(shown, word.char_start - start, word.char_end - start, within)
        end = stop + start
        reaches[index] = (begin + start, end)
    return reaches


def _absent_runs(paragraph: Paragraph, alignment: Alignment) -> Iterator[list[int]]:
    """Yield runs of words of one segment that are not in the audio."""

    def absent_in(index: int) -> int | None:
        timed = alignment.words[index]
        is_speech = alignment.segments[timed.word.segment].segment.kind is Kind.SPEECH
        return timed.word.segment if is_speech and timed.status is Status.UNSPOKEN else None

    for segment, run in groupby(paragraph.words, key=absent_in):
        words = list(run)
        if segment is not None and len(words) >= _LEAST_ABSENT:
            yield words


def missing_html(missing: Missing) -> Markup:
    """Return a button that plays speech missing from the transcript; the page's script gives it its words."""
    passage, annotation = (
        missing.passage,
        Markup(' data-annotation="{}"').format(missing.annotation) if missing.annotation else "",
    )
    button = (
        '<button type="button" class="missing" dir="auto" tabindex="-1" data-from="{}" data-to="{}"{}'
        ' data-recognised="{}"></button>'
    )
    return Markup(button).format(passage.start, passage.end, annotation, passage.text)
