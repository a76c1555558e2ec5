"""Read HTML pages: paragraphs, headings, and speakers in ``cite`` elements or bold.

Menus, scripts and other elements that contain no text of the page are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.formats import SNIFFED_BYTES, decode
from aligner.transcript.marks import ONLY_TIME
from aligner.transcript.vocabulary import UNITS

MAX_TAGS = 150_000  # an hour's page with a tag for every word has 25,000
MIN_MAIN_SHARE = 0.3  # of the page's letters that its main element holds
MAX_PARTS = 50  # texts inside a footnote mark or a time
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
NOTE_CLASSES = re.compile(r"\b(?:footnotes?|endnotes?|references|doc-endnotes|doc-footnote)\b", re.IGNORECASE)
TRANSCRIPT = re.compile(r"trans?[ck]ri", re.IGNORECASE)  # in the name of a hidden element that readers unfold
MARK = re.compile(r"[\[(]?(\^?[\w-]{1,20}|\*{1,3}|[†‡])[\])]?")
NUMBER = re.compile(r"[\[(]?\^?\d{1,3}[\])]?")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The style that text inherits from the elements around it. ``cite`` marks a speaker's name, ``pre`` preformatted
    text. ``kind`` is the kind of segment, None if the elements specify none."""

    bold: bool = False
    cite: bool = False
    pre: bool = False
    kind: Kind | None = None


def decode_html(data: bytes, file: str) -> str:
    """Return the text of a page. The charset declared in the page is used if the bytes are neither UTF-8 nor UTF-16."""
    declared = CHARSET.search(data[:SNIFFED_BYTES])
    return decode(data, file, declared[1].decode("ascii") if declared else None)


def read_html(text: str, file: str) -> Draft:
    """Return the draft of a page; ``file`` is its path for error messages. Raises TranscriptError if the page has too
    many tags, or tags that are nested too deep."""
    from lxml import etree

    if text.count("<") > MAX_TAGS:
        raise TranscriptError("{path}: more than {most} tags; a transcript page was expected", path=file, most=MAX_TAGS)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    page = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if any(each.type_name == "ERR_RESOURCE_LIMIT" for each in parser.error_log):
        raise TranscriptError("{path}: its tags are nested too deep; a transcript page was expected", path=file)
    if page is None:
        return DraftWriter().draft()
    title = " ".join("".join(page.xpath("(//title)[1]//text()")).split())
    etree.strip_elements(page, *DROPPED, with_tail=False)
    for time in page.iter("time"):
        if ONLY_TIME.fullmatch(_short_text(time)):
            time.clear(keep_tail=True)
    walker = _Walker()
    walker.walk(_main_content(page))
    return walker.writer.draft(title, page.get("lang", "").strip())


def _main_content(page: Any) -> Any:
    """Return the only ``main`` element, or else the only ``article`` element, if it has over 30 % of the page's
    letters. Otherwise, return the whole page."""
    letters = _count_letters(page.itertext())
    for name in ("main", "article"):
        found = list(islice(page.iter(name), 2))
        if len(found) == 1 and _count_letters(found[0].itertext()) > MIN_MAIN_SHARE * letters:
            return found[0]
    return page


def _count_letters(texts: Iterable[str]) -> int:
    return sum(sum(map(str.isalnum, text)) for text in texts)


def _short_text(element: Any) -> str:
    """Return the text of a short element, such as a footnote mark or a time; "" if the element has many text nodes."""
    texts = list(islice(element.itertext(), MAX_PARTS + 1))
    return "" if len(texts) > MAX_PARTS else "".join(text.strip() for text in texts)


class _Walker:
    """A traversal of a page that adds each paragraph to a draft, in order."""

    def __init__(self) -> None:
        self.writer = DraftWriter()
        self._runs: list[Run] = []
        self._kind: Kind | None = None

    def walk(self, root: Any) -> None:
        from lxml.etree import iterwalk

        styles = [TextStyle()]
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element.tag in BLOCKS and not _is_hidden(element):
                self._end_paragraph()
            if event == "end":
                styles.pop()
                if element is not root:
                    self._add(element.tail, styles[-1])
            elif self._write_whole(element, styles[-1]):
                styles.append(styles[-1])
                walk.skip_subtree()
            else:
                styles.append(_styled(element, styles[-1]))
                self._add(element.text, styles[-1])
        self._end_paragraph()

    def _write_whole(self, element: Any, style: TextStyle) -> bool:
        if _is_hidden(element):
            return True
        if element.tag == "br":
            self._runs.append(Run("\n"))
        elif element.tag in ("sup", "a") and (mark := self._footnote_mark(element)):
            self._add(mark, style)
        elif element.tag == "sup" and (power := _short_text(element)).isdecimal():
            self._add(power.translate(RAISED), style)
        else:
            return False
        return True

    def _add(self, text: str | None, style: TextStyle) -> None:
        if text:
            self._kind = self._kind or style.kind
            self._runs.append(Run(text if style.pre else re.sub(r"[ \t\n\r\f]+", " ", text), style.bold, style.cite))

    def _end_paragraph(self) -> None:
        self.writer.add(self._runs, self._kind)
        self._runs, self._kind = [], None

    def _footnote_mark(self, element: Any) -> str | None:
        """Return the footnote mark in a ``sup`` or ``a`` element as ``[3]``; None for a power, ordinal or word."""
        text = _short_text(element)
        if not MARK.fullmatch(text) or (element.tag == "a" and text.isalpha()):
            return None
        before = self._runs[-1].text[-40:] if self._runs else ""
        address = next((link.get("href", "") for link in element.iter("a")), "")
        local = address.startswith("#") and not address.startswith("#t=")  # "#t=" links to a time in the audio
        word = re.search(r"(?<![^\W\d_])([^\W\d_]++)$", before)
        raised = element.tag == "sup" and bool(word or re.search(r"[.,;:!?»”)\s]$", before))
        is_unit = word is not None and word[1].casefold() in UNITS
        if (local and len(text) <= 6) or (raised and not is_unit and NUMBER.fullmatch(text)):
            return f"[{text.strip('[]()')}]"
        return None


def _is_hidden(element: Any) -> bool:
    names = element.get("id", ""), element.get("class", "")
    return element.get("hidden") is not None and not any(map(TRANSCRIPT.search, names))


def _styled(element: Any, style: TextStyle) -> TextStyle:
    name = element.tag
    classes = f"{element.get('class', '')} {element.get('role', '')}"
    kind = style.kind
    if re.fullmatch(r"h[1-6]", name):
        kind = kind or Kind.HEADING
    elif name in ("aside", "figcaption") or NOTE_CLASSES.search(classes):
        kind = Kind.NOTE
    cite = (
        (style.cite and name != "p")  # a paragraph inside a name means that the end tag is missing
        or name in ("cite", "dt")
        or (bool(re.search(r"\bspeaker(?:[-_]?name)?\b", classes)) and name in ("span", "b", "strong"))
    )
    bold = name in ("b", "strong") or bool(re.search(r"font-weight:\s*(?:bold|[6-9]00)", element.get("style", "")))
    return replace(style, bold=style.bold or bold, cite=cite, pre=style.pre or name == "pre", kind=kind)
