"""Captions: from an alignment to cues, from cues to files, and the check of such files."""

from aligner.captions.check import check_captions
from aligner.captions.cue import Cue, CueKind, CueWord, Line, shifted
from aligner.captions.cues import CueBuilder, build_cues
from aligner.captions.norms import CueReport, Norm, judge_cues
from aligner.captions.problem import Problem
from aligner.captions.rules import CaptionRules, SpeakerNames
from aligner.captions.srt import to_srt
from aligner.captions.vtt import to_vtt

__all__ = [
    "CaptionRules",
    "Cue",
    "CueBuilder",
    "CueKind",
    "CueReport",
    "CueWord",
    "Line",
    "Norm",
    "Problem",
    "SpeakerNames",
    "build_cues",
    "check_captions",
    "judge_cues",
    "shifted",
    "to_srt",
    "to_vtt",
]
