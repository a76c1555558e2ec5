"""Routes: each reads the request, calls one function, answers."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """All of them, in the order of a visit."""
    from web.routes import downloads, episodes, library, login, media, preferences

    return [
        login.blueprint,
        preferences.blueprint,
        library.blueprint,
        episodes.blueprint,
        media.blueprint,
        downloads.blueprint,
    ]
