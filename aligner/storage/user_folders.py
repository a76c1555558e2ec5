"""Where quotecast keeps what is its own: of each user, and within their folders."""

from __future__ import annotations

import os
from pathlib import Path

from aligner.errors import AlignmentError
from aligner.storage.file_names import JSON_SUFFIX
from media.confinement import CLIPS as CLIPS
from media.confinement import HIDDEN as HIDDEN
from media.confinement import OWN, where
from media.listing import files, folders


def alignments_in(library: Path) -> tuple[Path, ...]:
    """Return the alignments of the episodes whose folders lie in ``library``, in the order of their names. A link out
    of the library, which somebody may have sent, is not followed.

    Raises
    ------
    AlignmentError
        There are none.
    """
    shown = (each for each in folders(library) if not each.name.startswith(".") and each.name.casefold() not in OWN)
    named = (path for folder in shown for name, path in files(folder).items() if name.endswith(JSON_SUFFIX))
    found = tuple(path for path in named if path.name[0] != "." and where(path).is_relative_to(where(library)))
    if not found:
        raise AlignmentError("{path}: holds no folder with an alignment.json", path=library)
    return found


def config_folder() -> Path:
    """The user's configuration folder for quotecast, or the one that QUOTECAST_CONFIG names. It need not exist."""
    return _of_user("QUOTECAST_CONFIG", "user_config_path")


def cache_folder() -> Path:
    """The user's cache folder for quotecast, or the one that QUOTECAST_CACHE names. It need not exist."""
    return _of_user("QUOTECAST_CACHE", "user_cache_path")


def data_folder() -> Path:
    """Return the user's data folder for quotecast, or the one that QUOTECAST_DATA names. It need not exist."""
    return _of_user("QUOTECAST_DATA", "user_data_path")


def _of_user(variable: str, otherwise: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named).expanduser()
    import platformdirs

    folder: Path = getattr(platformdirs, otherwise)("quotecast", appauthor=False)
    return folder
