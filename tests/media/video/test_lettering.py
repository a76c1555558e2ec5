"""Lettering of French spaces, emoji and other scripts; characters without a font are left out."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.errors import FontError
from media.video import fonts, lettering
from media.video.bidirectional import levels_of, visual_order
from media.video.fonts import SANS, SERIF, colour_emoji_files, font_files
from media.video.lettering import Lettering, clusters, is_emoji
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
def test_every_space_has_a_width_and_no_box(serif: Lettering, space: str) -> None:
    gap = serif.width(f"a{space}!") - serif.width("a") - serif.width("!")
    assert 0.1 * serif.size < gap < 0.4 * serif.size
    left, right = inked(serif, f"a{space}!")
    assert right - left < serif.width(f"a{space}!")


@over_rows("text", ["Œuvre naïve", "«\u00a0Ça\u00a0»", "Привет", "12\u202f000\u00a0€", "👩‍🚀", "🇫🇷", "❤️", "👍🏽"])
def test_drawn_text_has_the_measured_width(serif: Lettering, text: str) -> None:
    left, right = inked(serif, text)
    assert right > left
    assert left >= 100 - 8
    assert right <= 100 + serif.width(text) + 8


@over_rows("mark", "\u200e\u200f\u202e\u2066\u2069")
def test_bidirectional_marks_are_not_drawn(serif: Lettering, mark: str) -> None:
    def drawn(text: str) -> bytes:
        image = Image.new("RGB", (900, 200), "white")
        serif.draw(image, 20, 120, text, (0, 0, 0))
        return image.tobytes()

    assert drawn(f"{mark}Une{mark} phrase") == drawn("Une phrase")
    assert serif.width(f"{mark}Une{mark} phrase") == serif.width("Une phrase")
    assert serif.unknown(mark) == ()
    assert not serif.draws(mark + " ")
    assert serif.draws(mark + "e")


def test_characters_without_a_font_are_listed(serif: Lettering) -> None:
    assert serif.unknown("« Œuvre\u202f! » 👩‍🚀 🇫🇷 ❤️ Привет\u2011là") == ()
    assert serif.unknown("a\U000f0000b\ue000\ue000") == ("\U000f0000", "\ue000")


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
def test_a_damaged_required_font_is_reported_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    name = "files/SourceSerifPro-Semibold.ttf"
    changed = damaged("font_source_serif_pro", name, damage, tmp_path, monkeypatch)
    with pytest.raises(FontError, match=r"-Semibold\.ttf: is not the font .*reinstall font-source-serif-pro"):
        font_files(None, SERIF)
    assert changed not in font_files("SourceSerifPro-Semibold", SANS)


def test_every_packaged_font_has_a_known_hash() -> None:
    there = [path for package in fonts._PACKAGES for path in fonts._walk(fonts._package_folder(package))]
    assert len(there) == len(fonts._published())
    assert [path for path in there if not fonts._is_published(path)] == []


def test_a_long_title_ends_in_an_ellipsis_within_its_width(serif: Lettering) -> None:
    lines = serif.wrapped("Une très longue histoire de phare, de vent et de marées qui montent", 500, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(serif.width(line) <= 500 for line in lines)


def test_a_font_is_chosen_by_name_or_file() -> None:
    path = font_files(None, SANS)[0]
    assert font_files(str(path), SERIF)[0] == path
    assert font_files("source sans pro", SERIF)[0].stem == "SourceSansPro-Semibold"


def test_a_missing_font_is_reported(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="Nowhere Grotesk: no such font"):
        font_files("Nowhere Grotesk", SERIF)
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"not a font")
    with pytest.raises(FontError, match=r"broken\.ttf: cannot be used as a font"):
        Lettering(font_files(str(broken), SERIF), 20)


def test_arabic_letters_are_joined_from_right_to_left(serif: Lettering) -> None:
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


@over_rows("cluster", ["👩‍🚀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "❤️‍🔥", "é", "e\u0301", "क्षि", "שׁ", "بّ"])
def test_a_grapheme_is_one_cluster(cluster: str) -> None:
    assert clusters(f"a{cluster}b{cluster}{cluster}") == ["a", cluster, "b", cluster, cluster]


@given(st.text(st.sampled_from("aé🇫🇷👩\u200d🚀❤\ufe0f👍🏽1\u20e3क्षשׁ\u0301 ن"), max_size=20))
def test_clusters_join_to_the_text(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert all(clusters(text))


@over_rows("cluster", ["a", "1", "é", "❤", "❤\ufe0e", "☕\ufe0e", "→", "€", "你", "★"])
def test_letters_and_symbols_are_no_emoji(cluster: str) -> None:
    assert not is_emoji(cluster)


SIZE = 80
SEVERAL = ["👩‍🚀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "🏳️‍🌈"]

in_colour = pytest.mark.skipif(not colour_emoji_files(), reason="no font of emoji in colour is installed")


def drawn(text: str, colour: tuple[int, int, int] = (0, 0, 0)) -> np.ndarray:
    image = Image.new("RGB", (900, 160), "white")
    Lettering(font_files(None, SERIF), SIZE).draw(image, 20, 110, text, colour)
    return np.asarray(image).astype(int)


def colourful(pixels: np.ndarray) -> int:
    """How many pixels are of a colour that is no grey."""
    return int((pixels.max(axis=2) - pixels.min(axis=2) > 60).sum())


@in_colour
@over_rows("cluster", ["😀", "⭐", "❤️", "👍🏽", "🇫🇷"])
def test_an_emoji_is_in_colour_and_a_letter_is_not(cluster: str) -> None:
    assert colourful(drawn(f"a{cluster}")) > 300
    assert colourful(drawn("a❤\ufe0e1")) == 0


@in_colour
@over_rows("cluster", SEVERAL)
def test_an_emoji_of_several_characters_is_one_picture(cluster: str) -> None:
    lettering = Lettering(font_files(None, SERIF), SIZE)
    assert lettering.width(cluster) == pytest.approx(lettering.width("😀"), rel=0.1)
    assert SIZE < lettering.width(cluster) < 1.4 * SIZE


def test_without_a_colour_font_emoji_are_drawn_in_the_text_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.video.lettering.colour_emoji", lambda size: None)
    pixels = drawn("😀", (200, 0, 0))
    assert (pixels.max(axis=(0, 1)) == 255).all()
    assert (pixels[..., 1] == pixels[..., 2]).all()  # nothing but red on white
    assert (pixels[..., 1] < 100).any()


def shown(text: str, base: int) -> str:
    """The characters from left to right; brackets are not mirrored."""
    levels = levels_of(text, base)
    return "".join(text[position] for position in visual_order(levels))


# Small letters of Hebrew and Arabic are written here in the order in which they are read; what is shown was made by
# FriBiDi's algorithm and looked at.
@over_rows(
    "text, expected",
    [
        ("abc def", "abc def"),
        ("אבג דהו", "והד גבא"),
        ("אב New York גד", "דג New York בא"),
        ("בשנת 1999, אב", "בא ,1999 תנשב"),
        ("אב 10-12 גד", "דג 10-12 בא"),
        ("نمو 12% في", "يف %12 ومن"),
        ("نمو iPhone 15 في", "يف iPhone 15 ومن"),
        ("אב (גד) הו", "וה )דג( בא"),
        ("אב (New York) הו", "וה )New York( בא"),
        ("The word שלום עולם is here", "The word םלוע םולש is here"),
        ("ש-New York, אב", "בא ,New York-ש"),
    ],
)
def test_a_line_has_its_visual_order(text: str, expected: str) -> None:
    assert shown(text, base=int(not text[0].isascii())) == expected


@given(st.text(st.sampled_from("abאבجد12٣ ,.-+%$()[]«:/\u064e"), max_size=16), st.integers(0, 1))
def test_every_character_is_shown_once(text: str, base: int) -> None:
    levels = levels_of(text, base)
    assert sorted(visual_order(levels)) == list(range(len(text)))
    assert all(level >= base for level in levels)
