"""SubRip as podcast players read it: two lines of 32 characters, one speaker a cue, named where another begins
(Podcasting 2.0, "SRT").

The format knows no speakers. AntennaPod takes what stands before ": " for one, also where a line ends with the colon,
and loses what follows a second colon. So the words of a transcript are written as they are, but their colons:

- In a cue without a name a no-break space follows, or at the end of a line a word joiner, which is not seen and nobody
  trims: the colon looks, is read and is found as before.
- In a cue with a name it is the full-width form (U+FF1A), at "9：15" too. Unicode's NFKC makes a colon of it again, so
  that searching finds it; all fonts for Chinese have it, and so has every phone; eSpeak NG makes the pause of a colon.
  The look-alikes do worse: NVDA says "ratio" for U+2236, eSpeak NG changes its language at U+A789, and few fonts have
  U+FE55. So has a name with a colon.

A name has one form throughout, the shortest clear one, since players take two forms for two people.
"""

from __future__ import annotations

import re

from aligner.captions import CaptionRules, Cue, SpeakerNames
from aligner.captions.build import directed
from aligner.formats.material import Material
from aligner.timed_text import CueBlock, write_srt
from aligner.timed_text.write import srt_text

_COLON, _FULL_WIDTH = ":", "\uff1a"
RULES = CaptionRules(
    max_line=32,
    max_voices=1,
    speaker_names=SpeakerNames.CHANGE,
    introduces=False,
    name_mark=_COLON,  # alone, whatever the language of the words
)
_COLON_AT_END, _COLON_IN_LINE = re.compile(":$"), ": "


def write(material: Material) -> str:
    """The cues; LF ends lines, as Castopod wants it."""
    cues = material.named.transcript_cues(RULES)
    return write_srt(CueBlock(cue.start, cue.end, tuple(_lines(cue))) for cue in cues).replace("\r", "")


def _lines(cue: Cue) -> list[str]:
    first, *others = cue.lines
    if not (first.speaker and first.lead.endswith(_COLON)):
        texts = [_COLON_AT_END.sub(":\u2060", srt_text(line.text)) for line in cue.lines]
        return directed([text.replace(_COLON_IN_LINE, ":\u00a0") for text in texts])
    name = srt_text(first.lead.removesuffix(_COLON).replace(_COLON, _FULL_WIDTH)) + _COLON
    # What embeds a line that runs leftwards stands after the name, or it would be part of that.
    words = [srt_text(line.spoken).replace(_COLON, _FULL_WIDTH) for line in (first, *others)]
    first_words, *lines = directed(words)
    return [f"{name} {first_words}" if words[0] else name, *lines]
