"""Lettering: French spaces, emoji and foreign letters are set, and what no font knows is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from media.errors import FontError
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering


@pytest.fixture(scope="module")
def serif() -> Lettering:
    return Lettering(font_files(None, SERIF), 80)


def inked(lettering: Lettering, text: str) -> tuple[int, int]:
    """The first and the last column that drawing the text at 100 blackens."""
    image = Image.new("RGB", (2000, 200), "white")
    lettering.draw(ImageDraw.Draw(image), 100, 120, text, (0, 0, 0))
    columns = np.flatnonzero((np.asarray(image) < 128).any(axis=(0, 2)))
    return (int(columns[0]), int(columns[-1])) if len(columns) else (0, 0)


def test_the_quote_is_set_in_the_packaged_serif() -> None:
    assert font_files(None, SERIF)[0].name == "SourceSerifPro-Semibold.ttf"
    assert font_files(None, SANS)[0].stem == "SourceSansPro-Semibold"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", " "])
def test_every_space_is_an_advance_and_no_box(serif: Lettering, space: str) -> None:
    gap = serif.width(f"a{space}!") - serif.width("a") - serif.width("!")
    assert 0.1 * serif.size < gap < 0.4 * serif.size
    left, right = inked(serif, f"a{space}!")
    assert right - left < serif.width(f"a{space}!")


def test_a_narrow_space_is_narrower_than_a_space(serif: Lettering) -> None:
    assert serif.width("a\u202f!") < serif.width("a\u00a0!")


@pytest.mark.parametrize(
    "text", ["Œuvre naïve", "«\u00a0Ça\u00a0»", "Привет", "12\u202f000\u00a0€", "👩‍🚀", "🇫🇷", "❤️", "👍🏽"]
)
def test_what_is_drawn_is_as_wide_as_it_is_said_to_be(serif: Lettering, text: str) -> None:
    left, right = inked(serif, text)
    assert right > left
    assert left >= 100 - 8
    assert right <= 100 + serif.width(text) + 8


def test_an_emoji_of_several_characters_is_one(serif: Lettering) -> None:
    assert serif.width("👩‍🚀") == pytest.approx(serif.width("👩"), rel=0.1)


@pytest.mark.parametrize("character", ["\U000f0000", "\ue000", "\u200b", "\ufeff", "\u00ad", "\ufe0f"])
def test_what_no_font_knows_is_left_out(serif: Lettering, character: str) -> None:
    assert serif.width(f"a{character}b") == pytest.approx(serif.width("a") + serif.width("b"), abs=3)


def test_characters_that_no_font_knows_are_told(serif: Lettering) -> None:
    assert serif.unknown("« Œuvre\u202f! » 👩‍🚀 🇫🇷 ❤️ Привет\u2011là") == ""
    assert serif.unknown("a\U000f0000b\ue000\ue000") == "\U000f0000\ue000"


def test_without_the_packages_the_system_has_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.video.fonts._package_folder", lambda package: None)
    monkeypatch.setattr("media.video.fonts._installed", lambda: {"DejaVuSerif-Bold": Path("DejaVuSerif-Bold.ttf")})
    assert font_files(None, SERIF) == (Path("DejaVuSerif-Bold.ttf"),)
    monkeypatch.setattr("media.video.fonts._installed", dict)
    with pytest.raises(FontError, match="no font was found"):
        font_files(None, SERIF)


def test_a_title_too_long_ends_in_an_ellipsis_within_its_width(serif: Lettering) -> None:
    lines = serif.wrapped("Une très longue histoire de phare, de vent et de marées qui montent", 500, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(serif.width(line) <= 500 for line in lines)


def test_a_font_can_be_named_or_given_as_a_file() -> None:
    path = font_files(None, SANS)[0]
    assert font_files(str(path), SERIF)[0] == path
    assert font_files("source sans pro", SERIF)[0].stem == "SourceSansPro-Semibold"


def test_a_font_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="Nowhere Grotesk: no such font"):
        font_files("Nowhere Grotesk", SERIF)
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    with pytest.raises(FontError, match=r"broken\.ttf: cannot be used as a font"):
        Lettering(font_files(str(broken), SERIF), 20)
