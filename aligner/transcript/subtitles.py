"""SRT and WebVTT captions: their text, joined into turns. Timed anew, their own times only tell pauses.

Read here and not by a caption library, since those drop voices, read ``{braces}`` as styling or refuse a file for one
bad cue, and only the text is wanted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from aligner.errors import TranscriptError
from aligner.transcript.lines import Draft
from aligner.transcript.turns import Utterance, join_turns

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*$", re.MULTILINE)
NUMBER_LINE = re.compile(r"(?:\A|\n)[ \t]*\d+[ \t]*\n?\Z")
BLANK_LINE = re.compile(r"\n[ \t]*\n")
SPACES_FIRST = re.compile(r"\n[ \t]+(?=\n)")  # captions that roll up open with a line of one space
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>\n]{1,200})>")
TAG = re.compile(r"</?(?:v|c|i|b|u|s|ruby|rt|lang|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.,]*>", re.IGNORECASE)
ASS_TAG = re.compile(r"\{\\[^{}\n]{0,200}\}")
LANGUAGE = re.compile(r"^Language:[ \t]*([\w-]+)", re.MULTILINE)
NEW_VOICE_LINE = re.compile(r"[-–—―]\s*\S|>>")
ROLLING_SHARE = 0.3  # of cues that repeat the last one's line: captions that roll up


def read_subtitles(text: str, file: str) -> Draft:
    """The draft of a caption file.

    Raises
    ------
    TranscriptError
        No cue is found in it.
    """
    text = re.sub(r"\r\n?", "\n", text)
    is_vtt = text.lstrip().startswith("WEBVTT")
    cues = [(start, end, lines) for start, end, lines in _cues(text) if lines]
    if not cues:
        raise TranscriptError(f"{file}: no caption with text in it; SRT or WebVTT was expected")
    header = text[: text.find("-->")]
    language = LANGUAGE.search(header) if is_vtt else None
    pieces = [piece for cue in _unrolled(cues) for piece in _utterances(cue, is_vtt)]
    return join_turns(pieces, None, language[1] if language else None)


Cue = tuple[float, float, list[str]]


def _cues(text: str) -> Iterator[Cue]:
    """Each cue's times and lines; a blank line ends it, as in both formats."""
    timings = list(TIMING.finditer(text))
    for match, after in zip(timings, [*timings[1:], None], strict=False):
        end = after.start() if after else len(text)
        spaces = SPACES_FIRST.match(text, match.end(), end)
        start = spaces.end() if spaces else match.end()
        blank = BLANK_LINE.search(text, start, end)
        body = text[start + 1 : blank.start() if blank else end]
        if after and not blank:  # a file without blank lines
            body = NUMBER_LINE.sub("", body)
        yield (
            _seconds(match.groups()[:4]),
            _seconds(match.groups()[4:]),
            [x.strip() for x in body.split("\n") if x.strip()],
        )


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = groups
    return (
        int(hours or 0) * 3600
        + int(minutes or 0) * 60
        + int(seconds or 0)
        + int((fraction or "0").ljust(3, "0")) / 1000
    )


def _unrolled(cues: list[Cue]) -> list[Cue]:
    """Captions that roll up show each line twice; keep its first showing."""
    plain = [[TAG.sub("", line).strip() for line in lines] for _, _, lines in cues]
    repeats = [bool(a) and bool(b) and a[-1] == b[0] for a, b in pairwise(plain)]
    if sum(repeats) < max(2, ROLLING_SHARE * len(cues)):
        return cues
    return [cues[0]] + [
        (start, end, lines[1:]) if again else (start, end, lines)
        for (start, end, lines), again in zip(cues[1:], repeats, strict=True)
    ]


def _utterances(cue: Cue, is_vtt: bool) -> Iterator[Utterance]:
    start, end, lines = cue
    speaker: str | None = None
    rows: list[str] = []
    for line in lines:
        pieces = VOICE.split(line) if is_vtt else [line]
        for at, piece in enumerate(pieces):
            if at % 2:
                yield from _made(rows, speaker, start, end, is_vtt)
                rows, speaker = [], " ".join(html.unescape(piece).split()) or None
                continue
            if NEW_VOICE_LINE.match(piece.strip()) and rows:
                yield from _made(rows, speaker, start, end, is_vtt)
                rows = []
            rows.append(piece)
    yield from _made(rows, speaker, start, end, is_vtt)


def _made(rows: list[str], speaker: str | None, start: float, end: float, is_vtt: bool) -> Iterator[Utterance]:
    text = ASS_TAG.sub("", TAG.sub("", " ".join(rows)))
    text = html.unescape(text) if is_vtt else text
    text = " ".join(text.split(" "))
    if text.strip():
        yield Utterance(re.sub(r"[ \t\n]+", " ", text).strip(), speaker, start, end)
