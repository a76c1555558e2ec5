"""The parts of a book, one for each heading, and their pages: the text as XHTML, in which each phrase that is said has
a name, and the clips of the audio in which it is lit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from aligner.durations import to_milliseconds
from aligner.formats.book.phrases import LONGEST_PAUSE, inner_segments, phrases_of
from aligner.formats.material import Material, Paragraph, Turn
from aligner.model import Kind, Segment, Span
from aligner.typography.breaks import unbroken
from media.video.bidirectional import base_level

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
_NOBODY = "—"  # stands where somebody whose name is not known speaks after one whose name is


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under the ``headings`` that it begins with; one without any is the beginning."""

    number: int
    turns: tuple[Turn, ...]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"part{self.number:03}"

    @property
    def headings(self) -> tuple[Paragraph, ...]:
        """The headings, which stand in no other place of it."""
        return tuple(each for turn in self.turns if turn.kind is Kind.HEADING for each in turn.paragraphs)


def parts_of(material: Material) -> tuple[Part, ...]:
    """Return all of the text, one part at least: one for each heading, or for several right under each other."""
    under: list[list[Turn]] = [[]]
    for turn in material.turns:
        before = under[-1][-1].kind if under[-1] else Kind.HEADING
        if turn.kind is Kind.HEADING and before is not Kind.HEADING:
            under.append([])
        under[-1].append(turn)
    return tuple(Part(number, tuple(turns)) for number, turns in enumerate(under, start=1))


@dataclass(frozen=True, slots=True)
class Page:
    """``body`` is what it shows; ``said`` are the names of its phrases that are said, and when."""

    part: Part
    body: Markup
    said: tuple[tuple[str, Span], ...]


def written(text: str) -> str:
    """The text as far as XML can hold it."""
    return _UNWRITABLE.sub(lambda found: " " if found[0].isspace() else "\ufffd", text)


def pages_of(material: Material, parts: tuple[Part, ...]) -> list[Page]:
    """A page for each part."""
    text = unbroken(material.alignment.transcript.text, material.language)
    return [_Writer(material, part, text, base_level(text)).page() for part in parts]


def heading_name(paragraph: Paragraph) -> str:
    """By which a link leads to a heading."""
    return f"h{paragraph.segment}"


@dataclass(slots=True)
class _Writer:
    """Writes one page; ``text`` is the transcript's as it is set, ``whole`` is 1 where the book runs leftwards."""

    material: Material
    part: Part
    text: str
    whole: int
    said: list[tuple[str, Span]] = field(default_factory=list)

    def page(self) -> Page:
        body = Markup("\n").join(self._blocks())
        return Page(self.part, body, tuple(self.said))

    def _blocks(self) -> Iterator[Markup]:
        speaker: str | None = None
        for turn in self.part.turns:
            if turn.kind is Kind.SPEECH and turn.speaker != speaker:
                speaker = turn.speaker
                yield self._block("p", "speaker", escape(written(speaker or _NOBODY)), speaker or "")
                opens = True
            else:
                opens = turn.kind is not Kind.SPEECH
            for paragraph in turn.paragraphs:
                yield self._paragraph(paragraph, opens)
                opens = False

    def _paragraph(self, paragraph: Paragraph, opens: bool) -> Markup:
        content = self._content(paragraph)
        match paragraph.kind:
            case Kind.HEADING:
                tag = "h1" if paragraph is self.part.headings[0] else "h2"
                return self._block(tag, "", content, paragraph.text, heading_name(paragraph))
            case Kind.NOTE:
                return self._block(
                    "div", "note", content, paragraph.text, f"n{paragraph.segment}", 'role="doc-footnote"'
                )
            case Kind.STAGE:
                return self._block("p", "stage", content, paragraph.text)
        return self._block("p", "first" if opens else "", content, paragraph.text)

    def _block(self, tag: str, kind: str, content: Markup, text: str, name: str = "", attribute: str = "") -> Markup:
        leads = "rtl" if base_level(text) else "ltr"
        attributes = [
            f'id="{name}"' if name else "",
            f'class="{kind}"' if kind else "",
            f'dir="{leads}"' if text and base_level(text) != self.whole else "",
            attribute,
        ]
        return Markup(f"<{' '.join([tag, *filter(None, attributes)])}>{content}</{tag}>")

    def _content(self, paragraph: Paragraph) -> Markup:
        """The paragraph's text, with what begins and ends in it."""
        alignment = self.material.alignment
        outer = alignment.segments[paragraph.segment].segment
        opening: dict[int, Markup] = {}
        closing: dict[int, Markup] = {}
        for phrase in phrases_of(self.material, paragraph):
            if phrase.span:
                self.said.append((f"s{len(self.said) + 1}", phrase.span))
                opening[phrase.char_start] = Markup('<span id="{}">').format(self.said[-1][0])
                closing[phrase.char_end] = Markup("</span>")
        inner = list(inner_segments(alignment, paragraph))
        for segment in inner:
            begin, end = self._inner(segment)
            opening[segment.char_start] = opening.get(segment.char_start, Markup()) + begin
            closing[segment.char_end] = end + closing.get(segment.char_end, Markup())
        edges = sorted({*opening, *closing, outer.char_start, outer.char_end})
        parts = [
            closing.get(at, Markup()) + opening.get(at, Markup()) + escape(written(self.text[at:until]))
            for at, until in zip(edges, [*edges[1:], edges[-1]], strict=True)
        ]
        return Markup().join(parts)

    def _inner(self, segment: Segment) -> tuple[Markup, Markup]:
        if segment.kind is not Kind.NOTE:
            return Markup('<i class="stage">'), Markup("</i>")
        return Markup('<span class="mark">'), Markup("</span>")


# A pause in speech belongs to the clip before it: reading systems play clips that touch without a break. What is longer
# is passed over.
_PAUSE_MS = to_milliseconds(LONGEST_PAUSE)
_FADE_MS = 300  # of the sound behind a word, where nothing follows soon


@dataclass(frozen=True, slots=True)
class Clip:
    """A phrase of a page, by its name there, and its stretch of the sound."""

    name: str
    begin_ms: int
    end_ms: int


def clips_of(pages: Iterable[Page], duration: float) -> list[list[Clip]]:
    """The clips of each page; a phrase that the alignment has out of order may have none."""
    found: list[list[Clip]] = []
    spans: list[tuple[list[Clip], str, int, int]] = []
    for page in pages:
        found.append([])
        spans += [(found[-1], name, to_milliseconds(span.start), to_milliseconds(span.end)) for name, span in page.said]
    last = int(duration * 1000)
    cursor = 0
    for (clips, name, start, end), following in pairwise([*spans, ([], "", last + _PAUSE_MS + _FADE_MS, 0)]):
        begin, upcoming = max(cursor, start), following[2]
        if begin < upcoming and upcoming - end <= _PAUSE_MS:
            end = upcoming
        else:
            end += _FADE_MS
        end = min(end, last)
        if begin < end:
            clips.append(Clip(name, begin, end))
            cursor = end
    return found


def total_ms(clips: Iterable[Clip]) -> int:
    """How long the clips are together."""
    return sum(clip.end_ms - clip.begin_ms for clip in clips)
