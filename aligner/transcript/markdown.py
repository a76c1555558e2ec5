"""Read Markdown by rendering it to HTML; the draft has the rendered text.

Some text is retained that a renderer would lose: lines that only resemble metadata, link definitions (``[Ana]: Yes.``
looks like one), years at the start of a line, deeply nested text, and names in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    from markdown_it.token import Token

MAX_MARKS = 300_000  # characters that may be markup; a file with more is read as plain text
MARKUP = re.compile(r"[\[\]*_`<&!\\]")
MAX_NESTING = 20  # of quotes and lists; the parser drops deeper text
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_LINE = re.compile(r"(?P<name>[\w-]{1,40})\s*:(?:\s|$)|\s|#|-\s|$")
FRONT_NAMES = METADATA | {"lang", "language", "layout", "author", "authors", "slug", "id", "number", "season", "draft"}
FIELD = re.compile(r"^(title|lang|language|show|podcast|series)\s*:(.*)$", re.MULTILINE)
YEAR = re.compile(r"^((?:[ \t]*(?:>|[-*+][ \t]))*[ \t]*\d{4,9})([.)])(?=\s)", re.MULTILINE)
INLINE_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*)")
MAX_HEADING_CHARS = 110
_PROSE = ("paragraph", "heading")
_BLOCKS = (*_PROSE, "table", "html_block", "fence", "code_block")


def read_markdown(text: str, file: str) -> Draft:
    """Return the draft of a Markdown file. Line breaks are retained unless an editor made them at a fixed width."""
    front, body = _split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    fields = {name: value.strip().strip("\"'") for name, value in FIELD.findall(front)}
    draft = _read_body(body, file)
    return replace(
        draft,
        title=shortened(fields.get("title")) or draft.title,
        language=shortened(fields.get("lang") or fields.get("language")) or draft.language,
        show=shortened(fields.get("show") or fields.get("podcast") or fields.get("series")) or None,
        headline=_headline(body, draft),
    )


def _split_front_matter(text: str) -> tuple[str, str]:
    """Return the metadata block at the start of the text, with its lines of dashes, and the rest of the text.

    The block counts as metadata only if all its lines are fields, no field recurs, and at least one has a known name.
    """
    front = FRONT_MATTER.match(text)
    found = [FRONT_LINE.match(line) for line in front[1].splitlines()] if front else []
    names = [line["name"].casefold() for line in found if line and line["name"]]
    is_metadata = all(found) and len(names) == len(set(names)) and any(name in FRONT_NAMES for name in names)
    cut = front.end() if front and is_metadata else 0
    return text[:cut], text[cut:]


def _headline(body: str, draft: Draft) -> str | None:
    """Return the title if the first line is a heading like ``# Title``, and the only one of this level; else None."""
    tops = [line for line in body.split("\n") if line.startswith("# ")]
    is_first = body.lstrip().startswith("# ") and bool(draft.lines) and draft.lines[0].kind is Kind.HEADING
    return shortened(draft.text[: draft.lines[0].end]) if len(tops) == 1 and is_first else None


def _read_body(body: str, file: str) -> Draft:
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
    return parser.enable("table").disable("reference")


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
    """Return whether the text above a line of dashes, which Markdown takes for a heading, looks like a paragraph."""
    return "\n" in underlined or len(underlined) > MAX_HEADING_CHARS or ends_sentence(underlined)


def _is_text(tag: str) -> bool:
    """Return whether an apparent HTML tag is really plain text, like ``<X>`` in ``DR. <X>``."""
    from lxml.html import defs

    found = INLINE_TAG.match(tag)
    return found is not None and found[1].lower() not in defs.tags and not ("-" in found[1] and found[1].islower())


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of a Markdown file, such as a paragraph: the lines of the file from ``start`` up to ``stop``.

    The block becomes ``count`` lines of the draft. ``is_prose`` is False for tables, code and HTML.
    """

    start: int
    stop: int
    count: int
    is_prose: bool = True


def source_blocks(text: str) -> list[SourceBlock]:
    """Return the blocks of a file that contain text, in order. The lines of ``text`` must end with line feeds."""
    from markdown_it.tree import SyntaxTreeNode

    front, body = _split_front_matter(text)
    above, parser = front.count("\n"), _parser(body)
    blocks: list[SourceBlock] = []
    tree = SyntaxTreeNode(_tokens(parser, body))
    for node in tree.walk():
        if node.type in _BLOCKS:
            start, stop = node.map or (0, 0)
            page = parser.renderer.render(node.to_tokens(), parser.options, {})
            count = len(read_html(page, "").lines)
            blocks.append(SourceBlock(above + start, above + stop, count, is_prose=node.type in _PROSE))
    return [block for block in blocks if block.count]
