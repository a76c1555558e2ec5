"""Captions: from an alignment to cues, and from cues to files."""

from aligner.captions.cue import Cue, CueKind, CueWord, Line, shifted
from aligner.captions.cues import CueBuilder, build_cues
from aligner.captions.files import to_srt, to_vtt
from aligner.captions.norms import CueReport, Norm, judge_cues
from aligner.captions.rules import CaptionRules, SpeakerNames

__all__ = [
    "CaptionRules",
    "Cue",
    "CueBuilder",
    "CueKind",
    "CueReport",
    "CueWord",
    "Line",
    "Norm",
    "SpeakerNames",
    "build_cues",
    "judge_cues",
    "shifted",
    "to_srt",
    "to_vtt",
]
