"""Quotes of an episode: facts about selected words, and the list of saved quotes."""

from __future__ import annotations

import msgspec
from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.storage.checked_json import Count
from web.context import aligned, asked, changing
from web.errors import WebError
from web.languages import t
from web.quotes import saved
from web.quotes.selection import selection_facts

blueprint = Blueprint("quotes", __name__, url_prefix="/api/episodes/<episode_id>")


@blueprint.get("/selection")
def selection(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    first, last = (request.args.get(name, None, int) for name in ("first", "last"))
    if first is None or last is None:
        raise WebError("quote.words")
    return jsonify(selection_facts(alignment, first, last, url_for("page.read", episode_id=episode_id, _external=True)))


@blueprint.get("/quotes")
def listed(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        located = saved.located_quotes(found.folder, alignment)
    quotes = []
    for quote in (saved.quote_facts(alignment, each) for each in located):
        why = t("js.caution.not-said", detail="") if quote["start"] is None else None
        why = t(f"kept.lost.{quote['lost']}") if quote["lost"] else why
        row = render_template("episode/quote_row.html", quote=quote, language=alignment.language, why=why)
        quotes.append(quote | {"row": row})
    return jsonify(quotes=quotes)


@blueprint.post("/quotes")
def save(episode_id: str) -> ResponseReturnValue:
    words, (_, alignment) = asked(_Words), aligned(episode_id)
    with changing(episode_id) as found:
        quote = saved.save_quote(found.folder, alignment, words.first, words.last)
    return jsonify(id=quote.id), 201


@blueprint.delete("/quotes/<quote_id>", defaults={"is_removed": True})
@blueprint.post("/quotes/<quote_id>/restore", defaults={"is_removed": False})
def remove(episode_id: str, quote_id: str, is_removed: bool) -> ResponseReturnValue:
    """Remove a saved quote if ``is_removed``, otherwise restore the quote."""
    aligned(episode_id)
    with changing(episode_id) as found:
        saved.mark_removed(found.folder, quote_id, is_removed)
    return jsonify(id=quote_id)


@blueprint.post("/quotes/<quote_id>/nearest")
def accept_nearest(episode_id: str, quote_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        quote, is_new = saved.accept_nearest(found.folder, alignment, quote_id)
    return jsonify(id=quote.id, new=is_new)


class _Words(msgspec.Struct):
    """The range of words in a request: from ``first`` up to, but not including, ``last``."""

    first: Count
    last: Count
