"""Making what an episode's page needs, in one pass over the sound."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.recognition.ear import Progress
from aligner.storage.atomic import making, replacing, write_text
from aligner.storage.user_folders import HIDDEN
from media.container import sound_format, stated_duration
from media.decode import sound_blocks
from media.peaks import PeakMeter, quantised
from media.seekable import is_seekable, writing_copy
from web.prepare.ready import COPY, PEAKS, STATE, stamp_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Sink = Callable[[NDArray[np.float32]], object]

PEAKS_PER_SECOND = 20

_HIGHEST_RATE = 48_000
_DRAWING_RATE = 16_000  # samples per second where the sound is only drawn
_BLOCK = 10.0  # seconds
_QUIETEST = 0.02  # silence is not drawn as if it were loud
_LOUD = 0.999  # this share of the stretches is not louder than what is drawn highest; a click is cut off


def prepare(audio: Path, folder: Path, progress: Progress) -> None:
    """Write peaks, and a copy if the audio itself cannot be sought in exactly, into the episode's hidden folder.

    Raises
    ------
    DecodeError, NoAudioError
        The audio is missing, unreadable or not sound.
    FfmpegError, OutputError
        Something cannot be written; nothing is left of it then.
    """
    copied = not is_seekable(audio)
    stamp = stamp_of(audio)
    rate, channels = sound_format(audio)
    form = (min(rate, _HIGHEST_RATE), min(channels, 2)) if copied else (_DRAWING_RATE, 1)
    hidden = folder / HIDDEN
    with making(hidden):
        (hidden / STATE).unlink(missing_ok=True)
        with contextlib.ExitStack() as stack:
            write: _Sink = _nowhere
            if copied:
                copy = stack.enter_context(replacing(hidden / COPY))
                write = stack.enter_context(writing_copy(copy, *form))
            levels = _measured(audio, form, write, progress)
        if not copied:
            (hidden / COPY).unlink(missing_ok=True)
        write_text(hidden / PEAKS, _peaks_text(levels, copied))
        # Written last: what it vouches for is there.
        write_text(hidden / STATE, json.dumps({**stamp, "copy": copied}) + "\n")


def _nowhere(samples: NDArray[np.float32]) -> None:
    """Where the sound goes if no copy is needed."""


def _measured(audio: Path, form: tuple[int, int], write: _Sink, progress: Progress) -> NDArray[np.float32]:
    """The levels of the whole sound, each block of which ``write`` gets as well."""
    rate, channels = form
    meter, total = PeakMeter(rate, PEAKS_PER_SECOND), stated_duration(audio) or 0.0
    for at, block in sound_blocks(audio, rate, block=_BLOCK, channels=channels):
        meter.add(block)
        write(block)
        progress("preparing", min(at + len(block) / rate, total or at), total)
    return meter.levels()


def _peaks_text(levels: NDArray[np.float32], copied: bool) -> str:
    """Peaks as the page reads them, the loudest drawn highest however quiet the recording, and whether the sound that
    belongs to them is a copy."""
    import numpy as np

    full = max(_QUIETEST, float(np.quantile(levels, _LOUD))) if len(levels) else 1.0
    return json.dumps(
        {"per_second": PEAKS_PER_SECOND, "full": round(full, 5), "copy": copied, "peaks": quantised(levels, full)},
        separators=(",", ":"),
    )
