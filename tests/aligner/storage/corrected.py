"""A small episode whose words are set right, one after the other."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner.edits import applied
from aligner.model import Alignment, Span
from aligner.outputs import OutputOptions, write_outputs
from aligner.storage.alignment_json import to_text
from aligner.storage.file_names import history_path
from aligner.storage.history import History, changed, open_history
from tests.aligner.episodes import alignment_of, spoken

OPENING = "the harbour was quiet when the first ferry came"
SECOND = "nobody waits for the tide at noon"
FORMATS = ("vtt", "json")


def laid_out(folder: Path) -> Path:
    """The alignment of an episode in ``folder``, with captions, as aligning writes it."""
    alignment = alignment_of(OPENING, SECOND)
    longer = replace(alignment, audio=replace(alignment.audio, duration=20.0))
    write_outputs(longer, folder, "ferry", OutputOptions(FORMATS))
    return folder / "ferry.alignment.json"


def later_by(alignment: Alignment, place: int, seconds: float) -> Alignment:
    """The alignment with one word ending otherwise."""
    words = list(alignment.words)
    span = spoken(words[place])
    words[place] = replace(
        words[place], span=Span(span.start, round(span.end + seconds, 3)), confidence=1.0, pinned=True
    )
    return replace(alignment, words=tuple(words))


def set_right(history: History, place: int, seconds: float = -0.01, who: str = "Ada") -> History:
    what: Mapping[str, Any] = {"kind": "pin", "words": [place]}
    return changed(history, later_by(history.alignment, place, seconds), what, who)


def lines(path: Path) -> list[bytes]:
    return history_path(path).read_bytes().splitlines()


def kinds(history: History) -> list[str]:
    return [change.kind for change in history.changes]


def check_whole(path: Path) -> History:
    """The history says what stands there: replayed from nothing it gives the alignment to the byte, and so it does
    when it is opened; unless nothing was ever changed."""
    history = open_history(path)
    if not history.changes:
        return history
    first = json.loads(lines(path)[0])
    state = first["alignment"]
    for change in history.changes[1:]:
        state = applied(state, change.edit)
    assert json.loads(path.read_bytes()) == state
    assert path.read_bytes() == to_text(history.alignment).encode()
    return history
