"""Templates of the app for pages that no server sends: in a language that is chosen, not asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from web.filters import add_filters
from web.languages import add_languages

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is rendered meanwhile is in that language."""
    with _app().test_request_context(headers={"Accept-Language": language}):
        yield


def rendered(template: str, **told: Any) -> str:
    """The template with what it is told, where a language is spoken."""
    from flask import render_template

    return render_template(template, **told)


@cache
def _app() -> Flask:
    """Templates and their filters: no library, no jobs, no routes."""
    from flask import Flask

    app = Flask("web")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_languages(app)
    add_filters(app)
    return app
