"""Prepare audio for an episode's page: the peaks of its waveform, and a seekable copy if needed.

Browsers cannot seek exactly in all formats; in a seekable copy they can. Peaks and copy are in the episode's folder
``.quotecast``, or in the user's cache if that folder is read-only. Both are made again if the size or time of the audio
file changes. ``python -m web.page.preparation AUDIO FOLDER`` makes both and prints the progress as lines of JSON.
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

_LARGEST_PEAKS_BYTES = 20_000_000  # an hour has 0.3 MB; two days, the longest decodable audio, have 14 MB
_HIGHEST_RATE = 48_000
_DRAWING_RATE = 16_000  # samples per second if only peaks are needed
_BLOCK = 10.0  # seconds
_LEAST_FULL_LEVEL = 0.02  # so that silence is not scaled up
_FULL_LEVEL_QUANTILE = 0.999  # so that a click does not scale everything else down


@dataclass(frozen=True, slots=True)
class Ready:
    """The files for an episode's page: the seekable ``audio`` (original or copy), and the file with the ``peaks``."""

    audio: Path
    peaks: Path


class _Peaks(Struct):
    """The peaks file's content. ``copy``: whether a seekable copy exists. ``of``: the audio's name, size and time."""

    peaks: list[Annotated[int, Meta(ge=0, le=255)]]
    copy: bool
    of: tuple[str, int, int]


def ready(audio: Path, folder: Path) -> Ready | None:
    """Return the prepared files if they are valid and were made from the present audio file, else None."""
    for hidden in (folder / HIDDEN, _elsewhere(folder)):
        with contextlib.suppress(OSError, ValueError):
            copied, of = _prepared(hidden / PEAKS)
            seekable = hidden / COPY if copied else audio
            if of == stamp_of(audio) and is_regular(seekable):
                return Ready(seekable, hidden / PEAKS)
    return None


def read_peaks(path: Path) -> list[int]:
    """Return the peaks (0 to 255) of equal parts of the audio. Raises OSError or ValueError if the file is damaged."""
    return decode(read_regular(path, _LARGEST_PEAKS_BYTES), _Peaks).peaks


@until_changed(4096)
def _prepared(path: Path) -> tuple[bool, tuple[str, int, int]]:
    found = decode(read_regular(path, _LARGEST_PEAKS_BYTES), _Peaks)
    return found.copy, found.of


def stamp_of(audio: Path) -> tuple[str, int, int]:
    """Return an audio file's name, size and modification time (ns). Raises OSError if the file is missing."""
    state = state_of(audio)
    return audio.name, state.size_bytes, state.modified_ns


def prepare(audio: Path, folder: Path, progress: Progress) -> Ready:
    """Write the waveform's peaks, and a seekable copy if browsers need one, for the episode in ``folder``; return both.
    Raises DecodeError or NoAudioError if the audio is unreadable, FfmpegError or OutputError if writing fails."""
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
        content = {"of": stamp, "copy": copied, "peaks": _scaled(levels)}
        write_text(hidden / PEAKS, json.dumps(content, separators=(",", ":")))  # last, since it implies the copy
    return Ready(hidden / COPY if copied else audio, hidden / PEAKS)


def columns(peaks: list[int], most: int = 2000) -> list[int]:
    """Reduce ``peaks`` to at most ``most`` values, one per column of pixels: the maximum of each equal part."""
    width = max(1, -(-len(peaks) // most))
    return [max(peaks[k : k + width]) for k in range(0, len(peaks), width)]


def _elsewhere(folder: Path) -> Path:
    """Return the folder in the user's cache for the prepared files of an episode whose ``folder`` is read-only."""
    return cache_folder() / "prepared" / hashlib.sha256(os.fsencode(where(folder).absolute())).hexdigest()[:32]


def _measured(
    audio: Path,
    form: tuple[int, int],
    write: Callable[[NDArray[np.float32]], object] | None,
    progress: Callable[[float, float], None],
) -> NDArray[np.float32]:
    """Return ``PEAKS_PER_SECOND`` levels for each second of audio. The audio is decoded with the sample rate (Hz) and
    number of channels in ``form``; the decoded blocks are passed to ``write``, if given."""
    rate, channels = form
    meter, total = PeakMeter(rate, PEAKS_PER_SECOND), stated_duration(audio) or 0.0
    for at, block in audio_blocks(audio, rate, block=_BLOCK, channels=channels):
        meter.add(block)
        if write:
            write(block)
        progress(min(at + len(block) / rate, total or at), total)
    return meter.levels()


def _scaled(levels: NDArray[np.float32]) -> list[int]:
    """Return levels as peaks from 0 to 255. Quiet audio is amplified, so that its peaks are visible too."""
    import numpy as np

    full = max(_LEAST_FULL_LEVEL, float(np.quantile(levels, _FULL_LEVEL_QUANTILE))) if len(levels) else 1.0
    return quantised(levels, full)


def main(arguments: list[str]) -> int:
    """Prepare audio from the command line; the arguments are AUDIO and the episode's FOLDER. Return the exit status."""
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
