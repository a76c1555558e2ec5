"""Chapters in an MP3, for players that read the table of contents and for those that do not."""

from dataclasses import replace
from pathlib import Path

from aligner.formats import FORMATS, Material
from aligner.model import Annotation, AnnotationKind, Kind
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.file_names import sha256_of
from tests.aligner.command import quotecast_here
from tests.media.audio_files import clicks, write_sound
from tests.paths import SAMPLE
from tests.readers import id3_tags
from tests.readers.hostile import materials, over_materials, planted
from tests.tables import over_rows

AUDIO = SAMPLE / "episode.mp3"
MP3 = FORMATS["chaptered-mp3"]


def with_audio(material: Material) -> Material:
    return Material(material.alignment, material.name, find_audio=lambda: AUDIO)


@over_materials
def test_players_list_the_chapters_at_their_times(material: Material) -> None:
    reason = MP3.unavailable(with_audio(material))
    tagged = id3_tags.read(MP3.content(with_audio(material)))
    assert tagged.audio == id3_tags.read(AUDIO.read_bytes()).audio
    listed = [(each.title, each.start_ms, each.end_ms) for each in id3_tags.in_contents(tagged)]
    assert bool(reason) == (not material.chapters)
    assert len(listed) == len(material.chapters)
    for (title, start, end), chapter in zip(listed, material.chapters, strict=True):
        assert [*filter(str.isalnum, title)] == [*filter(str.isalnum, chapter.title)]
        assert (start, end) == (round(chapter.start * 1000), round(chapter.end * 1000))


def test_an_ad_is_not_in_the_contents_and_the_chapter_is_listed_again_after_it() -> None:
    alignment = planted((Kind.HEADING, "Un"), ("Ada", "Bonjour."), (Kind.HEADING, "Deux"), ("Ada", "|60 Voilà."))
    annotations = (Annotation(AnnotationKind.AD, 10.0, 20.5), Annotation(AnnotationKind.DISMISSED, 30.0, 31.0))
    content = MP3.content(Material(replace(alignment, annotations=annotations), "bac", find_audio=lambda: AUDIO))
    tagged = id3_tags.read(content)
    assert [each.title for each in id3_tags.in_contents(tagged)] == ["Un", "Deux"]
    listed = id3_tags.as_antennapod_reads(content)
    assert [title for _, title in listed] == ["Un", "Publicité", "Un", "Deux"]
    assert [start for start, _ in listed][1:3] == [10_000, 20_500]


def test_the_podcast_profile_writes_it_unless_the_audio_is_missing(alignment: Path) -> None:
    stored = read_alignment(alignment)
    done = quotecast_here("export", alignment, "--profile", "podcast")
    copy = alignment.parent / "roue-podcast" / "roue.mp3"
    assert f"Written   {copy}" in done.stdout
    assert [title for _, title in id3_tags.as_antennapod_reads(copy.read_bytes())]
    copy.unlink()
    (alignment.parent / stored.audio.file).unlink()
    done = quotecast_here("export", alignment, "--profile", "podcast")
    assert done.returncode == 0
    assert "Left out  roue.mp3" in done.stdout
    assert not copy.exists()
    assert "the audio of the alignment is missing" in quotecast_here("export", alignment, "--to", MP3.name).stderr


def test_audio_that_is_not_mp3_is_left_out_of_the_profile_and_refused_alone(alignment: Path, tmp_path: Path) -> None:
    other = write_sound(tmp_path / "other.wav", clicks([0.5], 2.0))
    stored = read_alignment(alignment)
    audio = replace(stored.audio, file="other.wav", sha256=sha256_of(other))
    alignment.write_text(to_text(replace(stored, audio=audio)), encoding="utf-8")
    done = quotecast_here("export", alignment, "--profile", "podcast")
    assert done.returncode == 0
    assert "is not an MP3" in done.stdout
    alone = quotecast_here("export", alignment, "--to", MP3.name)
    assert alone.returncode == 3
    assert "is not an MP3" in alone.stderr
    assert not [*tmp_path.glob("*chapters.mp3")]


@over_rows("name", ["ordinary", "poor", "signed", "machine text"])
def test_the_tag_has_the_review_status_once(name: str, tmp_path: Path) -> None:
    material, path = materials()[name], tmp_path / "once.mp3"
    path.write_bytes(MP3.content(with_audio(materials()["poor"])))
    content = MP3.content(Material(material.alignment, "x", find_audio=lambda: path))
    found = [id3_tags.texts(frame) for frame in id3_tags.read(content).named("TXXX")]
    assert [text for name, text in found if name == "Chapters, by quotecast"] == [
        " ".join(material.remarks_for_readers)
    ]
    path.write_bytes(content)
    assert MP3.content(Material(material.alignment, "x", find_audio=lambda: path)) == content
