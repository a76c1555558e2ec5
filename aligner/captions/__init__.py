"""Make caption cues from an alignment, and convert cues to WebVTT and SubRip.

Start at ``build_cues``. A *passage* holds the words between two pauses, see ``passages``. ``cutting`` finds the
cheapest split of each passage into cues, with their lines and times. ``rules`` defines the limits of a cue.
"""

from aligner.captions.build import CueBuilder as CueBuilder
from aligner.captions.build import build_cues as build_cues
from aligner.captions.build import to_srt as to_srt
from aligner.captions.build import to_vtt as to_vtt
from aligner.captions.rules import CaptionRules as CaptionRules
from aligner.captions.rules import Cue as Cue
from aligner.captions.rules import CueKind as CueKind
from aligner.captions.rules import CueLine as CueLine
from aligner.captions.rules import CueReport as CueReport
from aligner.captions.rules import CueWord as CueWord
from aligner.captions.rules import Norm as Norm
from aligner.captions.rules import SpeakerNames as SpeakerNames
from aligner.captions.rules import judge_cues as judge_cues
