"""Setting the text right: what a paragraph is to the letter, and how a new transcript is to be understood."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.told_structure import MOST_TOLD
from aligner.model import Kind
from web.bounded import call
from web.context import asked, incoming, library
from web.correcting.states import Seen, passage_since
from web.routes.understood import understood

blueprint = Blueprint("editing", __name__)


class _Structure(Struct):
    """Whether labels name speakers, and what passages are that begin there."""

    labels: Annotated[dict[str, bool], Meta(max_length=MOST_TOLD)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_TOLD)] = {}


@blueprint.get("/api/episodes/<episode_id>/paragraphs")
def paragraphs(episode_id: str) -> ResponseReturnValue:
    """What stands now in the place of the segments from ``first`` to before ``stop``, as they were after ``since``
    changes in the transcript of version ``of``."""
    first, stop, since = (max(0, request.args.get(name, 0, int)) for name in ("first", "stop", "since"))
    seen = Seen(since, request.args.get("of"))
    return jsonify(asdict(call(passage_since, library().alignment(episode_id), seen, range(first, stop))))


@blueprint.post("/api/incoming/<token>/structure")
def structure(token: str) -> ResponseReturnValue:
    """Keep what is told of a transcript that was sent, and show what is made of it then."""
    given = asked(_Structure)
    return jsonify(understood(incoming().tell(token, given.labels, given.kinds)))
