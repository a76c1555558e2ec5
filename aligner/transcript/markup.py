"""A page's markup as a tree, made in one pass over the page, whatever stands in it.

Read as browsers read it, but with nothing lost: an element ends where it says, or where one around it ends, or with the
page; a comment or tag that never ends is text, and of a script or style that never ends no more than its tag is markup.
Comments, declarations, instructions and what scripts and styles hold are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

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
