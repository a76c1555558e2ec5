"""Frames: text inside the safe area, the lit word, contrast on any cover, bars that follow the voice."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from media.video.backdrop import Style, paint_backdrop
from media.video.colours import contrast, luminances, palette, read_colour
from media.video.drawing import SHAPES, Box, Shape, Wave, frame_levels
from media.video.paint import RATE
from tests.media.video.planted import FIRST, GAP, LONG, WORD, painter_of, script_of, voice
from tests.tables import over_rows

shapes = over_rows("shape", SHAPES)


def changed(one: np.ndarray, other: np.ndarray) -> Box:
    """The smallest box that holds every pixel that differs."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def has(frame: np.ndarray, box: Box, colour: tuple[int, int, int]) -> np.ndarray:
    """The columns and rows of the pixels of one colour: (n, 2)."""
    part = frame[box.top : box.bottom, box.left : box.right]
    rows, columns = np.nonzero((part == colour).all(axis=2))
    return np.stack([columns + box.left, rows + box.top], axis=1)


@pytest.mark.nightly
@shapes
@over_rows(
    "turns",
    [
        (
            ("Ada Lovelace", LONG),
            ("Un nom qui n’en finit pas, maîtresse de conférences à l’université du bout du monde", LONG),
        ),
        ("«\u00a0Œuvre naïve\u202f!\u00a0» 👩‍🚀🇫🇷 anticonstitutionnellementissimesquementeusement",),
    ],
)
def test_no_ink_is_outside_the_safe_area(shape: Shape, turns: tuple) -> None:
    painter = painter_of(
        script_of(*turns, title="Un titre si long qu’il ne tiendra jamais sur une seule ligne, ni deux"), shape
    )
    for number in range(0, painter.frames, 89):
        frame = painter.frame(number)
        outside = np.ones(frame.shape[:2], bool)
        outside[shape.safe.top : shape.safe.bottom, shape.safe.left : shape.safe.right] = False
        assert (frame[outside] == painter.colours.background).all()


@shapes
def test_words_waveform_and_header_do_not_overlap(shape: Shape) -> None:
    """Every screen, whatever word is lit, stays in its own box."""
    script = script_of(("Ada", LONG))
    painter, still = painter_of(script, shape), paint_backdrop(script, Style(), shape).pixels
    box = shape.quote.grown(shape.bleed)
    assert box.bottom <= shape.wave.top
    assert shape.wave.bottom <= shape.progress.top
    assert shape.header.right <= box.left or shape.header.bottom <= box.top
    for screen in painter.screens[1:]:
        frame = painter.frame(round((screen.start + 0.3) * RATE)).copy()
        frame[shape.wave.top : shape.wave.bottom] = still[shape.wave.top : shape.wave.bottom]
        frame[shape.progress.top : shape.progress.bottom] = still[shape.progress.top : shape.progress.bottom]
        inked = changed(frame, still)
        assert box.left <= inked.left
        assert inked.right <= box.right
        assert box.top < inked.top
        assert inked.bottom < box.bottom


@shapes
def test_the_lit_box_moves_from_word_to_word(shape: Shape) -> None:
    script = script_of("Le phare tourne")
    painter = painter_of(script, shape)
    places = []
    for index in range(3):
        frame = painter.frame(round((FIRST + index * (WORD + GAP) + WORD / 2) * RATE))
        lit = has(frame, shape.quote.grown(shape.bleed), painter.colours.lit)
        assert len(lit) > 1000
        places.append((lit[:, 1].min(), lit[:, 0].min()))
    assert places == sorted(set(places))


def test_a_right_to_left_script_starts_at_the_right() -> None:
    shape = SHAPES["square"]
    painter = painter_of(script_of("שלום עולם"), shape)
    first, second = (painter.frame(round((FIRST + at) * RATE)).copy() for at in (0.2, 0.2 + WORD + GAP))
    box = shape.quote.grown(shape.bleed)
    assert has(first, box, painter.colours.lit)[:, 0].min() > has(second, box, painter.colours.lit)[:, 0].max()


def test_no_word_is_lit_before_the_first_or_after_the_last() -> None:
    painter = painter_of(script_of("Le phare tourne"), SHAPES["square"])
    for number in (0, round((FIRST - 0.05) * RATE), painter.frames - 1):
        assert len(has(painter.frame(number), SHAPES["square"].quote, painter.colours.lit)) == 0


def test_frames_do_not_depend_on_their_order() -> None:
    script = script_of(("Ada", LONG))
    once, again = painter_of(script, SHAPES["square"]), painter_of(script, SHAPES["square"])
    numbers = [200, 3, 0, 210]
    ordered = {number: once.frame(number).copy() for number in sorted(numbers)}
    for number in numbers:
        assert (again.frame(number) == ordered[number]).all()


def cover_of(folder: Path, kind: str) -> Path:
    """A cover of one colour by its name, or ``busy``: of every colour, from black to white."""
    path = folder / "cover.png"
    if kind == "busy":
        pixels = np.random.default_rng(3).integers(0, 256, (40, 40, 3), np.uint8)
        Image.fromarray(pixels).resize((900, 900), Image.Resampling.NEAREST).save(path)
    else:
        Image.new("RGB", (640, 480), kind).save(path)
    return path


@pytest.mark.nightly
@shapes
@over_rows("cover", ["busy", "white", "black"])
def test_text_has_contrast_on_any_cover(tmp_path: Path, shape: Shape, cover: str) -> None:
    path = cover_of(tmp_path, cover)
    for colour in (None, (0xFB, 0xFA, 0xF7), (0x80, 0x80, 0x80)):
        backdrop = paint_backdrop(script_of("Oui.", show=None, title=None), Style(cover=path, colour=colour), shape)
        quote = backdrop.pixels[shape.quote.top : shape.quote.bottom, shape.quote.left : shape.quote.right]
        shades = luminances(quote).reshape(-1)
        for extreme in (shades.argmin(), shades.argmax()):
            pixel = tuple(int(value) for value in quote.reshape(-1, 3)[extreme])
            assert contrast(backdrop.colours.ink, pixel) >= 4.5
            assert contrast(backdrop.colours.muted, pixel) >= 4.5


@pytest.mark.nightly
@shapes
def test_a_chosen_colour_is_the_background_on_any_cover(tmp_path: Path, shape: Shape) -> None:
    path = cover_of(tmp_path, "busy")
    for colour in ((0x12, 0x34, 0x56), (0xFB, 0xFA, 0xF7), (0xF4, 0xC0, 0x2C), (0xB0, 0x20, 0x20)):
        backdrop = paint_backdrop(script_of("Oui.", show=None, title=None), Style(cover=path, colour=colour), shape)
        quote = backdrop.pixels[shape.quote.top : shape.quote.bottom, shape.quote.left : shape.quote.right]
        assert (quote == backdrop.colours.background).all()
        assert (
            np.abs(np.subtract(backdrop.colours.background, colour)).max() <= 40
        )  # where text could not be read on it
        assert contrast(backdrop.colours.muted, backdrop.colours.background) >= 4.5


def test_bars_follow_the_loudness_of_the_voice() -> None:
    script = script_of("un deux trois quatre")
    painter = painter_of(script, SHAPES["square"])
    levels = frame_levels(voice(script), RATE)
    said, silent = round((FIRST + 0.2) * RATE), round(0.1 * RATE)
    assert levels[said] > 0.8
    assert levels[silent] == 0
    box = SHAPES["square"].wave

    def tallest(number: int) -> int:
        pixels = np.zeros((box.height, box.width, 3), np.uint8)
        Wave(levels, box, painter.colours).draw(pixels, number)
        return int(pixels.any(axis=(1, 2)).sum())

    assert tallest(said) > tallest(silent)


colours = st.tuples(*(st.integers(0, 255) for _ in range(3)))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast((255, 255, 255), (255, 255, 255)) == 1


@given(background=colours, accent=st.none() | colours)
def test_text_is_readable_on_any_background(background: tuple[int, int, int], accent: tuple[int, int, int]) -> None:
    chosen = palette(background, accent)
    assert contrast(chosen.ink, chosen.background) >= 7
    assert contrast(chosen.muted, chosen.background) >= 4.5
    assert contrast(chosen.on_lit, chosen.lit) >= 7
    assert contrast(chosen.accent, chosen.background) >= 3
    assert all(contrast(mark, chosen.background) >= 3 for mark in chosen.speakers)


@over_rows(
    "text, colour",
    [("#1F5F8B", (0x1F, 0x5F, 0x8B)), ("1f5f8b", (0x1F, 0x5F, 0x8B)), ("#fa0", (255, 170, 0)), (" #000 ", (0, 0, 0))],
)
def test_a_colour_is_parsed_with_or_without_a_hash(text: str, colour: tuple[int, int, int]) -> None:
    assert read_colour(text) == colour
