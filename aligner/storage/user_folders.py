"""The user's folders for quotecast's own files, and what its folders in a library are called."""

from __future__ import annotations

import os
from pathlib import Path

HIDDEN = ".quotecast"  # the folder, in a library and in an episode's folder, of derived files, which may be removed
CLIPS = "clips"  # the folder of an episode's clips
OWN = frozenset([HIDDEN, CLIPS, "trash", "versions"])
"""Folders, in a library and in an episode's folder, in which quotecast alone writes."""


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

    return Path(getattr(platformdirs, otherwise)("quotecast", appauthor=False))
