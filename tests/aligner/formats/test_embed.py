"""The data of ``<quote-cast>``: nothing of the text or its times is lost, and the component reads it back."""

import gzip
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material
from aligner.model import Review
from tests.node import need_node
from tests.paths import ROOT
from tests.readers.hostile import materials, over_materials
from tests.tables import over_rows
from web.page.bundle import script_of

READER = ROOT / "web" / "static" / "js" / "embed" / "data.js"
LARGEST_SCRIPT_BYTES = 30_000  # as servers send it


def data_of(material: Material) -> dict[str, Any]:
    """What is written, as any reader of JSON has it."""
    read: dict[str, Any] = json.loads(FORMATS["cast"].content(material))
    return read


@over_materials
def test_pieces_put_together_are_the_text_and_each_has_its_word(material: Material) -> None:
    for paragraph, written in zip(material.paragraphs, data_of(material)["paragraphs"], strict=True):
        assert " ".join("".join(written["words"]).split()) == paragraph.text
        words = material.words(paragraph)
        assert len(written["words"]) == max(1, len(words))
        for word, piece in zip(words, written["words"], strict=False):
            assert "".join(word.word.text.split()) in "".join(piece.split())


def test_the_component_reads_all_of_it(tmp_path: Path) -> None:
    need_node()
    files = [tmp_path / f"{number}.json" for number in range(len(materials()))]
    for file, material in zip(files, materials().values(), strict=True):
        file.write_bytes(FORMATS["cast"].content(material))
    script = tmp_path / "read.mjs"
    script.write_text(
        f"""import {{ readFileSync }} from "node:fs";
        import {{ readEmbedData }} from {json.dumps(READER.as_uri())};
        const casts = process.argv.slice(2).map((file) => readEmbedData(JSON.parse(readFileSync(file, "utf8"))));
        console.log(JSON.stringify(casts.map(({{ paragraphs, starts, ends, speakers }}) => ({{
            texts: paragraphs.map(({{ words }}) => words.join("")), starts, ends,
            names: paragraphs.map(({{ speaker }}) => speaker === null ? null : speakers[speaker]),
            kinds: paragraphs.map(({{ kind }}) => kind),
        }}))));""",
        encoding="utf-8",
    )
    done = subprocess.run(["node", script, *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    for material, read in zip(materials().values(), json.loads(done.stdout), strict=True):
        assert [" ".join(text.split()) for text in read["texts"]] == [each.text for each in material.paragraphs]
        assert read["names"] == [each.speaker or None for each in material.paragraphs]
        assert read["kinds"] == [each.kind.value for each in material.paragraphs]
        said = [each.span for each in material.alignment.words if each.span]
        assert [each for each in read["starts"] if each is not None] == [to_milliseconds(each.start) for each in said]
        assert [each for each in read["ends"] if each is not None] == [to_milliseconds(each.end) for each in said]


def test_it_has_saved_quotes_ads_and_chapters() -> None:
    data = data_of(materials()["quotes"])
    assert [(each["text"], each["speaker"]) for each in data["quotes"]] == [
        ('Un "mot" & <b>\n: fin -->', None),
        ("Parfois jusqu’au soir.", "Ada Morel"),
    ]
    assert data["missing"] == [{"kind": "ad", "start": 18500, "end": 28000}]
    assert [each["title"] for each in data["chapters"]] == ["L’embarcadère", "Le retour"]


def test_it_has_the_verdict_and_the_review_status() -> None:
    assert data_of(materials()["poor"])["verdict"] == "poor"
    assert data_of(materials()["machine text"])["machine_text"] is True
    signed = Material(
        replace(materials()["ordinary"].alignment, review=Review("Zoé", "2026-03-14T10:00:00Z", 0.5)), "x"
    )
    assert data_of(signed)["review"] == {"by": "Zoé", "on": "2026-03-14", "share": 0.5}
    assert data_of(materials()["ordinary"])["review"] is None


@over_rows(
    "file, sources",
    [
        (
            "../../home/ada/Épisode 1: été?.mp3",
            [
                {"src": "Episode-1-ete.mp3", "type": "audio/mpeg"},  # as it is uploaded
                {"src": "%C3%89pisode%201%3A%20%C3%A9t%C3%A9%3F.mp3", "type": "audio/mpeg"},
            ],
        ),
        ("talk.strange", [{"src": "talk.strange", "type": None}]),
    ],
)
def test_the_audio_is_beside_it_and_no_folder_is_named(file: str, sources: list[dict[str, str | None]]) -> None:
    alignment = materials()["ordinary"].alignment
    alignment = replace(alignment, audio=replace(alignment.audio, file=file))
    assert data_of(Material(alignment, "x"))["audio"]["sources"] == sources


def test_an_hour_is_small() -> None:
    material = materials()["sample"]
    bytes_a_word = len(gzip.compress(FORMATS["cast"].content(material))) / len(material.alignment.words)
    assert 10_000 * bytes_a_word < 200_000  # words of an hour; the longer the text, the fewer bytes a word


def test_the_script_is_small() -> None:
    assert len(gzip.compress(script_of("embed/quote-cast.js").encode())) < LARGEST_SCRIPT_BYTES
