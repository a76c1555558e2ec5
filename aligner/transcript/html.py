"""HTML pages, and Markdown by way of the page it stands for: paragraphs, headings, cited or bold speakers.

What is not the page's own text is dropped. Text is taken as text and never interpreted further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.formats import decode
from aligner.transcript.plain import split_lines, unwrap
from aligner.transcript.vocabulary import UNITS

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_TAGS = 150_000  # an hour's page with a tag for every word has 25,000
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
DROPPED = frozenset(
    """
    script style nav head title template noscript svg math form button select textarea iframe object audio video canvas
    time footer dialog
""".strip().split()
)
BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6
    header hgroup hr html li main ol p pre section summary table tbody td tfoot th thead tr ul caption
""".strip().split()
)
NOTE_BLOCKS = frozenset({"aside", "figcaption"})
NOTE_CLASSES = re.compile(r"\b(?:footnotes?|endnotes?|references|doc-endnotes|doc-footnote)\b", re.IGNORECASE)
MARK = re.compile(r"[\[(]?(\^?[\w-]{1,20}|\*{1,3}|[†‡])[\])]?")
NUMBER = re.compile(r"[\[(]?\^?\d{1,3}[\])]?")
INSTRUCTION = re.compile(r"<\?[^>]*>")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
FIELD = re.compile(r"^(title|lang|language)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
FOOTNOTE_DEFINITION = re.compile(r"^ {0,3}\[(?:\^[^\]\n]{1,20}|\d{1,3})\]:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Style:
    """What the enclosing elements say of a text."""

    bold: bool = False
    cite: bool = False
    pre: bool = False
    kind: Kind | None = None


def decode_html(data: bytes, file: str) -> str:
    """The page's characters; its own charset declaration counts where the bytes are not UTF-8 or UTF-16."""
    declared = CHARSET.search(data[:4096])
    return decode(data, file, declared[1].decode("ascii") if declared else None)


def read_html(text: str, file: str) -> Draft:
    """The draft of a page.

    Raises
    ------
    TranscriptError
        The page has more markup than any transcript.
    """
    from bs4 import BeautifulSoup

    if text.count("<") > MAX_TAGS:
        raise TranscriptError(f"{file}: more than {MAX_TAGS} tags; a transcript page was expected")
    page = BeautifulSoup("<p>" + INSTRUCTION.sub("", text), "html.parser")  # the tag tells it from a file's name
    title = page.title.get_text(" ", strip=True) if page.title else None
    language = page.html.get("lang") if page.html else None
    walker = Walker()
    walker.walk(_content(page))
    return walker.writer.draft(title, str(language).strip() if language else None)


def _content(page: BeautifulSoup) -> Tag:
    """The main part of the page, if it says which it is."""
    for name in ("main", "article"):
        found = page.find_all(name, limit=2)
        if len(found) == 1 and found[0].get_text(strip=True):
            return found[0]
    return page.body or page


class Walker:
    """Goes through a page in order without recursion, for pages may be nested deeper than Python's stack."""

    def __init__(self) -> None:
        self.writer = DraftWriter()
        self._runs: list[Run] = []
        self._kind: Kind | None = None

    def walk(self, root: Tag) -> None:
        from bs4.element import Comment, Doctype, NavigableString, Tag

        pending: list[tuple[object, Style]] = [(root, Style())]
        while pending:
            node, style = pending.pop()
            if node is None:
                self._end_paragraph()
            elif isinstance(node, Tag):
                self._open(node, style, pending)
            elif isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype):
                self._text(str(node), style)
        self._end_paragraph()

    def _open(self, tag: Tag, style: Style, pending: list[tuple[object, Style]]) -> None:
        name = tag.name.lower()
        if name in DROPPED or tag.get("hidden") is not None:
            return
        if name == "br":
            self._runs.append(Run("\n"))
        elif name in ("sup", "a") and (mark := self._footnote_mark(tag)):
            self._text(mark, style)
        elif name == "sup" and (power := tag.get_text(strip=True)).isdecimal():
            self._text(power.translate(RAISED), style)
        else:
            if name in BLOCKS:
                self._end_paragraph()
                pending.append((None, style))
            inner = _styled(tag, name, style)
            pending.extend((child, inner) for child in reversed(tag.contents))

    def _text(self, text: str, style: Style) -> None:
        self._kind = self._kind or style.kind
        self._runs.append(Run(text if style.pre else re.sub(r"[ \t\n\r\f]+", " ", text), style.bold, style.cite))

    def _end_paragraph(self) -> None:
        self.writer.add(self._runs, self._kind)
        self._runs, self._kind = [], None

    def _footnote_mark(self, tag: Tag) -> str | None:
        """``[3]`` for a raised or linked footnote number, however it is written; None for a power or an ordinal."""
        text = tag.get_text(strip=True)
        if not MARK.fullmatch(text):
            return None
        before = self._runs[-1].text[-40:] if self._runs else ""
        link = tag if tag.name == "a" else tag.find("a")
        local = link is not None and str(link.get("href", "")).startswith("#")
        glued = re.search(r"([^\W\d_]+)$", before)
        raised = tag.name == "sup" and bool(glued or re.search(r"[.,;:!?»”)\s]$", before))
        unit = glued is not None and glued[1].casefold() in UNITS
        if (local and len(text) <= 6) or (raised and not unit and NUMBER.fullmatch(text)):
            return f"[{text.strip('[]()')}]"
        return None


def _styled(tag: Tag, name: str, style: Style) -> Style:
    classes = " ".join([*(tag.get_attribute_list("class")), str(tag.get("role", ""))] if tag.attrs else [])
    kind = style.kind
    if re.fullmatch(r"h[1-6]", name):
        kind = kind or Kind.HEADING
    elif name in NOTE_BLOCKS or NOTE_CLASSES.search(classes):
        kind = Kind.NOTE
    cite = name in ("cite", "dt") or bool(
        re.search(r"\bspeaker(?:[-_]?name)?\b", classes) and name in ("span", "b", "strong")
    )
    bold = (
        name in ("b", "strong") or re.search(r"font-weight:\s*(?:bold|[6-9]00)", str(tag.get("style", ""))) is not None
    )
    return replace(style, bold=style.bold or bold, cite=style.cite or cite, pre=style.pre or name == "pre", kind=kind)


def read_markdown(text: str, file: str) -> Draft:
    """The draft of a Markdown file; line breaks are kept unless an editor made them at a fixed width."""
    from markdown_it import MarkdownIt

    front = FRONT_MATTER.match(text)
    fields = dict(FIELD.findall(front[1])) if front else {}
    body = text[front.end() :] if front else text
    lines = split_lines(body)
    parser = MarkdownIt("commonmark", {"breaks": len(unwrap(body, lines)) == len(lines), "maxNesting": 20}).enable(
        "table"
    )
    if FOOTNOTE_DEFINITION.search(body):
        parser.disable("reference")  # else a footnote that is a bare link takes the brackets off its mark
    draft = read_html(parser.render(body), file)
    return replace(
        draft,
        title=fields.get("title") or draft.title,
        language=fields.get("lang") or fields.get("language") or draft.language,
    )
