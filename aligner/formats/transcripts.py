"""Podcasting 2.0 transcripts as JSON and HTML."""

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

# Transcripts need not be read in time with the audio, so reading speed does not matter: segments end with sentences and
# clauses, are short enough for a player's screen, and start with their first word.
_RULES = CaptionRules(
    max_lines=1, max_line=240, min_duration=5.0, max_duration=8.0, max_speed=100.0, max_pause=2.0, lend=0.0
)


def transcript_json(material: Material) -> str:
    """Return JSON ("transcripts", version 1.0.0) with a segment for each phrase, in order and disjoint.

    AntennaPod prefers JSON to captions. It joins short segments with spaces, up to 5 s: if each word were a segment,
    punctuation would have a space before it. AntennaPod requires an end time, attributes a segment without a speaker to
    the previous speaker, and fails if a text is empty.
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
            "body": "".join(" " * bool(word.before) + word.text for word in cue.words).strip(),
        }


def _voice_end(cue: Cue) -> float:
    """Return the end of the cue's last word in seconds; the cue itself is displayed a little longer."""
    ends = [word.span.end for word in cue.words if word.span]
    return min(cue.end, max(ends)) if ends and max(ends) > cue.start else cue.end


def _seconds(time: float) -> float:
    return to_milliseconds(time) / 1000


def transcript_html(material: Material) -> str:
    """Return HTML that is also well-formed XML: ``<cite>`` holds the speaker, ``<time>`` the start, ``<p>`` the text.

    Headings, notes and stage directions have other elements. The page declares its language and encoding, since people
    can open it by itself, and says who reviewed the transcript.
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
        yield f'<time datetime="PT{_seconds(paragraph.span.start):.3f}S">{clock(paragraph.span.start)}</time>'
    yield f"<p>{_html(paragraph.text)}</p>"


def _html(text: str) -> str:
    return escape(on_one_line(text))
