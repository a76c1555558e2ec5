"""EPUBs of an episode: chapters, notes, metadata and audio."""

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
AUDIO = SAMPLE / "episode.mp3"


def book(alignment: Alignment, audio: Path = AUDIO, cover: Path | None = None) -> Book:
    return Book(EPUB.content(Material(alignment, "bac", find_audio=lambda: audio, cover=cover)))


def test_a_heading_starts_a_chapter_unless_it_directly_follows_another() -> None:
    read = book(
        planted(
            ("Ada", "Avant."), (Kind.HEADING, "Un"), (Kind.HEADING, "Un bis"), ("Ada", "Dedans."),
            (Kind.HEADING, "Deux"), ("Luc", "Après."),
        )
    )  # fmt: skip
    assert [" ".join(each.text.split()) for each in read.chapters] == ["Avant.", "Un Un bis Dedans.", "Deux Après."]
    assert [label for label, _ in read.contents] == ["Le bac", "Un", "Un bis", "Deux"]
    assert [each.speakers for each in read.chapters] == [["Ada"], ["Ada"], ["Luc"]]


def test_notes_and_stage_directions_are_marked_and_not_highlighted() -> None:
    chapter = book(ordinary()).chapters[0]
    assert chapter.of_class("note") == ["1. Les horaires sont ceux de mars."]
    assert chapter.of_class("stage") == ["(rires)", "(Musique)"]
    assert len(chapter.of_class("mark")) == 1
    lit = " ".join(each.text for each in chapter.lit)
    assert "rires" not in lit
    assert "Personne ne dit" not in lit
    assert "Parfois jusqu’au soir." in lit


def test_the_metadata_has_title_show_speakers_date_and_source() -> None:
    read = book(ordinary())
    assert read.dublin_core("title") == ["Le bac"]
    assert read.dublin_core("creator") == read.meta("belongs-to-collection") == ["Roue libre"]
    assert read.dublin_core("contributor") == read.meta("media:narrator") == ["Ada Morel", "Luc Petit"]
    assert (read.dublin_core("language"), read.dublin_core("date")) == (["fr"], ["2026-03-14"])
    assert read.dublin_core("source") == ["https://example.org/bac"]
    assert read.meta("media:active-class") == ["-epub-media-overlay-active"]
    assert read.dublin_core("identifier") == book(ordinary()).dublin_core("identifier")


@over_rows("name", ["poor", "signed", "machine text", "ordinary"])
def test_the_review_status_and_a_poor_verdict_are_on_the_first_page(name: str) -> None:
    material = materials()[name]
    read = book(material.alignment)
    [summary] = read.meta("schema:accessibilitySummary")
    for remark in material.remarks_for_readers:
        assert remark in read.spine[0].text
        assert remark in read.dublin_core("description")[0]
        assert remark in summary
    assert len(read.spine[0].of_class("remark")) == 1 + (name == "poor")
    assert "synchronizedAudioText" in read.meta("schema:accessibilityFeature")
    words = material.alignment.words
    assert f"Sur les {len(words)} mots du texte, {sum(word.span is None for word in words)} sont absents" in summary


@over_rows(
    "language, spoken_in, poor, unsaid",
    [
        ("fr", "fr", "Verdict\u00a0: mauvais.", "sont absents de l’audio"),
        ("en", "en", "Verdict: poor.", "are not in the audio"),
        ("de", "en", "Automatic timing, not reviewed.", "Each sentence is highlighted"),
    ],
)
def test_remarks_and_summary_are_in_the_language_of_the_book_if_it_is_supported(
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


def test_an_episode_without_spoken_words_is_a_book_without_audio() -> None:
    read = book(materials()["nothing said"].alignment)
    assert not any(each.lit for each in read.spine)
    assert {each.get("media-type") for each in read.items.values()} == {"application/xhtml+xml", "text/css"}
    assert "synchronizedAudioText" not in read.meta("schema:accessibilityFeature")


def test_a_right_to_left_text_has_right_to_left_pages() -> None:
    read = book(materials()["Hebrew"].alignment)
    assert {each.root.get("dir") for each in read.spine} == {"rtl"}
    assert read.package.xpath("//@page-progression-direction") == ["rtl"]
    assert book(ordinary()).package.xpath("//@page-progression-direction") == []


def test_a_cover_is_included_if_it_is_an_image(tmp_path: Path) -> None:
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
        ("a.wav", ["-ar", "96000", "-ac", "1"], None),
    ],
)
def test_audio_that_readers_seek_exactly_is_copied_and_other_audio_is_encoded_as_aac(
    name: str, arguments: Sequence[str], held: str | None, tmp_path: Path
) -> None:
    path = tmp_path / name
    with running(["-i", f"file:{AUDIO}", "-t", "5", *arguments, f"file:{path}"]):
        pass
    read = book(ordinary(), path)
    [audio] = [each for each in read.items.values() if each.get("media-type").startswith("audio/")]
    assert audio.get("media-type") == (held or "audio/mp4")
    content = read.read(audio.get("href"))
    if held:
        assert content == path.read_bytes()
        return
    copy = tmp_path / "copy.m4a"
    copy.write_bytes(content)
    with av.open(str(copy)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    lengths = [sum(len(block) for _, block in audio_blocks(each)) / 16000 for each in (path, copy)]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.05)


def test_the_book_profile_writes_it(alignment: Path) -> None:
    done = quotecast_here("export", alignment, "--profile", "book")
    assert done.returncode == 0, done.stderr
    written = alignment.parent / "roue-book" / "roue.epub"
    assert f"Written   {written}" in done.stdout
    read = Book(written.read_bytes())
    assert read.read("sound.mp3") == AUDIO.read_bytes()
    assert [each.get("properties") for each in read.items.values()].count("cover-image") == 1
    (alignment.parent / "roue.mp3").unlink()
    assert "the audio of the alignment is missing" in quotecast_here("export", alignment, "--to", "epub").stderr
