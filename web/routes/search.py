"""Searching all episodes, or all of one that has more than is shown."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from aligner.publication import published_date
from web.context import library
from web.routes.library import order_asked
from web.search.answers import RELEVANCE, Criteria, search

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def find() -> ResponseReturnValue:
    given = request.args
    wanted = Criteria(
        query=given.get("q", ""),
        order=order_asked(),
        by_relevance=given.get("sort") == RELEVANCE,
        show=given.get("show", ""),
        since=published_date(given.get("from", "")) or "",
        until=published_date(given.get("to", "")) or "",
        episode=given.get("episode", ""),
    )
    answer = search(library(), wanted, given.get("page", 1, int))
    order = RELEVANCE if wanted.by_relevance else wanted.order
    requested = {"q": wanted.query, "show": wanted.show, "from": wanted.since, "to": wanted.until, "sort": order}
    filters = {name: value for name, value in requested.items() if value}
    shown = {"wanted": wanted, "answer": answer, "order": order, "filters": filters}
    return render_template("search.html", query=wanted.query, **shown)
