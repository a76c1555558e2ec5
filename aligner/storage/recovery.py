"""What killed processes left behind: temporary files are removed, and changes that were under way are finished."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from aligner.errors import AlignerError
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.history import CHANGE, open_history
from aligner.storage.user_folders import cache_folder, config_folder, data_folder
from media.safe_fs import plain_files
from media.temporary import sweep


def recover(*places: Path | None) -> None:
    """Clear up folders that a run is about to use, and those that every run uses."""
    cache = cache_folder()
    own = Path(tempfile.gettempdir()), config_folder(), data_folder(), cache, cache / "heard", cache / "models"
    for folder in dict.fromkeys((*filter(None, places), *own)):
        sweep(folder)
    for folder in filter(None, places):
        finish_changes(folder)


def finish_changes(folder: Path) -> None:
    """Finish the changes of the alignments in ``folder`` that a kill interrupted; one that cannot be finished stays,
    and is told to whoever opens the alignment."""
    names = plain_files(folder)
    if not any(name.startswith(CHANGE) for name in names):
        return
    for name in names:
        if name.endswith(JSON_SUFFIX):
            with contextlib.suppress(AlignerError):
                open_history(folder / name)
