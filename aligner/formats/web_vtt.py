"""WebVTT for pages: the time of every word, so that a page can show the words as they are said."""

from __future__ import annotations

from aligner.captions import CaptionRules, SpeakerNames, to_vtt
from aligner.formats.material import Material

_RULES = CaptionRules(speaker_names=SpeakerNames.DASH)


def write(material: Material) -> str:
    """The cues, speakers told by voice tags, and by a dash where they change, since browsers do not show the tags."""
    return to_vtt(
        material.cues(_RULES), verdict=material.alignment.verdict, word_times=True, standing=str(material.standing)
    )
