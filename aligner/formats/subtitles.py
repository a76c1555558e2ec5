"""SubRip and WebVTT: for podcast players, for editing and subtitling programs, and for pages."""

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
    name_mark=_COLON,  # alone, whatever the language of the words
)
_COLON_AT_END, _COLON_IN_LINE = re.compile(":$"), ": "


def podcast_srt(material: Material) -> str:
    """Return SubRip as podcast players read it: two lines of 32 characters, one speaker a cue, named where another
    begins (Podcasting 2.0, "SRT"); LF ends lines, as Castopod wants it.

    The format knows no speakers. AntennaPod takes what stands before ": " for one, also where a line ends with the
    colon, and loses what follows a second colon. So the words of a transcript are written as they are, but their
    colons:

    - In a cue without a name a no-break space follows, or at the end of a line a word joiner, which is not seen and
      nobody trims: the colon looks, is read and is found as before.
    - In a cue with a name it is the full-width form (U+FF1A), at "9：15" too. Unicode's NFKC makes a colon of it again,
      so that searching finds it; all fonts for Chinese have it, and so has every phone. So has a name with a colon.

    A name has one form throughout, the shortest clear one, since players take two forms for two people.
    """
    cues = material.named.transcript_cues(PODCAST_SRT)
    return write_srt(CueBlock(cue.start, cue.end, tuple(_srt_lines(cue))) for cue in cues).replace("\r", "")


def _srt_lines(cue: Cue) -> list[str]:
    first, *others = cue.lines
    if not (first.speaker and first.lead.endswith(_COLON)):
        texts = [_COLON_AT_END.sub(":\u2060", srt_text(line.text)) for line in cue.lines]
        return directed([text.replace(_COLON_IN_LINE, ":\u00a0") for text in texts])
    name = srt_text(first.lead.removesuffix(_COLON).replace(_COLON, _FULL_WIDTH)) + _COLON
    # What embeds a line that runs leftwards stands after the name, or it would be part of that.
    words = [srt_text(line.spoken).replace(_COLON, _FULL_WIDTH) for line in (first, *others)]
    first_words, *lines = directed(words)
    return [f"{name} {first_words}" if words[0] else name, *lines]


PODCAST_VTT = CaptionRules(max_lines=1, max_line=65)
# AntennaPod knows no voice whose name has an ampersand, which a reference to any sign begins with; a quotation mark
# after "=" has it look for the end of the tag in the words. Full-width forms look alike, and NFKC takes them for these.
_NAMES = str.maketrans({"&": "＆", "<": "＜", ">": "＞", "=": "＝"})
# Podlove passes over a cue whose text is that of a comment, or which PHP holds for empty. A word joiner is not seen.
_JOINER = "\u2060"


def podcast_vtt(material: Material) -> str:
    """Return WebVTT as podcast players and hosts read it, which is less than what the format allows.

    One line of at most 65 characters a cue (Podcasting 2.0's advice): of two Castopod makes two rows, and Podlove joins
    them without a space. The voice at its beginning in every cue, for AntennaPod lets a name hold until another comes.
    No identifiers, comments, styles or settings, since Castopod goes by the number of a line; so there is no place here
    for who reviewed it.
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
    """Return SubRip as editing and subtitling programs read it: two lines of 42 characters, no tags, with a speaker's
    name where the speaker changes."""
    cues = material.cues(CaptionRules(speaker_names=SpeakerNames.CHANGE))
    return to_srt(cues, language=material.language, verdict=material.alignment.verdict)


def web_vtt(material: Material) -> str:
    """Return WebVTT for pages, with the time of every word. Speakers have voice tags, and a dash where they change,
    since browsers do not show the tags."""
    cues = material.cues(CaptionRules(speaker_names=SpeakerNames.DASH))
    review = str(material.standing)
    return to_vtt(cues, verdict=material.alignment.verdict, word_times=True, review=review)
