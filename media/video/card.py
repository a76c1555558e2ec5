"""Draw a quote as a card: the picture of 1200 x 630 pixels that sites show with a link (Open Graph)."""

from __future__ import annotations

import io
from dataclasses import replace

from media.video.backdrop import Style
from media.video.drawing import Box, Shape
from media.video.paint import Painter
from media.video.screens import Script

CARD = Shape(
    name="landscape",
    width=1200,
    height=630,
    safe=Box(48, 48, 1152, 582),
    header=Box(72, 494, 1128, 582),
    quote=Box(72, 64, 1128, 442),
    wave=Box(72, 446, 1128, 466),
    quote_size=46,
    name_size=30,
    small_size=26,
)

_MORE = "…"
_PAUSES = " ,;:–—\u00a0\u202f"
_MOST_TRIES = 8  # words that are dropped, one at a time, to make room for the ellipsis


def card_png(script: Script, style: Style) -> bytes:
    """Return a PNG with the quote and the names of speaker, show and episode; a long quote ends in an ellipsis.

    Raises the same errors as ``Painter``."""
    from PIL import Image

    painter = _painter(script, style)
    file = io.BytesIO()
    Image.fromarray(painter.unlit()).save(file, "PNG", optimize=True)
    return file.getvalue()


def _painter(script: Script, style: Style) -> Painter:
    import numpy as np

    silence = np.zeros(1, np.float32)
    painter = Painter(script, style, CARD, silence)
    if len(painter.screens) == 1:
        return painter
    last = painter.screens[0].lines[-1][-1].word
    for count in range(last + 1, max(0, last + 1 - _MOST_TRIES), -1):
        words = script.words[:count]
        ended = replace(words[-1], text=words[-1].text.rstrip(_PAUSES).removesuffix(_MORE) + _MORE)
        painter = Painter(replace(script, words=(*words[:-1], ended)), style, CARD, silence)
        if len(painter.screens) == 1:
            break
    return painter
