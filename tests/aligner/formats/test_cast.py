"""The data of ``<quote-cast>``: nothing of the text or its times is lost, and the component reads it back."""

from __future__ import annotations

import gzip
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material
from aligner.formats.cast import cast_data
from aligner.settled import Signature
from tests.node import need_node
from tests.places import ROOT
from tests.readers.hostile import MATERIALS, over_materials
from web.page.bundle import script_of

READER = ROOT / "web" / "static" / "js" / "cast" / "data.js"
LARGEST_SCRIPT_BYTES = 30_000  # as servers send it
ORDINARY = MATERIALS["ordinary"]


def data_of(material: Material) -> dict[str, Any]:
    """What is written, as any reader of JSON has it."""
    read: dict[str, Any] = json.loads(FORMATS["cast"].write(material))
    return read


def times_of(paragraph: dict[str, Any]) -> list[tuple[int, int] | None]:
    """When each word of a written paragraph is said, by the specification's words."""
    if "start" not in paragraph:
        return [None] * len(paragraph["words"])
    now, times = paragraph["start"], list[tuple[int, int] | None]()
    for since, length in zip(paragraph["starts"], paragraph["lengths"], strict=True):
        now += since or 0
        times.append(None if since is None else (now, now + length))
    return times


@over_materials
def test_pieces_put_together_are_the_text_and_each_has_its_word(material: Material) -> None:
    for paragraph, written in zip(material.paragraphs, data_of(material)["paragraphs"], strict=True):
        assert " ".join("".join(written["words"]).split()) == paragraph.text
        words = material.words(paragraph)
        assert len(written["words"]) == max(1, len(words))
        for word, piece in zip(words, written["words"], strict=False):
            assert "".join(word.word.text.split()) in "".join(piece.split())


@over_materials
def test_every_word_keeps_its_time(material: Material) -> None:
    for paragraph, written in zip(material.paragraphs, data_of(material)["paragraphs"], strict=True):
        spans = [each.span for each in material.words(paragraph)] or [None]
        said = [span and (to_milliseconds(span.start), to_milliseconds(span.end)) for span in spans]
        assert times_of(written) == said


@over_materials
def test_every_paragraph_has_its_kind_and_its_speaker(material: Material) -> None:
    data = data_of(material)
    told = [
        (each["kind"], data["speakers"][each["speaker"]] if "speaker" in each else None) for each in data["paragraphs"]
    ]
    assert told == [(each.kind.value, each.speaker or None) for each in material.paragraphs]


def test_the_component_reads_all_of_it(tmp_path: Path) -> None:
    need_node()
    files = [tmp_path / f"{number}.json" for number in range(len(MATERIALS))]
    for file, material in zip(files, MATERIALS.values(), strict=True):
        file.write_bytes(FORMATS["cast"].write(material))
    script = tmp_path / "read.mjs"
    script.write_text(
        f"""import {{ readFileSync }} from "node:fs";
        import {{ readCast }} from {json.dumps(READER.as_uri())};
        const casts = process.argv.slice(2).map((file) => readCast(JSON.parse(readFileSync(file, "utf8"))));
        console.log(JSON.stringify(casts.map(({{ paragraphs, starts, ends, speakers }}) => ({{
            texts: paragraphs.map(({{ words }}) => words.join("")), starts, ends,
            names: paragraphs.map(({{ speaker }}) => speaker === null ? null : speakers[speaker]),
        }}))));""",
        encoding="utf-8",
    )
    done = subprocess.run(["node", script, *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    for material, read in zip(MATERIALS.values(), json.loads(done.stdout), strict=True):
        assert [" ".join(text.split()) for text in read["texts"]] == [each.text for each in material.paragraphs]
        assert read["names"] == [each.speaker or None for each in material.paragraphs]
        said = [each.span for each in material.alignment.words if each.span]
        assert [each for each in read["starts"] if each is not None] == [to_milliseconds(each.start) for each in said]
        assert [each for each in read["ends"] if each is not None] == [to_milliseconds(each.end) for each in said]


def test_what_a_person_settled_and_kept_is_told() -> None:
    data = data_of(MATERIALS["quotes"])
    assert [(each["text"], each["speaker"]) for each in data["quotes"]] == [
        ('Un "mot" & <b>\n: fin -->', None),
        ("Parfois jusqu’au soir.", "Ada Morel"),
    ]
    assert data["missing"] == [{"kind": "advert", "start": 18500, "end": 28000}]
    assert [each["title"] for each in data["chapters"]] == ["L’embarcadère", "Le retour"]


def test_it_says_how_far_it_can_be_trusted() -> None:
    assert data_of(MATERIALS["poor"])["verdict"] == "poor"
    assert data_of(MATERIALS["machine text"])["machine_text"] is True
    signed = Material(replace(ORDINARY.alignment, signature=Signature("Zoé", "2026-03-14T10:00:00Z", 0.5)), "x")
    assert data_of(signed)["review"] == {"by": "Zoé", "on": "2026-03-14", "share": 0.5}
    assert data_of(ORDINARY)["review"] is None


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("he", "rtl"), ("ar", "rtl"), ("fa", "rtl")])
def test_it_says_which_way_it_is_read(language: str, direction: str) -> None:
    assert data_of(Material(replace(ORDINARY.alignment, language=language), "x"))["direction"] == direction


@pytest.mark.parametrize(
    ("file", "sources"),
    [
        (
            "../../home/ada/Épisode 1: été?.mp3",
            [
                {"src": "Episode-1-ete.mp3", "type": "audio/mpeg"},  # as it is uploaded
                {"src": "%C3%89pisode%201%3A%20%C3%A9t%C3%A9%3F.mp3", "type": "audio/mpeg"},
            ],
        ),
        ("sound.strange", [{"src": "sound.strange", "type": None}]),
    ],
)
def test_the_sound_lies_beside_it_and_no_folder_is_told(file: str, sources: list[dict[str, str | None]]) -> None:
    alignment = replace(ORDINARY.alignment, audio=replace(ORDINARY.alignment.audio, file=file))
    assert data_of(Material(alignment, "x"))["audio"]["sources"] == sources


def test_or_it_is_where_it_is_said_to_be() -> None:
    address = "https://example.org/a.opus?token=1#x"
    assert cast_data(ORDINARY, [address])["audio"]["sources"] == [{"src": address, "type": "audio/ogg"}]


def test_an_hour_is_small() -> None:
    material = MATERIALS["sample"]
    bytes_a_word = len(gzip.compress(FORMATS["cast"].write(material))) / len(material.alignment.words)
    assert 10_000 * bytes_a_word < 200_000  # words of an hour; the longer the text, the fewer bytes a word


def test_the_script_is_small() -> None:
    assert len(gzip.compress(script_of("cast/quote-cast.js").encode())) < LARGEST_SCRIPT_BYTES
