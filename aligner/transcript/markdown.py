"""Markdown, by way of the page it stands for: the draft's text is the rendered text, since that is what is said.

Where the format would leave words out (rows longer than their table, lines that only look like its metadata or
references, deep nesting, a name in angle brackets that is no element's), the words are kept and the format gives way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.model import Kind
from aligner.transcript.draft import Draft
from aligner.transcript.html import ELEMENTS, MAX_TAGS, read_html
from aligner.transcript.names import shortened
from aligner.transcript.plain import read_plain, split_lines, unwrap
from aligner.transcript.speakers import ends_sentence
from aligner.transcript.vocabulary import METADATA

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

MAX_MARKS = 300_000  # characters that may be markup; with more the file is read as plain text
MAX_TOKENS = 200_000  # after which no more tables are made, whose missing cells the parser adds
MARKUP = re.compile(r"[\[\]*_`<&!\\]")
MAX_NESTING = 20  # of quotes and lists; what is nested deeper would be left out
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_LINE = re.compile(r"(?P<name>[\w-]{1,40})\s*:(?:\s|$)|\s|#|-\s|$")
FRONT_NAMES = METADATA | {"lang", "language", "layout", "author", "authors", "slug", "id", "number", "season", "draft"}
FIELD = re.compile(r"^(title|lang|language|show|podcast|series)\s*:(.*)$", re.MULTILINE)
# What defines a link, which is not shown. Labels have its form (``[Ana]: Oui.``), and so have footnotes, whose mark a
# link would take the brackets off.
LINK_DEFINITION = re.compile(
    r"\[(?!\^|\d{1,3}\])[^\[\]]{1,200}\]:\s*<?(?:https?:|mailto:|www\.|[./#])", re.ASCII | re.IGNORECASE
)
CELL_BORDER = re.compile(r"(?<!\\)\|")
INLINE_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)")
MAX_HEADING_CHARS = 110
_PROSE = {"paragraph_open": "paragraph_close", "heading_open": "heading_close"}
_TABLE = {"table_open": "table_close"}
_OTHERS = ("html_block", "fence", "code_block")


def read_markdown(text: str, file: str) -> Draft:
    """The draft of a Markdown file; line breaks are kept unless an editor made them at a fixed width."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT_MATTER.match(text)
    front = front if front and _is_front_matter(front[1]) else None
    fields = {name: value.strip().strip("\"'") for name, value in FIELD.findall(front[1])} if front else {}
    body = text[front.end() :] if front else text
    draft = _body(body, file)
    return replace(
        draft,
        title=shortened(fields.get("title")) or draft.title,
        language=shortened(fields.get("lang") or fields.get("language")) or draft.language,
        show=shortened(fields.get("show") or fields.get("podcast") or fields.get("series")) or None,
        headline=_headline(body, draft),
    )


def _headline(body: str, draft: Draft) -> str | None:
    """The title over the text, ``# Title``, where there is one such heading and nothing stands above it."""
    tops = [line for line in body.split("\n") if line.startswith("# ")]
    is_first = bool(tops) and body.lstrip().startswith("# ") and bool(draft.lines)
    if len(tops) != 1 or not is_first or draft.lines[0].kind is not Kind.HEADING:
        return None
    return shortened(draft.text[draft.lines[0].start : draft.lines[0].end]) or None


def _is_front_matter(text: str) -> bool:
    """Whether these are fields, each named once, and not the talk between two lines of dashes."""
    found = [FRONT_LINE.match(line) for line in text.splitlines()]
    names = [line["name"].casefold() for line in found if line and line["name"]]
    return all(found) and len(names) == len(set(names)) and any(name in FRONT_NAMES for name in names)


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of a Markdown file: its lines ``start`` to ``stop`` in the source, and the number of those that its draft
    has of it. ``is_prose`` is whether it is a paragraph, a heading or an item of a list, and no table, code or HTML."""

    start: int
    stop: int
    count: int
    is_prose: bool = True


def source_blocks(text: str) -> list[SourceBlock]:
    """The blocks of a Markdown file whose lines end with line feeds, in order, those that show something."""
    front = FRONT_MATTER.match(text)
    cut = front.end() if front and _is_front_matter(front[1]) else 0
    above = text.count("\n", 0, cut)
    parser = _parser(text[cut:])
    tokens = _tokens(parser, text[cut:])
    blocks: list[SourceBlock] = []
    for held in _blocks(tokens):
        page = parser.renderer.render(held, parser.options, {})
        start, stop = held[0].map or (0, 0)
        count = len(read_html(page, "").lines)
        blocks.append(SourceBlock(above + start, above + stop, count, is_prose=held[0].type in _PROSE))
    return [block for block in blocks if block.count]


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each block: a paragraph's, a heading's or a table's from its first to its last."""
    at = 0
    while at < len(tokens):
        closing = (_PROSE | _TABLE).get(tokens[at].type)
        stop = at + 1 + (len(_until(tokens, at, closing)) if closing else 0)
        if closing or tokens[at].type in _OTHERS:
            yield tokens[at:stop]
        at = stop


def _parser(body: str) -> MarkdownIt:
    from markdown_it import MarkdownIt

    lines = split_lines(body)
    breaks = len(unwrap(body, lines)) == len(lines)
    parser = MarkdownIt("commonmark", {"breaks": breaks, "maxNesting": MAX_NESTING}).enable("table")
    parser.block.ruler.at("reference", _link_definition)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})  # what it may interrupt
    return parser


def _body(body: str, file: str) -> Draft:
    if sum(1 for _ in MARKUP.finditer(body)) > MAX_MARKS:
        return read_plain(body)
    parser = _parser(body)
    tokens = _tokens(parser, body)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return read_plain(body)
    page = parser.renderer.render(list(_with_years(tokens)), parser.options, {})
    # Marks of quotes and lists become tags that nobody wrote.
    return read_html(page, file) if page.count("<") <= MAX_TAGS else read_plain(body)


def _link_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule, for what defines a link alone."""
    from markdown_it.rules_block import reference

    found = LINK_DEFINITION.match(state.src, state.bMarks[start] + state.tShift[start])
    return found is not None and reference(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule, as long as there are not more tokens than a transcript has."""
    from markdown_it.rules_block import table

    return len(state.tokens) <= MAX_TOKENS and table(state, start, end, silent)


def _tokens(parser: MarkdownIt, body: str) -> Sequence[Token]:
    tokens = parser.parse(body)
    rows = body.split("\n")
    columns = 0
    for token in tokens:
        for child in token.children or ():
            if child.type == "html_inline" and _is_text(child.content):
                child.type = "text"
    for at, token in enumerate(tokens):
        if token.type == "table_open" and token.map:
            columns = sum(other.type == "th_open" for other in _until(tokens, at, "thead_close"))
            if any(_count_cells(row) > columns for row in rows[token.map[0] : token.map[1]]):
                parser.disable("table")
                return _tokens(parser, body)
        elif token.type == "heading_open" and token.markup == "-" and _is_paragraph(tokens[at + 1].content):
            token.tag = tokens[at + 2].tag = "p"
    return tokens


def _is_text(tag: str) -> bool:
    """Whether what looks like a tag, as in ``DR. <X>``, is none: custom elements have hyphens and small letters."""
    found = INLINE_TAG.match(tag)
    return found is not None and found[1].lower() not in ELEMENTS and not ("-" in found[1] and found[1].islower())


def _with_years(tokens: Sequence[Token]) -> Iterator[Token]:
    """Numbers are shown that open a line but count on from no list, as in ``1984. We were young.``."""
    from markdown_it.token import Token

    last, shown = 0, ""
    for token in tokens:
        if shown and token.type != "paragraph_open":
            number = Token("text", "", 0, content=shown)
            if token.type == "inline":
                token.children = [number, *(token.children or ())]
            else:
                yield number
            shown = ""
        yield token
        if token.type == "list_item_open" and token.info:
            if int(token.info) in (0, 1, last + 1):
                last = int(token.info)
            else:
                shown = f"{token.info}{token.markup} "


def _until(tokens: Sequence[Token], at: int, name: str) -> Sequence[Token]:
    end = next(end for end in range(at, len(tokens)) if tokens[end].type == name)
    return tokens[at:end]


def _count_cells(row: str) -> int:
    return len(CELL_BORDER.split(row.strip().removeprefix("|").removesuffix("|")))


def _is_paragraph(underlined: str) -> bool:
    """A line of dashes below these words parts paragraphs and makes no title of them."""
    return "\n" in underlined or len(underlined) > MAX_HEADING_CHARS or ends_sentence(underlined)
