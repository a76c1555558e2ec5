"""An edit decision list (CMX 3600): an event for each turn, one after the other, so that it plays as the episode does.

Times are of 25 frames a second, without dropped ones. What belongs to the list as a whole stands with the first event,
since comments before that are refused by some readers. The list is UTF-8, and ASCII where its texts are: the name of
the sound has to be its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count

from aligner.formats.cuts import FRAMES_PER_SECOND, cuts, sound_name
from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from media.errors import Message

_DAY = 24 * 3600  # seconds, beyond which a timecode does not count
_REEL = 8  # characters
_UNNAMED = "AX"  # a source that is no tape
_BLACK = "BL"


def write(material: Material) -> str:
    """The list."""
    return listed(material, ((cut.start, cut.end, cut.name) for cut in cuts(material)))


def lacking(material: Material) -> Message | None:
    """Nothing, but for sound that is too long."""
    if material.alignment.audio.duration > _DAY - 1:
        return Message("an EDL counts no further than 24 hours")
    return None


def listed(material: Material, events: Iterable[tuple[int, int, str]]) -> str:
    """A list of stretches of the sound, from their first frame to before their last, one after the other."""
    return "".join(f"{line}\n" for line in _lines(material, events))


def reel(name: str) -> str:
    """The name of a reel for a file: letters and digits of ASCII.

    Examples
    --------
    >>> reel("Été à l'île.mp3"), reel("日.mp3")
    ('ETEALILE', 'AX')
    """
    stem = unicodedata.normalize("NFKD", name.rpartition(".")[0] or name)
    found = re.sub("[^A-Z0-9]", "", stem.upper())[:_REEL]
    return found if found and found != _BLACK else _UNNAMED


def _lines(material: Material, events: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    name = sound_name(material)
    yield f"TITLE: {on_one_line(material.title)}"
    yield "FCM: NON-DROP FRAME"
    at = 0
    for number, (start, end, comment) in zip(count(1), events, strict=False):
        times = map(_timecode, (start, end, at, at := at + end - start))
        yield ""
        yield f"{number:03d}  {reel(name):{_REEL}} AA    C        {' '.join(times)}"
        yield f"* FROM CLIP NAME: {on_one_line(name)}"
        yield f"* COMMENT: {comment}"
        if number == 1:
            yield f"* COMMENT: {FRAMES_PER_SECOND} frames a second."
            yield from (f"* COMMENT: {each}" for each in material.remarks)


def _timecode(frame: int) -> str:
    seconds, rest = divmod(frame, FRAMES_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{rest:02d}"
