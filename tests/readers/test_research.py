"""praatio reads TextGrid, pympi reads ELAN, and Python's csv module reads the tables."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from praatio import textgrid
from pympi.Elan import Eaf

from aligner.formats import FORMATS, Material
from aligner.formats.csv import COLUMNS
from aligner.formats.text_lines import on_one_line
from aligner.model import TimedWord
from tests.readers.hostile import materials, over_materials, planted
from tests.tables import over_rows

STEP = 0.0011  # seconds: a millisecond, and what a sum of floats is off


def said(material: Material) -> list[TimedWord]:
    return [word for word in material.alignment.words if word.span]


def assert_at_their_times(intervals: Sequence[tuple[float, float, str]], words: Sequence[TimedWord]) -> None:
    """Assert that each word is there once, in order, at its time; overlapping words are shortened."""
    assert [label for _, _, label in intervals] == [on_one_line(word.word.text) for word in words]
    assert all(one[1] <= other[0] + 1e-9 for one, other in pairwise(intervals))
    for (start, end, _), word in zip(intervals, words, strict=True):
        assert word.span
        assert start == pytest.approx(word.span.start, abs=STEP)
        assert end <= word.span.end + STEP


def grid(material: Material, folder: Path) -> Path:
    path = folder / "episode.TextGrid"
    path.write_bytes(FORMATS["textgrid"].content(material))
    return path


@over_materials
def test_praatio_reads_every_word_at_its_time_and_every_paragraph(material: Material, tmp_path: Path) -> None:
    read = textgrid.openTextgrid(str(grid(material, tmp_path)), includeEmptyIntervals=True, duplicateNamesMode="error")
    assert read.maxTimestamp >= material.alignment.audio.duration - STEP
    for tier in read.tiers:
        assert (tier.minTimestamp, tier.maxTimestamp) == (0, read.maxTimestamp)
        edges = [0.0, *(edge for each in tier.entries for edge in (each.start, each.end)), read.maxTimestamp]
        assert edges[::2] == edges[1::2], "gaps are filled"
    words = [(each.start, each.end, each.label) for each in read.getTier("words").entries if each.label]
    assert_at_their_times(words, said(material))
    status = [each.label for each in read.getTier("status").entries if each.label]
    assert status == [word.status for word in said(material)]
    shown = [each for each in material.paragraphs if each.span]
    found = {
        name: [each.label for each in read.getTier(name).entries if each.label]
        for name in read.tierNames
        if name.startswith("paragraphs")
    }
    expected: dict[str, list[str]] = {}
    for each in shown:
        name = f"paragraphs of {on_one_line(each.speaker)}" if each.speaker else "paragraphs"
        expected.setdefault(name, []).append(on_one_line(each.text))
    assert found == expected


def test_a_grid_has_the_chapters(tmp_path: Path) -> None:
    read = textgrid.openTextgrid(str(grid(materials()["ordinary"], tmp_path)), includeEmptyIntervals=False)
    assert [each.label for each in read.getTier("chapters").entries] == ["L’embarcadère", "Le retour"]


def annotations(material: Material, folder: Path) -> Eaf:
    path = folder / "episode.eaf"
    path.write_bytes(FORMATS["elan"].content(material))
    return Eaf(str(path))


@over_materials
def test_pympi_reads_every_word_within_its_paragraph_and_speaker(material: Material, tmp_path: Path) -> None:
    read = annotations(material, tmp_path)
    found = []
    for tier in read.get_tier_names():
        if read.get_parameters_for_tier(tier)["LINGUISTIC_TYPE_REF"] != "paragraphs":
            continue
        [words_tier] = read.get_child_tiers_for(tier)
        [status_tier] = read.get_child_tiers_for(words_tier)
        words = sorted(read.get_annotation_data_for_tier(words_tier))
        paragraphs = sorted(read.get_annotation_data_for_tier(tier))
        assert all(one[1] <= other[0] for one, other in pairwise(paragraphs))
        who = read.get_parameters_for_tier(words_tier).get("PARTICIPANT")
        within = iter(words)
        for start, end, text in paragraphs:
            inside = [next(within) for _ in range(sum(start <= each[0] and each[1] <= end for each in words))]
            assert (inside[0][0], inside[-1][1]) == (start, end)
            found.append((start, who, text, inside))
        assert not list(within), "every word is within a paragraph"
        # pympi's own way from such an annotation to its time knows no tier between that has times of its own.
        assert [each[0] for each in read.tiers[status_tier][1].values()] == list(read.tiers[words_tier][0])
    expected = [each for each in material.paragraphs if each.span]
    found.sort(key=lambda each: each[0])
    names = [on_one_line(each.speaker) if each.speaker else None for each in expected]
    assert [each[1] for each in found] == names
    assert [each[2] for each in found] == [on_one_line(each.text) for each in expected]
    words_found = [(start / 1000, end / 1000, text) for *_, inside in found for start, end, text in inside]
    assert_at_their_times(words_found, said(material))


def test_annotations_have_the_audio_and_the_review_status(tmp_path: Path) -> None:
    material = Material(materials()["poor"].alignment, "bac", audio_path="../été & fils.mp3")
    read = annotations(material, tmp_path)
    assert [{**each} for each in read.get_linked_files()] == [
        {"MEDIA_URL": "../été & fils.mp3", "RELATIVE_MEDIA_URL": "../été & fils.mp3", "MIME_TYPE": "audio/mpeg"}
    ]
    properties = dict(read.get_properties())
    assert properties["title"] == "Le bac"
    assert "Verdict: poor." in properties["remarks"]
    assert "not reviewed" in properties["remarks"]


def table(material: Material) -> list[dict[str, str]]:
    content = FORMATS["csv"].content(material)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return list(rows)


def as_printed(cell: str) -> str:
    """Return a cell without the apostrophe that keeps it from being a formula, as documented."""
    return re.sub(r"^'(?='*[=+@\-＝＋＠－])", "", cell)


def formulas(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield the cells that a spreadsheet would calculate."""
    return (cell for row in rows for cell in row.values() if cell[:1] in {*"=+-@\t\r＝＋＠－"} and cell)


@over_materials
def test_a_table_has_a_row_for_each_word_and_no_formula(material: Material) -> None:
    rows = table(material)
    alignment = material.alignment
    assert not list(formulas(rows))
    assert [as_printed(row["word"]) for row in rows] == [on_one_line(word.word.text) for word in alignment.words]
    assert [int(row["index"]) for row in rows] == list(range(len(alignment.words)))
    for row, word in zip(rows, alignment.words, strict=True):
        segment = alignment.segments[word.word.segment]
        assert as_printed(row["speaker"]) == on_one_line(segment.segment.speaker or "")
        assert (row["kind"], row["segment"], row["status"]) == (segment.segment.kind, segment.id, word.status)
        assert float(row["confidence"]) == pytest.approx(word.confidence, abs=0.0005)
        assert row["pinned"] == ("true" if word.pinned else "false")
        assert (int(row["char_start"]), int(row["char_end"])) == (word.word.char_start, word.word.char_end)
        times = [float(row[name]) if row[name] else None for name in ("start", "end")]
        expected = [word.span.start, word.span.end] if word.span else [None, None]
        assert times == [pytest.approx(each, abs=STEP) if each is not None else None for each in expected]


def test_words_that_look_like_formulas_are_escaped_and_others_are_not() -> None:
    talk = planted(("Ada", "=1+1 @ada '=x ''tis 'round -5 +33 ＝1"), language="en")
    cells = [row["word"] for row in table(Material(talk, "episode"))]
    assert cells == ["'=1+1", "'@ada", "''=x", "''tis", "'round", "'-5", "'+33", "'＝1"]


@over_rows("name", ["textgrid", "elan", "csv"])
def test_a_pinned_word_is_marked(name: str) -> None:
    talk = planted(("Ada", "One two."))
    first, second = talk.words
    pinned: Any = Material(replace(talk, words=(replace(first, pinned=True), second)), "episode")
    content = FORMATS[name].content(pinned).decode("utf-8")
    assert len(re.findall("exact, pinned|,true,", content)) == 1
