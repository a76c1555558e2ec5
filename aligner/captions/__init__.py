"""Captions: from an alignment to cues, and from cues to files.

``build_cues`` is the way in: ``passages`` are read; ``cutting`` finds the cheapest cut of each into cues, ``layout``
sets their lines and says when they appear and go. ``rules`` are what all of it keeps to.
"""

from aligner.captions.build import CueBuilder, build_cues, to_srt, to_vtt
from aligner.captions.rules import (
    CaptionRules,
    Cue,
    CueKind,
    CueLine,
    CueReport,
    CueWord,
    Norm,
    SpeakerNames,
    judge_cues,
)

__all__ = [
    "CaptionRules",
    "Cue",
    "CueBuilder",
    "CueKind",
    "CueLine",
    "CueReport",
    "CueWord",
    "Norm",
    "SpeakerNames",
    "build_cues",
    "judge_cues",
    "to_srt",
    "to_vtt",
]
