"""pysubs2 reads each word of ASS once, at its time and with its speaker."""

import re
import warnings

from pysubs2 import SSAEvent, SSAFile, SSAStyle

from aligner.captions import CaptionRules, SpeakerNames
from aligner.formats import FORMATS, Material
from aligner.formats.text_lines import on_one_line
from aligner.formats.ttml import speaker_colours
from media.video.bidirectional import without_bidi_controls
from tests.readers.hostile import materials
from tests.readers.reading import seen, written
from tests.tables import over_rows

_DASH = CaptionRules(speaker_names=SpeakerNames.DASH)
_NARROW = str.maketrans("｛｝", "{}")


def _text(format: str, material: Material) -> str:
    return FORMATS[format].content(material).decode("utf-8")


def _of(text: str) -> tuple[str, ...]:
    """Return the lines of a cue, with ASCII braces, which the files avoid because they enclose commands."""
    return tuple(map(seen, text.strip().translate(_NARROW).split("\n")))


@over_rows("name", lambda: [name for name, each in materials().items() if not FORMATS["ass"].unavailable(each)])
def test_pysubs2_reads_ass(name: str) -> None:
    material = materials()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = SSAFile.from_string(_text("ass", material))
    events = [each for each in read if each.type == "Dialogue"]
    truth = written(material, _DASH)
    assert len(events) == len(truth)
    styles = {speaker: f"Speaker {number}" for number, speaker in enumerate(speaker_colours(material), start=1)}
    for event, cue in zip(events, truth, strict=True):
        assert max(abs(event.start - cue.start), abs(event.end - cue.end)) <= 5
        assert _of(event.plaintext) == cue.lines
        assert _styles(event) == [styles.get(speaker or "", "Default") for speaker in cue.speakers]
        assert event.name.split("; ") == [*dict.fromkeys(_named(each) for each in cue.speakers if each)] or [""]
    assert all(style in read.styles for event in events for style in _styles(event))
    colours = {styles[speaker]: colour for speaker, colour in speaker_colours(material).items()}
    assert {name: _hex(read.styles[name]) for name in colours} == colours


def _styles(event: SSAEvent) -> list[str]:
    """Return the style at the start of each line."""
    found = [event.style]
    for line in event.text.split("\\N")[1:]:
        reset = re.match(r"\{\\r([^}]*)\}", without_bidi_controls(line))
        found.append(reset[1] if reset else found[-1])
    return found


def _named(speaker: str) -> str:
    """Return the name without commas, which would end its field."""
    return on_one_line(speaker.replace(",", ";"))


def _hex(style: SSAStyle) -> str:
    colour = style.primarycolor
    return f"#{colour.r:02x}{colour.g:02x}{colour.b:02x}"


def test_ass_has_the_review_status_and_both_formats_a_poor_verdict() -> None:
    for name in ("ordinary", "poor"):
        assert ("[ces sous-titres" in _text("broadcast-srt", materials()[name])) is (name == "poor")
        read = SSAFile.from_string(_text("ass", materials()[name]))
        assert read.info["Title"] == "Le bac"
        assert read.info["Update Details"].endswith("Automatic timing, not reviewed.")
        assert ("poor" in read.info["Update Details"]) is (name == "poor")
        assert [each.type for each in read].count("Comment") == (name == "poor")
