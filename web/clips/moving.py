"""The preview of an audiogram that moves: a small video of its own frames with its sound, by the code that exports it.

Its beginning is there in a moment, the whole of a longer one soon after. Who chooses something else meanwhile no longer
wants it: a page that asks again, or says so, has what is being made for it ended.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aligner.publishing.excerpt import Source
from media.safe_fs import is_folder, remove_folder
from media.temporary import scratch_folder
from web.bounded import call
from web.clips.exports import Export
from web.clips.looks import look_for
from web.clips.previews import check_length, excerpt_of, read_source
from web.errors import Conflict, WebError

LONGEST = 90.0  # seconds

_wanted: dict[str, Path] = {}  # by page, as ``_wanting`` has it
_changing = threading.Lock()


def moving(source: Source, export: Export, page: str, seconds: float = LONGEST) -> bytes:
    """The first ``seconds`` of the audiogram as a small MP4.

    Raises
    ------
    WebError
        It would be too short, or longer than ``LONGEST``.
    AlignerError, MediaError, Unusable, Busy
        It cannot be made, within bounds or at all, or not now.
    Conflict
        The page does not want it any more.
    """
    if not 1 <= seconds <= LONGEST:  # which no NaN is
        raise WebError("clip.refused.number", name="seconds", least=1.0, most=LONGEST)
    check_length(source, export)
    with _wanting(page) as wanted:
        return call(_moving, source.file, source.audio, export, seconds, wanted)


def end_moving(page: str) -> None:
    """End what is being made for the page, if something is."""
    with _changing:
        wanted = _wanted.pop(page, None)
    if wanted:
        remove_folder(wanted)


@contextmanager
def _wanting(page: str) -> Iterator[Path]:
    """A folder that is there as long as the page wants what it has asked for: a child can see that."""
    end_moving(page)
    with scratch_folder() as folder:
        with _changing:
            _wanted[page] = folder
        try:
            yield folder
        finally:
            with _changing:
                if _wanted.get(page) == folder:
                    del _wanted[page]


def _moving(file: Path, audio: Path, export: Export, seconds: float, wanted: Path) -> bytes:
    from aligner.publishing.audiograms import moving_mp4

    def go_on(*_: object) -> None:
        if not is_folder(wanted):
            raise Conflict("clip.refused.ended")

    go_on()  # it may have waited for its turn
    source = read_source(file, audio)
    look, _ = look_for(source, export)
    return moving_mp4(excerpt_of(source, export), look, export.lufs, seconds, go_on)
