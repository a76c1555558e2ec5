"""HTML pages: paragraphs, headings, cited or bold speakers.

What is not the page's own text is dropped. Text is taken as text and never interpreted further.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.formats import decode
from aligner.transcript.vocabulary import UNITS

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

MAX_TAGS = 150_000  # an hour's page with a tag for every word has 25,000
MAX_TAG_CHARS = 20_000_000  # that are looked through for the ends of tags; of a sound page no more than it has
# Possessive, as Python's parser reads one: from any place on, a tag goes as far as this.
START_TAG = re.compile(
    r"""<[a-zA-Z][^\t\n\r\f />\x00]*+
    (?:[\s/]*+(?:(?<=['"\s/])[^\s/>][^\s/=>]*+
        (?:\s*+=++\s*+(?:'[^']*+'|"[^"]*+"|(?!['"])[^>\s]*+)\s*+)?
        (?:\s|/(?!>))*+
    )*+)?+\s*+""",
    re.VERBOSE,
)
OPENING = re.compile("<(?=[a-zA-Z])")
# Python's parser knows no other sections, and gives up.
NO_SECTION = re.compile(r"<(?=!\[(?!\s*+(?:temp|cdata|ignore|include|rcdata|if|else|endif)\b))", re.IGNORECASE)
CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|\A\s*+<\?xml[^>]{0,200}?\sencoding)\s*+=\s*+(?:[\"']\s*+)?([\w.:-]{1,40})",
    re.IGNORECASE,
)
DROPPED = frozenset(
    """
    script style nav title template noscript svg math button select textarea iframe object audio video canvas
    footer dialog
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
ASIDE = ("title", "nav", "footer", "aside")
MIN_MAIN_SHARE = 0.3  # of the page's letters; a part with fewer is not what the page is for
MAX_PARTS = 50  # of a footnote mark or a time
TRANSCRIPT = re.compile(r"trans?[ck]ri", re.IGNORECASE)  # in the name of an element that a page shows when asked
MARK = re.compile(r"[\[(]?(\^?[\w-]{1,20}|\*{1,3}|[†‡])[\])]?")
NUMBER = re.compile(r"[\[(]?\^?\d{1,3}[\])]?")
INSTRUCTION = re.compile(r"<\?[^<>]*>")
NO_NUMBER = re.compile(r"&(?=#(?!(?:[0-9]+|[xX][0-9a-fA-F]+)[^0-9a-fA-F]))")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class TextStyle:
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
        The page has more markup than any transcript, or its markup cannot be read.
    """
    from bs4 import BeautifulSoup
    from bs4.builder import ParserRejectedMarkup

    if text.count("<") > MAX_TAGS:
        raise TranscriptError("{path}: more than {most} tags; a transcript page was expected", path=file, most=MAX_TAGS)
    text = _with_open_ends(INSTRUCTION.sub("", text))
    _check_tags(text, file)
    try:
        page = BeautifulSoup("<p>" + text, "html.parser")  # the tag tells it from a file's name
    except ParserRejectedMarkup as error:
        raise TranscriptError("{path}: markup that cannot be read; save the page as .txt", path=file) from error
    title = page.title.get_text(" ", strip=True) if page.title else None
    language = page.html.get("lang") if page.html else None
    content = _content(page)
    walker = Walker(_dropped(content))
    walker.walk(content)
    return walker.writer.draft(title, str(language).strip() if language else None)


def _with_open_ends(text: str) -> str:
    """The page with comments and tags that never end as text, for else they are all that follows.

    So is the start of a number that is none, after which Python's parser takes tags for text, and of a section that is
    none, at which it gives up.
    """
    text = NO_SECTION.sub("&lt;", NO_NUMBER.sub("&amp;", text))
    for start, end in (("<!--", "-->"), ("<", ">")):
        last = text.rfind(end) + 1
        text = text[:last] + text[last:].replace(start, start.replace("<", "&lt;"))
    return text


def _check_tags(text: str, file: str) -> None:
    """Refuse a page with many tags that do not end, each of which the parser looks for to the end of the page."""
    left = MAX_TAG_CHARS
    for opening in OPENING.finditer(text):
        found = START_TAG.match(text, opening.start())
        left -= len(found.group()) if found else 0
        if left < 0:
            raise TranscriptError("{path}: tags that never end; a transcript page was expected", path=file)


def _content(page: BeautifulSoup) -> Tag:
    """The main part of the page, if it says which it is and most of what it says is not elsewhere."""
    bodies = page.find_all("body", limit=2)
    is_whole = len(bodies) == 1 and not _count_letters(page, ("head", "title", "body"))
    body = bodies[0] if is_whole else page  # browsers show what stands around a body too
    letters = _count_letters(body, ASIDE)
    for name in ("main", "article"):
        found = page.find_all(name, limit=2)
        if len(found) == 1 and _count_letters(found[0]) > MIN_MAIN_SHARE * letters:
            return found[0]
    return body


def _dropped(content: Tag) -> frozenset[str]:
    """The names of elements to leave out: none that holds most of the text, such as buttons that play their words."""
    letters = _count_letters(content)
    held = {name for name in DROPPED if content.find(name) and 2 * _count_letters(content, (name,)) < letters}
    return DROPPED - held


def _count_letters(root: Tag, without: Container[str] = ()) -> int:
    """Letters and digits of an element, those of elements of some names left out."""
    from bs4.element import NavigableString, Tag

    count, pending = 0, list[object]([root])
    while pending:
        node = pending.pop()
        if isinstance(node, Tag) and node.name not in without:
            pending.extend(node.contents)
        elif type(node) is NavigableString:
            count += sum(map(str.isalnum, node))
    return count


def _short_text(tag: Tag) -> str:
    """The text of an element of few parts; empty for others."""
    from bs4.element import NavigableString, Tag

    texts, pending = list[str](), list[object]([tag])
    for _ in range(MAX_PARTS):
        if not pending:
            break
        node = pending.pop()
        if isinstance(node, Tag):
            pending.extend(node.contents[MAX_PARTS::-1])
        elif type(node) is NavigableString:
            texts.append(node.strip())
    return "" if pending else "".join(texts)


class Walker:
    """Goes through a page in order without recursion, for pages may be nested deeper than Python's stack."""

    def __init__(self, dropped: frozenset[str]) -> None:
        self.writer = DraftWriter()
        self._dropped = dropped
        self._runs: list[Run] = []
        self._kind: Kind | None = None

    def walk(self, root: Tag) -> None:
        from bs4.element import Comment, Doctype, NavigableString, Tag

        pending: list[tuple[object, TextStyle]] = [(root, TextStyle())]
        while pending:
            node, style = pending.pop()
            if node is None:
                self._end_paragraph()
            elif isinstance(node, Tag):
                self._open(node, style, pending)
            elif isinstance(node, NavigableString) and not isinstance(node, Comment | Doctype):
                self._text(str(node), style)
        self._end_paragraph()

    def _open(self, tag: Tag, style: TextStyle, pending: list[tuple[object, TextStyle]]) -> None:
        name = tag.name.lower()
        if name in self._dropped or _is_hidden(tag) or (name == "time" and _is_stamp(tag)):
            return
        if name == "br":
            self._runs.append(Run("\n"))
        elif name in ("sup", "a") and (mark := self._footnote_mark(tag)):
            self._text(mark, style)
        elif name == "sup" and (power := _short_text(tag)).isdecimal():
            self._text(power.translate(RAISED), style)
        else:
            if name in BLOCKS:
                self._end_paragraph()
                pending.append((None, style))
            inner = _styled(tag, name, style)
            pending.extend((child, inner) for child in reversed(tag.contents))

    def _text(self, text: str, style: TextStyle) -> None:
        self._kind = self._kind or style.kind
        self._runs.append(Run(text if style.pre else re.sub(r"[ \t\n\r\f]+", " ", text), style.bold, style.cite))

    def _end_paragraph(self) -> None:
        self.writer.add(self._runs, self._kind)
        self._runs, self._kind = [], None

    def _footnote_mark(self, tag: Tag) -> str | None:
        """``[3]`` for a raised or linked footnote number, however it is written; None for a power or an ordinal."""
        text = _short_text(tag)
        if not MARK.fullmatch(text):
            return None
        before = self._runs[-1].text[-40:] if self._runs else ""
        if tag.name == "a" and text.isalpha():
            return None  # a word that plays itself, or leads to a glossary
        link = tag if tag.name == "a" else tag.find("a")
        address = str(link.get("href", "")) if link is not None else ""
        local = address.startswith("#") and not address.startswith("#t=")  # a time of the sound
        glued = re.search(r"(?<![^\W\d_])([^\W\d_]++)$", before)
        raised = tag.name == "sup" and bool(glued or re.search(r"[.,;:!?»”)\s]$", before))
        unit = glued is not None and glued[1].casefold() in UNITS
        if (local and len(text) <= 6) or (raised and not unit and NUMBER.fullmatch(text)):
            return f"[{text.strip('[]()')}]"
        return None


def _is_hidden(tag: Tag) -> bool:
    """Hidden from readers, other than a transcript that they open."""
    names = [str(tag.get("id", "")), *map(str, tag.get_attribute_list("class"))]
    return tag.get("hidden") is not None and not any(map(TRANSCRIPT.search, names))


def _is_stamp(tag: Tag) -> bool:
    """A time that goes with a line, and not one inside a sentence, nor one without end that holds all that follows."""
    from bs4.element import NavigableString, Tag

    if any(isinstance(node, Tag) and node.name in BLOCKS for node in tag.contents):
        return False
    beside = [node for node in (tag.previous_sibling, tag.next_sibling) if isinstance(node, NavigableString)]
    in_sentence = any(any(map(str.isalnum, words)) for words in beside)
    return not in_sentence or not any(map(str.isalpha, _short_text(tag)))


def _styled(tag: Tag, name: str, style: TextStyle) -> TextStyle:
    classes = " ".join([*(tag.get_attribute_list("class")), str(tag.get("role", ""))] if tag.attrs else [])
    kind = style.kind
    if re.fullmatch(r"h[1-6]", name):
        kind = kind or Kind.HEADING
    elif name in NOTE_BLOCKS or NOTE_CLASSES.search(classes):
        kind = Kind.NOTE
    # A paragraph is no part of a name: the name's end is missing.
    cite = (
        (style.cite and name != "p")
        or name in ("cite", "dt")
        or bool(re.search(r"\bspeaker(?:[-_]?name)?\b", classes) and name in ("span", "b", "strong"))
    )
    bold = (
        name in ("b", "strong") or re.search(r"font-weight:\s*(?:bold|[6-9]00)", str(tag.get("style", ""))) is not None
    )
    return replace(style, bold=style.bold or bold, cite=cite, pre=style.pre or name == "pre", kind=kind)
