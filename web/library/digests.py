"""What the list needs of an alignment, read from its beginning: words and segments, most of the file, stay unread.

An alignment.json has a line for each field and its segments after all that is wanted here; one that another program
wrote in another order is read whole.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.languages import language_code
from aligner.model import Verdict
from aligner.storage.alignment_json import FORMAT, VERSION
from aligner.storage.file_states import until_changed
from web.library.records import Details

_AT_HAND = 4096  # episodes
_SAID = ("title", "show", "date", "url", "cover")


@dataclass(frozen=True, slots=True)
class Digest:
    """The head of an alignment: what it says of the episode, and how well it went. ``duration`` in seconds."""

    details: Details
    duration: float
    coverage: float
    verdict: Verdict
    audio: str
    transcript: str
    transcript_sha256: str


def digest_of(alignment: Path) -> Digest | None:
    """The digest of an alignment, None where the file is none; kept until the file changes."""
    try:
        return _read(alignment)
    except OSError:
        return None


@until_changed(_AT_HAND)
def _read(path: Path) -> Digest | None:
    try:
        return _digest(_head(path))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # damaged, or something else under that name: the list says so


def _head(path: Path) -> dict[str, Any]:
    """The fields before the segments, where they suffice, else the whole file."""
    lines = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.lstrip().startswith('"segments":'):
                break
            lines.append(line)
    try:
        head = json.loads("".join(lines).rstrip().removesuffix(",") + "}")
        if isinstance(head, dict) and "verdict" in head:
            return head
    except ValueError:
        pass  # in another order, or damaged: the whole file decides
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return whole


def _digest(data: dict[str, Any]) -> Digest:
    if data["format"] != FORMAT or data["version"] != VERSION:
        raise ValueError(f"not of format {FORMAT!r}, version {VERSION}")
    said: dict[str, Any] = {name: _text(data["episode"].get(name)) for name in _SAID}
    return Digest(
        details=Details(language=language_code(_text(data["language"])), **said),
        duration=float(data["audio"]["duration"]),
        coverage=min(1.0, max(0.0, float(data["coverage"]))),
        verdict=Verdict(data["verdict"]),
        audio=_text(data["audio"]["file"]) or "",
        transcript=_text(data["transcript"]["file"]) or "",
        transcript_sha256=_text(data["transcript"]["sha256"]) or "",
    )


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} where text was expected")
    return value.encode("utf-8", "replace").decode("utf-8") if value else None
