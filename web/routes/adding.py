"""Add episodes, and edit their details and transcripts: uploads, previews and forms."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any
from urllib.parse import unquote

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.structure_overrides import MOST_OVERRIDES
from aligner.durations import clock
from aligner.model import Kind
from aligner.transcript.names import shortened
from media.safe_fs import status_of
from web.context import align, asked, changing, end_alignments, episode, incoming, library, reader_name
from web.correcting.following import schedule_captions
from web.filters import size
from web.languages import t
from web.library.changing import EpisodeForm, create, edit, labels_of, replace_transcript
from web.library.details import details_version
from web.library.incoming import TranscriptPreview, audio_info, cover_name, preview
from web.page.transcript import SPEAKER_COLOURS

blueprint = Blueprint("adding", __name__)

_SILENT = (Kind.HEADING, Kind.NOTE, Kind.STAGE)
_LONGEST_NAMED = 60  # characters of a passage in the label of its choice
_PROPOSED = ("language", "title", "show", "headline")


class _Structure(Struct):
    """A person's changes to a transcript's structure. ``labels`` says for each text whether it is a speaker's label;
    ``kinds`` maps the offset of a passage to the passage's kind."""

    labels: Annotated[dict[str, bool], Meta(max_length=MOST_OVERRIDES)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_OVERRIDES)] = {}


@blueprint.get("/add")
def add() -> ResponseReturnValue:
    return render_template("add.html")


@blueprint.post("/api/incoming")
def open_upload() -> ResponseReturnValue:
    return jsonify(token=incoming().open()), 201


@blueprint.put("/api/incoming/<token>/<kind>")
def receive_file(token: str, kind: str) -> ResponseReturnValue:
    name, size_bytes = unquote(request.headers.get("X-File-Name", "")), request.content_length or 0
    request.max_content_length = incoming().check_size(kind, name, size_bytes)
    path = incoming().receive(token, kind, name, request.stream, size_bytes)
    if kind == "cover":
        try:
            cover_name(path)  # raises if it is not a picture
        except BaseException:
            incoming().take_back(token, kind)
            raise
    about, tags = size(status_of(path).st_size), audio_info(path) if kind == "audio" else None
    if tags and tags.duration:
        about = f"{clock(tags.duration)} · {about}"
    return jsonify(name=path.name, about=about, **(asdict(tags) if tags else {}))


@blueprint.delete("/api/incoming/<token>/<kind>")
def take_back(token: str, kind: str) -> ResponseReturnValue:
    incoming().take_back(token, kind)
    return jsonify(token=token)


@blueprint.get("/api/incoming/<token>/preview")
def preview_transcript(token: str) -> ResponseReturnValue:
    return jsonify(_preview_facts(preview(incoming().transcript(token), incoming().staged(token).overrides)))


@blueprint.post("/api/incoming/<token>/structure")
def structure(token: str) -> ResponseReturnValue:
    """Store a person's changes to the structure of the transcript uploaded as ``token``, and answer with a preview."""
    overrides = asked(_Structure)
    return jsonify(_preview_facts(incoming().save_structure(token, overrides.labels, overrides.kinds)))


@blueprint.post("/api/incoming/<token>/create")
def create_episode(token: str) -> ResponseReturnValue:
    with changing(create(library(), incoming(), token, asked(EpisodeForm)).id) as created:
        return jsonify(id=created.id, job=align(created).id), 201


@blueprint.post("/api/episodes/<episode_id>/align")
def align_again(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(job=align(found).id), 202


@blueprint.get("/episodes/<episode_id>/details")
def details(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    version = details_version(found.folder)
    return render_template("details.html", episode=found, labels=labels_of(found), version=version)


@blueprint.post("/api/episodes/<episode_id>/details")
def save_details(episode_id: str) -> ResponseReturnValue:
    form = asked(EpisodeForm)
    cover = incoming().staged(form.token).cover if form.token else None
    ended = list[bool]()
    with changing(episode_id) as found:
        version = details_version(found.folder)
        if form.version not in (None, version):
            return jsonify(error=t("details.changed"), version=version), 409
        try:
            edit(found, form, cover, lambda folder: ended.append(end_alignments(folder)), reader_name() or "")
        finally:
            saved = episode(episode_id)
            if any(ended):
                align(saved)
        if saved.alignment:
            schedule_captions(saved.alignment)
    if cover:
        incoming().take_back(form.token, "cover")
    return jsonify(asdict(saved.details) | {"version": details_version(saved.folder)})


@blueprint.post("/api/episodes/<episode_id>/transcript/<token>")
def replace_text(episode_id: str, token: str) -> ResponseReturnValue:
    """Replace the episode's transcript by the one uploaded as ``token``, and align it."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        replace_transcript(found, staged)
        job = align(episode(episode_id))
    incoming().drop(token)
    return jsonify(job=job.id), 202


def _preview_facts(shown: TranscriptPreview) -> dict[str, Any]:
    """Return a preview as JSON: the preview as ``html``, form fields for speakers' ``names``, and proposed details."""
    labels = {label: label for label in shown.speakers}
    n = len(shown.speakers)
    speakers = t("understood.speakers", n=n) if n > 1 else t("understood.speaker" if n else "understood.nobody")
    tally = "understood.silent" if any(shown.counts.get(kind) for kind in _SILENT) else "understood.tally"
    return {
        "html": render_template(
            "adding/preview.html",
            shown=shown,
            tally=t(tally, words=shown.words, speakers=speakers),
            colours={label: k % SPEAKER_COLOURS for k, label in enumerate(labels)},
            choices=(Kind.SPEECH, *_SILENT),
            beginning=partial(shortened, longest=_LONGEST_NAMED),
        ),
        "names": render_template("details/names.html", labels=labels),
        **{name: getattr(shown, name) for name in _PROPOSED},
    }
