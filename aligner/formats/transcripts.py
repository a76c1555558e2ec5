"""The transcript of Podcasting 2.0, as JSON and as HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from aligner.captions import CaptionRules, Cue
from aligner.durations import clock, to_milliseconds
from aligner.formats.material import Material, Paragraph, Turn
from aligner.formats.text_lines import on_one_line
from aligner.model import Kind
from media.video.bidirectional import base_level

# Nobody has to read these in time: where sentences and clauses end decides, and what a player shows at once; and each
# begins with its words, since none needs time of the next to be read.
_RULES = CaptionRules(
    max_lines=1, max_line=240, min_duration=5.0, max_duration=8.0, max_speed=100.0, max_pause=2.0, lend=0.0
)


def transcript_json(material: Material) -> str:
    """Return JSON ("transcripts", version 1.0.0): a segment a phrase, in order and disjoint.

    AntennaPod prefers it to captions, and gathers segments until they last 5 s: shorter ones, such as words, get blanks
    before their punctuation. It wants an end for each, reads an empty speaker as the last one, and fails at an empty
    text.
    """
    content = {"version": "1.0.0", "segments": [*_segments(material)]}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _segments(material: Material) -> Iterator[dict[str, Any]]:
    for cue in material.transcript_cues(_RULES):
        speaker = cue.lines[0].speaker or material.nobody
        yield {
            **({"speaker": " ".join(speaker.split())} if speaker else {}),
            "startTime": _seconds(cue.start),
            "endTime": _seconds(_voice_end(cue)),
            "body": _words(cue),
        }


def _words(cue: Cue) -> str:
    """Return the words, parted by plain spaces, since no line is broken here."""
    return "".join(" " * bool(word.before) + word.text for word in cue.words).strip()


def _voice_end(cue: Cue) -> float:
    """Return when the last word ends: cues stay a little longer."""
    ends = [word.span.end for word in cue.words if word.span]
    return min(cue.end, max(ends)) if ends and max(ends) > cue.start else cue.end


def _seconds(time: float) -> float:
    return to_milliseconds(time) / 1000


def transcript_html(material: Material) -> str:
    """Return HTML: ``<cite>`` who speaks, ``<time>`` since when, ``<p>`` what is said; it is well-formed XML too.

    What nobody says stands between, in elements that are none of these: headings, notes and stage directions. The page
    names its language and encoding, for it is also read alone, and who reviewed it.
    """
    direction = "rtl" if base_level(material.alignment.transcript.text) else "ltr"
    description = _html(" ".join(material.remarks_for_readers))
    head = [
        "<!DOCTYPE html>",
        f'<html lang="{_html(material.language)}" dir="{direction}">',
        "<head>",
        '<meta charset="utf-8"/>',
        f"<title>{_html(material.title)}</title>",
        f'<meta name="description" lang="{material.sentence_language}" content="{description}"/>',
        "</head>",
        "<body>",
    ]
    body = [line for turn in material.named.turns for line in _turn(turn)]
    return "\n".join([*head, *body, "</body>", "</html>"]) + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    if turn.kind is Kind.HEADING:
        yield f"<h2>{_html(turn.paragraphs[0].text)}</h2>"
    elif turn.kind is not Kind.SPEECH:
        yield f"<aside>{_html(turn.paragraphs[0].text)}</aside>"
    else:
        if turn.speaker:
            yield f"<cite>{_html(turn.speaker)}:</cite>"
        for paragraph in turn.paragraphs:
            yield from _said(paragraph)


def _said(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.span:
        seconds = to_milliseconds(paragraph.span.start) / 1000
        yield f'<time datetime="PT{seconds:.3f}S">{clock(paragraph.span.start)}</time>'
    yield f"<p>{_html(paragraph.text)}</p>"


def _html(text: str) -> str:
    return escape(on_one_line(text))
