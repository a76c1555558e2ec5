"""Lettering: French spaces, emoji and foreign letters are set, and what no font knows is left out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.errors import FontError
from media.video import fonts, lettering
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering
from tests.tables import over_rows


@pytest.fixture(scope="module")
def serif() -> Lettering:
    return Lettering(font_files(None, SERIF), 80)


def inked(lettering: Lettering, text: str) -> tuple[int, int]:
    """The first and the last column that drawing the text at 100 blackens."""
    image = Image.new("RGB", (2000, 200), "white")
    lettering.draw(image, 100, 120, text, (0, 0, 0))
    columns = np.flatnonzero((np.asarray(image) < 128).any(axis=(0, 2)))
    return (int(columns[0]), int(columns[-1])) if len(columns) else (0, 0)


@over_rows("space", ["\u00a0", "\u202f", "\u2009", " "])
def test_every_space_is_an_advance_and_no_box(serif: Lettering, space: str) -> None:
    gap = serif.width(f"a{space}!") - serif.width("a") - serif.width("!")
    assert 0.1 * serif.size < gap < 0.4 * serif.size
    left, right = inked(serif, f"a{space}!")
    assert right - left < serif.width(f"a{space}!")


@over_rows("text", ["Œuvre naïve", "«\u00a0Ça\u00a0»", "Привет", "12\u202f000\u00a0€", "👩‍🚀", "🇫🇷", "❤️", "👍🏽"])
def test_what_is_drawn_is_as_wide_as_it_is_said_to_be(serif: Lettering, text: str) -> None:
    left, right = inked(serif, text)
    assert right > left
    assert left >= 100 - 8
    assert right <= 100 + serif.width(text) + 8


@over_rows("mark", "\u200e\u200f\u202e\u2066\u2069")
def test_what_directs_others_is_not_drawn_and_directs_nothing(serif: Lettering, mark: str) -> None:
    def drawn(text: str) -> bytes:
        image = Image.new("RGB", (900, 200), "white")
        serif.draw(image, 20, 120, text, (0, 0, 0))
        return image.tobytes()

    assert drawn(f"{mark}Une{mark} phrase") == drawn("Une phrase")
    assert serif.width(f"{mark}Une{mark} phrase") == serif.width("Une phrase")
    assert serif.unknown(mark) == ()
    assert not serif.draws(mark + " ")
    assert serif.draws(mark + "e")


def test_characters_that_no_font_knows_are_told(serif: Lettering) -> None:
    assert serif.unknown("« Œuvre\u202f! » 👩‍🚀 🇫🇷 ❤️ Привет\u2011là") == ()
    assert serif.unknown("a\U000f0000b\ue000\ue000") == ("\U000f0000", "\ue000")


def test_without_the_packages_the_system_has_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.video.fonts._package_folder", lambda package: None)
    monkeypatch.setattr("media.video.fonts._installed", lambda: {"DejaVuSerif-Bold": Path("DejaVuSerif-Bold.ttf")})
    assert font_files(None, SERIF) == (Path("DejaVuSerif-Bold.ttf"),)
    monkeypatch.setattr("media.video.fonts._installed", dict)
    with pytest.raises(FontError, match="no font was found"):
        font_files(None, SERIF)


def damaged(package: str, name: str, damage: Callable[[Path], object], folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """A font of a package, of which a damaged copy is the installed one."""
    whole = fonts._package_folder
    shutil.copytree(whole(package) or "", folder / package)
    patch.setattr(fonts, "_package_folder", lambda each: folder / each if each == package else whole(each))
    patch.setattr(fonts, "_installed", fonts._installed.__wrapped__)
    damage(folder / package / name)
    return folder / package / name


def change_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def another(path: Path) -> None:
    path.write_bytes(path.with_name(path.name.replace("Semibold", "Bold")).read_bytes())


@over_rows("damage", [change_a_bit, empty, another])
def test_a_required_font_that_has_changed_is_told_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    name = "files/SourceSerifPro-Semibold.ttf"
    changed = damaged("font_source_serif_pro", name, damage, tmp_path, monkeypatch)
    with pytest.raises(FontError, match=r"-Semibold\.ttf: is not the font .*reinstall font-source-serif-pro"):
        font_files(None, SERIF)
    assert changed not in font_files("SourceSerifPro-Semibold", SANS)


@over_rows("damage, is_used", [(Path.exists, True), (change_a_bit, False), (empty, False), (Path.unlink, False)])
def test_a_font_of_the_extra_that_has_changed_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object], is_used: bool
) -> None:
    changed = damaged("manimgx_fonts", "NotoEmoji[wght].ttf", damage, tmp_path, monkeypatch)
    assert (changed in font_files(None, SERIF)) is is_used
    assert font_files(None, SERIF)[0].name == "SourceSerifPro-Semibold.ttf"


def test_every_font_of_the_packages_is_known_by_its_bytes() -> None:
    there = [path for package in fonts._PACKAGES for path in fonts._walk(fonts._package_folder(package))]
    assert len(there) == len(fonts._published())
    assert [path for path in there if not fonts._is_published(path)] == []


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


@pytest.mark.nightly
def test_of_a_long_name_hardly_more_is_measured_than_is_shown(
    serif: Lettering, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, width = 0, serif.width

    def counted(text: str) -> float:
        nonlocal measured
        measured += len(text)
        return width(text)

    monkeypatch.setattr(serif, "width", counted)
    for name in ("x" * 5_000, "y " * 2_500, "\u0301" * 5_000 + "z" * 100):
        measured = 0
        assert serif.shortened(name, 300).endswith("…")
        assert len(serif.wrapped(name, 300, 2)) <= 2
        assert measured < 40 * len(name)


def test_arabic_letters_are_joined_and_read_from_the_right(serif: Lettering) -> None:
    assert lettering.shapes_letters()
    assert serif.width("ببب") < 0.8 * sum(map(serif.width, "ببب"))

    def ink(text: str) -> np.ndarray:
        image = Image.new("RGB", (600, 200), "white")
        serif.draw(image, 100, 120, text, (0, 0, 0))
        return np.asarray(image)

    # A word with a number after it: the number stands at the left.
    whole, number = ink("ببب 7"), ink("7")
    columns = slice(100, 100 + round(serif.width("7")))
    assert (whole[:, columns] == number[:, columns]).all()
