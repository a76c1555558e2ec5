"""What an episode's page needs besides the audio itself: something that plays from any moment exactly, and peaks to
draw.

Both are derived, lie in the episode's ``.quotecast`` folder, or in the user's cache if that cannot be written, and
belong to one state of the audio file: if its size or time changes, they are made again, in one pass over the audio.
``python -m web.page.preparation AUDIO FOLDER`` makes them, and reports its progress in lines of JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from aligner.cli.progress import Run, reporting_errors, reporting_progress
from aligner.cli.terminal import log
from aligner.errors import ExitStatus
from aligner.recognition import Progress
from aligner.storage.atomic import blaming, making, replacing, state_of, write_text
from aligner.storage.checked_json import decode
from aligner.storage.database import HIDDEN, cache_folder
from media.decode import audio_blocks, audio_format, stated_duration
from media.errors import UserError
from media.safe_fs import is_folder, is_regular, read_regular, remove_file, where
from media.seekable import is_seekable, writing_copy
from media.waveform import PeakMeter, quantised
from web.caching import until_changed
from web.jobs.kinds import PREPARED
from web.library.library import why_unwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COPY, PEAKS = PREPARED
PEAKS_PER_SECOND = 20

_LARGEST_PEAKS_BYTES = 20_000_000  # an hour has 0.3 MB, two days, the longest that is decoded, 14 MB
_HIGHEST_RATE = 48_000
_DRAWING_RATE = 16_000  # samples per second of audio that is only drawn
_BLOCK = 10.0  # seconds
_QUIETEST = 0.02  # silence is not drawn as if it were loud
_LOUD = 0.999  # this share of the peaks is not louder than what is drawn highest; a click is cut off


@dataclass(frozen=True, slots=True)
class Ready:
    """``sound`` is what plays from any moment exactly, the audio itself or a copy; ``peaks`` is a checked file."""

    sound: Path
    peaks: Path


class _Peaks(Struct):
    """The file of peaks (0 to 255), whether a copy of the audio plays, and the hash of the audio measured."""

    peaks: list[Annotated[int, Meta(ge=0, le=255)]]
    copy: bool
    of: tuple[str, int, int]


def ready(audio: Path, folder: Path) -> Ready | None:
    """Return what was prepared of the audio as it is now; None if it is still to be prepared, or damaged."""
    for hidden in (folder / HIDDEN, _elsewhere(folder)):
        with contextlib.suppress(OSError, ValueError):
            copied, of = _prepared(hidden / PEAKS)
            sound = hidden / COPY if copied else audio
            if of == stamp_of(audio) and is_regular(sound):
                return Ready(sound, hidden / PEAKS)
    return None


def read_peaks(path: Path) -> list[int]:
    """Return peaks (0 to 255) over equal parts of the audio; raise OSError, ValueError: missing or damaged file."""
    return decode(read_regular(path, _LARGEST_PEAKS_BYTES), _Peaks).peaks


@until_changed(at_hand=4096)
def _prepared(path: Path) -> tuple[bool, tuple[str, int, int]]:
    found = decode(read_regular(path, _LARGEST_PEAKS_BYTES), _Peaks)
    return found.copy, found.of


def stamp_of(audio: Path) -> tuple[str, int, int]:
    """Return what tells one state of the audio from another; raises OSError if it is missing."""
    state = state_of(audio)
    return audio.name, state.size_bytes, state.modified_ns


def prepare(audio: Path, folder: Path, progress: Progress) -> Ready:
    """Write peaks, and a copy if browsers cannot seek exactly in the audio itself; return both.

    Raises DecodeError, NoAudioError: the audio is missing or unreadable; FfmpegError, OutputError: something cannot be
    written, and nothing of it is left.
    """
    copied = not is_seekable(audio)
    rate, channels = audio_format(audio)
    form = (min(rate, _HIGHEST_RATE), min(channels, 2)) if copied else (_DRAWING_RATE, 1)
    hidden, stamp = folder / HIDDEN, stamp_of(audio)
    if why_unwritable(hidden if is_folder(hidden) else folder) is not None:
        hidden = _elsewhere(folder)
    with making(hidden):
        with contextlib.ExitStack() as stack:
            write: Callable[[NDArray[np.float32]], object] | None = None
            if copied:
                write = stack.enter_context(writing_copy(stack.enter_context(replacing(hidden / COPY)), *form))
            levels = _measured(audio, form, write, lambda *far: progress("copying" if copied else "preparing", *far))
        if not copied:
            with blaming(hidden / COPY):
                remove_file(hidden / COPY)
        told = {"of": stamp, "copy": copied, "peaks": _drawn(levels)}
        write_text(hidden / PEAKS, json.dumps(told, separators=(",", ":")))  # last: what it vouches for is there
    return Ready(hidden / COPY if copied else audio, hidden / PEAKS)


def columns(peaks: list[int], most: int = 2000) -> list[int]:
    """Return the loudest of each of at most so many equal parts; no screen has more than 2000."""
    width = max(1, -(-len(peaks) // most))
    return [max(peaks[k : k + width]) for k in range(0, len(peaks), width)]


def _elsewhere(folder: Path) -> Path:
    """Return the folder of the user's cache for an episode whose own folder cannot be written."""
    return cache_folder() / "prepared" / hashlib.sha256(os.fsencode(where(folder).absolute())).hexdigest()[:32]


def _measured(
    audio: Path,
    form: tuple[int, int],
    write: Callable[[NDArray[np.float32]], object] | None,
    progress: Callable[[float, float], None],
) -> NDArray[np.float32]:
    """Return the levels of the whole audio, and ``write`` it if it is to be copied."""
    rate, channels = form
    meter, total = PeakMeter(rate, PEAKS_PER_SECOND), stated_duration(audio) or 0.0
    for at, block in audio_blocks(audio, rate, block=_BLOCK, channels=channels):
        meter.add(block)
        if write:
            write(block)
        progress(min(at + len(block) / rate, total or at), total)
    return meter.levels()


def _drawn(levels: NDArray[np.float32]) -> list[int]:
    """Return the levels as they are drawn: the loudest is highest however quiet the recording."""
    import numpy as np

    full = max(_QUIETEST, float(np.quantile(levels, _LOUD))) if len(levels) else 1.0
    return quantised(levels, full)


def main(arguments: list[str]) -> int:
    """Prepare the episode that the arguments name; return the exit status."""
    audio, folder = map(Path, arguments)
    try:
        with reporting_errors("json"), reporting_progress("json", Run(("preparing",))) as progress:
            prepare(audio, folder, progress)
    except UserError as error:
        log(f"quotecast: {error}")
        return ExitStatus.UNUSABLE
    return ExitStatus.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
