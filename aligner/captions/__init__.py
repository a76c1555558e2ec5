"""Make caption cues from an alignment, and WebVTT and SubRip from cues.

Start at ``build_cues``. ``passages`` gathers the words between two pauses; ``cutting`` finds the cheapest split of each
passage into cues, their lines and times. ``rules`` holds the limits of a cue.
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
