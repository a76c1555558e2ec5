"""Captions that lie beside an alignment, and follow it when it was changed.

To make them of an hour takes a second, to take a change a tenth of that: so whoever takes one is told first, and the
captions follow. They are behind for as long as they are no newer than the history, whose last line is that change: what
a kill leaves so is found by whoever asks next.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from aligner.content_cache import ContentCache
from aligner.storage.atomic import blaming
from aligner.storage.backups import replace_keeping
from aligner.storage.file_names import history_path
from aligner.storage.file_states import state_of
from aligner.storage.history import open_history
from aligner.storage.history_writing import turn
from aligner.storage.outputs import caption_contents, caption_paths

Known = Callable[[str], AbstractContextManager[ContentCache | None]]
"""What was found for captions of an earlier text of the sound with a hash."""


def are_behind(path: Path) -> bool:
    """Whether the alignment at ``path`` was changed since the captions beside it were written."""
    try:
        changed_ns = state_of(history_path(path)).modified_ns
        return any(state_of(each).modified_ns <= changed_ns for each in caption_paths(path).values())
    except OSError:
        return False  # nobody has changed anything, or captions have gone this moment


def captions_follow(path: Path, known: Known = lambda _: nullcontext()) -> None:
    """Write the captions beside the alignment at ``path`` anew, where they are behind.

    Nobody who changes something waits for it meanwhile: where somebody did, they are left to what follows that.

    Raises
    ------
    AlignmentError, HistoryError, NewerError
        As ``open_history``.
    OutputError
        They cannot be written; then they are as they were.
    """
    if not are_behind(path):
        return
    history = open_history(path)
    with known(history.alignment.audio.sha256) as cuts:
        contents = caption_contents(history.alignment, path, cuts)
    with turn(path):
        if contents and history.is_current():
            with blaming(path.parent):
                replace_keeping(contents)
