"""HTML pages, parsed by lxml as browsers do: paragraphs, headings, cited or bold speakers.

What is not the page's own text, such as menus and scripts, is dropped. Text is taken as text and never interpreted
further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.formats import SNIFFED_BYTES, decode
from aligner.transcript.vocabulary import UNITS

MAX_TAGS = 150_000  # an hour's page with a tag for every word has 25,000
MIN_MAIN_SHARE = 0.3  # of the page's letters; a part with fewer is not what the page is for
MAX_PARTS = 50  # of a footnote mark or a time
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
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6
    header hgroup hr html li main ol p pre section summary table tbody td tfoot th thead tr ul caption
""".strip().split()
)
BESIDE_TEXT = ("nav", "footer", "aside", "template")
NOTE_BLOCKS = frozenset({"aside", "figcaption"})
NOTE_CLASSES = re.compile(r"\b(?:footnotes?|endnotes?|references|doc-endnotes|doc-footnote)\b", re.IGNORECASE)
TRANSCRIPT = re.compile(r"trans?[ck]ri", re.IGNORECASE)  # in the name of an element that a page shows when asked
MARK = re.compile(r"[\[(]?(\^?[\w-]{1,20}|\*{1,3}|[†‡])[\])]?")
NUMBER = re.compile(r"[\[(]?\^?\d{1,3}[\])]?")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """What the enclosing elements say of a text."""

    bold: bool = False
    cite: bool = False
    pre: bool = False
    kind: Kind | None = None


def decode_html(data: bytes, file: str) -> str:
    """Return the page's characters; its own charset declaration counts where the bytes are not UTF-8 or UTF-16."""
    declared = CHARSET.search(data[:SNIFFED_BYTES])
    return decode(data, file, declared[1].decode("ascii") if declared else None)


def read_html(text: str, file: str) -> Draft:
    """Return the draft of a page; raises TranscriptError if it has more markup than any transcript."""
    from lxml import etree

    if text.count("<") > MAX_TAGS:
        raise TranscriptError("{path}: more than {most} tags; a transcript page was expected", path=file, most=MAX_TAGS)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    page = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(each.type_name == "ERR_RESOURCE_LIMIT" for each in parser.error_log):
        raise TranscriptError("{path}: its tags are nested too deep; a transcript page was expected", path=file)
    if page is None:
        return DraftWriter().draft()
    content = _content(page)
    walker = _Walker()
    walker.walk(content)
    title = " ".join("".join(page.xpath("(//title)[1]//text()")).split())
    return walker.writer.draft(title, page.get("lang", "").strip())


def _content(page: Any) -> Any:
    """Return the main part of the page, if it says which it is and most of what it says is not elsewhere."""
    body = page.find("body")
    if body is None:
        return page
    letters = _count_letters(_texts_besides(body))
    for name in ("main", "article"):
        found = list(islice(body.iter(name), 2))
        if len(found) == 1 and _count_letters(found[0].itertext()) > MIN_MAIN_SHARE * letters:
            return found[0]
    return body


def _texts_besides(body: Any) -> Iterator[str]:
    """Yield the texts of the page's body that are no menu, footer or the like."""
    from lxml.etree import iterwalk

    walk = iterwalk(body, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in BESIDE_TEXT:
            walk.skip_subtree()
        elif text := element.text if event == "start" else element.tail:
            yield text


def _count_letters(texts: Iterator[str]) -> int:
    return sum(sum(map(str.isalnum, text)) for text in texts)


def _short_text(element: Any) -> str:
    """Return the text of an element of few parts; empty for others."""
    texts = list(islice(element.itertext(), MAX_PARTS + 1))
    return "" if len(texts) > MAX_PARTS else "".join(text.strip() for text in texts)


def _contents(element: Any) -> Iterator[Any]:
    """Yield the texts and elements right in an element, without the times that go with a line."""
    before = element.text
    if before:
        yield before
    for child in element:
        if child.tag != "time" or not _is_stamp(child, before):
            yield child
        before = child.tail
        if before:
            yield before


def _is_stamp(time: Any, before: str | None) -> bool:
    """Return whether a time goes with a line, is not in a sentence, and does not hold what follows."""
    if any(child.tag in BLOCKS for child in time):
        return False
    in_sentence = any(map(str.isalnum, (before or "") + (time.tail or "")))
    return not in_sentence or not any(map(str.isalpha, _short_text(time)))


class _Walker:
    """Goes through a page in order without recursion, for pages may be nested deeper than Python's stack."""

    def __init__(self) -> None:
        self.writer = DraftWriter()
        self._runs: list[Run] = []
        self._kind: Kind | None = None

    def walk(self, root: Any) -> None:
        pending: list[tuple[Any, TextStyle]] = [(root, TextStyle())]
        while pending:
            node, style = pending.pop()
            if node is None:
                self._end_paragraph()
            elif isinstance(node, str):
                self._text(node, style)
            elif not self._show_alone(node, style):
                if node.tag in BLOCKS:
                    self._end_paragraph()
                    pending.append((None, style))
                inner = _styled(node, style)
                pending.extend((each, inner) for each in reversed(list(_contents(node))))
        self._end_paragraph()

    def _show_alone(self, element: Any, style: TextStyle) -> bool:
        """Return whether the element is shown by this, or left out, and what it holds needs no look."""
        if element.tag in DROPPED or _is_hidden(element):
            return True
        if element.tag == "br":
            self._runs.append(Run("\n"))
        elif element.tag in ("sup", "a") and (mark := self._footnote_mark(element)):
            self._text(mark, style)
        elif element.tag == "sup" and (power := _short_text(element)).isdecimal():
            self._text(power.translate(RAISED), style)
        else:
            return False
        return True

    def _text(self, text: str, style: TextStyle) -> None:
        self._kind = self._kind or style.kind
        self._runs.append(Run(text if style.pre else re.sub(r"[ \t\n\r\f]+", " ", text), style.bold, style.cite))

    def _end_paragraph(self) -> None:
        self.writer.add(self._runs, self._kind)
        self._runs, self._kind = [], None

    def _footnote_mark(self, element: Any) -> str | None:
        """Return ``[3]`` for a raised or linked footnote number, however it is written; None for a power or an
        ordinal."""
        text = _short_text(element)
        if not MARK.fullmatch(text) or (element.tag == "a" and text.isalpha()):
            return None  # a word that plays itself, or leads to a glossary
        before = self._runs[-1].text[-40:] if self._runs else ""
        address = next((link.get("href", "") for link in element.iter("a")), "")
        local = address.startswith("#") and not address.startswith("#t=")  # a time of the audio
        glued = re.search(r"(?<![^\W\d_])([^\W\d_]++)$", before)
        raised = element.tag == "sup" and bool(glued or re.search(r"[.,;:!?»”)\s]$", before))
        unit = glued is not None and glued[1].casefold() in UNITS
        if (local and len(text) <= 6) or (raised and not unit and NUMBER.fullmatch(text)):
            return f"[{text.strip('[]()')}]"
        return None


def _is_hidden(element: Any) -> bool:
    """Return whether it is hidden from readers, and no transcript that they open."""
    names = element.get("id", ""), element.get("class", "")
    return element.get("hidden") is not None and not any(map(TRANSCRIPT.search, names))


def _styled(element: Any, style: TextStyle) -> TextStyle:
    name = element.tag
    classes = f"{element.get('class', '')} {element.get('role', '')}"
    kind = style.kind
    if re.fullmatch(r"h[1-6]", name):
        kind = kind or Kind.HEADING
    elif name in NOTE_BLOCKS or NOTE_CLASSES.search(classes):
        kind = Kind.NOTE
    # A paragraph is no part of a name: the name's end is missing.
    cite = (
        (style.cite and name != "p")
        or name in ("cite", "dt")
        or (bool(re.search(r"\bspeaker(?:[-_]?name)?\b", classes)) and name in ("span", "b", "strong"))
    )
    bold = name in ("b", "strong") or bool(re.search(r"font-weight:\s*(?:bold|[6-9]00)", element.get("style", "")))
    return replace(style, bold=style.bold or bold, cite=cite, pre=style.pre or name == "pre", kind=kind)
