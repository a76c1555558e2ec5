"""Markdown, by way of the page it stands for: the draft's text is the rendered text, since that is what is said.

Where the format would leave words out (lines that only look like its metadata or references, years that open a line,
deep nesting, a name in angle brackets that is no element's), the words are kept and the format gives way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.model import Kind
from aligner.transcript.draft import Draft
from aligner.transcript.html import read_html
from aligner.transcript.names import shortened
from aligner.transcript.plain import read_plain, split_lines, unwrap
from aligner.transcript.speakers import ends_sentence
from aligner.transcript.vocabulary import METADATA

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

MAX_MARKS = 300_000  # characters that may be markup; with more the file is read as plain text
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
YEAR = re.compile(r"^((?:[ \t]*(?:>|[-*+][ \t]))*[ \t]*\d{4,9})([.)])(?=\s)", re.MULTILINE)
INLINE_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)")
MAX_HEADING_CHARS = 110
_PROSE = {"paragraph_open": "paragraph_close", "heading_open": "heading_close"}
_TABLE = {"table_open": "table_close"}
_OTHERS = ("html_block", "fence", "code_block")


def read_markdown(text: str, file: str) -> Draft:
    """Return the draft of a Markdown file; line breaks are kept unless an editor made them at a fixed width."""
    front, body = _parted(text.replace("\r\n", "\n").replace("\r", "\n"))
    fields = {name: value.strip().strip("\"'") for name, value in FIELD.findall(front)}
    draft = _body(body, file)
    return replace(
        draft,
        title=shortened(fields.get("title")) or draft.title,
        language=shortened(fields.get("lang") or fields.get("language")) or draft.language,
        show=shortened(fields.get("show") or fields.get("podcast") or fields.get("series")) or None,
        headline=_headline(body, draft),
    )


def _parted(text: str) -> tuple[str, str]:
    """Return the metadata at the text's beginning, with its lines of dashes, and what follows: not the talk between two
    lines of dashes, but fields, each named once."""
    front = FRONT_MATTER.match(text)
    found = [FRONT_LINE.match(line) for line in front[1].splitlines()] if front else []
    names = [line["name"].casefold() for line in found if line and line["name"]]
    is_one = all(found) and len(names) == len(set(names)) and any(name in FRONT_NAMES for name in names)
    cut = front.end() if front and is_one else 0
    return text[:cut], text[cut:]


def _headline(body: str, draft: Draft) -> str | None:
    """Return the title over the text, ``# Title``, if there is one such heading and nothing stands above it."""
    tops = [line for line in body.split("\n") if line.startswith("# ")]
    is_first = body.lstrip().startswith("# ") and bool(draft.lines) and draft.lines[0].kind is Kind.HEADING
    return shortened(draft.text[: draft.lines[0].end]) if len(tops) == 1 and is_first else None


def _body(body: str, file: str) -> Draft:
    if sum(1 for _ in MARKUP.finditer(body)) > MAX_MARKS:
        return read_plain(body)
    parser = _parser(body)
    tokens = _tokens(parser, body)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return read_plain(body)
    return read_html(parser.renderer.render(tokens, parser.options, {}), file)


def _parser(body: str) -> MarkdownIt:
    from markdown_it import MarkdownIt

    lines = split_lines(body)
    breaks = len(unwrap(body, lines)) == len(lines)
    parser = MarkdownIt("commonmark", {"breaks": breaks, "maxNesting": MAX_NESTING})
    parser.enable("table")
    parser.block.ruler.at("reference", _link_definition)
    return parser


def _link_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Apply the parser's rule to what defines a link alone."""
    from markdown_it.rules_block import reference

    found = LINK_DEFINITION.match(state.src, state.bMarks[start] + state.tShift[start])
    return found is not None and reference(state, start, end, silent)


def _tokens(parser: MarkdownIt, body: str) -> Sequence[Token]:
    tokens = parser.parse(YEAR.sub(r"\1\\\2", body))
    for at, token in enumerate(tokens):
        for child in token.children or ():
            if child.type == "html_inline" and _is_text(child.content):
                child.type = "text"
        if token.type == "heading_open" and token.markup == "-" and _is_paragraph(tokens[at + 1].content):
            token.tag = tokens[at + 2].tag = "p"
    return tokens


def _is_paragraph(underlined: str) -> bool:
    """Return whether a line of dashes below these words parts paragraphs and makes no title of them."""
    return "\n" in underlined or len(underlined) > MAX_HEADING_CHARS or ends_sentence(underlined)


def _is_text(tag: str) -> bool:
    """Return whether what looks like a tag, as in ``DR. <X>``, is none: custom elements have hyphens and small
    letters."""
    from lxml.html import defs

    found = INLINE_TAG.match(tag)
    return found is not None and found[1].lower() not in defs.tags and not ("-" in found[1] and found[1].islower())


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of a Markdown file: its lines ``start`` to ``stop`` in the source, and the number of those that its draft
    has of it. ``is_prose`` is whether it is a paragraph, a heading or an item of a list, and no table, code or HTML."""

    start: int
    stop: int
    count: int
    is_prose: bool = True


def source_blocks(text: str) -> list[SourceBlock]:
    """Return the blocks of a Markdown file whose lines end with line feeds, in order, those that show something."""
    front, body = _parted(text)
    above, parser = front.count("\n"), _parser(body)
    blocks: list[SourceBlock] = []
    for held in _blocks(_tokens(parser, body)):
        start, stop = held[0].map or (0, 0)
        count = len(read_html(parser.renderer.render(held, parser.options, {}), "").lines)
        blocks.append(SourceBlock(above + start, above + stop, count, is_prose=held[0].type in _PROSE))
    return [block for block in blocks if block.count]


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each block: a paragraph's, a heading's or a table's from its first to its last."""
    at = 0
    while at < len(tokens):
        closing = (_PROSE | _TABLE).get(tokens[at].type)
        stop = at + 1
        while closing and tokens[stop - 1].type != closing:
            stop += 1
        if closing or tokens[at].type in _OTHERS:
            yield tokens[at:stop]
        at = stop
