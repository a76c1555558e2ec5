"""Where what a user chose is remembered."""

from __future__ import annotations

import os
from pathlib import Path


def config_folder() -> Path:
    """The user's configuration folder for quotecast, or the one that QUOTECAST_CONFIG names. It need not exist."""
    named = os.environ.get("QUOTECAST_CONFIG")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_config_path("quotecast", appauthor=False))
