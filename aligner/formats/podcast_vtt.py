"""WebVTT as podcast players and hosts read it."""

from __future__ import annotations

from aligner.captions import CaptionRules
from aligner.formats.material import Material
from aligner.timed_text import CueBlock, write_vtt
from aligner.timed_text.write import vtt_text, vtt_voice

_RULES = CaptionRules(max_lines=1, max_line=65)


def write(material: Material) -> str:
    """The cues, one line each."""
    return write_vtt(
        CueBlock(cue.start, cue.end, tuple(vtt_voice(cue.lines[0].speaker, [vtt_text(cue.lines[0].text)])))
        for cue in material.cues(_RULES)
    )
