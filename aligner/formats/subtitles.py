"""SubRip and WebVTT for podcast players, for editing and subtitling programs, and for pages."""

from __future__ import annotations

import re

from aligner.captions import CaptionRules, Cue, SpeakerNames, to_srt, to_vtt
from aligner.captions.build import directed
from aligner.formats.material import Material
from aligner.timed_text import CueBlock, write_srt, write_vtt
from aligner.timed_text.write import srt_text, vtt_text, vtt_voice

_COLON, _FULL_WIDTH = ":", "\uff1a"
PODCAST_SRT = CaptionRules(
    max_line=32,
    max_voices=1,
    speaker_names=SpeakerNames.CHANGE,
    introduces=False,
    name_mark=_COLON,  # without a space, in every language
)
_COLON_AT_END, _COLON_IN_LINE = re.compile(":$"), ": "


def podcast_srt(material: Material) -> str:
    """Return SubRip for podcast players: two lines of 32 characters and one speaker a cue, with the name when the
    speaker changes (Podcasting 2.0, "SRT"). Lines end with LF, as Castopod requires.

    SubRip has no field for the speaker. AntennaPod takes the text before ": ", or before a colon at the end of a line,
    for the speaker's name, and drops the text after a second colon. So colons in the text are changed:

    - In a cue without a name, the space after a colon becomes a no-break space, and a colon at the end of a line is
      followed by an invisible word joiner. The colon looks the same, and searches find it.
    - In a cue with a name, other colons become full-width (U+FF1A), as in "9：15". NFKC restores the colon for
      searching, and every phone has the character.

    Each speaker has the same name throughout, the shortest clear one, since players take two names for two people.
    """
    cues = material.named.transcript_cues(PODCAST_SRT)
    return write_srt(CueBlock(cue.start, cue.end, tuple(_srt_lines(cue))) for cue in cues).replace("\r", "")


def _srt_lines(cue: Cue) -> list[str]:
    first, *others = cue.lines
    if not (first.speaker and first.lead.endswith(_COLON)):
        texts = [_COLON_AT_END.sub(":\u2060", srt_text(line.text)) for line in cue.lines]
        return directed([text.replace(_COLON_IN_LINE, ":\u00a0") for text in texts])
    name = srt_text(first.lead.removesuffix(_COLON).replace(_COLON, _FULL_WIDTH)) + _COLON
    # Direction marks go after the name, or players would read them as part of it.
    words = [srt_text(line.spoken).replace(_COLON, _FULL_WIDTH) for line in (first, *others)]
    first_words, *lines = directed(words)
    return [f"{name} {first_words}" if words[0] else name, *lines]


PODCAST_VTT = CaptionRules(max_lines=1, max_line=65)
# AntennaPod does not recognise a voice whose name has an ampersand, as in a character reference; after "=" and a
# quotation mark it searches the words for the end of the tag. Full-width forms look similar, and NFKC restores them.
_NAMES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", "=": "＝"})
# Podlove skips a cue whose text looks like a comment, or is "0", which is empty to PHP. A word joiner is invisible.
_JOINER = "\u2060"


def podcast_vtt(material: Material) -> str:
    """Return WebVTT for podcast players and hosts, which read only part of the format.

    A cue has one line of at most 65 characters, as Podcasting 2.0 advises, since Castopod shows two lines as two rows,
    and Podlove joins them without a space. Every cue starts with a voice tag: without one, AntennaPod shows the
    previous cue's name. There are no identifiers, comments, styles or settings, since Castopod parses a file by
    counting lines. So nothing says who reviewed the captions.
    """
    cues = material.transcript_cues(PODCAST_VTT)
    return write_vtt(CueBlock(cue.start, cue.end, (_vtt_line(cue, material.nobody),)) for cue in cues)


def _vtt_line(cue: Cue, nobody: str | None) -> str:
    (line,) = cue.lines
    text = directed([vtt_text(line.text)])[0]
    if speaker := line.speaker or nobody:
        return vtt_voice(speaker.translate(_NAMES), [text])[0]
    return _JOINER + text if text == "0" or text.startswith("NOTE") else text


def broadcast_srt(material: Material) -> str:
    """Return SubRip for editing and subtitling programs: two lines of 42 characters, no tags, and the name of each new
    speaker."""
    cues = material.cues(CaptionRules(speaker_names=SpeakerNames.CHANGE))
    return to_srt(cues, language=material.language, verdict=material.alignment.verdict)


def web_vtt(material: Material) -> str:
    """Return WebVTT for pages, with the time of every word. Voice tags name the speakers. A dash marks each
    change of speaker, since browsers do not show the tags."""
    cues = material.cues(CaptionRules(speaker_names=SpeakerNames.DASH))
    review = str(material.review_sentence)
    return to_vtt(cues, verdict=material.alignment.verdict, word_times=True, review=review)
