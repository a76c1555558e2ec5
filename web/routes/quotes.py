"""Quotes of an episode: what is told of a selection, and the list of those that are kept."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.storage.checked_json import Count
from web.context import aligned, asked, changing
from web.errors import WebError
from web.languages import t
from web.quotes import kept
from web.quotes.selection import selection_facts

blueprint = Blueprint("quotes", __name__, url_prefix="/api/episodes/<episode_id>")


@blueprint.get("/selection")
def selection(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    first, last = _words(request.args.get("first"), request.args.get("last"))
    return jsonify(selection_facts(alignment, first, last, url_for("page.read", episode_id=episode_id, _external=True)))


@blueprint.get("/quotes")
def listed(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        placed = kept.placed(found.folder, alignment)
    facts = [kept.quote_facts(alignment, each) for each in placed]
    return jsonify(quotes=[each | {"row": _row(each, alignment.language)} for each in facts])


def _row(quote: dict[str, Any], language: str) -> str:
    """Render a saved quote's row of the list."""
    why = None
    if quote["lost"]:
        why = t(f"kept.lost.{quote['lost']}")
    elif quote["start"] is None:
        why = t("js.caution.not-said", detail="")
    return render_template("episode/quote_row.html", quote=quote, language=language, why=why)


@blueprint.post("/quotes")
def keep(episode_id: str) -> ResponseReturnValue:
    asked_words, (_, alignment) = asked(_Words), aligned(episode_id)
    with changing(episode_id) as found:  # it may have been removed meanwhile
        fresh = kept.keep(found.folder, alignment, asked_words.first, asked_words.last)
    return jsonify(id=fresh.id), 201


@blueprint.delete("/quotes/<quote_id>")
def remove(episode_id: str, quote_id: str) -> ResponseReturnValue:
    aligned(episode_id)
    with changing(episode_id) as found:
        kept.mark_removed(found.folder, quote_id, True)
    return jsonify(id=quote_id)


@blueprint.post("/quotes/<quote_id>/restore")
def restore(episode_id: str, quote_id: str) -> ResponseReturnValue:
    aligned(episode_id)
    with changing(episode_id) as found:
        kept.mark_removed(found.folder, quote_id, False)
    return jsonify(id=quote_id)


@blueprint.post("/quotes/<quote_id>/nearest")
def take_nearest(episode_id: str, quote_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    with changing(episode_id) as found:
        taken, is_new = kept.take_nearest(found.folder, alignment, quote_id)
    return jsonify(id=taken.id, new=is_new)


class _Words(msgspec.Struct):
    """From a word to before another."""

    first: Count
    last: Count


def _words(first: object, last: object) -> tuple[int, int]:
    try:
        return int(str(first)), int(str(last))
    except ValueError as error:
        raise WebError("quote.words") from error
