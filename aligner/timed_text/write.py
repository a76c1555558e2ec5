"""Write WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, which has neither a specification nor escapes.

webvtt-py formats WebVTT but escapes nothing and refuses ``-->``, so this module escapes texts first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aligner.durations import to_milliseconds
from aligner.timed_text.cues import CueBlock

# Not allowed in text: control characters except white space, surrogates, which UTF-8 cannot encode, and noncharacters.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Players read "<i>", "</font" and "\\N" as tags and line breaks, unless an invisible word joiner follows the first
# character.
_TAG = re.compile(r"<(?=\s*+(?:/\s*+)?[a-zA-Z])|\\(?=[Nnh])")
# Players that use libass hide text in braces, and no escape works in all players, so wide braces replace them.
_BRACES = str.maketrans("{}", "｛｝")
# Some readers take two such times in a line for those of a cue, unless a word joiner precedes the fraction.
_CUE_TIME = re.compile(r"\d:\d{1,2}:\d{1,2}(?=[.,]\d)", re.ASCII)
_JOINER = "\u2060"


def write_vtt(cues: Iterable[CueBlock], comments: Sequence[str] = ()) -> str:
    """Return the text of a WebVTT file with LF line ends: a comment block for each of ``comments``, then the cues.

    The lines of cues are not escaped: build them with ``vtt_text``, ``vtt_voice`` and ``vtt_time``.
    """
    from webvtt import Caption, WebVTT

    captions = [Caption(vtt_time(cue.start), vtt_time(cue.end), "\n".join(cue.lines)) for cue in cues]
    header = [_UNWRITABLE.sub("\ufffd", comment).replace("-->", "--" + _JOINER + ">") for comment in comments]
    return str(WebVTT(captions=captions, header_comments=header).content).rstrip("\n") + "\n"


def write_srt(cues: Iterable[CueBlock]) -> str:
    """Return the text of a SubRip file with CRLF line ends, which old players require.

    The lines of cues are not escaped: build them with ``srt_text``.
    """
    blocks = []
    for number, cue in enumerate(cues, start=1):
        times = " --> ".join(clock(to_milliseconds(time), ",") for time in (cue.start, cue.end))
        blocks.append("\n".join([str(number), times, *cue.lines]) + "\n")
    return "\n".join(blocks).replace("\n", "\r\n")


def vtt_text(text: str) -> str:
    """Escape the characters of a text that have a meaning in WebVTT cues."""
    text = _UNWRITABLE.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def vtt_voice(speaker: str | None, lines: Sequence[str]) -> list[str]:
    """Return the lines of a cue in a voice tag that names the speaker; if ``speaker`` is None, without a tag."""
    name = vtt_text(" ".join(speaker.split())) if speaker else ""
    if name.endswith("--"):  # together with the end of the tag this would be an arrow
        name += _JOINER
    return [f"<v {name}>{lines[0]}", *lines[1:]] if name else list(lines)


def vtt_time(seconds: float) -> str:
    """Format seconds as a time in WebVTT, for the times of a cue or, between ``<`` and ``>``, for a word."""
    return clock(to_milliseconds(seconds), ".")


def srt_text(text: str) -> str:
    """Escape text so that SubRip players display it even if it looks like a tag; braces become full-width."""
    text = _UNWRITABLE.sub("\ufffd", text).translate(_BRACES).replace("-->", "--" + _JOINER + ">")
    text = _CUE_TIME.sub(lambda time: time.group() + _JOINER, text)
    return _TAG.sub(lambda tag: tag.group() + _JOINER, text)


def clock(milliseconds: int, decimal_mark: str) -> str:
    """Return a time as ``HH:MM:SS.mmm`` with the given decimal mark, and two or more digits for the hours."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{rest:03d}"
