"""Routes: each reads the request, calls one function, answers."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """All of them, in the order of a visit."""
    from web.routes import (
        archive,
        clips,
        corrections,
        drafts,
        editing,
        jobs,
        library,
        page,
        publish,
        quotes,
        report,
        retiming,
        review,
        search,
        trash,
        versions,
        visitor,
    )

    modules = (
        visitor,
        library,
        archive,
        search,
        trash,
        page,
        corrections,
        editing,
        report,
        publish,
        review,
        drafts,
        quotes,
        clips,
        versions,
        retiming,
        jobs,
    )
    return [module.blueprint for module in modules]
