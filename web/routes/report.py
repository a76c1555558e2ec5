"""The page of an episode's report, and what it takes from the room that makes reports."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.report.page import resource
from web.context import alignment_file, episode
from web.page.report import report_at, report_html

blueprint = Blueprint("report", __name__)

_KINDS = {"report.css": "text/css", "playing.js": "text/javascript"}


@blueprint.get("/episodes/<episode_id>/report")
def read(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    report = report_at(alignment_file(found))
    page = url_for("page.read", episode_id=found.id)
    sound = url_for("page.audio", episode_id=found.id)
    return render_template("report.html", episode=found, page=page, report=report_html(report, page, sound))


@blueprint.get("/report/<any('report.css', 'playing.js'):name>")
def part(name: str) -> ResponseReturnValue:
    answer = Response(resource(name), mimetype=_KINDS[name])
    answer.add_etag()
    return answer.make_conditional(request)
