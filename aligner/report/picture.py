"""The strip of an episode as a picture, for where neither page nor terminal is: a PNG on paper."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from aligner.durations import clock
from aligner.report.facts import COLUMNS, Report, Shade, bands
from aligner.report.wording import LABELS, SHADES
from media.video.colours import PAPER, Colour
from media.video.fonts import SANS, font_files
from media.video.lettering import Lettering

if TYPE_CHECKING:
    from PIL import ImageDraw

_SCALE = 2  # pixels of a column
_MARGIN, _TOP, _STRIP_HEIGHT = 48, 40, 96
_TEXT_SIZE, _LINE = 26, 44
_TICKS = 4  # equal parts of the episode that are named

INK: Colour = (0x1C, 0x1B, 0x19)
MUTED: Colour = (0x5E, 0x5A, 0x52)
RULE: Colour = (0xDD, 0xD8, 0xCE)
COLOURS: Mapping[Shade, Colour] = {
    Shade.SURE: (0xBF, 0xDD, 0xC6),
    Shade.FAIR: (0xD0, 0x8E, 0x2B),
    Shade.DOUBTFUL: (0x8A, 0x15, 0x15),
    Shade.LACKING: (0x2F, 0x5F, 0x8F),
    Shade.SILENT: (0xF1, 0xEE, 0xE7),
}
"""The less sure, the darker, so that they are told apart without their hues; ``report.css`` has the same."""


def to_png(report: Report) -> bytes:
    """The strip with its headings, times and legend.

    Raises
    ------
    FontError
        There is no font to write times with.
    """
    from PIL import Image, ImageDraw

    letters = Lettering(font_files(None, SANS), _TEXT_SIZE)
    width, height = COLUMNS * _SCALE + 2 * _MARGIN, _TOP + _STRIP_HEIGHT + 2 * _LINE + _MARGIN
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    for first, stop, shade in bands(report.strip):
        box = (_MARGIN + first * _SCALE, _TOP, _MARGIN + stop * _SCALE - 1, _TOP + _STRIP_HEIGHT - 1)
        _fill(draw, box, shade)
    for heading in report.headings:
        x = _MARGIN + min(1.0, heading.start / max(report.duration, 0.001)) * COLUMNS * _SCALE
        draw.polygon([(x - 8, _TOP - 18), (x + 8, _TOP - 18), (x, _TOP - 4)], fill=INK)
    baseline = _TOP + _STRIP_HEIGHT + _LINE - 10
    for part in range(_TICKS + 1):
        text = clock(report.duration * part / _TICKS)
        x = _MARGIN + part / _TICKS * (COLUMNS * _SCALE - letters.width(text))
        letters.draw(image, x, baseline, text, MUTED)
    x = float(_MARGIN)
    for shade in Shade:
        top = baseline + _LINE - 20
        _fill(draw, (int(x), top, int(x) + 31, top + 20), shade)
        letters.draw(image, x + 42, baseline + _LINE, SHADES[shade], INK)
        x += 42 + letters.width(SHADES[shade]) + 34
    if report.headings:
        draw.polygon([(x, top + 2), (x + 16, top + 2), (x + 8, top + 18)], fill=INK)
        letters.draw(image, x + 26, baseline + _LINE, LABELS["headings"], INK)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _fill(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], shade: Shade) -> None:
    """A stretch in its colour; what the text lacks is striped, and what has no words is outlined."""
    draw.rectangle(box, fill=COLOURS[shade], outline=RULE if shade is Shade.SILENT else None)
    if shade is Shade.LACKING:
        left, top, right, bottom = box
        for y in range(top + 4, bottom, 12):
            draw.rectangle((left, y, right, min(y + 3, bottom)), fill=PAPER)
