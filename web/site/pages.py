"""The files of a published episode: its page, captions, cover, what other sites embed, and the pages of its quotes."""

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
from aligner.formats import FORMATS, Material, lost_of, said_of
from aligner.formats.embed import cast_data
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
from web.languages import add_languages, liked, script_strings
from web.library import Details, Episode
from web.page.bundle import EPISODE_STYLES, icon, script_of, strings_of, styles
from web.page.data import cue_data, episode_data
from web.page.transcript import page_of
from web.site.facts import facts_of
from web.site.folder import Contents
from web.site.looks import Look, SiteSound, cover_files, look_of, site_sound
from web.site.manifest import SoundElsewhere, read_manifest, remembered_sound
from web.site.quotes import KeptQuote, files_of, kept_quotes, sound_of

if TYPE_CHECKING:
    from flask import Flask

PAGE = "index.html"
_ENTRY = "site/site.js"
_COMPONENT = "embed/quote-cast.js"
_CAPTIONS = "podcast-vtt"
_EPISODE_STYLES = (*EPISODE_STYLES[:6], "site.css", *EPISODE_STYLES[6:])
_QUOTE_STYLES = ("tokens.css", "quote.css")
_VERSION_DIGITS = 8  # of a hash
_NUMBERS = re.compile(r' data-i="\d+"(?=>)')  # of words, a third of the page; site.js counts them itself


@dataclass(frozen=True, slots=True)
class Publication:
    """An episode to be published: the alignment at ``path``, called ``name`` where it has no title; its ``look``; the
    language of the ``interface``, None for the episode's; the ``base`` address under which the folder will be found;
    where the ``show_page`` is, seen from the folder, if it is one of several. With ``heard`` the page prints what a
    recogniser heard where the transcript lacks something, which nobody has reviewed; else how long that is."""

    alignment: Alignment
    path: Path
    name: str
    look: Look
    interface: str | None
    base: str | None
    show_page: str | None = None
    heard: bool = False

    @property
    def language(self) -> str:
        return self.interface or liked([self.alignment.language])

    def address_of(self, path: str) -> str | None:
        """Return the whole address of a file of the folder, None where nobody has told where that will be."""
        return None if self.base is None else f"{self.base}{path}"


def contents_of(publication: Publication, sound: SiteSound, progress: Progress) -> Contents:
    """Return what the folder is to hold.

    Raises SavedQuotesError if the file of saved quotes is damaged, MediaError if the audio of a quote or a font of its
    picture cannot be read.
    """
    if not publication.heard:
        passages = (replace(each, text="") for each in publication.alignment.untranscribed)
        alignment = replace(publication.alignment, untranscribed=tuple(passages))
        publication = replace(publication, alignment=alignment)
    alignment = publication.alignment
    kept = current_quotes(publication.path.parent, alignment)
    quotes = kept_quotes(alignment, kept)
    material = Material(alignment, publication.name, said_of(kept))
    with speaking(publication.language):
        files = _pictures(publication)
        shown = _shown(publication, sound, files) | {"facts": facts_of(material), "quotes_kept": quotes}
        shown |= {"opening": next((each.text for each in material.paragraphs if each.kind is Kind.SPEECH), "")}
        for path, text in (_episode(publication, sound, shown) | _embedded(publication, material, sound)).items():
            files[path] = text.encode("utf-8", "replace")
        files["captions.vtt"] = FORMATS[_CAPTIONS].write(material)
        if quotes:
            files |= _quotes(publication, sound, shown, quotes, progress)
    return Contents(
        files,
        {sound.address: sound.file} if sound.file else {},
        lost=lost_of(kept),
        base=publication.base,
        interface=publication.interface,
        sound=None if sound.file else SoundElsewhere(sound.address, alignment.audio.sha256),
    )


@contextmanager
def made_episode(
    path: Path,
    folder: Path,
    interface: str | None,
    base: str | None,
    progress: Progress,
    show_page: str | None = None,
    audio: Path | None = None,
    address: str | None = None,
    heard: bool = False,
) -> Iterator[tuple[Publication, Contents, str | None]]:
    """Give what is published into ``folder`` of the alignment at ``path``, its files while the context lasts, and where
    its audio is published elsewhere: at ``address``, else where the folder remembers.

    Raises OutputError if the folder is another episode's, and as ``site_sound`` and ``contents_of``.
    """
    alignment, manifest = read_alignment(path), read_manifest(folder)
    if manifest and manifest.episode and manifest.episode.sound != alignment.audio.sha256:
        raise OutputError(
            "{path}: is the place of another episode of its show; name this one's, or a folder apart", path=folder
        )
    address = remembered_sound(manifest, folder, alignment) if address is None else address
    name, look = path.name.removesuffix(JSON_SUFFIX), look_of(alignment, path)
    publication = Publication(alignment, path, name, look, interface, base, show_page, heard)
    with site_sound(alignment, path, audio, address, progress) as sound:
        yield publication, contents_of(publication, sound, progress), address or None


def made_with() -> str:
    """Return the version of what each episode is made with beside its own: another one makes other pages."""
    parts = script_of(_ENTRY), styles(_EPISODE_STYLES), styles(_QUOTE_STYLES), script_of(_COMPONENT)
    return version_of("".join(parts).encode("utf-8"))


def version_of(content: bytes) -> str:
    """Return what is asked for with the name of a file, so that no browser takes an earlier one that it has kept."""
    return hashlib.sha256(content).hexdigest()[:_VERSION_DIGITS]


def asked(files: Mapping[str, str], *names: str) -> dict[str, str]:
    """Return by name the addresses by which a page asks for files of its folder."""
    return {name: f"{name}?v={version_of(files[name].encode('utf-8', 'replace'))}" for name in names}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render meanwhile in that language, which no browser asks for."""
    with _app().test_request_context(headers={"Accept-Language": language}):
        yield


def rendered(template: str, **told: Any) -> str:
    """Render a template of the app without a server, in the language that is spoken."""
    from flask import render_template

    return render_template(template, **told)


@cache
def _app() -> Flask:
    """Return templates and their filters: no library, no jobs, no routes."""
    from flask import Flask

    app = Flask("web")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_languages(app)
    add_filters(app)
    return app


def _episode(publication: Publication, sound: SiteSound, shown: dict[str, Any]) -> dict[str, str]:
    """Return the episode's page, which holds its times, with its styles and scripts."""
    script, page = script_of(_ENTRY), page_of(publication.alignment)
    captions = json.dumps(cue_data(publication.alignment), ensure_ascii=False, separators=(",", ":"))
    files = {
        "site.css": styles(_EPISODE_STYLES),
        "site.js": script,
        "captions.js": f"globalThis.quotecastCaptions = {captions};\n",
        "icon.svg": icon(),
    }
    shown = shown | {"asked": asked(files, "site.css", "site.js")}
    data = episode_data(publication.alignment, page) | {
        "id": f"site-{publication.alignment.version}",
        "file": "",
        "peaks": sound.peaks,
        "captions": asked(files, "captions.js")["captions.js"],
        "sharing": _sharing(publication),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    told = {"page": page, "packed": Markup(text), "strings": strings_of(script, script_strings())}
    return {
        **files,
        PAGE: _NUMBERS.sub("", rendered("site/episode.html", **shown, **told)),
        "accessibility.html": rendered("site/accessibility.html", **shown),
    }


def _embedded(publication: Publication, material: Material, sound: SiteSound) -> dict[str, str]:
    """Return what other sites play of it: the component, and its data."""
    data = cast_data(material, [sound.address])
    address = publication.address_of("")
    return {
        "episode.cast.json": json.dumps(data | ({"url": address} if address else {}), ensure_ascii=False),
        "quote-cast.js": script_of(_COMPONENT),
    }


def _quotes(
    publication: Publication,
    sound: SiteSound,
    shown: dict[str, Any],
    quotes: tuple[KeptQuote, ...],
    progress: Progress,
) -> dict[str, bytes]:
    """Return a page for each saved quote, with its picture and its audio."""
    alignment = publication.alignment
    source = Source(alignment, publication.path, sound.audio) if sound.audio else None
    files = {"q/quote.css": styles(_QUOTE_STYLES).encode("utf-8")}
    done, total = 0.0, sum(kept.quote.voice.duration for kept in quotes)
    for kept in quotes:
        progress("quotes", done, total)
        own = files_of(kept, alignment, source, publication.look.cards)
        picture, clip = (
            f"{kept.name}{ending}" if f"q/{kept.name}{ending}" in own else None for ending in (".png", ".mp3")
        )
        told = {"kept": kept, "card": CARD, "picture": picture, "clip": clip}
        page = rendered("site/quote.html", **shown, **told, address=sound_of(kept, sound, bool(clip)))
        files |= own | {f"q/{kept.name}.html": page.encode("utf-8", "replace")}
        done += kept.quote.voice.duration
    progress("quotes", total, total)
    return files


def _shown(publication: Publication, sound: SiteSound, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what the templates are told, but for the transcript."""
    alignment, details = publication.alignment, publication.alignment.episode
    named = Details(details.title, details.show, details.date, details.url, alignment.language)
    return {
        "episode": Episode(publication.name, publication.path.parent, named, None, None, None),
        "alignment": alignment,
        "data": {},
        "sound": sound.address,
        "sound_file": sound.file is not None,
        "sound_from": _sound_from(sound),
        "cover": "cover.jpg" if "cover.jpg" in pictures else None,
        "title_card": CARD if "card.png" in pictures else None,
        "address_of": publication.address_of,
        "show_page": publication.show_page,
        "read_only": True,
    }


def _sound_from(sound: SiteSound) -> str:
    """Return where the page may get its audio from beside its own folder: from any host, since addresses of podcasts
    lead on to others, which count downloads or are nearer. Audio runs nothing."""
    if sound.file:
        return ""
    return "https:" if urlsplit(sound.address).scheme == "https" else "https: http:"


def _sharing(publication: Publication) -> dict[str, Any]:
    """Return what a quote that is copied is written with, and where it leads."""
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
    """Return the cover, large for links that unfold and small for the page; for links that have none a card."""
    look, details = publication.look, publication.alignment.episode
    if look.cover:
        return cover_files(look.cover)
    if publication.base:
        title = (details.title or "").strip() or publication.name
        told = title, details.show, day(details.date), publication.alignment.language
        return {"card.png": title_card(*told, look.cards)}
    return {}
