"""Files to take away."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from aligner.model import Alignment
from aligner.storage.outputs import JSON_SUFFIX
from web.context import aligned, alignment_file
from web.library import Episode
from web.page.data import cue_data, episode_data
from web.page.downloads import beside, bundle, caption_text, plain_text
from web.page.transcript import page_of

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/episodes/<episode_id>/download/<any(vtt, srt, txt, json, html):what>")
def take(episode_id: str, what: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    path = alignment_file(found)
    name = path.name.removesuffix(JSON_SUFFIX)
    match what:
        case "json":
            return send_file(path.resolve(), as_attachment=True, download_name=path.name)
        case "txt":
            return _file(plain_text(alignment, page_of(alignment)), f"{name}.txt", "text/plain")
        case "html":
            return _file(_standalone(found, alignment), f"{name}.html", "text/html")
        case _:
            kind = "text/vtt" if what == "vtt" else "application/x-subrip"
            return _file(caption_text(path, alignment, what), f"{name}.{what}", kind)


def _standalone(found: Episode, alignment: Alignment) -> str:
    """The page that plays without a server; its sound lies beside it, or at the address that was asked for."""
    page = page_of(alignment)
    taken = beside(found.audio, found.folder) if found.audio else None
    names = taken.names if taken else (alignment.audio.file,)
    given = request.args.get("audio", "")
    sounds = [given] if urlsplit(given).scheme in ("http", "https") else [quote(name) for name in names]
    return render_template(
        "standalone.html",
        episode=found,
        alignment=alignment,
        page=page,
        data=episode_data(alignment, page) | {"id": found.id},
        cues=cue_data(alignment),
        peaks=taken.peaks if taken else None,
        sound=sounds[0],
        otherwise=sounds[1:],
        sound_name=names[0],
        bundle=bundle(),
    )


def _file(text: str, name: str, mimetype: str) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
