"""Make caption cues from an alignment, and convert cues to WebVTT and SubRip.

Start at ``build_cues``. A *passage* holds the words between two pauses, see ``passages``. ``cutting`` finds the
cheapest split of each passage into cues, with their lines and times. ``rules`` defines the limits of a cue.
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
