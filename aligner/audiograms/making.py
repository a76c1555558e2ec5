"""From a cut quote to its audiogram: the sound finished, the words set, the frames rendered, the file put in place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.audiograms.shown import shown_words
from aligner.audiograms.wording import reworded
from aligner.errors import OutputError
from aligner.files import making
from aligner.handiwork import write_keeping
from aligner.model import Alignment
from media.audiogram.script import Script

if TYPE_CHECKING:
    from aligner.clipping import Excerpt
    from aligner.listening.ear import Progress
    from media.audiogram.backdrop import Style
    from media.audiogram.shapes import Shape
    from media.clips import Finish

_CODEC_ROOM_DB = 1.0  # by less than this AAC's peaks pass those that it was given


@dataclass(frozen=True, slots=True)
class Look:
    """How an audiogram is to look: ``text`` is a wording of the user's own, with line breaks."""

    shape: Shape
    style: Style
    text: str | None = None


def script_of(alignment: Alignment, excerpt: Excerpt, look: Look) -> Script:
    """What the audiogram of the excerpt shows."""
    words = shown_words(excerpt.cut)
    if look.text is not None:
        words = reworded(words, look.text, alignment.language)
    return Script(words, excerpt.sound.duration, alignment.episode.show, alignment.episode.title)


def write_video(
    alignment: Alignment, excerpt: Excerpt, look: Look, wanted: Finish, target: Path, progress: Progress
) -> tuple[Path, ...]:
    """Write the audiogram as MP4 to ``target``; returns what was kept of a file that someone else made there.

    Raises
    ------
    OutputError
        It cannot be written; then nothing has changed.
    MediaError
        The cover or the font cannot be used, or the video not encoded.
    """
    from media.audiogram.render import render_video
    from media.clips import finish

    script = script_of(alignment, excerpt, look)
    sound = finish(excerpt.sound, wanted, wanted.ceiling_db - _CODEC_ROOM_DB)
    with _placing(target) as (path, kept):
        render_video(script, sound, look.style, look.shape, path, partial(progress, "audiogram"))
    return tuple(kept)


def write_still(alignment: Alignment, excerpt: Excerpt, look: Look, seconds: float, target: Path) -> tuple[Path, ...]:
    """Write the frame at ``seconds`` of the audiogram as PNG to ``target``; returns and raises as ``write_video``."""
    from media.audiogram.render import render_still

    script = script_of(alignment, excerpt, look)
    with _placing(target) as (path, kept):
        render_still(script, excerpt.sound, look.style, look.shape, seconds, path)
    return tuple(kept)


@contextmanager
def _placing(target: Path) -> Iterator[tuple[Path, list[Path]]]:
    """A temporary path for what becomes ``target`` when it is whole, and the list of what was kept in its place."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="quotecast-")
    except OSError as error:
        raise OutputError(f"{tempfile.gettempdir()}: cannot be written ({error.strerror})") from error
    with folder as place:
        path, kept = Path(place, f"audiogram{target.suffix}"), list[Path]()
        yield path, kept
        with making(target.parent):
            kept += write_keeping({target: path.read_bytes()})
