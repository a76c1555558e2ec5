"""OpenTimelineIO reads the timelines, and pycmx the edit decision lists."""

import io
import re
from fractions import Fraction
from typing import Any

import pycmx
import pytest
from lxml import etree
from pycmx.statements import StmtRemark

from aligner.formats import FORMATS, Material
from aligner.formats.cuts import audio_name, cuts, reel
from aligner.formats.text_lines import on_one_line
from aligner.locating.quality import doubtful_runs
from aligner.model import Kind
from tests.readers.hostile import materials, over_materials
from tests.tables import over_rows

RATE = 25


def otio() -> Any:
    return pytest.importorskip("opentimelineio", reason="it has no wheels for this Python")


def written(name: str, material: Material) -> str:
    return FORMATS[name].content(material).decode("utf-8")


def timeline(material: Material) -> Any:
    return otio().adapters.read_from_string(written("otio", material), "otio_json")


def frame(timecode: str) -> int:
    hours, minutes, seconds, rest = map(int, timecode.split(":"))
    return ((hours * 60 + minutes) * 60 + seconds) * RATE + rest


def events(list_: str) -> list[tuple[int, int, int, int, str | None, str, list[str]]]:
    """Return source and record times, the file name, the reel and the comments of each event, as pycmx reads them."""
    read = pycmx.parse_cmx3600(io.StringIO(list_))
    assert not [each for each in read.unrecognized_statements if each.content]
    found = []
    for event in read.events:
        [edit] = event.edits
        assert (edit.channels.a1, edit.channels.a2, edit.channels.video) == (True, True, False)
        comments = [each.text for each in event.statements if isinstance(each, StmtRemark)]
        times = (edit.source_in, edit.source_out, edit.record_in, edit.record_out)
        found.append((*map(frame, times), edit.clip_name, edit.source, comments))
    return found


@over_materials
def test_a_timeline_has_a_clip_for_each_turn_with_all_of_its_words(material: Material) -> None:
    read = timeline(material)
    empty, track = read.tracks
    clips = list(track)
    assert (read.name, empty.kind, track.kind) == (on_one_line(material.title), "Video", "Audio")
    assert empty.duration() == track.duration()
    assert [clip.name for clip in clips] == [cut.name for cut in cuts(material)]
    for clip in clips:
        assert clip.range_in_parent() == clip.source_range
        assert clip.source_range.end_time_exclusive() <= clip.available_range().end_time_exclusive()
        assert clip.media_reference.target_url == material.audio_path
    about = [clip.metadata["quotecast"] for clip in clips if "quotecast" in clip.metadata]
    said = [turn for turn in material.turns if turn.span]
    assert [(each["speaker"], each["text"].split()) for each in about] == [
        (turn.speaker, [word for each in turn.paragraphs for word in each.text.split()]) for turn in said
    ]


@over_materials
def test_chapters_quotes_ads_and_doubtful_words_are_markers(material: Material) -> None:
    read = timeline(material)
    spans_of: dict[str, list[tuple[float, float]]] = {}
    for marker in read.tracks.markers:
        span = marker.marked_range
        spans_of.setdefault(marker.metadata["quotecast"]["kind"], []).append(
            (span.start_time.to_seconds(), span.duration.to_seconds())
        )
        assert len(marker.name.splitlines()) == 1
    titles = [marker.comment for marker in read.tracks.markers if marker.metadata["quotecast"]["kind"] == "chapter"]
    assert titles == [each.title for each in material.chapters]
    expected = {
        "chapter": [(each.start, 0.0) for each in material.chapters],
        "quote": [(each.start, each.end - each.start) for each in material.quotes],
        "ad": [(each.start, each.end - each.start) for each in material.ads],
        "doubtful": [(span.start, span.duration) for _, span in doubtful_runs(material.alignment)],
        "untranscribed": [(each.start, each.end - each.start) for each in material.alignment.untranscribed],
    }
    for kind, spans in expected.items():
        assert spans_of.get(kind, []) == [pytest.approx(each, abs=0.041) for each in spans]


@over_rows("name", ["ordinary", "sample", "Arabic", "colons", "hours in", "nothing said"])
def test_final_cut_gets_the_same_clips(name: str) -> None:
    """Not over all materials, since the adapter fails on names with both kinds of quotation marks."""
    pytest.importorskip("otio_fcpx_xml_adapter")
    material = materials()[name]
    written = etree.fromstring(otio().adapters.write_to_string(timeline(material), "fcpx_xml").encode())
    [spine] = written.iterfind(".//spine/gap")  # its programs start at one hour
    clips = list(spine.iterfind("clip"))
    expected = cuts(material)
    assert [
        (clip.get("name"), fcpxml_frames(clip.get("start", "0s")), fcpxml_frames(clip.get("duration")))
        for clip in clips
    ] == [(cut.name, cut.start, cut.end - cut.start) for cut in expected]
    hour = fcpxml_frames(spine.get("start"))
    for clip, cut in zip(clips, expected, strict=True):  # the adapter truncates fractions of frames
        assert cut.start - 1 <= fcpxml_frames(clip.get("offset")) - hour <= cut.start


def fcpxml_frames(time: str) -> Fraction:
    """Return the frames of a time such as ``193/25s``."""
    return Fraction(time.removesuffix("s")) * RATE


def test_a_timeline_has_the_review_status_and_the_verdict() -> None:
    signed, poor = timeline(materials()["signed"]), timeline(materials()["poor"])
    assert list(signed.metadata["quotecast"]["remarks"]) == ["Reviewed by Zoé <b> & --> Cie, 2026-03-14."]
    assert "Verdict: poor." in poor.metadata["quotecast"]["remarks"][0]


def test_audio_with_odd_characters_in_its_name_is_found_by_its_url() -> None:
    url_utils = pytest.importorskip("opentimelineio.url_utils")
    material = Material(materials()["ordinary"].alignment, "bac", audio_path="../été #1?/50 % off.mp3")
    [clip, *_] = timeline(material).tracks[1]
    assert url_utils.filepath_from_url(clip.media_reference.target_url) == "../été #1?/50 % off.mp3"


@over_materials
def test_an_edit_list_has_an_event_for_each_turn_in_order(material: Material) -> None:
    found = events(written("edl", material))
    expected = cuts(material)
    assert [each[:4] for each in found] == [(cut.start, cut.end, cut.start, cut.end) for cut in expected]
    assert {each[4] for each in found} == {audio_name(material)}
    assert [each[6][0] for each in found] == [f"COMMENT: {cut.name}" for cut in expected]
    assert found[0][6][1:] == [f"COMMENT: {each}" for each in ("25 frames a second.", *material.remarks)]


@over_rows("name, expected", [("Été à l'île.final.mp3", "ETEALILE"), ("bl.mp3", "AX"), ("", "AX")])
def test_a_reel_is_letters_and_digits_and_not_a_reserved_name(name: str, expected: str) -> None:
    assert reel(name) == expected


@over_materials
def test_labels_have_three_fields_and_every_spoken_paragraph(material: Material) -> None:
    fields = [line.split("\t") for line in written("labels", material).split("\n")[:-1]]
    assert {len(each) for each in fields} <= {3}
    said = [each for each in material.paragraphs if each.span]
    spans = [(each.span.start, each.span.end) for each in said if each.span]
    labels = [(float(start), float(end), text) for start, end, text in fields]
    assert [each[:2] for each in labels if each[0] < each[1]] == [pytest.approx(each, abs=1e-6) for each in spans]
    texts = [on_one_line(f"{each.speaker}: {each.text}" if each.speaker else each.text) for each in said]
    assert [text for start, end, text in labels if start < end] == texts
    headings = [each.text for each in material.paragraphs if each.kind is Kind.HEADING and not each.span]
    assert {text for start, end, text in labels if start == end} <= {*map(on_one_line, headings)}
    assert all(re.fullmatch(r"\d+\.\d{6}", each) for field in fields for each in field[:2])
