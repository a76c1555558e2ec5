"""A transcript as a reader sees it: who speaks when, headings as chapters, what sound or text lacks; each word in an
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from aligner.corrections.text import above_headings
from aligner.model import Alignment, Kind, SettledKind, Status, TimedSegment, Untranscribed, outermost
from aligner.settled import settled_kind
from aligner.typography import dash_before, unbroken, with_marks

SPEAKER_COLOURS = 8

# Fewer words than these that were not found look each like a slip; from here on it is a passage.
_LEAST_ABSENT = 4
_UNWRITTEN = Markup()
_CLASSES = {Status.INTERPOLATED: "w in", Status.UNSPOKEN: "w un"}


@dataclass(frozen=True, slots=True)
class Missing:
    """Speech that the text lacks; ``settled`` is what a person said that it is, None where that is still asked."""

    passage: Untranscribed
    settled: SettledKind | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment's text as HTML, nothing until it is ``written``; ``before`` is speech that the text lacks, said before
    it, and ``inside`` such speech by the word before which it is said; ``inner`` are the segments within it.

    ``dashed`` is true where a dash before it, which is not of its text, tells that somebody else speaks.
    """

    segment: int
    inner: range
    words: range
    inside: tuple[tuple[int, tuple[Missing, ...]], ...]
    before: tuple[Missing, ...]
    dashed: bool
    html: Markup = _UNWRITTEN


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
    after: tuple[Missing, ...]


def page_of(alignment: Alignment) -> Page:
    """The page of an alignment."""
    page = outline_of(alignment)
    return replace(page, turns=tuple(written(turn, alignment) for turn in page.turns))


def outline_of(alignment: Alignment) -> Page:
    """The page of an alignment, whose paragraphs are not written."""
    speakers = tuple(dict.fromkeys(s.segment.speaker for s in alignment.segments if s.segment.speaker))
    colours = {speaker: k % SPEAKER_COLOURS for k, speaker in enumerate(speakers)}
    missing = _places_of_missing(alignment)
    runs: list[list[Paragraph]] = []
    for paragraph in _paragraphs(alignment, missing):
        if runs and _goes_on(alignment.segments[runs[-1][0].segment], alignment.segments[paragraph.segment]):
            runs[-1].append(paragraph)
        else:
            runs.append([paragraph])
    turns = [_turn(alignment.segments[run[0].segment], tuple(run), colours) for run in runs]
    chapters = tuple(_chapter(alignment, k) for k, s in enumerate(alignment.segments) if s.segment.kind is Kind.HEADING)
    return Page(tuple(turns), chapters, speakers, tuple(missing.get(len(alignment.words), ())))


def written(turn: Turn, alignment: Alignment) -> Turn:
    """The turn of an alignment's page with its HTML."""
    paragraphs = (replace(each, html=_html(each, alignment)) for each in turn.paragraphs)
    return replace(turn, paragraphs=tuple(paragraphs))


def _html(paragraph: Paragraph, alignment: Alignment) -> Markup:
    segment = alignment.segments[paragraph.segment].segment
    prose = Prose(alignment, paragraph.words, paragraph.inner, dict(paragraph.inside))
    return prose.html(segment.char_start, segment.char_end)


def _goes_on(before: TimedSegment, after: TimedSegment) -> bool:
    """Whether the same person goes on speaking."""
    kinds = {before.segment.kind, after.segment.kind}
    return kinds == {Kind.SPEECH} and before.segment.speaker == after.segment.speaker


def _turn(first: TimedSegment, paragraphs: tuple[Paragraph, ...], colours: Mapping[str, int]) -> Turn:
    speaker = first.segment.speaker
    return Turn(first.segment.kind, speaker, colours.get(speaker or ""), first.start, paragraphs)


def _chapter(alignment: Alignment, index: int) -> Chapter:
    timed = alignment.segments[index]
    text = alignment.transcript.text[timed.segment.char_start : timed.segment.char_end]
    return Chapter(unbroken(" ".join(text.split()), alignment.language), timed.start, index)


def _paragraphs(alignment: Alignment, missing: dict[int, list[Missing]]) -> Iterator[Paragraph]:
    """The outermost segments, with what lies within them."""
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
    """Speech that the text lacks, and what a person has called an advert or a jingle, by the word before which it is
    heard, above headings whose chapters begin later; the number of words where it is the last."""
    said = [(word.span.start, k) for k, word in enumerate(alignment.words) if word.span]
    times, language = [start for start, _ in said], alignment.language
    places: dict[int, list[Missing]] = {}
    for passage, settled in _passages_missing(alignment):
        middle = (passage.start + passage.end) / 2
        at = bisect_left(times, middle)
        k = above_headings(alignment, said[at][1], middle) if at < len(said) else len(alignment.words)
        places.setdefault(k, []).append(Missing(replace(passage, text=unbroken(passage.text, language)), settled))
    return places


def _passages_missing(alignment: Alignment) -> Iterator[tuple[Untranscribed, SettledKind | None]]:
    """Speech that the text lacks, without what needs no text; and what a person has marked where nothing was found."""
    told = [(each, settled_kind(alignment.settled, each)) for each in alignment.untranscribed]
    found = [each for each in told if each[1] is not SettledKind.DISMISSED]
    for mark in alignment.settled:
        met = any(each.start < mark.end and mark.start < each.end for each, kind in told if kind is mark.kind)
        if mark.kind in (SettledKind.ADVERT, SettledKind.JINGLE) and not met:
            found.append((Untranscribed(mark.start, mark.end, ""), mark.kind))
    yield from sorted(found, key=lambda each: each[0].start)


class Prose:
    """The words ``words`` of an alignment, with the segments ``inner`` among them and passages missing before some."""

    def __init__(
        self, alignment: Alignment, words: range, inner: range, missing: Mapping[int, Sequence[Missing]]
    ) -> None:
        self._text = alignment.transcript.text
        self._alignment = alignment
        self._words = words
        self._missing = missing
        self._inner = [alignment.segments[k].segment for k in inner]

    def html(self, char_start: int, char_end: int) -> Markup:
        """What lies between two characters."""
        shown = unbroken(self._text[char_start:char_end], self._alignment.language)
        parts, at = [], 0
        for offset, _, _, tag in sorted(self._tags(self._reaches(shown, char_start))):
            parts += [str(escape(shown[at : offset - char_start])), tag]
            at = offset - char_start
        parts.append(str(escape(shown[at:])))
        return Markup("".join(parts))

    def _reaches(self, shown: str, char_start: int) -> dict[int, tuple[int, int]]:
        """The characters between which the element of each word is; ``shown`` begins at ``char_start``."""
        words = [self._alignment.words[k].word for k in self._words]
        ends = (char_start, char_start + len(shown))
        edges = sorted([*ends, *(edge for s in self._inner for edge in (s.char_start, s.char_end))])
        starts = [*(word.char_start for word in words), ends[1]]
        reaches, before = dict[int, tuple[int, int]](), char_start
        for index, word, after in zip(self._words, words, starts[1:], strict=True):
            # No mark is taken from another segment.
            first = max(before, edges[bisect_right(edges, word.char_start) - 1])
            last = min(after, edges[bisect_left(edges, word.char_end)])
            within = range(first - char_start, last - char_start)
            start, end = with_marks(shown, word.char_start - char_start, word.char_end - char_start, within)
            before = end + char_start
            reaches[index] = (start + char_start, before)
        return reaches

    def _tags(self, reaches: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, int, int, str]]:
        """Every tag and the character it stands before; where several do, ends come first, then outer before inner."""
        for segment in self._inner:
            yield segment.char_start, 3, -segment.char_end, f'<span class="{segment.kind.value}">'
            yield segment.char_end, 1, 0, "</span>"
        for index, (start, end) in reaches.items():
            for passage in self._missing.get(index, ()):
                yield start, 2, 0, missing_html(passage)
            status = self._alignment.words[index].status
            yield start, 5, 0, f'<span class="{_CLASSES.get(status, "w")}" data-i="{index}">'
            yield end, 0, 0, "</span>"
        for first, stop in self._absent_runs():
            yield reaches[first][0], 4, 0, '<span class="absent">'
            yield reaches[stop - 1][1], 1, 0, "</span>"

    def _absent_runs(self) -> Iterator[tuple[int, int]]:
        """Runs of words of one segment that are not in the sound, ``(first, end)``."""
        words = self._alignment.words
        first = self._words.start
        while first < self._words.stop:
            end = first
            while end < self._words.stop and self._is_absent(end, words[first].word.segment):
                end += 1
            if end - first >= _LEAST_ABSENT:
                yield first, end
            first = max(end, first + 1)

    def _is_absent(self, index: int, segment: int) -> bool:
        timed = self._alignment.words[index]
        kind = self._alignment.segments[segment].segment.kind
        return timed.status is Status.UNSPOKEN and timed.word.segment == segment and kind is Kind.SPEECH


def missing_html(missing: Missing) -> Markup:
    """A place to play speech that the text lacks; the page's script gives it its words."""
    passage, settled = missing.passage, Markup(' data-settled="{}"').format(missing.settled) if missing.settled else ""
    button = (
        '<button type="button" class="missing" dir="auto" tabindex="-1" data-from="{}" data-to="{}"{} data-heard="{}">'
        "</button>"
    )
    return Markup(button).format(passage.start, passage.end, settled, passage.text)
