"""The records of clips that were made, when their episode has another sound: when their words are said in it now.

A clip stays as it is. One of whose sound the new one has all tells where that is; of any other the record goes on to
name the old sound, by which its clip is known to be of another.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from aligner.model import Alignment, AudioFile, Span
from aligner.publishing.post import FORMAT, VERSION, link
from aligner.retiming.moving import EDGE, Timeline
from aligner.storage.checked_json import decode, encodable
from media.safe_fs import files, read_regular, where

_LARGEST_BYTES = 500_000  # an hour of talk takes half of that


def moved_records(folder: Path, timeline: Timeline, old: AudioFile, alignment: Alignment) -> dict[Path, bytes]:
    """The records in ``folder`` of clips that were cut from the ``old`` sound, as they are with that of the
    ``alignment``. One that cannot be read stays, and so do all where nothing in the folder may be changed."""
    found: dict[Path, bytes] = {}
    with suppress(OSError):
        where(folder)
        for path in files(folder).values():
            if path.suffix == ".json":
                with suppress(OSError, ValueError):
                    told = decode(read_regular(path, _LARGEST_BYTES), dict[str, Any])
                    if _moved(told, timeline, old, alignment):
                        text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
                        found[path] = (encodable(text) + "\n").encode("utf-8")
    return found


def _moved(told: dict[str, Any], timeline: Timeline, old: AudioFile, alignment: Alignment) -> bool:
    """Move what a record tells; whether it tells of the old sound, and all of that is there in one piece.

    Raises
    ------
    ValueError
        It is no such record.
    """
    source = told.get("source")
    if (told.get("format"), told.get("version")) != (FORMAT, VERSION) or not isinstance(source, dict):
        return False
    if source.get("sha256") != old.sha256:
        return False
    try:
        spans = [Span(float(start), float(end)) for start, end in [(source["start"], source["end"]), *source["kept"]]]
    except (KeyError, TypeError) as error:
        raise ValueError("not the record of a clip") from error
    pieces = [timeline.pieces(span) for span in spans]
    if any(
        len(each) != 1 or span.duration * (1 - timeline.share(span)) > EDGE
        for each, span in zip(pieces, spans, strict=True)
    ):
        return False
    (whole,), *kept = pieces
    audio = alignment.audio
    source |= {"audio": audio.file, "sha256": audio.sha256, "start": whole.start, "end": whole.end}
    source["kept"] = [[part.start, part.end] for (part,) in kept]
    told["link"] = link(alignment.episode, whole.start)
    return True
