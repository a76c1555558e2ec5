"""What the app that answers the current request holds."""

from __future__ import annotations

from flask import current_app

from web.library import Episode, Library
from web.settings import Settings


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


def episode(episode_id: str) -> Episode:
    """The episode that an address names.

    Raises
    ------
    EpisodeNotFound
        There is none, or no longer.
    """
    return library().episode(episode_id)
