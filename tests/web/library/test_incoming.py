"""Uploads are received whole or not at all, and within limits; transcripts are shown as they were understood."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from aligner.model import Kind
from tests.paths import SAMPLE
from tests.tables import over_rows
from web.errors import TooLarge, Unusable
from web.library import Library
from web.library.incoming import Incoming, cover_name, preview


def test_a_second_file_takes_the_place_of_the_first(incoming: Incoming) -> None:
    token = incoming.open()
    incoming.receive(token, "audio", "one.mp3", io.BytesIO(b"one"), 3)
    incoming.receive(token, "audio", "two.wav", io.BytesIO(b"two"), 3)
    staged = incoming.staged(token)
    assert staged.audio
    assert [p.name for p in staged.audio.parent.iterdir()] == ["two.wav"]


@over_rows("name, most", [("a.txt", 20.0), ("a.docx", 100.0), ("A.DOCX", 100.0), ("docx", 20.0)])
def test_a_document_of_word_may_be_larger_and_one_that_is_too_large_is_told_what_helps(
    incoming: Incoming, name: str, most: float
) -> None:
    assert incoming.check_size("transcript", name, int(most * 1e6)) == most * 1e6
    with pytest.raises(TooLarge) as refused:
        incoming.check_size("transcript", name, int(most * 1e6) + 10_000)
    assert (refused.value.key, refused.value.values["most"]) == ("upload.too_large.transcript", most)


@over_rows("content, announced, key", [(b"", 0, "upload.empty"), (b"half", 8, "upload.cut")])
def test_an_empty_or_broken_off_file_is_refused(incoming: Incoming, content: bytes, announced: int, key: str) -> None:
    token = incoming.open()
    with pytest.raises(Unusable) as refused:
        incoming.receive(token, "audio", "a.mp3", io.BytesIO(content), announced)
    assert refused.value.key == key
    assert incoming.staged(token).audio is None


def test_old_uploads_are_removed(incoming: Incoming, library: Library) -> None:
    old, fresh = incoming.open(), incoming.open()
    incoming.receive(old, "audio", "a.mp3", io.BytesIO(b"x"), 1)
    folder = library.root / ".quotecast" / "incoming"
    _age(folder / old, 25 * 3600)
    incoming.open()
    assert not (folder / old).exists()
    assert (folder / fresh).is_dir()


def _age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (then, then))


def test_the_sample_is_shown_with_its_speakers_headings_and_notes() -> None:
    shown = preview(SAMPLE / "transcript.txt")
    assert shown.speakers == ("Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin")
    assert shown.language == "fr"
    assert shown.left == 0
    heading = next(p for p in shown.passages if p.kind is Kind.HEADING)
    assert heading.text == "Une clé de 15\u00a0: tout commence là"
    laughing = next(p for p in shown.passages if p.text.startswith("(rires)"))
    assert laughing.speaker == "Inès Vauquelin"


def test_a_cover_with_too_many_pixels_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    Image.new("1", (8000, 8000)).save(path)
    with pytest.raises(Unusable) as refused:
        cover_name(path)
    assert (refused.value.key, refused.value.field) == ("upload.unusable", "cover")
    assert "more than 60 million pixels" in str(refused.value.values["reason"])
