"""Routes: each reads the request, calls one function, answers."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """All of them, in the order of a visit."""
    from web.routes import adding, details, downloads, episodes, jobs, library, login, media, preferences

    modules = (login, preferences, library, adding, episodes, details, media, downloads, jobs)
    return [module.blueprint for module in modules]
