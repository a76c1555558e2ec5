"""Advanced SubStation Alpha (ASS), as Aegisub and other subtitle editors read it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pysubs2 import Alignment, Color, SSAEvent, SSAFile, SSAStyle

from aligner.captions import CaptionRules, Cue, SpeakerNames
from aligner.captions.build import POOR, directed
from aligner.durations import to_milliseconds
from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from aligner.formats.ttml import speaker_colours
from media.errors import Message

_RULES = CaptionRules(speaker_names=SpeakerNames.DASH)
_WIDTH, _HEIGHT = 1920, 1080
_END = 36_000.0  # seconds; hours have one digit
_NOBODY = "Default"
_JOINER = "\u2060"


def ass(material: Material) -> str:
    """Return the cues as an ASS file, with a style for each speaker and the speaker's name in each event."""
    colours = speaker_colours(material)
    styles = {speaker: f"Speaker {number}" for number, speaker in enumerate(colours, start=1)}
    file = SSAFile()
    file.info.update(
        {
            "Title": on_one_line(material.title),
            "Update Details": on_one_line(" ".join(material.remarks)),
            "PlayResX": str(_WIDTH),
            "PlayResY": str(_HEIGHT),
            "WrapStyle": "2",  # no automatic line breaks
        }
    )
    file.styles[_NOBODY] = _style("#ffffff")
    file.styles.update({styles[speaker]: _style(colour) for speaker, colour in colours.items()})
    if material.is_poor:
        file.events.append(SSAEvent(start=0, end=0, type="Comment", text=_text(POOR)))
    file.events.extend(_event(cue, styles) for cue in material.cues(_RULES))
    return file.to_string("ass", header_notice="")


def ass_unavailable(material: Material) -> Message | None:
    """Return a message if the last cue ends too late for the format, else None."""
    cues = material.cues(_RULES)
    return Message("there are cues after ten hours, where ASS has no times") if cues and cues[-1].end >= _END else None


def _style(colour: str) -> SSAStyle:
    red, green, blue = bytes.fromhex(colour[1:])
    return SSAStyle(
        fontname="Arial",
        fontsize=58,
        primarycolor=Color(red, green, blue),
        outline=3.0,
        shadow=0.0,
        alignment=Alignment.BOTTOM_CENTER,
        marginl=_WIDTH // 10,
        marginr=_WIDTH // 10,
        marginv=_HEIGHT // 15,
    )


def _event(cue: Cue, styles: Mapping[str, str]) -> SSAEvent:
    """Return a cue as an event. ``styles`` maps speakers to style names; a line by a new speaker changes the style."""
    speakers = [line.speaker for line in cue.lines]
    lines = []
    for index, text in enumerate(directed([_text(line.text) for line in cue.lines])):
        changes = index and speakers[index] != speakers[index - 1]
        lines.append(f"{{\\r{styles.get(speakers[index] or '', _NOBODY)}}}{text}" if changes else text)
    return SSAEvent(
        start=to_milliseconds(cue.start),
        end=to_milliseconds(cue.end),
        style=styles.get(speakers[0] or "", _NOBODY),
        name=on_one_line("; ".join(dict.fromkeys(filter(None, speakers))).replace(",", ";")),  # a comma ends the field
        text="\\N".join(lines),
    )


def _text(text: str) -> str:
    """Escape text for an event. Braces enclose commands, and no escape for them works in all programs, so full-width
    braces replace them. An invisible word joiner separates a backslash from a letter that would make it a command."""
    return re.sub(r"\\(?=[Nnh])", "\\\\" + _JOINER, text.replace("{", "｛").replace("}", "｝"))
