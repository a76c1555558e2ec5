"""Paint the frames of an audiogram. Each frame is painted over the previous one, only in areas that change.

Conventions
-----------
Frame ``n`` shows the clip at ``n / RATE`` seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from media.video.backdrop import Style, paint_backdrop, paint_end_card
from media.video.drawing import Box, Shape, Wave, blend, fill_box, rounded
from media.video.fonts import SANS, font_files
from media.video.lettering import Lettering
from media.video.screens import Script
from media.video.setting import DROP, RISE, joined, name_height, placed_lines, set_quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.video.drawing import Pixels

RATE = 30  # frames a second

_FADE = 0.12  # seconds
_MARK, _NAME_AFTER = 8, 26  # pixels: the width of the speaker's mark, and where the name starts
_HELD = 0.25  # seconds; a word stays lit over a shorter pause


class Painter:
    """A painter of the frames of one audiogram. Frames can be painted in any order; painting in sequence is fastest.

    ``levels`` is the loudness of each frame up to the end card, from ``frame_levels``. Raises PictureError if the cover
    cannot be used, FontError if a font cannot be used."""

    def __init__(self, script: Script, style: Style, shape: Shape, levels: NDArray[np.float32]) -> None:
        self._setting = set_quote(script, style, shape)
        self.shape = shape = self._setting.shape
        self.screens = self._setting.screens
        backdrop = paint_backdrop(script, style, shape)
        self._script, self._backdrop, self.colours = script, backdrop.pixels, backdrop.colours
        self._type = self._setting.lettering
        self._names = Lettering(font_files(None, SANS), shape.name_size)
        self._name_height = name_height(shape, self._names, self._type)
        self._speakers = script.speakers
        self._starts = [screen.start for screen in self.screens]
        words = enumerate(script.words)
        self._spoken = [at for at, word in words if word.end > word.start and self._type.draws(word.text)]
        self._spoken_starts = [script.words[index].start for index in self._spoken]
        self._card_from = self.frames - round(script.card * RATE)
        self._paint_card = cache(lambda: paint_end_card(script, style, shape))
        self._wave = Wave(levels, shape.wave, self.colours)
        self._quote = shape.quote.grown(shape.bleed)
        self._first_baseline = self._baseline()
        self._frame = self._backdrop.copy()
        self.changed: list[Box] = []
        self._shown: tuple[int, int | None, float] | None = None
        self._card_share = 0.0
        self._state = lru_cache(maxsize=4)(self._paint_state)

    @property
    def frames(self) -> int:
        """The number of frames of the video."""
        return max(1, round(self._script.duration * RATE))

    def frame(self, number: int) -> Pixels:
        """Paint a frame and return its pixels (row, column, RGB). The next call overwrites this array.

        The attribute ``changed`` is set to the boxes in which the frame differs from the frame painted before."""
        if number < self._card_from:
            self._show_quote(number)
        else:
            self._show_card(number)
        self._show_progress((number + 1) / self.frames)
        return self._frame

    def unlit(self) -> Pixels:
        """Return the first screen as pixels, without a highlighted word, waveform or progress line."""
        pixels = self._backdrop.copy()
        _part(pixels, self._quote)[...] = self._state(0, None)
        return pixels

    def _show_quote(self, number: int) -> None:
        self.changed = [self.shape.wave, self.shape.progress]
        if self._card_share:
            self._frame[...] = self._backdrop
            self._card_share, self._shown, self.changed = 0.0, None, [self._whole]
        self._show_words(number / RATE)
        self._clear(self.shape.wave)
        self._wave.draw(self.shape.along(_part(self._frame, self.shape.wave)), number)

    def _show_card(self, number: int) -> None:
        """Paint frame ``number`` of the end card, which fades in over the quote's last frame."""
        import numpy as np
        from PIL import Image

        share = min(1.0, (number - self._card_from + 1) / (_FADE * RATE))
        self.changed = [self.shape.progress]
        if share == self._card_share == 1:
            return
        self._show_quote(self._card_from - 1)
        self.changed, self._card_share = [self._whole], share
        last, card = Image.fromarray(self._frame), Image.fromarray(self._paint_card())
        self._frame[...] = np.asarray(Image.blend(last, card, share))

    def lit(self, time: float) -> int | None:
        """Return the index of the word to highlight at ``time``; None in long pauses and before and after all words."""
        position = bisect_right(self._spoken_starts, time) - 1
        if position < 0:
            return None
        end = self._script.words[self._spoken[position]].end
        following = self._spoken_starts[position + 1] if position + 1 < len(self._spoken) else None
        if following is not None and following - end < _HELD:
            end = following
        return self._spoken[position] if time < end else None

    @property
    def _whole(self) -> Box:
        return Box(0, 0, self.shape.width, self.shape.height)

    def _baseline(self) -> int:
        """Return the y of the first baseline. It is the same on all screens, and centres the screen with most lines."""
        lines = max(len(screen.lines) for screen in self.screens)
        name = self._name_height if self._speakers else 0
        text = self._type.cap_height + (lines - 1) * self.shape.leading
        box = self.shape.quote
        return box.top + (box.height - name - text) // 2 + name + self._type.cap_height

    def _show_words(self, time: float) -> None:
        number = max(0, bisect_right(self._starts, time) - 1)
        fade = min(1.0, (time - self._starts[number]) / _FADE) if number else 1.0
        shown = (number, self.lit(time), fade)
        if shown == self._shown:
            return
        self._shown = shown
        self.changed.append(self._quote)
        pixels = self._state(number, self.lit(time))
        if fade < 1:
            previous = self._state(number - 1, None)
            mixed = previous + (pixels.astype("float32") - previous) * fade + 0.5
            pixels = mixed.astype("uint8")
        _part(self._frame, self._quote)[...] = pixels

    def _paint_state(self, number: int, lit: int | None) -> Pixels:
        """Paint screen ``number`` with the word of index ``lit`` highlighted; return only the area of the quote."""
        import numpy as np
        from PIL import Image

        screen = self.screens[number]
        pixels = _part(self._backdrop, self._quote).copy()
        left, baseline = self.shape.quote.left - self._quote.left, self._first_baseline - self._quote.top
        lines = placed_lines(screen, self._script.words, self._setting, left, baseline)
        placed = [part for line in lines for part in line]
        rise, drop = (round(self.shape.quote_size * share) for share in (RISE, DROP))
        pad = self.shape.bleed - 4
        for part in joined(part for part in placed if part.word == lit and self._type.draws(part.text)):
            box = Box(round(part.x) - pad, part.baseline - rise, round(part.x + part.width) + pad, part.baseline + drop)
            fill_box(pixels, box, self.colours.lit, radius=12)
        image = Image.fromarray(pixels)
        for part in placed:
            colour = self.colours.on_lit if part.word == lit else self.colours.ink
            self._type.draw_part(image, part.x, part.baseline, part.text, colour, part.rtl)
        pixels = np.array(image)
        self._draw_name(pixels, screen.speaker)
        return pixels

    def _draw_name(self, pixels: Pixels, speaker: str | None) -> None:
        import numpy as np
        from PIL import Image

        if speaker is None:
            return
        colours = self.colours.speakers
        colour = colours[self._speakers.index(speaker) % len(colours)]
        shape, left = self.shape, self._quote.left
        name = self._names.shortened(speaker, shape.quote.width - _NAME_AFTER)
        mark = round(shape.left_edge(shape.quote, _MARK)) - left
        begin = shape.left_edge(shape.quote, self._names.width(name), _NAME_AFTER) - left
        top = self._first_baseline - self._type.cap_height - self._name_height - self._quote.top
        cap = self._names.cap_height
        fill_box(pixels, Box(mark, top - 6, mark + _MARK, top + cap + 6), colour, radius=4)
        image = Image.fromarray(pixels)
        self._names.draw(image, begin, top + cap, name, self.colours.ink)
        pixels[...] = np.asarray(image)

    def _show_progress(self, share: float) -> None:
        import numpy as np

        box = self.shape.progress
        self._clear(box)
        pixels, mask = self.shape.along(_part(self._frame, box)), rounded(box.width, box.height, box.height / 2)
        blend(pixels, mask, self.colours.rest)
        played = np.clip(share * box.width - np.arange(box.width), 0, 1).astype(np.float32)
        blend(pixels, mask * played, self.colours.accent)

    def _clear(self, box: Box) -> None:
        _part(self._frame, box)[...] = _part(self._backdrop, box)


def _part(pixels: Pixels, box: Box) -> Pixels:
    return pixels[box.top : box.bottom, box.left : box.right]
