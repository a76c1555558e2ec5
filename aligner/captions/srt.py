"""Writing SubRip: the de facto format has no specification and no escapes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from aligner.captions.cue import Cue, CueKind, Line
from aligner.captions.languages import language_of
from aligner.captions.milliseconds import clock, to_milliseconds
from aligner.captions.rules import CaptionRules
from aligner.model import Verdict

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
# What players take for a tag: "<i>", "</font", "{\\an8}". A word joiner (invisible) after the first character shows it.
_TAG = re.compile(r"<(?=\s*/?\s*[a-zA-Z])|\{(?=\\)")
_JOINER = "\u2060"


def to_srt(cues: Iterable[Cue], *, language: str = "en", verdict: Verdict | None = None) -> str:
    """The cues as a SubRip file, CRLF because the oldest players know no other line end.

    The format has no comments: where the verdict is poor, a cue in brackets says so in the first silence that holds
    one. What looks like a tag (``<i>``, ``{\\an8}``) is kept visible.
    """
    cues = list(cues)
    if verdict is Verdict.POOR:
        cues = _with_warning(cues, f"[{language_of(language).unreliable}]")
    blocks = []
    for number, cue in enumerate(cues, start=1):
        start, end = to_milliseconds(cue.start), to_milliseconds(cue.end)
        text = "\n".join(_plain(line.text) for line in cue.lines)
        blocks.append(f"{number}\n{clock(start, ',')} --> {clock(end, ',')}\n{text}\n")
    return "\n".join(blocks).replace("\n", "\r\n")


def _plain(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text).replace("-->", "--" + _JOINER + ">")
    return _TAG.sub(lambda tag: tag.group() + _JOINER, text)


def _with_warning(cues: list[Cue], text: str) -> list[Cue]:
    """Put the warning into the first silence that has room for it, after the last cue where none has."""
    rules = CaptionRules()
    needed = max(rules.min_duration, len(text) / rules.max_speed)
    free = 0.0
    for position, cue in enumerate(cues):
        if cue.start - rules.min_gap - free >= needed:
            return [*cues[:position], _warning(free, needed, text), *cues[position:]]
        free = cue.end + rules.min_gap
    return [*cues, _warning(free, needed, text)]


def _warning(start: float, duration: float, text: str) -> Cue:
    lines = textwrap.wrap(text, CaptionRules().max_line, break_on_hyphens=False)
    return Cue(start, start + duration, tuple(Line(None, line, ()) for line in lines), CueKind.UNTRANSCRIBED)
