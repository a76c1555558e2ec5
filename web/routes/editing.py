"""Editing the text where it stands: what a paragraph is to the letter."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from web.context import aligned
from web.page.paragraph import paragraph_at

blueprint = Blueprint("editing", __name__, url_prefix="/api/episodes/<episode_id>")


@blueprint.get("/paragraphs/<int:segment>")
def paragraph(episode_id: str, segment: int) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    return jsonify(asdict(paragraph_at(alignment, segment)))
