"""WebVTT as podcast players and hosts read it, which is less than what the format allows.

One line of at most 65 characters a cue (Podcasting 2.0's advice): of two Castopod makes two rows, and Podlove joins
them without a space. The voice at its beginning in every cue, for AntennaPod lets a name hold until another comes. No
identifiers, comments, styles or settings, since Castopod goes by the number of a line; so there is no place here for
who stands for the times.
"""

from __future__ import annotations

from aligner.captions import CaptionRules, Cue
from aligner.captions.build import directed
from aligner.formats.material import Material
from aligner.timed_text import CueBlock, write_vtt
from aligner.timed_text.write import vtt_text, vtt_voice

RULES = CaptionRules(max_lines=1, max_line=65)
# AntennaPod knows no voice whose name has an ampersand, which a reference to any sign begins with; a quotation mark
# after "=" has it look for the end of the tag in the words. Full-width forms look alike, and NFKC takes them for these.
_NAMES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", "=": "＝"})
# Podlove passes over a cue whose text is that of a comment, or which PHP holds for empty. A word joiner is not seen.
_JOINER = "\u2060"


def write(material: Material) -> str:
    """The cues, one line each, each with its speaker where any is named."""
    cues = material.transcript_cues(RULES)
    return write_vtt(CueBlock(cue.start, cue.end, (_line(cue, material.nobody),)) for cue in cues)


def _line(cue: Cue, nobody: str | None) -> str:
    (line,) = cue.lines
    text = directed([vtt_text(line.text)])[0]
    if speaker := line.speaker or nobody:
        return vtt_voice(speaker.translate(_NAMES), [text])[0]
    return _JOINER + text if text == "0" or text.startswith("NOTE") else text
