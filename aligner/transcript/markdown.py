"""Markdown, by way of the HTML it stands for: the draft's text is the rendered text, since that is what is said."""

from __future__ import annotations

import re
from dataclasses import replace

from aligner.transcript.html import read_html
from aligner.transcript.lines import Draft, split_lines, unwrap

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,20000}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
FIELD = re.compile(r"^(title|lang|language)\s*:\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
FOOTNOTE_DEFINITION = re.compile(r"^ {0,3}\[(?:\^[^\]\n]{1,20}|\d{1,3})\]:", re.MULTILINE)


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
