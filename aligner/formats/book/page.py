"""The page of a part: its text as XHTML, a phrase that is said having a name by which it is lit."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from aligner.formats.book.parts import Part
from aligner.formats.book.phrases import inner_segments, phrases_of
from aligner.formats.material import Material, Paragraph
from aligner.model import Kind, Segment, Span
from aligner.typography.breaks import unbroken
from media.video.bidirectional import base_level

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
_MARK = re.compile(r"[\[(]?(\d{1,3}|\*{1,3})[\])]?")
_NOTE = re.compile(r"[\[(]?(\d{1,3}|\*{1,3})[\])]?[.:)]?\s")
_NOBODY = "—"  # stands where somebody whose name is not known speaks after one whose name is


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
    whole, notes = base_level(text), _Notes.of(material, parts)
    return [_Writer(material, part, text, whole, notes).page() for part in parts]


def heading_name(paragraph: Paragraph) -> str:
    """By which a link leads to a heading."""
    return f"h{paragraph.segment}"


@dataclass(frozen=True, slots=True)
class _Notes:
    """Where notes are: by what they are marked with, their segments and the links that lead there, in order."""

    by_mark: Mapping[str, tuple[list[int], list[str]]]

    @classmethod
    def of(cls, material: Material, parts: tuple[Part, ...]) -> _Notes:
        found: dict[str, tuple[list[int], list[str]]] = {}
        for part in parts:
            for turn in part.turns:
                if turn.kind is Kind.NOTE and (label := _NOTE.match(f"{turn.paragraphs[0].text} ")):
                    segments, links = found.setdefault(label[1], ([], []))
                    segments.append(turn.paragraphs[0].segment)
                    links.append(f"{part.name}.xhtml#n{segments[-1]}")
        return cls(found)

    def link(self, mark: str, paragraph: Paragraph) -> str | None:
        """Where the note of a mark in a paragraph is: the next one that begins so, else the last."""
        label = _MARK.fullmatch(mark.strip())
        if not label or label[1] not in self.by_mark:
            return None
        segments, links = self.by_mark[label[1]]
        return links[min(bisect_left(segments, paragraph.segment), len(links) - 1)]


@dataclass(slots=True)
class _Writer:
    """Writes one page; ``text`` is the transcript's as it is set, ``whole`` is 1 where the book runs leftwards."""

    material: Material
    part: Part
    text: str
    whole: int
    notes: _Notes
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
            begin, end = self._inner(segment, paragraph)
            opening[segment.char_start] = opening.get(segment.char_start, Markup()) + begin
            closing[segment.char_end] = end + closing.get(segment.char_end, Markup())
        edges = sorted({*opening, *closing, outer.char_start, outer.char_end})
        parts = [
            closing.get(at, Markup()) + opening.get(at, Markup()) + escape(written(self.text[at:until]))
            for at, until in zip(edges, [*edges[1:], edges[-1]], strict=True)
        ]
        return Markup().join(parts)

    def _inner(self, segment: Segment, paragraph: Paragraph) -> tuple[Markup, Markup]:
        if segment.kind is not Kind.NOTE:
            return Markup('<i class="stage">'), Markup("</i>")
        text = self.text[segment.char_start : segment.char_end]
        if link := self.notes.link(text, paragraph):
            begin = Markup('<a class="mark" epub:type="noteref" role="doc-noteref" href="{}">')
            return begin.format(link), Markup("</a>")
        return Markup('<span class="mark">'), Markup("</span>")
