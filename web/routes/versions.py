"""List, compare, download and restore versions of a transcript; compare an uploaded transcript with the present one."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.context import align, alignment_file, alignments, changing, episode, incoming, reader_name, unfinished
from web.correcting.following import schedule_captions
from web.errors import Busy, Conflict, NotFound, Unusable
from web.filters import reason_of
from web.languages import t
from web.library import Episode
from web.sending import send_file
from web.versions.comparing import Comparison, compare
from web.versions.listing import Version, version_file, versions_of
from web.versions.restoring import restore

blueprint = Blueprint("versions", __name__)


@blueprint.app_template_filter()
def change_kind(version: Version) -> str:
    """Return a phrase for the kind of change that resulted in this version, with the edited text if there is one."""
    key = f"versions.kind.{version.kind}"
    kind = t(key if t.knows(key) else "versions.kind.other")
    return t("versions.kind.of", kind=kind, text=version.text) if version.text else kind


@blueprint.get("/episodes/<episode_id>/versions")
def index(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    versions = versions_of(found)
    pair = _chosen(versions)
    shown, problem = _compared(found, *pair) if pair else (None, None)
    work = unfinished(found)
    return render_template(
        "versions.html",
        episode=found,
        versions=versions,
        pair=pair,
        shown=shown,
        problem=problem,
        total=sum(version.size_bytes for version in versions),
        work=work if work and work.is_open else None,
        review=found.head and found.head.review,
    )


@blueprint.get("/episodes/<episode_id>/versions/<int:number>")
def download(episode_id: str, number: int) -> ResponseReturnValue:
    version = version_file(episode(episode_id), number)
    return send_file(version.path, "application/octet-stream", version.name)


@blueprint.post("/api/episodes/<episode_id>/versions/<int:number>/restore")
def restore_version(episode_id: str, number: int) -> ResponseReturnValue:
    with changing(episode_id) as found:
        path = alignment_file(found)
        if any(job.is_open for job in alignments(found)):
            raise Conflict("versions.aligning")
        is_aligned = restore(path, version_file(found, number), reader_name() or "")
        schedule_captions(path)
        if not is_aligned:
            align(episode(episode_id))
    return jsonify(page=url_for("versions.index", episode_id=found.id))


@blueprint.get("/api/episodes/<episode_id>/transcript/<token>/comparison")
def compare_new(episode_id: str, token: str) -> ResponseReturnValue:
    """Answer with HTML that compares the present transcript, if any, with the transcript uploaded as ``token``."""
    found = episode(episode_id)
    if found.transcript is None:
        return jsonify(html="")
    shown = compare(found, found.transcript, incoming().transcript(token))
    return jsonify(html=render_template("versions/comparison.html", shown=shown, language=found.details.language or ""))


def _compared(found: Episode, before: Version, after: Version) -> tuple[Comparison | None, str | None]:
    """Return (the differences between two versions, None), or (None, the reason) if they cannot be compared."""
    try:
        return compare(found, before.path, after.path), None
    except (Unusable, Busy) as error:
        return None, reason_of(error)


def _chosen(versions: list[Version]) -> tuple[Version, Version] | None:
    """Return the two versions that the request names, None if it names none. Raises NotFound if one does not exist."""
    numbers = [request.args.get(name, None, int) for name in ("from", "to")]
    if None in numbers:
        return None
    found = [version for number in numbers for version in versions if version.number == number]
    if len(found) != 2:
        raise NotFound("error.404")
    return found[0], found[1]
