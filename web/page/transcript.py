"""Render a transcript as HTML: turns of speakers, headings as chapters, and an element per word.

A turn consists of consecutive paragraphs by one speaker, or of a heading, note or stage direction. Words are indices
into ``Alignment.words``; each word is in exactly one paragraph, in order. A word's element also contains the adjacent
punctuation, even a French "!" after a space, so that highlights, selections and quotes include the punctuation. The
text is escaped and otherwise unchanged, except that spaces at which no line may break become no-break spaces.
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
from aligner.typography import dash_before, unbroken, with_punctuation

SPEAKER_COLOURS = 8

_LEAST_ABSENT = 4  # consecutive words not in the audio that are marked as a passage; fewer are marked one by one
_NOT_RENDERED = Markup()
_CLASSES = {Status.INTERPOLATED: "w in", Status.UNSPOKEN: "w un"}


@dataclass(frozen=True, slots=True)
class Missing:
    """Speech that is missing from the transcript. ``annotation`` is a person's annotation of this speech, if any."""

    passage: Untranscribed
    annotation: AnnotationKind | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: the indices of its outermost ``segment``, of the segments within (``inner``), and of its ``words``.

    ``before`` is missing speech before the paragraph; ``inside`` has pairs (index of a word, missing speech before it).
    ``dashed``: a dialogue dash precedes the segment and is shown. ``html`` is empty until ``rendered`` sets it.
    """

    segment: int
    inner: range
    words: range
    inside: tuple[tuple[int, tuple[Missing, ...]], ...]
    before: tuple[Missing, ...]
    dashed: bool
    html: Markup = _NOT_RENDERED


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive paragraphs by one speaker. ``start`` is in seconds, ``colour`` the number of the speaker's colour."""

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
    """A chapter: the text of its heading, its start in seconds, and the index of the heading's segment."""

    title: str
    start: float | None
    segment: int


@dataclass(frozen=True, slots=True)
class Page:
    """A whole transcript, prepared for display. ``after`` is untranscribed speech that follows the last word."""

    turns: tuple[Turn, ...]
    chapters: tuple[Chapter, ...]
    speakers: tuple[str, ...]
    after: tuple[Missing, ...]


def page_of(alignment: Alignment) -> Page:
    """Return an alignment's transcript as turns and chapters, with the paragraphs rendered as HTML."""
    page = outline_of(alignment)
    return replace(page, turns=tuple(rendered(turn, alignment) for turn in page.turns))


def outline_of(alignment: Alignment) -> Page:
    """Return an alignment's transcript as turns and chapters. Paragraphs have no HTML, since rendering is slow."""
    segments = alignment.segments
    speakers = tuple(dict.fromkeys(each.segment.speaker for each in segments if each.segment.speaker))
    colours = {speaker: k % SPEAKER_COLOURS for k, speaker in enumerate(speakers)}
    missing = _missing_by_word(alignment)
    turns = []
    for _, run in groupby(_paragraphs(alignment, missing), key=lambda each: _turn_key(segments, each.segment)):
        paragraphs = tuple(run)
        first = segments[paragraphs[0].segment]
        speaker = first.segment.speaker
        turns.append(Turn(first.segment.kind, speaker, colours.get(speaker or ""), first.start, paragraphs))
    chapters = tuple(_chapter(alignment, k) for k, each in enumerate(segments) if each.segment.kind is Kind.HEADING)
    return Page(tuple(turns), chapters, speakers, tuple(missing.get(len(alignment.words), ())))


def _turn_key(segments: Sequence[TimedSegment], index: int) -> Hashable:
    """Return a key that is the same for all segments of a turn: a speech segment's speaker, otherwise the ``index``."""
    segment = segments[index].segment
    return (segment.speaker,) if segment.kind is Kind.SPEECH else index


def rendered(turn: Turn, alignment: Alignment) -> Turn:
    """Return a turn with the HTML of its paragraphs."""
    paragraphs = (replace(each, html=_html(each, alignment)) for each in turn.paragraphs)
    return replace(turn, paragraphs=tuple(paragraphs))


def _chapter(alignment: Alignment, index: int) -> Chapter:
    title = unbroken(" ".join(_text_of(alignment, index).split()), alignment.language)
    return Chapter(title, alignment.segments[index].start, index)


def _text_of(alignment: Alignment, index: int) -> str:
    segment = alignment.segments[index].segment
    return alignment.transcript.text[segment.char_start : segment.char_end]


def _paragraphs(alignment: Alignment, missing: dict[int, list[Missing]]) -> Iterator[Paragraph]:
    starts = [timed.word.char_start for timed in alignment.words]
    segments = [timed.segment for timed in alignment.segments]
    for index, inner in outermost(segments):
        segment = segments[index]
        words = range(bisect_left(starts, segment.char_start), bisect_left(starts, segment.char_end))
        inside = tuple((k, tuple(missing[k])) for k in words[1:] if k in missing)
        before = tuple(missing.get(words.start, ())) if words else ()
        dashed = segment.kind is Kind.SPEECH and dash_before(alignment.transcript.text, segment.char_start)
        yield Paragraph(index, inner, words, inside, before, dashed)


def _missing_by_word(alignment: Alignment) -> dict[int, list[Missing]]:
    """Map the index of a word to the untranscribed speech to show before this word: the next spoken word or, if a
    chapter's heading comes between, the heading's first word. Speech at the end has the index ``len(words)``."""
    spoken = [(word.span.start, k) for k, word in enumerate(alignment.words) if word.span]
    times, language = [start for start, _ in spoken], alignment.language
    found: dict[int, list[Missing]] = {}
    for passage, annotation in _missing_passages(alignment):
        middle = (passage.start + passage.end) / 2
        at = bisect_left(times, middle)
        k = above_headings(alignment, spoken[at][1], middle) if at < len(spoken) else len(alignment.words)
        found.setdefault(k, []).append(Missing(replace(passage, text=unbroken(passage.text, language)), annotation))
    return found


def _missing_passages(alignment: Alignment) -> Iterator[tuple[Untranscribed, AnnotationKind | None]]:
    """Yield, in order of time, missing speech that nobody dismissed, and ads and jingles that a person marked."""
    passages = [(each, annotation_kind(alignment.annotations, each)) for each in alignment.untranscribed]
    found = [each for each in passages if each[1] is not AnnotationKind.DISMISSED]
    for mark in alignment.annotations:
        overlaps = any(each.start < mark.end and mark.start < each.end for each, kind in passages if kind is mark.kind)
        if mark.kind in (AnnotationKind.AD, AnnotationKind.JINGLE) and not overlaps:
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
    """Yield HTML tags for the text ``shown`` as (offset, rank, second rank, tag). Ranks sort tags at equal offsets."""
    inner = [alignment.segments[k].segment for k in paragraph.inner]
    for segment in inner:
        yield segment.char_start, 3, -segment.char_end, f'<span class="{segment.kind.value}">'
        yield segment.char_end, 1, 0, "</span>"
    missing, extents = dict(paragraph.inside), _extents(paragraph, alignment, inner, shown)
    for index, (start, end) in extents.items():
        for passage in missing.get(index, ()):
            yield start, 2, 0, missing_html(passage)
        status = alignment.words[index].status
        yield start, 5, 0, f'<span class="{_CLASSES.get(status, "w")}" data-i="{index}">'
        yield end, 0, 0, "</span>"
    for run in _absent_runs(paragraph, alignment):
        yield extents[run[0]][0], 4, 0, '<span class="absent">'
        yield extents[run[-1]][1], 1, 0, "</span>"


def _extents(
    paragraph: Paragraph, alignment: Alignment, inner: Sequence[Segment], shown: str
) -> dict[int, tuple[int, int]]:
    """Return the start and end offsets of the words' elements, by word index. ``shown`` is the paragraph's text."""
    start = alignment.segments[paragraph.segment].segment.char_start
    words = [alignment.words[k].word for k in paragraph.words]
    edges = sorted((start, start + len(shown), *(edge for s in inner for edge in (s.char_start, s.char_end))))
    following = [*(word.char_start for word in words), start + len(shown)][1:]
    extents, end = dict[int, tuple[int, int]](), start
    for index, word, after in zip(paragraph.words, words, following, strict=True):
        # Punctuation of another segment stays outside.
        first = max(end, edges[bisect_right(edges, word.char_start) - 1])
        last = min(after, edges[bisect_left(edges, word.char_end)])
        within = range(first - start, last - start)
        begin, stop = with_punctuation(shown, word.char_start - start, word.char_end - start, within)
        end = stop + start
        extents[index] = (begin + start, end)
    return extents


def _absent_runs(paragraph: Paragraph, alignment: Alignment) -> Iterator[list[int]]:
    """Yield each passage of at least ``_LEAST_ABSENT`` unspoken words in one segment, as a list of word indices."""

    def absent_in(index: int) -> int | None:
        timed = alignment.words[index]
        is_speech = alignment.segments[timed.word.segment].segment.kind is Kind.SPEECH
        return timed.word.segment if is_speech and timed.status is Status.UNSPOKEN else None

    for segment, run in groupby(paragraph.words, key=absent_in):
        words = list(run)
        if segment is not None and len(words) >= _LEAST_ABSENT:
            yield words


def missing_html(missing: Missing) -> Markup:
    """Return an HTML button that plays speech missing from the transcript; the page's script adds a label."""
    passage = missing.passage
    annotation = Markup(' data-annotation="{}"').format(missing.annotation) if missing.annotation else ""
    button = (
        '<button type="button" class="missing" dir="auto" tabindex="-1" data-from="{}" data-to="{}"{}'
        ' data-recognised="{}"></button>'
    )
    return Markup(button).format(passage.start, passage.end, annotation, passage.text)
