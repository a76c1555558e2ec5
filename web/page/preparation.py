"""What an episode's page needs besides the sound itself: something to play that jumps exactly, and its peaks to draw.

Both are derived, lie in the episode's ``.quotecast`` folder, or in the user's own cache where that cannot be written,
and belong to one state of the audio file: where its size or time has changed, or in the cache its bytes, they are made
again, in one pass over the sound. ``python -m web.page.preparation AUDIO FOLDER`` makes them, and tells its progress in
lines of JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct

from aligner.cli.progress import telling_errors, telling_progress
from aligner.cli.terminal import tell
from aligner.cli.time_left import WholeRun
from aligner.errors import ExitStatus
from aligner.recognition import Progress
from aligner.storage.atomic import blaming, making, replacing, state_of, write_text
from aligner.storage.checked_json import decode
from aligner.storage.user_folders import HIDDEN, cache_folder
from media.container import sound_format, stated_duration
from media.decode import sound_blocks
from media.errors import UserError
from media.peaks import PeakMeter, quantised
from media.safe_fs import (
    entries,
    is_folder,
    is_regular,
    open_regular,
    place,
    read_regular,
    remove_file,
    remove_folder,
    status_of,
    where,
)
from media.seekable import is_seekable, writing_copy
from web.caching import until_changed
from web.jobs import Job, Jobs, JobState
from web.jobs.job import INTERRUPTED, as_moment
from web.jobs.kinds import PREPARED, Prepare
from web.library.library import why_unwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Sink = Callable[[NDArray[np.float32]], object]

COPY, PEAKS, STATE = PREPARED
FORMAT, VERSION = "quotecast-prepared", 1
PEAKS_PER_SECOND = 20
"""Of an episode of up to 16 hours; longer ones have fewer."""

_FEWER_PER_SECOND = (PEAKS_PER_SECOND, 10, 5)
_MOST_PEAKS = (
    1_200_000  # of which each takes four bytes at most; two days, the longest that is decoded, have 5 a second
)
_LARGEST_STATE_BYTES = 100_000
_LARGEST_PEAKS_BYTES = 5_000_000  # an hour has 0.3 MB
_MOST_TRIES, _TRIED_WITHIN = 3, 24 * 3600.0  # seconds
_MOST_ELSEWHERE = 50  # episodes in the user's cache, those that were prepared last
_SAMPLED_BYTES, _MOST_SAMPLED = 1 << 16, 1024  # blocks: all of an hour at 128 kbit/s
_HIGHEST_RATE = 48_000
_DRAWING_RATE = 16_000  # samples per second where the sound is only drawn
_BLOCK = 10.0  # seconds
_QUIETEST = 0.02  # silence is not drawn as if it were loud
_LOUD = 0.999  # this share of the stretches is not louder than what is drawn highest; a click is cut off


@dataclass(frozen=True, slots=True)
class Ready:
    """``sound`` is what plays from any moment exactly, the audio itself or a copy; ``peaks`` is a checked file."""

    sound: Path
    peaks: Path


class _Peaks(Struct):
    """The content of the file of peaks: so many ``per_second``, from 0 to 255, which is the level ``full``, and whether
    the sound that belongs to them is a ``copy``."""

    peaks: list[Annotated[int, Meta(ge=0, le=255)]]
    per_second: int = PEAKS_PER_SECOND
    full: float = 1.0
    copy: bool = False


def ready(audio: Path, folder: Path) -> Ready | None:
    """What was prepared of the audio as it is now; None where that is still to be done, or is damaged."""
    try:
        return _ready(audio, folder / HIDDEN, stamp_of) or _ready(audio, _elsewhere(folder), _full_stamp_of)
    except OSError:  # the folder has gone meanwhile
        return None


def _ready(audio: Path, hidden: Path, stamp: Callable[[Path], dict[str, Any]]) -> Ready | None:
    try:
        state = decode(read_regular(hidden / STATE, _LARGEST_STATE_BYTES), dict[str, Any])
        if any(state.get(name) != value for name, value in stamp(audio).items()):
            return None
        sound = hidden / COPY if state.get("copy") else audio
        return Ready(sound, hidden / PEAKS) if is_regular(sound) and _has_peaks(hidden / PEAKS) else None
    except (OSError, ValueError):
        return None


def read_peaks(path: Path) -> list[int]:
    """Peaks from 0 to 255, in equal stretches over the whole sound.

    Raises
    ------
    OSError, ValueError
        The file is missing, or damaged.
    """
    return decode(read_regular(path, _LARGEST_PEAKS_BYTES), _Peaks).peaks


@until_changed(at_hand=4096)
def _has_peaks(path: Path) -> bool:
    return read_peaks(path) is not None


def stamp_of(audio: Path) -> dict[str, Any]:
    """What tells one state of the audio from another.

    Raises
    ------
    OSError
        It is not there.
    """
    state = state_of(audio)
    return {
        "format": FORMAT,
        "version": VERSION,
        "audio": audio.name,
        "bytes": state.size_bytes,
        "modified_ns": state.modified_ns,
    }


def _full_stamp_of(audio: Path) -> dict[str, Any]:
    """The same for what does not lie with the audio: at its path there may be another medium, another time, on which
    size and times are as somebody has set them."""
    return {**stamp_of(audio), "changed_ns": state_of(audio).changed_ns, "sha256": _sampled_sha256(audio)}


@until_changed(at_hand=4096)
def _sampled_sha256(audio: Path) -> str:
    """The hash of the bytes of a sound, of a long one of so many blocks as are read soon, evenly over the whole."""
    digest = hashlib.sha256()
    with open_regular(audio) as file:
        size_bytes = file.seek(0, os.SEEK_END)
        step = max(_SAMPLED_BYTES, size_bytes // _MOST_SAMPLED)
        for start in range(0, size_bytes, step):
            file.seek(start)
            digest.update(file.read(_SAMPLED_BYTES))
        file.seek(max(0, size_bytes - _SAMPLED_BYTES))
        digest.update(file.read(_SAMPLED_BYTES))
    return digest.hexdigest()


def order(jobs: Jobs, audio: Path, folder: Path) -> Job | None:
    """The job that prepares the episode in ``folder``, or has tried to, often enough and in vain; None where nothing is
    to be done.

    Raises
    ------
    Conflict, OutputError
        As ``Jobs.submit``.
    """
    if ready(audio, folder):
        return None
    work = Prepare(audio.name)
    return _in_vain(jobs.of(folder), work, audio) or jobs.submit(folder, work)


def _in_vain(jobs: list[Job], work: Prepare, audio: Path) -> Job | None:
    """The last job that did this without making the episode ready, if several did within a day, with the audio as it
    is: opening a page must not begin again and again what comes to nothing."""
    found, now = status_of(audio), time.time()
    changes = [moment for moment in (found.st_mtime, found.st_ctime) if moment <= now]  # others tell of nothing
    since = as_moment(max(now - _TRIED_WITHIN, *changes))
    over = (JobState.DONE, JobState.FAILED)
    tried = [job for job in jobs if job.work == work and job.state in over and job.created >= since]
    tried = [job for job in tried if job.message != INTERRUPTED]
    return tried[-1] if len(tried) >= _MOST_TRIES else None


def prepare(audio: Path, folder: Path, progress: Progress) -> None:
    """Write peaks, and a copy if the audio itself cannot be sought in exactly, into the episode's hidden folder, or in
    the user's cache where that cannot be written.

    Raises
    ------
    DecodeError, NoAudioError
        The audio is missing, unreadable or not sound.
    FfmpegError, OutputError
        Something cannot be written; nothing is left of it then.
    """
    copied = not is_seekable(audio)
    rate, channels = sound_format(audio)
    form = (min(rate, _HIGHEST_RATE), min(channels, 2)) if copied else (_DRAWING_RATE, 1)
    hidden = _place_for(folder)
    stamp = stamp_of(audio) if hidden == folder / HIDDEN else _full_stamp_of(audio)
    with making(hidden):
        with blaming(hidden / STATE):
            remove_file(hidden / STATE)
        with contextlib.ExitStack() as stack:
            write: _Sink = _nowhere
            if copied:
                copy = stack.enter_context(replacing(hidden / COPY))
                write = stack.enter_context(writing_copy(copy, *form))
            levels = _measured(audio, form, write, lambda *far: progress("copying" if copied else "preparing", *far))
        if not copied:
            with blaming(hidden / COPY):
                remove_file(hidden / COPY)
        write_text(hidden / PEAKS, _peaks_text(levels, copied))
        # Written last: what it vouches for is there.
        write_text(hidden / STATE, json.dumps({**stamp, "copy": copied}) + "\n")


def _place_for(folder: Path) -> Path:
    """Where what is derived of the episode in ``folder`` is written."""
    hidden = folder / HIDDEN
    if why_unwritable(hidden if is_folder(hidden) else folder) is None:
        return hidden
    elsewhere = _elsewhere(folder)
    with contextlib.suppress(OSError):  # another job removes them at the same time
        others = sorted(entries(elsewhere.parent), key=lambda path: place(path).lstat().st_mtime)
        for old in others[: -_MOST_ELSEWHERE + 1]:
            remove_folder(old)
    return elsewhere


def _elsewhere(folder: Path) -> Path:
    """The folder of the user's cache for an episode that lies where nothing can be written."""
    return cache_folder() / "prepared" / hashlib.sha256(os.fsencode(where(folder).absolute())).hexdigest()[:32]


def _nowhere(samples: NDArray[np.float32]) -> None:
    """Where the sound goes if no copy is needed."""


def _measured(
    audio: Path, form: tuple[int, int], write: _Sink, progress: Callable[[float, float], None]
) -> NDArray[np.float32]:
    """The levels of the whole sound, each block of which ``write`` gets as well."""
    rate, channels = form
    meter, total = PeakMeter(rate, PEAKS_PER_SECOND), stated_duration(audio) or 0.0
    for at, block in sound_blocks(audio, rate, block=_BLOCK, channels=channels):
        meter.add(block)
        write(block)
        progress(min(at + len(block) / rate, total or at), total)
    return meter.levels()


def _peaks_text(levels: NDArray[np.float32], copied: bool) -> str:
    """Peaks as the page reads them, the loudest drawn highest however quiet the recording, and whether the sound that
    belongs to them is a copy."""
    import numpy as np

    per_second = next(n for n in _FEWER_PER_SECOND if len(levels) * n <= _MOST_PEAKS * PEAKS_PER_SECOND)
    if len(levels):
        levels = np.maximum.reduceat(levels, np.arange(0, len(levels), PEAKS_PER_SECOND // per_second))
    full = max(_QUIETEST, float(np.quantile(levels, _LOUD))) if len(levels) else 1.0
    return json.dumps(
        {"per_second": per_second, "full": round(full, 5), "copy": copied, "peaks": quantised(levels, full)},
        separators=(",", ":"),
    )


def main(arguments: list[str]) -> int:
    """Prepare the episode that the arguments name; return the exit status."""
    if len(arguments) != 2:
        tell("quotecast: expected AUDIO FOLDER")
        return ExitStatus.USAGE
    audio, folder = map(Path, arguments)
    try:
        with telling_errors("json"), telling_progress("json", whole=WholeRun(("preparing",))) as progress:
            prepare(audio, folder, progress)
    except UserError as error:
        tell(f"quotecast: {error}")
        return ExitStatus.UNUSABLE
    return ExitStatus.DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
