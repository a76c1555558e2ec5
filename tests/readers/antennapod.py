"""How AntennaPod (Android) reads transcripts: a model of what it does, written from that.

A row is gathered from what one speaker says until it lasts 5 s.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.readers.rows import Row

_LONG_ENOUGH, _TOO_LONG = 5.0, 8.0
_VTT_TIME = re.compile(r"(?:(\d\d):)?(\d\d):(\d\d)\.(\d{3})")
_SRT_TIME = re.compile(r"(\d\d):(\d\d):(\d\d),(\d{3})")
_VOICE = re.compile(r"<v(?:\.[^\t\n\r &<>.]+)*[ \t]([^\n\r&>]+)>")


@dataclass
class _Gathered:
    """The row that is being gathered."""

    rows: list[Row] = field(default_factory=list)
    text: str = ""
    seconds: float = 0.0

    def finish(self, speaker: str) -> None:
        if self.text.strip():
            self.rows.append(Row(speaker, self.text.strip()))
        self.text, self.seconds = "", 0.0


def read_vtt(content: str) -> list[Row]:
    """No rows where any time is not as it should be: then it shows nothing."""
    rows: list[tuple[str, str, float, float]] = []
    speaker, is_open = "", False
    lines = iter(re.sub("\r\n?", "\n", content).split("\n"))
    for line in lines:
        if "-->" not in line:
            continue
        edges = [edge.split()[0] for edge in line.split("-->")[:2] if edge.strip()]
        times = [_seconds(_VTT_TIME, edge) for edge in edges]
        if len(times) < 2 or None in times:
            return []
        start, end = times
        payload = _block(lines)
        if voice := _VOICE.search(payload):
            speaker = voice[1]
        text = _without_tags(payload)
        if is_open and rows[-1][0] == speaker and end - rows[-1][2] < _TOO_LONG:
            _, before, start, _ = rows.pop()
            text = f"{before} {text}"
        rows.append((speaker, text, start, end))
        is_open = end - start < _LONG_ENOUGH
    return [Row(who, text) for who, text, _, _ in rows]


def read_srt(content: str) -> list[Row]:
    """What precedes ": " is the speaker from there on; of such a cue's words what a second colon precedes is taken."""
    gathered, speaker = _Gathered(), ""
    lines = iter(content.replace("\r\n", "\n").split("\n"))
    for line in lines:
        if "-->" not in line:
            continue
        times = [_seconds(_SRT_TIME, edge.strip()) for edge in line.split("-->")[:2]]
        if len(times) < 2 or None in times:
            continue
        start, end = times
        body = "".join(f"{each.strip()} " for each in _until_blank(lines))
        gathered.seconds += end - start
        if ": " in body:
            parts = body.strip().split(":")
            if not parts[-1]:
                parts.pop()  # as Java leaves out empty ends
            if len(parts) < 2:
                continue
            before, speaker, body = speaker, parts[0], parts[1].strip()
            if before and before != speaker and gathered.text.strip():
                gathered.finish(before)
                gathered.text = body
                continue
        gathered.text = f"{gathered.text} {body}".strip()
        if gathered.seconds >= _LONG_ENOUGH:
            gathered.finish(speaker)
    gathered.finish(speaker)
    return gathered.rows


def read_json(content: str) -> list[Row]:
    """An empty speaker is the last one, a segment without its times is passed over.

    Raises
    ------
    ValueError
        The app stops, as it does where the body is empty after one that is long enough.
    """
    gathered, speaker = _Gathered(), ""
    segments = json.loads(content)["segments"]
    for number, segment in enumerate(segments):
        if "startTime" not in segment or "endTime" not in segment:
            continue
        before, speaker = speaker, segment.get("speaker") or speaker
        body = segment.get("body", "")
        if before != speaker and gathered.text:
            gathered.finish(before)
            gathered.text = body
            continue
        gathered.text += f" {body}"
        gathered.seconds += segment["endTime"] - segment["startTime"]
        if gathered.seconds >= _LONG_ENOUGH:
            if number + 1 < len(segments):
                following = segments[number + 1].get("body", "")
                if not following:
                    raise ValueError("there is no first character of nothing")
                if not following[0].isalnum() and gathered.seconds < _TOO_LONG:
                    continue
            gathered.finish(speaker)
    gathered.finish(speaker)
    return gathered.rows


def _seconds(form: re.Pattern[str], time: str) -> float | None:
    found = form.fullmatch(time)
    if not found:
        return None
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def _block(lines: Iterator[str]) -> str:
    """The lines up to an empty one, joined by spaces."""
    found = []
    for line in lines:
        if not line:
            break
        found.append(line.strip())
    return " ".join(found).strip()


def _until_blank(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if not line.strip(" \t\n\f\r"):
            return
        yield line


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _without_tags(payload: str) -> str:
    parser = _Texts()
    parser.feed(payload)
    parser.close()
    return " ".join("".join(parser.texts).split())
