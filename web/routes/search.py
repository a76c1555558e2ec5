"""Searching all episodes: what is found, and all that one of them has."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from aligner.publication import published_date
from web.context import episode, library
from web.routes.library import order_asked
from web.search import RELEVANCE, Unread, Wanted, hits_in, search
from web.search.query import read_query

blueprint = Blueprint("search", __name__)

_MOST_UNREAD = 200  # episodes that are named


@blueprint.get("/search")
def find() -> ResponseReturnValue:
    wanted = _wanted()
    answer = search(library(), wanted, request.args.get("page", 1, int))
    unread = {why: [each for reason, each in answer.unread if reason is why][:_MOST_UNREAD] for why in Unread}
    return render_template("search.html", wanted=wanted, answer=answer, unread=unread, **_told(wanted))


@blueprint.get("/search/<episode_id>")
def in_episode(episode_id: str) -> ResponseReturnValue:
    """All that one episode has."""
    wanted = _wanted()
    found, page, pages = hits_in(library(), wanted, episode(episode_id).id, request.args.get("page", 1, int))
    return render_template("search_episode.html", found=found, page=page, pages=pages, **_told(wanted))


def _told(wanted: Wanted) -> dict[str, object]:
    """What both pages need: the query and whether it seeks anything, the order, and what is kept in addresses."""
    order = RELEVANCE if wanted.by_relevance else wanted.order
    kept = {"q": wanted.query, "show": wanted.show, "from": wanted.since, "to": wanted.until, "sort": order}
    kept = {name: value for name, value in kept.items() if value}
    is_sought = bool(read_query(wanted.query).terms)
    return {"query": wanted.query, "is_sought": is_sought, "order": order, "kept": kept}


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        query=given.get("q", ""),
        order=order_asked(),
        by_relevance=given.get("sort") == RELEVANCE,
        show=given.get("show", ""),
        since=_day(given.get("from", "")),
        until=_day(given.get("to", "")),
    )


def _day(text: str) -> str:
    """A day as people type it, empty where it is none."""
    return published_date(text) or ""
