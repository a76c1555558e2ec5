"""Lettering: French spaces, emoji and foreign letters are set, and what no font knows is left out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.errors import FontError
from media.video import fonts, lettering
from media.video.clusters import clusters
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering


@pytest.fixture(scope="module")
def serif() -> Lettering:
    return Lettering(font_files(None, SERIF), 80)


def inked(lettering: Lettering, text: str) -> tuple[int, int]:
    """The first and the last column that drawing the text at 100 blackens."""
    image = Image.new("RGB", (2000, 200), "white")
    lettering.draw(image, 100, 120, text, (0, 0, 0))
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


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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


def test_an_emoji_of_several_characters_is_one(serif: Lettering) -> None:
    assert serif.width("👩‍🚀") == pytest.approx(serif.width("👩"), rel=0.1)


@pytest.mark.parametrize("character", ["\U000f0000", "\ue000", "\u200b", "\ufeff", "\u00ad", "\ufe0f"])
def test_what_no_font_knows_is_left_out(serif: Lettering, character: str) -> None:
    assert serif.width(f"a{character}b") == pytest.approx(serif.width("a") + serif.width("b"), abs=3)


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


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Copies of the packages of fonts, to be damaged."""
    for package in fonts._PACKAGES:
        shutil.copytree(fonts._package_folder(package), tmp_path / package)
    monkeypatch.setattr(fonts, "_package_folder", lambda package: tmp_path / package)
    kept = (fonts._is_published, fonts._installed)
    for each in kept:
        each.cache_clear()
    yield tmp_path
    for each in kept:
        each.cache_clear()


def change_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def another(path: Path) -> None:
    path.write_bytes(path.with_name(path.name.replace("Semibold", "Bold")).read_bytes())


@pytest.mark.parametrize("damage", [change_a_bit, empty, another])
def test_a_required_font_that_has_changed_is_told_and_never_opened(
    packages: Path, damage: Callable[[Path], None]
) -> None:
    changed = packages / "font_source_serif_pro" / "files" / "SourceSerifPro-Semibold.ttf"
    damage(changed)
    with pytest.raises(
        FontError, match=r"SourceSerifPro-Semibold\.ttf: is not the font .*reinstall font-source-serif-pro"
    ):
        font_files(None, SERIF)
    assert changed not in font_files("SourceSerifPro-Semibold", SANS)


@pytest.mark.parametrize("damage", [change_a_bit, empty, Path.unlink])
def test_a_font_of_the_extra_that_has_changed_is_passed_over(packages: Path, damage: Callable[[Path], None]) -> None:
    changed = packages / "manimgx_fonts" / "NotoEmoji[wght].ttf"
    assert changed in font_files(None, SERIF)
    fonts._is_published.cache_clear()
    damage(changed)
    assert changed not in font_files(None, SERIF)
    assert font_files(None, SERIF)[0].name == "SourceSerifPro-Semibold.ttf"


def test_without_the_extra_the_quote_looks_the_same(packages: Path, serif: Lettering) -> None:
    shutil.rmtree(packages / "manimgx_fonts")
    without = Lettering(font_files(None, SERIF), 80)
    text = "«\u00a0Une promenade qui attend, œuvre naïve\u202f!\u00a0»"
    assert without.width(text) == serif.width(text)
    assert inked(without, text) == inked(serif, text)


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


def test_of_characters_that_no_font_knows_only_so_many_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    monkeypatch.setattr(lettering, "_knows", lambda path, character: asked.add(character))
    assert Lettering(font_files(None, SERIF), 80).width("".join(map(chr, range(0x4E00, 0x9000)))) == 0
    assert len(asked) < 1000


def without_the_system(monkeypatch: pytest.MonkeyPatch, *packages: str) -> Lettering:
    """Lettering of the fonts of some packages alone."""
    known = {each: fonts._package_folder(each) for each in packages}
    monkeypatch.setattr(fonts, "_package_folder", known.get)
    monkeypatch.setattr(fonts, "_installed", dict)
    monkeypatch.setattr(lettering, "all_files", tuple)
    return Lettering(font_files(None, SERIF), 80)


def test_a_mark_that_no_font_has_is_told_though_a_shaper_draws_something(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = without_the_system(monkeypatch, "font_source_serif_pro", "font_source_sans_pro")
    for text in ("م\u064e", "\u064e", "क्षि", "שׁ"):
        assert alone.unknown(text) == tuple(clusters(text))


def test_of_every_font_of_the_system_one_that_has_the_letter_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tamil = fonts._package_folder("manimgx_fonts") / "NotoSansTamil[wght].ttf"
    alone = without_the_system(monkeypatch, "font_source_serif_pro", "font_source_sans_pro")
    assert alone.unknown("தமிழ்")
    monkeypatch.setattr(lettering, "all_files", lambda: (tamil,))
    found = Lettering(font_files(None, SERIF), 80)
    assert found.unknown("தமிழ்") == ()
    assert found.width("தமிழ்") > 100


@pytest.mark.parametrize("text", ["שלום עולם", "قال المذيع", "نسبة 12% في iPhone"])
def test_letters_that_run_leftwards_are_as_wide_as_they_are_drawn(serif: Lettering, text: str) -> None:
    left, right = inked(serif, text)
    assert left >= 92
    assert right <= 100 + serif.width(text) + 8
    assert right - left > 0.9 * serif.width(text)


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


def test_without_a_shaper_letters_stand_from_the_right_all_the_same(
    serif: Lettering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lettering, "shapes_letters", lambda: False)
    assert lettering._ordered("אבג", leftwards=True) == "גבא"
    assert inked(Lettering(font_files(None, SERIF), 80), "אבג") != (0, 0)
