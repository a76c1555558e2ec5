"""Quotes of an episode: what is known of a selection, and the list of those that are saved."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from aligner.storage.checked_json import Count
from web.context import aligned, asked, changing
from web.errors import WebError
from web.quotes import kept
from web.quotes.facts import page_of_quotes
from web.quotes.selection import selected, selection_facts

blueprint = Blueprint("quotes", __name__, url_prefix="/api/episodes/<episode_id>")


class _Words(Struct):
    """From a word to before another."""

    first: Count
    last: Count


@blueprint.get("/selection")
def selection(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    first, last = (request.args.get(name, None, int) for name in ("first", "last"))
    if first is None or last is None:
        raise WebError("quote.words")
    local = url_for("page.read", episode_id=episode_id, _external=True)
    return jsonify(selection_facts(alignment, selected(alignment, first, last), local))


@blueprint.get("/quotes")
def listed(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        placed = kept.placed(found.folder, alignment)
    quotes, following = page_of_quotes(alignment, placed, request.args.get("from", 0, int))
    return jsonify(quotes=quotes, following=following)


@blueprint.post("/quotes")
def keep(episode_id: str) -> ResponseReturnValue:
    words, (_, alignment) = asked(_Words), aligned(episode_id)
    with changing(episode_id) as found:  # it may have been removed meanwhile
        return jsonify(id=kept.keep(found.folder, alignment, words.first, words.last).id), 201


@blueprint.delete("/quotes/<quote_id>")
def remove(episode_id: str, quote_id: str) -> ResponseReturnValue:
    aligned(episode_id)
    with changing(episode_id) as found:
        kept.remove(found.folder, quote_id)
    return jsonify(id=quote_id)


@blueprint.post("/quotes/<quote_id>/restore")
def restore(episode_id: str, quote_id: str) -> ResponseReturnValue:
    aligned(episode_id)
    with changing(episode_id) as found:
        kept.take_back(found.folder, quote_id)
    return jsonify(id=quote_id)


@blueprint.post("/quotes/<quote_id>/nearest")
def take_nearest(episode_id: str, quote_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        taken, is_new = kept.take_nearest(found.folder, alignment, quote_id)
    return jsonify(id=taken.id, new=is_new)
