"""The transcript as it was understood, before any work."""

from pathlib import Path

import pytest
from PIL import Image

from aligner.model import Kind
from tests.paths import SAMPLE
from tests.tables import over_rows
from web.errors import Unusable
from web.library.incoming import cover_name, preview


def test_the_sample_is_shown_with_its_speakers_headings_and_notes() -> None:
    shown = preview(SAMPLE / "transcript.txt")
    assert shown.speakers == ("Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin")
    assert shown.language == "fr"
    assert shown.left == 0
    heading = next(p for p in shown.passages if p.kind is Kind.HEADING)
    assert heading.text == "Une clé de 15\u00a0: tout commence là"
    laughing = next(p for p in shown.passages if p.text.startswith("(rires)"))
    assert laughing.speaker == "Inès Vauquelin"


@over_rows(
    "language, text",
    [
        ("en", "Well, the thing is that we were not sure about it, and so I asked them to wait for a day."),
        ("fr", "Je crois que c’est une bonne idée, mais il faut que nous en parlions avec les autres."),
        (None, "Zażółć gęślą jaźń, powiedział przyjaciel, kiedy wracaliśmy do domu."),
    ],
)
def test_the_language_is_told_by_its_little_words(tmp_path: Path, language: str | None, text: str) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"Anna: {text}\n", encoding="utf-8")
    assert preview(path).language == language


def test_a_cover_with_too_many_pixels_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "cover.png"
    Image.new("1", (8000, 8000)).save(path)
    with pytest.raises(Unusable) as refused:
        cover_name(path)
    assert (refused.value.key, refused.value.field) == ("upload.unusable", "cover")
    assert "more than 60 million pixels" in str(refused.value.values["reason"])
