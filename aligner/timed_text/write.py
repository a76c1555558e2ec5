"""Writing WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, which has no specification and no escapes.

webvtt-py lays WebVTT out; it escapes nothing and refuses ``-->`` in text, so texts are escaped before it sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aligner.durations import to_milliseconds
from aligner.timed_text.cues import CueBlock

# What is no character of a text: NUL, which parsers replace, other controls but blanks, halves of surrogate pairs,
# which UTF-8 has not, and what stands for no character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What players take for a tag or the end of a line: "<i>", "</font", "\\N". A word joiner (invisible) after the first
# character shows it.
_TAG = re.compile(r"<(?=\s*+(?:/\s*+)?[a-zA-Z])|\\(?=[Nnh])")
# Players that stand on libass hide whatever is in braces, for which it has no escape that others know: wide ones show.
_BRACES = str.maketrans("{}", "｛｝")
# What some readers take for the times of a cue, wherever two stand in a line; the joiner goes before its fraction.
_CUE_TIME = re.compile(r"\d:\d{1,2}:\d{1,2}(?=[.,]\d)", re.ASCII)
_JOINER = "\u2060"


def write_vtt(cues: Iterable[CueBlock], comments: Sequence[str] = ()) -> str:
    """The cues as a WebVTT file with LF line ends, after a comment block for each of ``comments``.

    Lines of cues go in as they are: what they show is made with ``vtt_text``, ``vtt_voice`` and ``vtt_time``.
    """
    from webvtt import Caption, WebVTT

    captions = [Caption(vtt_time(cue.start), vtt_time(cue.end), "\n".join(cue.lines)) for cue in cues]
    said = [_UNWRITABLE.sub("\ufffd", comment).replace("-->", "--" + _JOINER + ">") for comment in comments]
    return str(WebVTT(captions=captions, header_comments=said).content).rstrip("\n") + "\n"


def write_srt(cues: Iterable[CueBlock]) -> str:
    """The cues as a SubRip file, CRLF because the oldest players know no other line end.

    Lines of cues go in as they are: what they show is made with ``srt_text``.
    """
    blocks = []
    for number, cue in enumerate(cues, start=1):
        times = " --> ".join(clock(to_milliseconds(time), ",") for time in (cue.start, cue.end))
        blocks.append("\n".join([str(number), times, *cue.lines]) + "\n")
    return "\n".join(blocks).replace("\n", "\r\n")


def vtt_text(text: str) -> str:
    """Text that a WebVTT cue shows just so."""
    text = _UNWRITABLE.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def vtt_voice(speaker: str | None, lines: Sequence[str]) -> list[str]:
    """A cue's lines with the tag of the voice that says them all."""
    name = vtt_text(" ".join(speaker.split())) if speaker else ""
    if name.endswith("--"):  # with the end of the tag it would be the arrow that stands between times
        name += _JOINER
    return [f"<v {name}>{lines[0]}", *lines[1:]] if name else list(lines)


def vtt_time(seconds: float) -> str:
    """A time as WebVTT writes it, before a cue or, in ``<>``, before a word."""
    return clock(to_milliseconds(seconds), ".")


def srt_text(text: str) -> str:
    """Text that players of SubRip show just so: what looks like a tag (``<i>``) or like times is kept visible, and
    braces are wide."""
    text = _UNWRITABLE.sub("\ufffd", text).translate(_BRACES).replace("-->", "--" + _JOINER + ">")
    text = _CUE_TIME.sub(lambda time: time.group() + _JOINER, text)
    return _TAG.sub(lambda tag: tag.group() + _JOINER, text)


def clock(milliseconds: int, decimal_mark: str) -> str:
    """``HH:MM:SS.mmm`` with the mark given, hours of two digits or more."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{rest:03d}"
