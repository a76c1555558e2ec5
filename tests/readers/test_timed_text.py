"""Foreign readers find every cue of IMSC, EBU-TT-D and podcast captions with its words, speakers and times."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pysubs2
import pytest
from lxml import etree
from ttconv.imsc.reader import to_model
from ttconv.model import Br, ContentDocument, P, Span, Text
from ttconv.style_properties import StyleProperties

from aligner.captions import CaptionRules, SpeakerNames
from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material, subtitles
from aligner.formats.ttml import COLOURS, speaker_colours
from aligner.timed_text import check_captions
from aligner.typography.tokens import width
from media.video.bidirectional import base_level
from tests.readers.hostile import materials, over_materials
from tests.readers.reading import Shown, seen, written
from tests.tables import over_rows

_TT = "{http://www.w3.org/ns/ttml}"
_TTM = "{http://www.w3.org/ns/ttml#metadata}"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_BOTH = ("imsc", "ebu-tt-d")
over_formats = over_rows("format", _BOTH)


def expected(material: Material) -> list[Shown]:
    """Return the cues of 37 characters; speakers are named if there are more of them than colours."""
    names = SpeakerNames.DASH if len(speaker_colours(material)) <= 4 else SpeakerNames.CHANGE
    return written(material, CaptionRules(max_line=37, speaker_names=names))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Each material in both formats, by format and name."""
    folder = tmp_path_factory.mktemp("written")
    found = {}
    for number, (name, material) in enumerate(materials().items()):
        for format in _BOTH:
            found[format, name] = folder / f"{number}.{format}.xml"
            found[format, name].write_bytes(FORMATS[format].content(material))
    return found


def by_ttconv(content: bytes, caplog: pytest.LogCaptureFixture) -> tuple[ContentDocument, list[Shown], list[list[str]]]:
    """Return the document, its cues, and the colour of each line; assert that ttconv logs nothing."""
    with caplog.at_level(logging.INFO):
        document = to_model(ElementTree.ElementTree(ElementTree.fromstring(content)))
    assert not caplog.records
    body = document.get_body()
    cues, colours = [], []
    for paragraph in (each for each in body.dfs_iterator() if isinstance(each, P)) if body else ():
        lines, of_lines = _lines(paragraph)
        cues.append(Shown(_ms(paragraph.get_begin()), _ms(paragraph.get_end()), lines, ()))
        colours.append(of_lines)
    return document, cues, colours


def _lines(paragraph: P) -> tuple[tuple[str, ...], list[str]]:
    lines, colours = [""], [""]
    for part in paragraph:
        if isinstance(part, Br):
            lines, colours = [*lines, ""], [*colours, ""]
        if isinstance(part, Span):
            lines[-1] += "".join(text.get_text() for text in part if isinstance(text, Text))
            red, green, blue, _ = part.get_style(StyleProperties.Color).components
            colours[-1] = f"#{red:02x}{green:02x}{blue:02x}"
    return tuple(map(seen, lines)), colours


def _ms(seconds: Any) -> int:
    assert (seconds * 1000).denominator == 1
    return int(seconds * 1000)


def agents_of(content: bytes) -> list[tuple[str | None, ...]]:
    """Return the speaker of each line of each cue, by the names in the head."""
    root = etree.fromstring(content)
    names = {agent.get(_ID): agent.findtext(f"{_TTM}name") for agent in root.iter(f"{_TTM}agent")}
    return [
        tuple(names.get(span.get(f"{_TTM}agent")) for span in cue.iter(f"{_TT}span")) for cue in root.iter(f"{_TT}p")
    ]


@over_formats
@over_rows("name", lambda: list(materials()))
def test_ttconv_reads_the_same_cues(
    name: str, format: str, files: dict[tuple[str, str], Path], caplog: pytest.LogCaptureFixture
) -> None:
    assert_read_by_ttconv(materials()[name], files[format, name].read_bytes(), caplog)


def assert_read_by_ttconv(material: Material, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    document, cues, colours = by_ttconv(content, caplog)
    truth = expected(material)
    assert [(cue.start, cue.end, cue.lines) for cue in cues] == [(cue.start, cue.end, cue.lines) for cue in truth]
    assert document.get_lang() == material.language
    own = speaker_colours(material)
    assert colours == [[own.get(speaker or "", COLOURS[0]) for speaker in cue.speakers] for cue in truth]
    speakers = [tuple(speaker and seen(speaker) for speaker in cue.speakers) for cue in truth]
    assert [tuple(each and seen(each) for each in cue) for cue in agents_of(content)] == speakers


@over_formats
def test_imsc_js_shows_the_same_cues(
    format: str, files: dict[tuple[str, str], Path], read_by_node: Callable[..., Any]
) -> None:
    for name, read in zip(
        materials(), read_by_node("imsc.cjs", *(files[format, name] for name in materials())), strict=True
    ):
        truth = expected(materials()[name])
        assert not read["complaints"], name
        shown = [
            (
                round(cue["start"] * 1000),
                round(cue["end"] * 1000),
                tuple(seen("".join(run["text"] for run in line)) for line in cue["lines"]),
            )
            for cue in read["shown"]
        ]
        assert shown == [(cue.start, cue.end, cue.lines) for cue in truth], name
        runs = [run for cue in read["shown"] for line in cue["lines"] for run in line]
        assert {run["behind"] for run in runs} <= {"#000000"}
        directions = [{run["direction"] for line in cue["lines"] for run in line} for cue in read["shown"]]
        assert directions == [{"rtl"} if base_level("".join(cue.lines)) else {"ltr"} for cue in truth], name


def test_every_line_fits_on_teletext() -> None:
    for name, material in materials().items():
        for cue in expected(material):
            assert len(cue.lines) <= 2, name
            assert all(width(line) <= 37 for line in cue.lines if max(map(width, line.split())) < 35), (name, cue)


@over_formats
def test_a_file_has_the_review_status_and_a_poor_verdict(format: str, files: dict[tuple[str, str], Path]) -> None:
    remarks = {
        name: etree.parse(files[format, name]).findtext(f".//{_TTM}desc") for name in ("ordinary", "poor", "signed")
    }
    assert remarks["ordinary"] == "Automatic timing, not reviewed."
    assert "Verdict: poor." in str(remarks["poor"])
    assert remarks["signed"] == "Reviewed by Zoé <b> & --> Cie, 2026-03-14."
    assert etree.parse(files[format, "ordinary"]).findtext(f".//{_TTM}title") == "Le bac"


@over_materials
def test_our_own_check_finds_nothing_wrong(material: Material, tmp_path: Path) -> None:
    for format in ("podcast-vtt", "podcast-srt"):
        path = tmp_path / f"episode.{format[-3:]}"
        path.write_bytes(FORMATS[format].content(material))
        assert [problem for problem in check_captions(path) if problem.rule != "empty"] == []


@over_materials
def test_pysubs2_reads_every_cue(material: Material) -> None:
    text = FORMATS["podcast-srt"].content(material).decode("utf-8")
    events = pysubs2.SSAFile.from_string(text, format_="srt") if text else []
    cues = material.named.transcript_cues(subtitles.PODCAST_SRT)
    assert [(event.start, event.end, letters(event.plaintext)) for event in events] == [
        (to_milliseconds(cue.start), to_milliseconds(cue.end), letters(cue.text)) for cue in cues
    ]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
