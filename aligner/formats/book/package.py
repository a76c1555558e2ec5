"""The files of an EPUB except its audio and cover: pages, overlays, table of contents and package document.

A media overlay lists the phrases of a page, each with its audio clip. The files follow EPUB 3.3 (W3C), and declare the
properties of EPUB Accessibility 1.1.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup

from aligner.formats.book.page import Page, heading_name, pages_of, written
from aligner.formats.material import Material
from aligner.languages.sentences import in_language
from aligner.model import Alignment
from aligner.pins import open_untranscribed
from aligner.publication import is_web_address, published_date
from aligner.timed_text.write import clock as clock_value
from media.errors import Message
from media.video.bidirectional import base_level

if TYPE_CHECKING:
    from jinja2 import Environment


_PLAIN = "%/:?#[]@!$&'()*+,;=~"  # characters that need no escape in a URL, besides letters and digits

FOLDER = "EPUB/"
"""The folder of a book that holds its pages and their resources."""


@dataclass(frozen=True, slots=True)
class BookAudio:
    """The audio file in the book: its name and its MIME type."""

    name: str
    media_type: str


def files_of(material: Material, audio: BookAudio, has_cover: bool) -> dict[str, str]:
    """Return the content of each file by its path in the book. Audio and cover must be in the folder of the pages."""
    pages = pages_of(material)
    values = {
        **_metadata(material),
        "cover": has_cover,
        "audio": audio,
        "pages": pages,
        "total_ms": sum(page.length_ms for page in pages),
        "entries": [*_entries(material, pages)],
    }
    files = {"META-INF/container.xml": _filled("container.xml", values)}
    for name in ("package.opf", "nav.xhtml", "title.xhtml"):
        files[f"{FOLDER}{name}"] = _filled(name, values)
    files[f"{FOLDER}book.css"] = _resource("book.css")
    for page in pages:
        files |= _page_files(page, values)
    return files


def _page_files(page: Page, values: Mapping[str, Any]) -> dict[str, str]:
    """Return a page's XHTML and, if the page has clips, the overlay, by file path; ``values`` fill the templates."""
    headings, name = page.part.headings, page.part.name
    title = headings[0].text if headings else values["title"]
    label = heading_name(headings[0]) if headings else None
    values = {**values, "title": title, "label": label, "page": page}
    files = {f"{FOLDER}{name}.xhtml": _filled("part.xhtml", values)}
    if page.clips:
        files[f"{FOLDER}{name}.smil"] = _filled("overlay.smil", values)
    return files


def _entries(material: Material, pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    """Yield the label and link of each entry of the contents; a part without a heading has the episode's title."""
    for part in (page.part for page in pages):
        for heading in part.headings:
            yield heading.text, f"{part.name}.xhtml#{heading_name(heading)}"
        if not part.headings:
            yield material.title, f"{part.name}.xhtml"


def _metadata(material: Material) -> dict[str, Any]:
    alignment, episode = material.alignment, material.alignment.episode
    access = (in_language(each, alignment.language) for each in _access(alignment))
    named = dict.fromkeys(turn.speaker for turn in material.turns if turn.span and turn.speaker)
    return {
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'sha256:{alignment.audio.sha256}')}",
        "language": material.language,
        "direction": "rtl" if base_level(alignment.transcript.text) else "ltr",
        "title": _on_one_line(material.title) or material.name,
        "show": _on_one_line(episode.show or ""),
        "speakers": [name for name in map(_on_one_line, named) if name],
        "date": published_date(episode.date or ""),
        "address": quote(episode.url, _PLAIN) if episode.url and is_web_address(episode.url) else None,
        "remarks": material.remarks_for_readers,
        "remarks_language": material.sentence_language,
        "summary": " ".join((*material.remarks_for_readers, *access)),
        "modified": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _access(alignment: Alignment) -> Iterator[Message]:
    """Yield the sentences of the book's accessibility summary."""
    said = sum(word.span is not None for word in alignment.words)
    if said:
        yield Message("Each sentence is highlighted while it is spoken.")
    if said < len(alignment.words):
        words = len(alignment.words)
        yield Message(
            "{unsaid} of the {words} words of the text are not in the audio.", unsaid=words - said, words=words
        )
    if (missing := len(open_untranscribed(alignment))) == 1:
        yield Message("One passage of speech is missing from the transcript; it is skipped.")
    elif missing:
        yield Message("{n} passages of speech are missing from the transcript; they are skipped.", n=missing)


def _on_one_line(text: str) -> str:
    return " ".join(written(text).split())


def _filled(name: str, values: Mapping[str, Any]) -> str:
    return _environment().get_template(name).render(values) + "\n"


def _resource(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markup) or not isinstance(value, str) else written(value),
    )
    environment.filters["clock"] = lambda milliseconds: clock_value(milliseconds, ".")
    return environment
