"""Render the files of a published episode: page, captions, cover, embeddable data, and a page for each saved quote."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from aligner.errors import OutputError
from aligner.formats import FORMATS, Material, lost_quotes, spoken_quotes
from aligner.formats.embed import embed_data
from aligner.languages import language_of
from aligner.model import Alignment, Kind
from aligner.publishing.audiograms import title_card
from aligner.publishing.excerpt import Source
from aligner.recognition import Progress
from aligner.saved_quotes import current_quotes
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.typography import unbroken, widened
from media.video.card import CARD
from web.filters import add_filters, day
from web.languages import add_languages, first_supported, script_strings
from web.library import Details, Episode
from web.page.bundle import EPISODE_STYLES, icon, script_of, strings_of, styles
from web.page.data import cue_data, episode_data
from web.page.transcript import page_of
from web.site.facts import facts_of
from web.site.folder import Contents
from web.site.manifest import PublishedAudio, read_manifest, remembered_audio
from web.site.quotes import PublishedQuote, audio_address, files_of, published_quotes
from web.site.style import EpisodeStyle, SiteAudio, cover_files, site_audio, style_of

if TYPE_CHECKING:
    from flask import Flask

PAGE = "index.html"
_ENTRY = "site/site.js"
_COMPONENT = "embed/quote-cast.js"
_CAPTIONS = "podcast-vtt"
_SYNC = "episode.sync"
_EPISODE_STYLES = (*EPISODE_STYLES[:6], "site.css", *EPISODE_STYLES[6:])
_QUOTE_STYLES = ("tokens.css", "quote.css")
_VERSION_DIGITS = 8  # of a hash
_NUMBERS = re.compile(r' data-i="\d+"(?=>)')  # of words: a third of the page; site.js counts them itself


@dataclass(frozen=True, slots=True)
class Publication:
    """An episode to publish from the alignment at ``path``. ``name`` is used if the episode has no title. ``interface``
    is the language of the page, None for the episode's language. ``base`` is the web address of the folder,
    ``show_page`` the relative address of the show's page. For speech missing from the transcript, the page shows the
    length and, if ``with_recognised`` is true, the text that ASR recognised and nobody has reviewed."""

    alignment: Alignment
    path: Path
    name: str
    style: EpisodeStyle
    interface: str | None
    base: str | None
    show_page: str | None = None
    with_recognised: bool = False

    @property
    def language(self) -> str:
        return self.interface or first_supported([self.alignment.language])

    def address_of(self, path: str) -> str | None:
        """Return the web address of the file at ``path`` in the folder, or None if the folder's address is unknown."""
        return None if self.base is None else f"{self.base}{path}"


def contents_of(publication: Publication, audio: SiteAudio, progress: Progress) -> Contents:
    """Return the files of an episode's folder. Raises SavedQuotesError if the file of saved quotes is damaged,
    MediaError if a quote's audio or a font is unreadable."""
    if not publication.with_recognised:
        passages = (replace(each, text="") for each in publication.alignment.untranscribed)
        alignment = replace(publication.alignment, untranscribed=tuple(passages))
        publication = replace(publication, alignment=alignment)
    alignment = publication.alignment
    saved = current_quotes(publication.path.parent, alignment)
    quotes = published_quotes(alignment, saved)
    material = Material(alignment, publication.name, spoken_quotes(saved), file=publication.path)
    with in_language(publication.language):
        files, left_out, sync = _pictures(publication), publication.style.left_out, None
        if missing := FORMATS["sync"].unavailable(material):
            left_out += (f"{_SYNC}: {missing}",)
        else:
            files[_SYNC] = FORMATS["sync"].content(material)
            sync = f"{_SYNC}?v={version_of(files[_SYNC])}"
        shown = _template_values(publication, audio, files) | {"facts": facts_of(material), "saved_quotes": quotes}
        shown |= {"opening": next((each.text for each in material.paragraphs if each.kind is Kind.SPEECH), "")}
        shown |= {"sync": None if audio.file else sync}  # audio in the folder has no ads
        embedded = _embedded(publication, material, audio, sync)
        for path, text in (_episode(publication, audio, shown) | embedded).items():
            files[path] = text.encode("utf-8", "replace")
        files["captions.vtt"] = FORMATS[_CAPTIONS].content(material)
        if quotes:
            files |= _quotes(publication, audio, shown, quotes, progress)
    return Contents(
        files,
        {audio.address: audio.file} if audio.file else {},
        lost=lost_quotes(saved),
        left_out=left_out,
        base=publication.base,
        interface=publication.interface,
        audio=None if audio.file else PublishedAudio(audio.address, alignment.audio.sha256),
    )


@contextmanager
def prepared_episode(
    path: Path,
    folder: Path,
    interface: str | None,
    base: str | None,
    progress: Progress,
    show_page: str | None = None,
    audio: Path | None = None,
    address: str | None = None,
    with_recognised: bool = False,
) -> Iterator[tuple[Publication, Contents, str | None]]:
    """Context manager: yield an episode's publication, the contents of its folder, and the web address of its audio.

    The web address is None if the audio is copied into the folder. ``address`` is the address of audio on another host,
    by default the address in the folder's manifest, if any. ``audio`` is the audio file if it was moved. Temporary
    files exist for the duration of the ``with`` block. Raises OutputError if the folder contains another episode, and
    the same errors as ``site_audio`` and ``contents_of``."""
    alignment, manifest = read_alignment(path), read_manifest(folder)
    if manifest and manifest.episode and manifest.episode.audio != alignment.audio.sha256:
        raise OutputError(
            "{path}: holds another episode of its show; choose this episode's folder, or a new one", path=folder
        )
    address = remembered_audio(manifest, folder, alignment) if address is None else address
    name, style = path.name.removesuffix(JSON_SUFFIX), style_of(alignment, path)
    publication = Publication(alignment, path, name, style, interface, base, show_page, with_recognised)
    with site_audio(alignment, path, audio, address, progress) as published:
        yield publication, contents_of(publication, published, progress), address or None


def assets_version() -> str:
    """Return a short hash of the scripts and styles that published pages use."""
    parts = script_of(_ENTRY), styles(_EPISODE_STYLES), styles(_QUOTE_STYLES), script_of(_COMPONENT)
    return version_of("".join(parts).encode("utf-8"))


def version_of(content: bytes) -> str:
    """Return a short hash of a file's content, for the file's address, so that browsers fetch a changed file again."""
    return hashlib.sha256(content).hexdigest()[:_VERSION_DIGITS]


def versioned(files: Mapping[str, str], *names: str) -> dict[str, str]:
    """Map each of ``names`` to an address with a hash of the file's content, such as ``site.js?v=1a2b3c4d``. ``files``
    maps names to contents."""
    return {name: f"{name}?v={version_of(files[name].encode('utf-8', 'replace'))}" for name in names}


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Context manager: render templates in this language for the duration of the ``with`` block."""
    with _app().test_request_context(headers={"Accept-Language": language}):
        yield


def rendered(template: str, **values: Any) -> str:
    """Render one of the app's templates without a server. Must be called within ``in_language``."""
    from flask import render_template

    return render_template(template, **values)


@cache
def _app() -> Flask:
    """Return a Flask app that has no routes, and is only used to render templates."""
    from flask import Flask

    app = Flask("web")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_languages(app)
    add_filters(app)
    return app


def _episode(publication: Publication, audio: SiteAudio, shown: dict[str, Any]) -> dict[str, str]:
    """Return an episode's pages, captions, styles and scripts by path. ``shown`` are values for the templates."""
    script, page = script_of(_ENTRY), page_of(publication.alignment)
    captions = json.dumps(cue_data(publication.alignment), ensure_ascii=False, separators=(",", ":"))
    files = {
        "site.css": styles(_EPISODE_STYLES),
        "site.js": script,
        "captions.js": f"globalThis.quotecastCaptions = {captions};\n",
        "icon.svg": icon(),
    }
    shown = shown | {"versioned": versioned(files, "site.css", "site.js")}
    data = episode_data(publication.alignment, page) | {
        "id": f"site-{publication.alignment.version}",
        "file": "",
        "peaks": audio.peaks,
        "captions": versioned(files, "captions.js")["captions.js"],
        "sync": shown["sync"],
        "sharing": _sharing(publication),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    values = {"page": page, "packed": Markup(text), "strings": strings_of(script, script_strings())}
    return {
        **files,
        PAGE: _NUMBERS.sub("", rendered("site/episode.html", **shown, **values)),
        "accessibility.html": rendered("site/accessibility.html", **shown),
    }


def _embedded(publication: Publication, material: Material, audio: SiteAudio, sync: str | None) -> dict[str, str]:
    """Return the files for embedding the player in other sites, by path: the web component and its data."""
    data = embed_data(material, [audio.address], sync)
    address = publication.address_of("")
    return {
        "episode.cast.json": json.dumps(data | ({"url": address} if address else {}), ensure_ascii=False),
        "quote-cast.js": script_of(_COMPONENT),
    }


def _quotes(
    publication: Publication,
    audio: SiteAudio,
    shown: dict[str, Any],
    quotes: tuple[PublishedQuote, ...],
    progress: Progress,
) -> dict[str, bytes]:
    """Return the page, picture and audio of each saved quote, by path. ``shown`` are values for the templates."""
    alignment = publication.alignment
    source = Source(alignment, publication.path, audio.audio) if audio.audio else None
    files = {"q/quote.css": styles(_QUOTE_STYLES).encode("utf-8")}
    done, total = 0.0, sum(saved.quote.voice.duration for saved in quotes)
    for saved in quotes:
        progress("quotes", done, total)
        own = files_of(saved, alignment, source, publication.style.cards)
        picture, clip = (
            f"{saved.name}{ending}" if f"q/{saved.name}{ending}" in own else None for ending in (".png", ".mp3")
        )
        values = {"saved": saved, "card": CARD, "picture": picture, "clip": clip}
        page = rendered("site/quote.html", **shown, **values, address=audio_address(saved, audio, bool(clip)))
        files |= own | {f"q/{saved.name}.html": page.encode("utf-8", "replace")}
        done += saved.quote.voice.duration
    progress("quotes", total, total)
    return files


def _template_values(publication: Publication, audio: SiteAudio, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the values that all templates use; ``pictures`` are the published pictures by path."""
    alignment, details = publication.alignment, publication.alignment.episode
    named = Details(details.title, details.show, details.date, details.url, alignment.language)
    return {
        "episode": Episode(publication.name, publication.path.parent, named, None, None, None),
        "alignment": alignment,
        "data": {},
        "audio_address": audio.address,
        "audio_file": audio.file is not None,
        "audio_sources": _audio_sources(audio),
        "cover": "cover.jpg" if "cover.jpg" in pictures else None,
        "title_card": CARD if "card.png" in pictures else None,
        "address_of": publication.address_of,
        "show_page": publication.show_page,
        "read_only": True,
    }


def _audio_sources(audio: SiteAudio) -> str:
    """Return the sources of audio that the page's Content-Security-Policy must allow: "" for audio in the folder, else
    all hosts, because podcast addresses redirect to hosts that count downloads. This is safe: audio runs no code."""
    if audio.file:
        return ""
    return "https:" if urlsplit(audio.address).scheme == "https" else "https: http:"


def _sharing(publication: Publication) -> dict[str, Any]:
    """Return what the page needs to copy a quote: quotation marks, the mark after a speaker's name, the folder URL."""
    known = language_of(publication.alignment.language)

    def padded(marks: tuple[str, str]) -> list[str]:
        return widened(unbroken("x".join(marks), publication.alignment.language)).split("x")

    return {
        "marks": padded(known.posting.marks),
        "inner": padded(known.posting.inner_marks),
        "name_mark": known.captioning.name_mark,
        "base": publication.address_of(""),
    }


def _pictures(publication: Publication) -> dict[str, bytes]:
    """Return the pictures by path: the episode's cover in two sizes or, without one, a title card for link previews."""
    style, details = publication.style, publication.alignment.episode
    if style.cover:
        return cover_files(style.cover)
    if publication.base:
        title = (details.title or "").strip() or publication.name
        lines = title, details.show, day(details.date), publication.alignment.language
        return {"card.png": title_card(*lines, style.cards)}
    return {}
