"""HTML pages: the markup as a tree, paragraphs, headings, cited or bold speakers.

Read as browsers read it, but with nothing lost: an element ends where it says, or where one around it ends, or with the
page; a comment or tag that never ends is text, and of a script or style that never ends no more than its tag is markup.
Comments, declarations, instructions and what scripts and styles hold are left out.

What is not the page's own text is dropped. Text is taken as text and never interpreted further.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import islice

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.formats import decode
from aligner.transcript.vocabulary import UNITS

VOID = frozenset(
    """
    area base basefont bgsound br col command embed frame hr image img input isindex keygen link menuitem meta nextid
    param source spacer track wbr
""".strip().split()
)
ELEMENTS = VOID | frozenset(
    """
    a abbr acronym address applet article aside audio b bdi bdo big blink blockquote body button canvas caption center
    cite code colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer
    form frameset g h1 h2 h3 h4 h5 h6 head header hgroup html i iframe ins kbd label legend li main map mark marquee
    math menu meter nav nobr noembed noframes noscript object ol optgroup option output p path picture plaintext pre
    progress q rb rp rt rtc ruby s samp script search section select slot small span strike strong style sub summary
    sup svg table tbody td template textarea tfoot th thead time title tr tt u ul use var video xmp
""".strip().split()
)
"""The names of HTML's elements, and of those that pages have within them."""

ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\s>]*+)))?+"""  # name, value
)
NAME = r"(?P<name>[a-zA-Z][^\s/>]*+)"
TAG = re.compile(rf"<{NAME}(?P<attributes>(?:[\s/]*+{ATTRIBUTE.pattern})*+)(?P<rest>[\s/]*+)>")
UNQUOTED_TAG = re.compile(rf"<{NAME}(?P<attributes>[^>]*+)(?P<rest>)>")
END_TAG = re.compile(rf"</\s*+{NAME}[^>]*+>")
LEFT_OUT = re.compile(r"<(?:!doctype\b[^>]*+|[!?/][^<>]*+)>", re.IGNORECASE)
COMMENT, COMMENT_END = "<!--", re.compile("-->")
SECTION, SECTION_END = "<![CDATA[", re.compile("]]>")
SCRIPT_ENDS = {
    "script": re.compile(r"</\s*+script(?=[\s/>])", re.IGNORECASE),
    "style": re.compile(r"</\s*+style(?=[\s/>])", re.IGNORECASE),
}
LONG_NUMBER = re.compile(r"&#[0-9]{16,}+;?")  # of no character, and perhaps of more digits than Python takes


@dataclass(slots=True, eq=False)
class Element:
    """An element of a page; one without a name is the page itself."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    contents: list[Element | str] = field(default_factory=list)

    def nodes(self) -> Iterator[Element | str]:
        """It and all that it holds, in the page's order."""
        yield self
        pending = [iter(self.contents)]
        while pending:
            for node in pending[-1]:
                yield node
                if isinstance(node, Element):
                    pending.append(iter(node.contents))
                    break
            else:
                pending.pop()

    def named(self, name: str) -> list[Element]:
        """The elements of a name, in the page's order."""
        return [node for node in self.nodes() if isinstance(node, Element) and node.name == name]


@dataclass(frozen=True, slots=True)
class Tag:
    """Where an element begins or ends."""

    name: str
    is_end: bool = False
    is_whole: bool = False  # the element has nothing in it
    attributes: dict[str, str] = field(default_factory=dict)


def parse(page: str) -> Element:
    """The tree of a page, in time and memory proportional to the page's length."""
    open_elements, open_names = [Element("")], Counter[str]()
    for piece in _Scanner(page).pieces():
        if isinstance(piece, str):
            open_elements[-1].contents.append(piece)
        elif not piece.is_end:
            element = Element(piece.name, piece.attributes)
            open_elements[-1].contents.append(element)
            if not piece.is_whole:
                open_elements.append(element)
                open_names[piece.name] += 1
        else:
            ended = None
            while ended != piece.name and open_names[piece.name]:
                ended = open_elements.pop().name
                open_names[ended] -= 1
    return open_elements[0]


class _Scanner:
    """Cuts a page into texts and tags. An end that the rest of the page does not hold is not looked for twice."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._missing: set[re.Pattern[str]] = set()
        self._has_quotes = True

    def pieces(self) -> Iterator[Tag | str]:
        begin = at = 0
        last_end = self._page.rfind(">")
        while 0 <= (start := self._page.find("<", at)) < last_end:
            found = self._markup(start)
            at = start + 1
            if found:
                if begin < start:
                    yield _unescaped(self._page[begin:start])
                piece, begin = found
                at = begin
                if piece:
                    yield piece
        if begin < len(self._page):
            yield _unescaped(self._page[begin:])

    def _markup(self, start: int) -> tuple[Tag | str, int] | None:
        """What begins at a ``<``, nothing for what is left out, and where it ends; None if it is text."""
        page = self._page
        if page.startswith(COMMENT, start):
            ended = self._search(COMMENT_END, start + 2)  # ``<!-->`` is a comment
            return ("", ended.end()) if ended else None
        if page.startswith(SECTION, start):
            ended = self._search(SECTION_END, start)
            return (page[start + len(SECTION) : ended.start()], ended.end()) if ended else None
        if found := END_TAG.match(page, start):
            return Tag(found["name"].lower(), is_end=True), found.end()
        if found := LEFT_OUT.match(page, start):
            return "", found.end()
        return self._start_tag(start)

    def _start_tag(self, start: int) -> tuple[Tag, int] | None:
        """A tag whose quotes would have it never end ends at the first ``>`` all the same, and so do all after it."""
        found = TAG.match(self._page, start) if self._has_quotes else None
        if not found and (found := UNQUOTED_TAG.match(self._page, start)):
            self._has_quotes = False
        if not found:
            return None
        name, end = found["name"].lower(), found.end()
        is_whole = name in VOID or found["rest"].endswith("/")
        if name in SCRIPT_ENDS and not is_whole:
            ended = self._search(SCRIPT_ENDS[name], end)
            is_whole, end = ended is None, ended.start() if ended else end
        attributes = {
            each[1].lower(): _unescaped(each[2] or each[3] or each[4] or "")
            for each in ATTRIBUTE.finditer(found["attributes"])
        }
        return Tag(name, is_whole=is_whole, attributes=attributes), end

    def _search(self, ending: re.Pattern[str], start: int) -> re.Match[str] | None:
        found = None if ending in self._missing else ending.search(self._page, start)
        if not found:
            self._missing.add(ending)
        return found


def _unescaped(text: str) -> str:
    return unescape(LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


MAX_TAGS = 150_000  # an hour's page with a tag for every word has 25,000
CHARSET = re.compile(
    rb"(?:<meta[^>]{0,200}?charset|\A\s*+<\?xml[^>]{0,200}?\sencoding)\s*+=\s*+(?:[\"']\s*+)?([\w.:-]{1,40})",
    re.IGNORECASE,
)
DATA = re.compile(r"""(?<=["'=(])data:[\w.+/;=-]{0,100};base64,[A-Za-z0-9+/=]*+""")
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
UNSHOWN = "template"  # in which a page keeps what it may show later
NOTE_BLOCKS = frozenset({"aside", "figcaption"})
NOTE_CLASSES = re.compile(r"\b(?:footnotes?|endnotes?|references|doc-endnotes|doc-footnote)\b", re.IGNORECASE)
ASIDE = ("title", "nav", "footer", "aside")
MIN_MAIN_SHARE = 0.3  # of the page's letters; a part with fewer is not what the page is for
MAX_PARTS = 50  # of a footnote mark or a time
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
    """The page's characters; its own charset declaration counts where the bytes are not UTF-8 or UTF-16."""
    declared = CHARSET.search(data[:4096])
    return decode(data, file, declared[1].decode("ascii") if declared else None)


def without_data(text: str) -> str:
    """A page without the pictures and fonts that are written into it."""
    return DATA.sub("data:,", text)


def read_html(text: str, file: str) -> Draft:
    """The draft of a page.

    Raises
    ------
    TranscriptError
        The page has more markup than any transcript.
    """
    if text.count("<") > MAX_TAGS:
        raise TranscriptError("{path}: more than {most} tags; a transcript page was expected", path=file, most=MAX_TAGS)
    page = parse(text)
    title = next(map(_title, page.named("title")), None)
    language = next((html.attributes.get("lang", "").strip() for html in page.named("html")), None)
    content = _content(page)
    walker = Walker(_dropped(content))
    walker.walk(content)
    return walker.writer.draft(title, language)


def _content(page: Element) -> Element:
    """The main part of the page, if it says which it is and most of what it says is not elsewhere."""
    bodies = page.named("body")
    is_whole = len(bodies) == 1 and not _count_letters(page, ("head", "title", "body"))
    body = bodies[0] if is_whole else page  # browsers show what stands around a body too
    letters = _count_letters(body, ASIDE)
    for name in ("main", "article"):
        found = page.named(name)
        if len(found) == 1 and _count_letters(found[0]) > MIN_MAIN_SHARE * letters:
            return found[0]
    return body


def _title(element: Element) -> str:
    texts = (node.strip() for node in element.nodes() if isinstance(node, str))
    return " ".join(filter(None, texts))


def _dropped(content: Element) -> frozenset[str]:
    """The names of elements to leave out: none that holds most of the text, such as buttons that play their words."""
    letters, held = 0, Counter[str]()
    pending: list[tuple[Element | str, frozenset[str]]] = [(content, frozenset())]
    while pending:
        node, around = pending.pop()
        if isinstance(node, str):
            count = _letters(node)
            letters += count
            held.update(dict.fromkeys(around, count))
        elif node.name != UNSHOWN:
            around |= DROPPED & {node.name}
            pending.extend((each, around) for each in node.contents)
    return DROPPED - {name for name in held if 2 * held[name] > letters}


def _count_letters(root: Element, without: Collection[str] = ()) -> int:
    """Letters and digits of an element, those of elements of some names left out."""
    count, pending = 0, list[Element | str]([root])
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            count += _letters(node)
        elif node.name not in without and node.name != UNSHOWN:
            pending.extend(node.contents)
    return count


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _short_text(element: Element) -> str:
    """The text of an element of few parts; empty for others."""
    nodes = list(islice(element.nodes(), MAX_PARTS + 1))
    return "" if len(nodes) > MAX_PARTS else "".join(node.strip() for node in nodes if isinstance(node, str))


class Walker:
    """Goes through a page in order without recursion, for pages may be nested deeper than Python's stack."""

    def __init__(self, dropped: frozenset[str]) -> None:
        self.writer = DraftWriter()
        self._dropped = dropped
        self._runs: list[Run] = []
        self._kind: Kind | None = None

    def walk(self, root: Element) -> None:
        pending: list[tuple[Element | str | None, TextStyle]] = [(root, TextStyle())]
        while pending:
            node, style = pending.pop()
            if node is None:
                self._end_paragraph()
            elif isinstance(node, str):
                self._text(node, style)
            elif not self._show_alone(node, style):
                if node.name in BLOCKS:
                    self._end_paragraph()
                    pending.append((None, style))
                inner = _styled(node, style)
                pending.extend((child, inner) for child in reversed(_without_stamps(node.contents)))
        self._end_paragraph()

    def _show_alone(self, element: Element, style: TextStyle) -> bool:
        """Whether the element is shown by this, or left out, and what it holds needs no look."""
        if element.name in self._dropped or _is_hidden(element):
            return True
        if element.name == "br":
            self._runs.append(Run("\n"))
        elif element.name in ("sup", "a") and (mark := self._footnote_mark(element)):
            self._text(mark, style)
        elif element.name == "sup" and (power := _short_text(element)).isdecimal():
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

    def _footnote_mark(self, element: Element) -> str | None:
        """``[3]`` for a raised or linked footnote number, however it is written; None for a power or an ordinal."""
        text = _short_text(element)
        if not MARK.fullmatch(text):
            return None
        before = self._runs[-1].text[-40:] if self._runs else ""
        if element.name == "a" and text.isalpha():
            return None  # a word that plays itself, or leads to a glossary
        address = next((link.attributes.get("href", "") for link in element.named("a")), "")
        local = address.startswith("#") and not address.startswith("#t=")  # a time of the sound
        glued = re.search(r"(?<![^\W\d_])([^\W\d_]++)$", before)
        raised = element.name == "sup" and bool(glued or re.search(r"[.,;:!?»”)\s]$", before))
        unit = glued is not None and glued[1].casefold() in UNITS
        if (local and len(text) <= 6) or (raised and not unit and NUMBER.fullmatch(text)):
            return f"[{text.strip('[]()')}]"
        return None


def _is_hidden(element: Element) -> bool:
    """Hidden from readers, other than a transcript that they open."""
    names = (element.attributes.get("id", ""), element.attributes.get("class", ""))
    return "hidden" in element.attributes and not any(map(TRANSCRIPT.search, names))


def _without_stamps(contents: list[Element | str]) -> list[Element | str]:
    """The contents without the times that go with a line."""
    around = ["", *contents, ""]
    return [
        node
        for before, node, after in zip(around, contents, around[2:], strict=False)
        if isinstance(node, str) or node.name != "time" or not _is_stamp(node, (before, after))
    ]


def _is_stamp(time: Element, beside: Sequence[Element | str]) -> bool:
    """A time that goes with a line, and not one inside a sentence, nor one without end that holds all that follows."""
    if any(isinstance(node, Element) and node.name in BLOCKS for node in time.contents):
        return False
    in_sentence = any(any(map(str.isalnum, node)) for node in beside if isinstance(node, str))
    return not in_sentence or not any(map(str.isalpha, _short_text(time)))


def _styled(element: Element, style: TextStyle) -> TextStyle:
    name = element.name
    classes = f"{element.attributes.get('class', '')} {element.attributes.get('role', '')}"
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
        name in ("b", "strong")
        or re.search(r"font-weight:\s*(?:bold|[6-9]00)", element.attributes.get("style", "")) is not None
    )
    return replace(style, bold=style.bold or bold, cite=cite, pre=style.pre or name == "pre", kind=kind)
