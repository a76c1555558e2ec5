"""The files of a published episode: its page, what the page's scripts bring, captions, cover."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aligner.formats import FORMATS, Material, said_of
from aligner.formats.cast import cast_data
from aligner.kept import quotes_of
from aligner.languages import language_of
from aligner.model import Alignment, Kind
from aligner.publishing.cards import title_card
from aligner.publishing.excerpt import Source
from aligner.recognition import Progress
from aligner.typography import unbroken, widened
from media.video.card import CARD
from web.filters import day
from web.languages import liked, script_strings
from web.library import Details, Episode
from web.page.bundle import EPISODE_STYLES, icon, script_of, strings_of, styles
from web.page.data import cue_data
from web.page.transcript import page_of
from web.site.facts import facts_of
from web.site.folder import Contents
from web.site.lists import SoundElsewhere
from web.site.look import Look, cover_files
from web.site.packing import episode_script, plain
from web.site.quotes import KeptQuote, embedding, files_of, kept_quotes, lost_quotes, sound_of
from web.site.rendering import rendered, speaking
from web.site.sound import SiteSound

_ENTRY = "site/site.js"
_COMPONENT = "cast/quote-cast.js"
_CAPTIONS = "podcast-vtt"
_EPISODE_STYLES = (*EPISODE_STYLES[:6], "site.css", *EPISODE_STYLES[6:])
_QUOTE_STYLES = ("tokens.css", "quote.css")
_VERSION_DIGITS = 8  # of a hash


@dataclass(frozen=True, slots=True)
class Publication:
    """An episode to be published: the alignment at ``path``, called ``name`` where it has no title; its ``look``; the
    language of the ``interface``, None for the episode's; the ``base`` address under which the folder will be found;
    where the ``show_page`` is, seen from the folder, if it is one of several."""

    alignment: Alignment
    path: Path
    name: str
    look: Look
    interface: str | None
    base: str | None
    show_page: str | None = None

    @property
    def language(self) -> str:
        return self.interface or liked([self.alignment.language])

    @property
    def is_untitled(self) -> bool:
        """Whether it is called by its file, as ``quotecast align`` does where nobody gives a title."""
        return (self.alignment.episode.title or "").strip() in ("", self.name)

    def address_of(self, path: str) -> str | None:
        """The whole address of a file of the folder, None where nobody has told where it will be."""
        return None if self.base is None else f"{self.base}{path}"


def contents_of(publication: Publication, sound: SiteSound, progress: Progress) -> Contents:
    """What the folder is to hold.

    Raises
    ------
    KeptQuotesError
        The file of kept quotes is damaged.
    MediaError
        The sound of a quote cannot be read, or a font of its picture.
    """
    alignment = publication.alignment
    kept = quotes_of(publication.path.parent, alignment)
    quotes = kept_quotes(alignment, kept)
    material = Material(alignment, publication.name, said_of(kept))
    with speaking(publication.language):
        files = _pictures(publication)
        shown = _shown(publication, sound, files) | {"facts": facts_of(material), "quotes_kept": quotes}
        shown |= {"opening": next((each.text for each in material.paragraphs if each.kind is Kind.SPEECH), "")}
        for path, text in (_episode(publication, sound, shown) | _scripts(publication, material, sound)).items():
            files[path] = text.encode("utf-8", "replace")
        files["captions.vtt"] = FORMATS[_CAPTIONS].write(material)
        if quotes:
            files |= _quotes(publication, sound, shown, quotes, progress)
    copied = {sound.address: sound.file} if sound.file else {}
    elsewhere = None if sound.file else SoundElsewhere(sound.address, alignment.audio.sha256)
    return Contents(
        files,
        copied,
        lost=lost_quotes(kept),
        base=publication.base,
        interface=publication.interface,
        sound=elsewhere,
    )


def _episode(publication: Publication, sound: SiteSound, shown: dict[str, Any]) -> dict[str, str]:
    """The episode's page, with its styles and scripts: it asks for those that it was written with, whatever a browser
    has kept of earlier ones, and knows those that tell of its words by what they were ``made`` of."""
    script, page = script_of(_ENTRY), page_of(publication.alignment)
    data = episode_script(publication.alignment, page, f"site-{publication.alignment.version}", sound.peaks)
    made = version_of_file(json.dumps(data))
    captions = _brings("quotecastCaptions", {"made": made, "cues": cue_data(publication.alignment)})
    told = {"made": made, "sharing": _sharing(publication), "captions": f"captions.js?v={version_of_file(captions)}"}
    files = {
        "site.css": styles(_EPISODE_STYLES),
        "site.js": script,
        "episode.js": _brings("quotecastEpisode", data | told),
        "captions.js": captions,
        "icon.svg": icon(),
    }
    asked = {name: f"{name}?v={version_of_file(files[name])}" for name in ("site.css", "site.js", "episode.js")}
    shown = shown | {"asked": asked, "made": made}
    strings = strings_of(script, script_strings())
    return {
        **files,
        "index.html": rendered("site/episode.html", **shown, page=plain(page), strings=strings),
        "accessibility.html": rendered("site/accessibility.html", **shown),
    }


def made_with() -> str:
    """The version of what each episode is made with beside its own: another one makes other pages."""
    return version_of_file(script_of(_ENTRY) + styles(_EPISODE_STYLES) + styles(_QUOTE_STYLES) + script_of(_COMPONENT))


def version_of_file(text: str) -> str:
    """What is told with the name of a file, so that no browser takes an earlier one that it has kept."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_VERSION_DIGITS]


def _scripts(publication: Publication, material: Material, sound: SiteSound) -> dict[str, str]:
    """What other sites play of it: the component, and its data."""
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
    """A page for each kept quote, with its picture, its sound and what it is embedded by."""
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
        if publication.base:
            files[f"q/{kept.name}.json"] = embedding(alignment, kept, bool(picture), publication.base)
        done += kept.quote.voice.duration
    if quotes:
        progress("quotes", total, total)
    return files


def _shown(publication: Publication, sound: SiteSound, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """What the template is told, but for the transcript."""
    alignment, details = publication.alignment, publication.alignment.episode
    named = Details(details.title, details.show, details.date, details.url, alignment.language)
    folder = publication.path.parent
    return {
        "episode": Episode(publication.name, folder, named, None, None, None),
        "alignment": alignment,
        "data": {},
        "sound": sound.address,
        "sound_file": sound.file is not None,
        "sound_from": _sound_from(sound),
        "sound_name": sound.address,
        "cover": "cover.jpg" if "cover.jpg" in pictures else None,
        "title_card": CARD if "card.png" in pictures else None,
        "address_of": publication.address_of,
        "show_page": publication.show_page,
        "read_only": True,
    }


def _sound_from(sound: SiteSound) -> str:
    """Where the page may get its sound from, beside its own folder: from any host, since addresses of podcasts' sounds
    lead on to others, which count downloads or are nearer. Sound runs nothing."""
    if sound.file:
        return ""
    return "https:" if urlsplit(sound.address).scheme == "https" else "https: http:"


def _sharing(publication: Publication) -> dict[str, Any]:
    """What a quote that is copied is written with, and where it leads."""
    known = language_of(publication.alignment.language)

    def padded(marks: tuple[str, str]) -> list[str]:
        return widened(unbroken("x".join(marks), publication.alignment.language)).split("x")

    return {
        "marks": padded(known.posting.marks),
        "inner": padded(known.posting.inner_marks),
        "name_mark": known.captioning.name_mark,
        "base": publication.address_of(""),
    }


def _brings(name: str, value: Any) -> str:
    """A script that leaves a value under a name, for scripts of the page alone."""
    return f"globalThis.{name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"


def _pictures(publication: Publication) -> dict[str, bytes]:
    """The cover, large for links that unfold and small for the page; for links that have none a card."""
    look, details = publication.look, publication.alignment.episode
    if look.cover:
        return cover_files(look.cover)
    if publication.base:
        title = (details.title or "").strip() or publication.name
        told = title, details.show, day(details.date), publication.alignment.language
        return {"card.png": title_card(*told, look.cards)}
    return {}
