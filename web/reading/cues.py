"""The captions of an episode for the page's caption view: the files' own cutting, lines and speakers."""

from __future__ import annotations

from typing import Any

from aligner.captions import CueKind, build_cues
from aligner.durations import to_milliseconds
from aligner.model import Alignment


def cue_data(alignment: Alignment) -> list[dict[str, Any]]:
    """Each cue's ``start`` and ``end`` in milliseconds and its lines: speaker and words with their numbers."""
    return [
        {
            "start": to_milliseconds(cue.start),
            "end": to_milliseconds(cue.end),
            "speech": cue.kind is CueKind.SPEECH,
            "lines": [
                {
                    "speaker": line.speaker,
                    "lead": line.lead,
                    "words": [[word.before + word.text, word.word] for word in line.words],
                }
                for line in cue.lines
            ],
        }
        for cue in build_cues(alignment)
    ]
