"""The words of an episode in a form that is quick to search, kept beside it until its alignment changes.

Conventions
-----------
- ``folded`` is the transcript's words in small letters without accents, each part between single spaces: ``l’été :``
  and ``L'Été`` both give `` l ete ``. The part that starts after the k-th space belongs to word ``owners[k]``.
- Times are milliseconds, -1 where a word is not said; offsets are code points of ``text``.
"""

from __future__ import annotations

import contextlib
import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.errors import AlignmentError, OutputError
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import write_text
from aligner.storage.file_states import state_of, until_changed
from aligner.storage.user_folders import HIDDEN
from web.library.records import Episode

_VERSION = 2  # of the kept file: another one is made anew
_AT_HAND = 1024  # episodes; an hour of talk takes 0.3 MB


@dataclass(frozen=True, slots=True)
class Index:
    """What searching needs of an episode."""

    folded: str
    owners: array[int]
    starts_ms: array[int]
    ends_ms: array[int]
    char_starts: array[int]
    char_ends: array[int]
    segments: array[int]
    passages: Sequence[tuple[int, int, str | None]]  # range of characters and speaker, by segment
    text: str
    sha256: str


def index_of(episode: Episode) -> Index | None:
    """The index of an aligned episode; None where there is no alignment that can be read."""
    if episode.alignment is None:
        return None
    try:
        return _index(episode.alignment)
    except (OSError, AlignmentError):
        return None  # the list says what is wrong with it


@until_changed(_AT_HAND)
def _index(alignment: Path) -> Index:
    kept, stamp = alignment.parent / HIDDEN / "words.json", [_VERSION, *state_of(alignment)]
    try:
        data = json.loads(kept.read_text(encoding="utf-8"))
        if data.pop("stamp") == stamp:
            return _from_json(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        pass  # not there, of another version, or damaged: made anew
    index = _build(read_alignment(alignment))
    with contextlib.suppress(OSError, OutputError):  # in a library that cannot be written it is made at each start
        kept.parent.mkdir(exist_ok=True)
        write_text(kept, json.dumps({"stamp": stamp, **_to_json(index)}, ensure_ascii=False))
    return index


def _build(alignment: Alignment) -> Index:
    parts = [fold(timed.word.text, " ").split() for timed in alignment.words]
    return Index(
        folded=" " + "".join(f"{part} " for word in parts for part in word),
        owners=array("l", [k for k, word in enumerate(parts) for _ in word]),
        starts_ms=array("l", [round(w.span.start * 1000) if w.span else -1 for w in alignment.words]),
        ends_ms=array("l", [round(w.span.end * 1000) if w.span else -1 for w in alignment.words]),
        char_starts=array("l", [w.word.char_start for w in alignment.words]),
        char_ends=array("l", [w.word.char_end for w in alignment.words]),
        segments=array("l", [w.word.segment for w in alignment.words]),
        passages=[(s.segment.char_start, s.segment.char_end, s.segment.speaker) for s in alignment.segments],
        text=alignment.transcript.text,
        sha256=alignment.transcript.sha256,
    )


_ARRAYS = ("owners", "starts_ms", "ends_ms", "char_starts", "char_ends", "segments")


def _to_json(index: Index) -> dict[str, Any]:
    arrays = {name: getattr(index, name).tolist() for name in _ARRAYS}
    return {
        "folded": index.folded,
        **arrays,
        "passages": list(index.passages),
        "text": index.text,
        "sha256": index.sha256,
    }


def _from_json(data: dict[str, Any]) -> Index:
    arrays: dict[str, Any] = {name: array("l", data.pop(name)) for name in _ARRAYS}
    passages = [(int(start), int(end), speaker) for start, end, speaker in data.pop("passages")]
    return Index(passages=passages, **arrays, **data)
