"""Writing WebVTT (https://www.w3.org/TR/webvtt1/).

webvtt-py lays the file out; it escapes nothing and refuses ``-->`` in text, so texts are escaped before it sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from aligner.captions.cue import Cue, Line
from aligner.captions.milliseconds import clock, to_milliseconds
from aligner.model import Verdict

POOR = "Verdict: poor. The transcript may not be of this episode; check these times before publishing."
# What the format cannot carry: NUL, which parsers replace, and halves of surrogate pairs, which UTF-8 has not.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def to_vtt(cues: Iterable[Cue], *, verdict: Verdict | None = None, word_times: bool = False) -> str:
    """The cues as a WebVTT file with LF line ends.

    Speakers are told by voice tags. ``verdict`` marks the file with a comment where it is poor; ``word_times`` puts a
    timestamp before each word whose time is known, so that players can show the words as they are said.
    """
    from webvtt import Caption, WebVTT

    captions = [
        Caption(clock(to_milliseconds(cue.start), "."), clock(to_milliseconds(cue.end), "."), _payload(cue, word_times))
        for cue in cues
    ]
    comments = [POOR] if verdict is Verdict.POOR else []
    return str(WebVTT(captions=captions, header_comments=comments).content).rstrip("\n") + "\n"


def _payload(cue: Cue, word_times: bool) -> str:
    stamps = _stamps(cue) if word_times else {}
    texts = [_line(line, number, stamps) for number, line in enumerate(cue.lines)]
    speakers = [line.speaker for line in cue.lines]
    if len(set(speakers)) > 1:
        return "\n".join(
            _voiced(speaker, text) + "</v>" * bool(speaker) for speaker, text in zip(speakers, texts, strict=True)
        )
    return _voiced(speakers[0], "\n".join(texts))


def _voiced(speaker: str | None, text: str) -> str:
    name = _escaped(" ".join(speaker.split())) if speaker else ""
    return f"<v {name}>{text}" if name else text


def _line(line: Line, number: int, stamps: dict[tuple[int, int], str]) -> str:
    text = _escaped(line.lead) + (" " if line.lead and line.words else "")
    for position, word in enumerate(line.words):
        text += (word.before if position else "") + stamps.get((number, position), "") + _escaped(word.text)
    return text


def _stamps(cue: Cue) -> dict[tuple[int, int], str]:
    """The timestamp of each word that starts within the cue, after all before it: ``{(line, word): tag}``."""
    last, end = to_milliseconds(cue.start), to_milliseconds(cue.end)
    stamps = {}
    for number, line in enumerate(cue.lines):
        for position, word in enumerate(line.words):
            if word.start is not None and last < (start := to_milliseconds(word.start)) < end:
                stamps[number, position] = f"<{clock(start, '.')}>"
                last = start
    return stamps


def _escaped(text: str) -> str:
    text = _UNWRITABLE.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
