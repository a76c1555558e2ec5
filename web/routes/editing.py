"""Setting the text right: what a paragraph is to the letter, and how a new transcript is to be understood."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.told_structure import MOST_TOLD
from aligner.model import Kind
from web.context import aligned, asked, incoming
from web.page.paragraph import paragraph_at
from web.routes.understood import understood

blueprint = Blueprint("editing", __name__)


class _Structure(Struct):
    """Whether labels name speakers, and what passages are that begin there."""

    labels: Annotated[dict[str, bool], Meta(max_length=MOST_TOLD)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_TOLD)] = {}


@blueprint.get("/api/episodes/<episode_id>/paragraphs/<int:segment>")
def paragraph(episode_id: str, segment: int) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    return jsonify(asdict(paragraph_at(alignment, segment)))


@blueprint.post("/api/incoming/<token>/structure")
def structure(token: str) -> ResponseReturnValue:
    """Keep what is told of a transcript that was sent, and show what is made of it then."""
    given = asked(_Structure)
    return jsonify(understood(incoming().tell(token, given.labels, given.kinds)))
