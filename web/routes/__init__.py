"""Routes: each reads the request, calls one function, answers."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """All of them, in the order of a visit."""
    from web.routes import adding, clips, details, downloads, episodes, jobs, library, login, media, preferences, quotes

    modules = (login, preferences, library, adding, episodes, details, media, quotes, clips, downloads, jobs)
    return [module.blueprint for module in modules]
