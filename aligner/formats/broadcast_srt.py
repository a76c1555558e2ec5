"""SubRip as editing and subtitling programs read it: two lines of 42 characters, no tags."""

from __future__ import annotations

from aligner.captions import CaptionRules, SpeakerNames, to_srt
from aligner.formats.material import Material

_RULES = CaptionRules(speaker_names=SpeakerNames.CHANGE)


def write(material: Material) -> str:
    """The cues, with a speaker's name where the speaker changes."""
    return to_srt(material.cues(_RULES), language=material.language, verdict=material.alignment.verdict)
