"""Search all episodes, or a single episode."""

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
    args = request.args
    wanted = Criteria(
        query=args.get("q", ""),
        order=order_asked(),
        by_relevance=args.get("sort") == RELEVANCE,
        show=args.get("show", ""),
        since=published_date(args.get("from", "")) or "",
        until=published_date(args.get("to", "")) or "",
        episode=args.get("episode", ""),
    )
    answer = search(library(), wanted, args.get("page", 1, int))
    order = RELEVANCE if wanted.by_relevance else wanted.order
    fields = {"q": wanted.query, "show": wanted.show, "from": wanted.since, "to": wanted.until, "sort": order}
    filters = {name: value for name, value in fields.items() if value}
    return render_template(
        "search.html", query=wanted.query, wanted=wanted, answer=answer, order=order, filters=filters
    )
