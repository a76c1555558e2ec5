"""Split a book into parts, one for each heading, and write their pages. A page holds the text of a part as XHTML, in
which each spoken phrase has an ID, and the audio clip of each phrase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from aligner.durations import to_milliseconds
from aligner.formats.book.phrases import LONGEST_PAUSE, inner_segments, phrases_of
from aligner.formats.material import Material, Paragraph, Turn
from aligner.formats.text_lines import NOT_IN_XML
from aligner.model import Kind, Segment, Span
from aligner.typography.breaks import unbroken
from media.video.bidirectional import base_level

_NOBODY = "—"  # the name of an unnamed speaker after a named one


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a book: its number, from 1, and its turns. Only the first part may start without a heading."""

    number: int
    turns: tuple[Turn, ...]

    @property
    def name(self) -> str:
        """The name of the part's files, without an extension."""
        return f"part{self.number:03}"

    @property
    def headings(self) -> tuple[Paragraph, ...]:
        return tuple(each for turn in self.turns if turn.kind is Kind.HEADING for each in turn.paragraphs)


def parts_of(material: Material) -> tuple[Part, ...]:
    """Return the parts of the text, at least one: each starts with one heading or several consecutive ones."""
    under: list[list[Turn]] = [[]]
    for turn in material.turns:
        last = under[-1][-1].kind if under[-1] else Kind.HEADING
        if turn.kind is Kind.HEADING and last is not Kind.HEADING:
            under.append([])
        under[-1].append(turn)
    return tuple(Part(number, tuple(turns)) for number, turns in enumerate(under, start=1))


@dataclass(frozen=True, slots=True)
class Clip:
    """The audio of a phrase, from ``begin_ms`` to ``end_ms``; ``name`` is the phrase's ID in its page."""

    name: str
    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the book: the text of a part as XHTML, and the audio clips of its spoken phrases."""

    part: Part
    body: Markup
    clips: Sequence[Clip]

    @property
    def length_ms(self) -> int:
        return sum(clip.end_ms - clip.begin_ms for clip in self.clips)


def written(text: str) -> str:
    """Replace the characters that XML cannot hold: white space by a space, others by U+FFFD."""
    return NOT_IN_XML.sub(lambda found: " " if found[0].isspace() else "\ufffd", text)


def pages_of(material: Material) -> list[Page]:
    """Return the pages of the book, one for each part."""
    text = unbroken(material.alignment.transcript.text, material.language)
    writers = [_Writer(material, part, text, base_level(text)) for part in parts_of(material)]
    bodies = [Markup("\n").join(writer.blocks()) for writer in writers]
    clips = clips_of([writer.phrases for writer in writers], material.alignment.audio.duration)
    return [Page(writer.part, body, own) for writer, body, own in zip(writers, bodies, clips, strict=True)]


def heading_name(paragraph: Paragraph) -> str:
    """Return the ID of a heading in its page, for links."""
    return f"h{paragraph.segment}"


@dataclass(slots=True)
class _Writer:
    """A writer of a page, which collects the ID and time of each spoken phrase in ``phrases``. ``text`` is the
    transcript with no-break spaces. ``book_level`` is 0 if the book is written left to right, 1 if right to left."""

    material: Material
    part: Part
    text: str
    book_level: int
    phrases: list[tuple[str, Span]] = field(default_factory=list)

    def blocks(self) -> Iterator[Markup]:
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
        direction = "rtl" if base_level(text) else "ltr"
        attributes = [
            f'id="{name}"' if name else "",
            f'class="{kind}"' if kind else "",
            f'dir="{direction}"' if text and base_level(text) != self.book_level else "",
            attribute,
        ]
        return Markup(f"<{' '.join([tag, *filter(None, attributes)])}>{content}</{tag}>")

    def _content(self, paragraph: Paragraph) -> Markup:
        """Return the paragraph's text with tags around its phrases, notes and stage directions."""
        alignment = self.material.alignment
        outer = alignment.segments[paragraph.segment].segment
        opening: dict[int, Markup] = {}
        closing: dict[int, Markup] = {}
        for phrase in phrases_of(self.material, paragraph):
            if phrase.span:
                self.phrases.append((f"s{len(self.phrases) + 1}", phrase.span))
                opening[phrase.char_start] = Markup('<span id="{}">').format(self.phrases[-1][0])
                closing[phrase.char_end] = Markup("</span>")
        for segment in inner_segments(alignment, paragraph):
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


# A pause in speech belongs to the clip before it, since reading systems play adjacent clips without a break. They skip
# longer pauses.
_PAUSE_MS = to_milliseconds(LONGEST_PAUSE)
_FADE_MS = 300  # added to the last clip before a longer pause


def clips_of(pages: Iterable[Sequence[tuple[str, Span]]], duration: float) -> list[list[Clip]]:
    """Return the clips of each page. ``pages`` holds the ID and time of each phrase; ``duration`` is that of the audio.
    Clips do not overlap, so a phrase that is spoken before the previous one may have no clip."""
    found: list[list[Clip]] = []
    spans: list[tuple[list[Clip], str, int, int]] = []
    for phrases in pages:
        found.append([])
        spans += [(found[-1], name, to_milliseconds(span.start), to_milliseconds(span.end)) for name, span in phrases]
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
