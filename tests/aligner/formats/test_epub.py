"""A book of an episode: its parts, what is set apart, what it says of itself, and the sound in it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from aligner.formats import FORMATS, Material
from aligner.model import Alignment, Kind
from media.decode import audio_blocks
from media.ffmpeg import running
from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.readers.hostile import materials, ordinary, planted
from tests.readers.reading_system import Book
from tests.tables import over_rows

EPUB = FORMATS["epub"]
SOUND = SAMPLE / "episode.mp3"


def book(alignment: Alignment, sound: Path = SOUND, cover: Path | None = None) -> Book:
    return Book(EPUB.write(Material(alignment, "bac", sound=lambda: sound, cover=cover)))


def test_a_heading_begins_a_part_and_one_right_under_it_is_in_the_same() -> None:
    read = book(
        planted(
            ("Ada", "Avant."), (Kind.HEADING, "Un"), (Kind.HEADING, "Un bis"), ("Ada", "Dedans."),
            (Kind.HEADING, "Deux"), ("Luc", "Après."),
        )
    )  # fmt: skip
    assert [" ".join(each.text.split()) for each in read.chapters] == ["Avant.", "Un Un bis Dedans.", "Deux Après."]
    assert [label for label, _ in read.contents] == ["Le bac", "Un", "Un bis", "Deux"]
    assert [each.speakers for each in read.chapters] == [["Ada"], ["Ada"], ["Luc"]]


def test_notes_and_stage_directions_are_set_apart() -> None:
    chapter = book(ordinary()).chapters[0]
    assert chapter.of_class("note") == ["1. Les horaires sont ceux de mars."]
    assert chapter.of_class("stage") == ["(rires)", "(Musique)"]
    assert len(chapter.of_class("mark")) == 1
    lit = " ".join(each.text for each in chapter.lit)
    assert "rires" not in lit
    assert "Personne ne dit" not in lit
    assert "Parfois jusqu’au soir." in lit


def test_it_tells_who_made_what_when_and_where_it_is_from() -> None:
    read = book(ordinary())
    assert read.dublin_core("title") == ["Le bac"]
    assert read.dublin_core("creator") == read.meta("belongs-to-collection") == ["Roue libre"]
    assert read.dublin_core("contributor") == read.meta("media:narrator") == ["Ada Morel", "Luc Petit"]
    assert (read.dublin_core("language"), read.dublin_core("date")) == (["fr"], ["2026-03-14"])
    assert read.dublin_core("source") == ["https://example.org/bac"]
    assert read.meta("media:active-class") == ["-epub-media-overlay-active"]
    assert read.dublin_core("identifier") == book(ordinary()).dublin_core("identifier")


@over_rows("name", ["poor", "signed", "machine text", "ordinary"])
def test_who_stands_for_it_and_that_its_times_deserve_no_trust_is_on_its_first_page(name: str) -> None:
    material = materials()[name]
    read = book(material.alignment)
    [summary] = read.meta("schema:accessibilitySummary")
    for remark in material.remarks_for_readers:
        assert remark in read.spine[0].text
        assert remark in read.dublin_core("description")[0]
        assert remark in summary
    assert len(read.spine[0].of_class("remark")) == 1 + (name == "poor")


@over_rows(
    "language, spoken_in, poor, unsaid",
    [
        ("fr", "fr", "Verdict\u00a0: mauvais.", "sont absents de l’audio"),
        ("fr-CA", "fr", "Minutage automatique, non vérifié.", "Chaque phrase est surlignée"),
        ("en", "en", "Verdict: poor.", "are not in the audio"),
        ("de", "en", "Automatic timing, not reviewed.", "Each sentence is highlighted"),
    ],
)
def test_what_it_says_of_itself_is_in_its_language_where_that_is_known(
    language: str, spoken_in: str, poor: str, unsaid: str
) -> None:
    read = book(replace(materials()["poor"].alignment, language=language))
    [summary] = read.package.xpath("//*[@property='schema:accessibilitySummary']")
    [description] = read.package.xpath("//*[local-name()='description']")
    remarks = read.spine[0].root.xpath("//*[@class='remark']")
    said = [*remarks, description, summary]
    assert len(remarks) == 2
    assert {each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in said} == {spoken_in}
    assert {each.get("lang") for each in remarks} == {spoken_in}
    assert poor in "".join(each.text for each in remarks)
    assert poor in description.text
    assert poor in summary.text
    assert unsaid in summary.text


def test_what_is_told_of_access_is_so() -> None:
    read = book(ordinary())
    assert "synchronizedAudioText" in read.meta("schema:accessibilityFeature")
    assert read.meta("schema:accessModeSufficient") == ["textual", "textual,auditory"]
    [summary] = read.meta("schema:accessibilitySummary")
    alignment = ordinary()
    unsaid = sum(word.span is None for word in alignment.words)
    assert f"Sur les {len(alignment.words)} mots du texte, {unsaid} sont absents de l’audio." in summary


def test_of_what_nobody_says_it_is_a_book_without_sound() -> None:
    read = book(materials()["nothing said"].alignment)
    assert not any(each.lit for each in read.spine)
    assert {each.get("media-type") for each in read.items.values()} == {"application/xhtml+xml", "text/css"}
    assert "synchronizedAudioText" not in read.meta("schema:accessibilityFeature")


def test_a_text_that_runs_leftwards_turns_its_pages_so() -> None:
    read = book(materials()["Hebrew"].alignment)
    assert {each.root.get("dir") for each in read.spine} == {"rtl"}
    assert read.package.xpath("//@page-progression-direction") == ["rtl"]
    assert book(ordinary()).package.xpath("//@page-progression-direction") == []


def test_it_has_the_cover_where_that_is_a_picture(tmp_path: Path) -> None:
    cover, broken = tmp_path / "cover.png", tmp_path / "broken.png"
    Image.new("RGBA", (3000, 2000), "teal").save(cover)
    broken.write_text("no picture", encoding="utf-8")
    read = book(ordinary(), cover=cover)
    [item] = [each for each in read.items.values() if each.get("properties") == "cover-image"]
    with Image.open(io.BytesIO(read.read(item.get("href")))) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1600, 1067))
    assert not book(ordinary(), cover=broken).package.xpath("//@properties[.='cover-image']")


@over_rows(
    "name, arguments, held",
    [
        ("cbr.mp3", ["-b:a", "64k"], "audio/mpeg"),
        ("vbr.mp3", ["-q:a", "4"], None),
        ("a.m4a", ["-c:a", "aac"], "audio/mp4"),
        ("a.opus", ["-c:a", "libopus"], "audio/ogg; codecs=opus"),
        ("a.ogg", ["-c:a", "libvorbis"], None),
        ("a.flac", [], None),
        ("a.wav", ["-ar", "96000", "-ac", "1"], None),
    ],
)
def test_the_sound_is_held_as_it_is_where_readers_play_it_exactly_and_else_as_aac(
    name: str, arguments: Sequence[str], held: str | None, tmp_path: Path
) -> None:
    path = tmp_path / name
    with running(["-i", f"file:{SOUND}", "-t", "5", *arguments, f"file:{path}"]):
        pass
    read = book(ordinary(), path)
    [sound] = [each for each in read.items.values() if each.get("media-type").startswith("audio/")]
    assert sound.get("media-type") == (held or "audio/mp4")
    content = read.read(sound.get("href"))
    if held:
        assert content == path.read_bytes()
        return
    copy = tmp_path / "copy.m4a"
    copy.write_bytes(content)
    with av.open(str(copy)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    lengths = [sum(len(block) for _, block in audio_blocks(each)) / 16000 for each in (path, copy)]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.05)


def test_the_profile_of_books_writes_it(alignment: Path) -> None:
    done = quotecast_here("export", alignment, "--profile", "book")
    assert done.returncode == 0, done.stderr
    written = alignment.parent / "roue-book" / "roue.epub"
    assert f"Written   {written}" in done.stdout
    read = Book(written.read_bytes())
    assert read.read("sound.mp3") == SOUND.read_bytes()
    assert [each.get("properties") for each in read.items.values()].count("cover-image") == 1
    (alignment.parent / "roue.mp3").unlink()
    assert "the audio of the alignment is missing" in quotecast_here("export", alignment, "--to", "epub").stderr
