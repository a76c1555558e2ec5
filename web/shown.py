"""How templates write times, numbers and passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aligner.progress import clock
from web.languages import current_language
from web.reading.prose import missing_html

if TYPE_CHECKING:
    from flask import Flask


def add_filters(app: Flask) -> None:
    """Give templates their filters, and the icons."""
    app.jinja_env.filters.update(clock=clock, decimal=decimal, missing_html=missing_html)
    app.jinja_env.globals["icon"] = app.jinja_env.get_template("icons.html").module.icon  # type: ignore[attr-defined]


def decimal(number: float) -> str:
    """A number as short as it can be, with the decimal mark of the reader's language."""
    return f"{number:g}".replace(".", "," if current_language() == "fr" else ".")
