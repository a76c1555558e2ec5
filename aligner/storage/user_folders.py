"""Where quotecast keeps what is its own: of each user, and within their folders."""

from __future__ import annotations

import os
from pathlib import Path

from media.confinement import CLIPS as CLIPS
from media.confinement import HIDDEN as HIDDEN


def config_folder() -> Path:
    """The user's configuration folder for quotecast, or the one that QUOTECAST_CONFIG names. It need not exist."""
    if named := _named("QUOTECAST_CONFIG"):
        return named
    import platformdirs

    return platformdirs.user_config_path("quotecast", appauthor=False)


def cache_folder() -> Path:
    """The user's cache folder for quotecast, or the one that QUOTECAST_CACHE names. It need not exist."""
    if named := _named("QUOTECAST_CACHE"):
        return named
    import platformdirs

    return platformdirs.user_cache_path("quotecast", appauthor=False)


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named).expanduser() if named else None
