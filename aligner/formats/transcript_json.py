"""The transcript as JSON of Podcasting 2.0 ("transcripts", version 1.0.0): a segment a phrase.

AntennaPod prefers it to captions, and gathers segments until they last 5 s: shorter ones, such as words, get blanks
before their punctuation. It wants an end for each, reads an empty speaker as the last one, and fails at an empty text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from aligner.captions import CaptionRules, Cue
from aligner.durations import to_milliseconds
from aligner.formats.material import Material

# Nobody has to read these in time: where sentences and clauses end decides, and what a player shows at once; and each
# begins with its words, since none needs time of the next to be read.
_RULES = CaptionRules(
    max_lines=1, max_line=240, min_duration=5.0, max_duration=8.0, max_speed=100.0, max_pause=2.0, lend=0.0
)


def write(material: Material) -> str:
    """The segments, in order and disjoint."""
    told = {"version": "1.0.0", "segments": [*_segments(material)]}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _segments(material: Material) -> Iterator[dict[str, Any]]:
    for cue in material.transcript_cues(_RULES):
        speaker = cue.lines[0].speaker or material.nobody
        yield {
            **({"speaker": " ".join(speaker.split())} if speaker else {}),
            "startTime": _seconds(cue.start),
            "endTime": _seconds(_voice_end(cue)),
            "body": _text(cue),
        }


def _text(cue: Cue) -> str:
    """The words, parted by plain spaces, since no line is broken here."""
    return "".join(" " * bool(word.before) + word.text for word in cue.words).strip()


def _voice_end(cue: Cue) -> float:
    """When the last word ends: cues stay a little longer."""
    ends = [word.span.end for word in cue.words if word.span]
    return min(cue.end, max(ends)) if ends and max(ends) > cue.start else cue.end


def _seconds(time: float) -> float:
    return to_milliseconds(time) / 1000
