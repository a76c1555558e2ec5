"""TTML2 for broadcasters: the text profile of IMSC 1.1, and EBU-TT-D.

Both keep to the stricter rules of EBU-TT-D: styles are referenced, never inline; lengths are percentages; colours are
``#rrggbb``; every cue has an ID and times in milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lxml import etree
from lxml.builder import ElementMaker

from aligner.captions import CaptionRules, Cue, CueLine, SpeakerNames
from aligner.durations import to_milliseconds
from aligner.formats.material import Material
from aligner.formats.text_lines import NOT_IN_XML
from aligner.model import Kind
from aligner.timed_text.write import clock
from media.video.bidirectional import base_level

COLOURS = ("#ffffff", "#ffff00", "#00ffff", "#00ff00")
"""White, yellow, cyan and green: the teletext colours with a contrast of 15 or more on black, and the only ones that
the BBC's subtitle guidelines allow for speakers."""

_NS = "http://www.w3.org/ns/ttml"
_IMSC = f"{_NS}/profile/imsc1.1/text"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES = {
    None: _NS,
    "ttp": f"{_NS}#parameter",
    "tts": f"{_NS}#styling",
    "ttm": f"{_NS}#metadata",
    "ebutts": "urn:ebu:tt:style",
    "ebuttm": "urn:ebu:tt:metadata",
    "itts": f"{_NS}/profile/imsc1#styling",
}
_PARAMETER, _STYLING, _METADATA, _EBU_STYLING, _EBU_METADATA, _IMSC_STYLING = (
    f"{{{uri}}}" for prefix, uri in _PREFIXES.items() if prefix
)
_MAKE = ElementMaker(namespace=_NS, nsmap=_PREFIXES)

# Teletext's 40 columns and 24 rows fill the inner four fifths of the picture, which every screen shows.
_CELLS = "50 30"
_REGION = {
    f"{_XML}id": "bottom",
    f"{_STYLING}origin": "10% 10%",
    f"{_STYLING}extent": "80% 80%",
    f"{_STYLING}displayAlign": "after",
    f"{_STYLING}overflow": "visible",
}
# A line is two rows high (160% of a row, times 125%), as teletext's are.
_TEXT = {
    f"{_STYLING}fontFamily": "proportionalSansSerif",
    f"{_STYLING}fontSize": "160%",
    f"{_STYLING}lineHeight": "125%",
    f"{_STYLING}textAlign": "center",
    f"{_STYLING}wrapOption": "noWrap",
    f"{_EBU_STYLING}linePadding": "0.5c",
    f"{_IMSC_STYLING}fillLineGap": "true",
}
_MAX_LINE = 37  # of teletext's 40 columns three hold the codes for height, box and colour
_INLINE = (f"{{{_NS}}}p", f"{_METADATA}agent")


def imsc(material: Material) -> bytes:
    """Return captions as a TTML document in the Text Profile of IMSC 1.1 (https://www.w3.org/TR/ttml-imsc1.1/)."""
    return _document(material, profile=_IMSC)


def ebu_tt_d(material: Material) -> bytes:
    """Return captions as an EBU-TT-D document (EBU Tech 3380, version 1.0.1), for distribution to televisions."""
    return _document(material, standards=("urn:ebu:tt:distribution:2018-04", _IMSC))


def _document(material: Material, *, profile: str | None = None, standards: Sequence[str] = ()) -> bytes:
    """Return a TTML document of the cues. ``profile`` and ``standards`` are URIs that the document declares."""
    colours = speaker_colours(material)
    names = {speaker: f"speaker{number}" for number, speaker in enumerate(colours, start=1)}
    root = _MAKE.tt(
        {f"{_XML}lang": material.language, f"{_PARAMETER}timeBase": "media", f"{_PARAMETER}cellResolution": _CELLS},
        _MAKE.head(
            _metadata(material, standards, names), _styling(colours, names), _MAKE.layout(_MAKE.region(_REGION))
        ),
    )
    if profile:
        root.set(f"{_PARAMETER}contentProfiles", profile)
    # A dash marks a new speaker for readers who do not see colours; a name if there are too few colours.
    shown = SpeakerNames.DASH if len(colours) <= len(COLOURS) else SpeakerNames.CHANGE
    if cues := material.cues(CaptionRules(max_line=_MAX_LINE, speaker_names=shown)):
        paragraphs = [_paragraph(number, cue, names) for number, cue in enumerate(cues, start=1)]
        root.append(_MAKE.body(_MAKE.div({"region": "bottom", "style": "text"}, *paragraphs)))
    _broken_into_lines(root)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _metadata(material: Material, standards: Sequence[str], names: Mapping[str, str]) -> etree._Element:
    """Return the title, remarks, standards and speakers as an element; ``names`` maps speakers to IDs."""
    return _MAKE.metadata(
        _element(f"{_METADATA}title", material.title),
        _element(f"{_METADATA}desc", " ".join(material.remarks)),
        *(_element(f"{_EBU_METADATA}conformsToStandard", standard) for standard in standards),
        *(_agent(identifier, speaker) for speaker, identifier in names.items()),
    )


def _agent(identifier: str, speaker: str) -> etree._Element:
    agent = _element(f"{_METADATA}agent", "", {f"{_XML}id": identifier, "type": "person"})
    agent.append(_element(f"{_METADATA}name", speaker, {"type": "full"}))
    return agent


def _styling(colours: Mapping[str, str], names: Mapping[str, str]) -> etree._Element:
    """Return the styles, such as one for each speaker; ``colours`` and ``names`` map speakers to colours and IDs."""
    styles = {
        "text": _TEXT,
        "dialogue": {f"{_EBU_STYLING}multiRowAlign": "start"},
        "leftwards": {f"{_STYLING}direction": "rtl"},
        "nobody": _coloured(COLOURS[0]),
        **{f"of-{names[speaker]}": _coloured(colour) for speaker, colour in colours.items()},
    }
    return _MAKE.styling(*(_MAKE.style({f"{_XML}id": name, **style}) for name, style in styles.items()))


def _coloured(colour: str) -> dict[str, str]:
    return {f"{_STYLING}color": colour, f"{_STYLING}backgroundColor": "#000000"}


def _paragraph(number: int, cue: Cue, names: Mapping[str, str]) -> etree._Element:
    styles = ["dialogue"] * (len({line.speaker for line in cue.lines}) > 1) + ["leftwards"] * base_level(cue.text)
    begin, end = (clock(to_milliseconds(time), ".") for time in (cue.start, cue.end))
    paragraph = _MAKE.p({f"{_XML}id": f"cue{number}", "begin": begin, "end": end})
    if styles:
        paragraph.set("style", " ".join(styles))
    for index, line in enumerate(cue.lines):
        if index:
            paragraph.append(_MAKE.br())
        paragraph.append(_span(line, names.get(line.speaker or "")))
    return paragraph


def _span(line: CueLine, speaker: str | None) -> etree._Element:
    if speaker is None:
        return _element(f"{{{_NS}}}span", line.text, {"style": "nobody"})
    return _element(f"{{{_NS}}}span", line.text, {"style": f"of-{speaker}", f"{_METADATA}agent": speaker})


def _element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    element = etree.Element(name, attributes or {}, nsmap=_PREFIXES)
    element.text = NOT_IN_XML.sub("\ufffd", text)
    return element


def _broken_into_lines(root: etree._Element) -> None:
    """Put each XML element on a line of its own, except in cues, where players would display the line breaks."""
    for element in root.iter():
        if len(element) and element.tag not in _INLINE:
            element.text = "\n"
            for child in element:
                child.tail = "\n"


def speaker_colours(material: Material) -> dict[str, str]:
    """Return the colour of each speaker as ``#rrggbb``, in order of appearance. If there are too few colours, the
    speakers with the fewest words share the last colour."""
    counts: Counter[str] = Counter()
    for paragraph in material.paragraphs:
        if paragraph.speaker and paragraph.kind is Kind.SPEECH:
            counts[paragraph.speaker] += len(paragraph.words)
    alone = len(COLOURS) if len(counts) <= len(COLOURS) else len(COLOURS) - 1
    own = iter(COLOURS)
    most = {speaker for speaker, _ in counts.most_common(alone)}
    return {speaker: next(own) if speaker in most else COLOURS[-1] for speaker in counts}
