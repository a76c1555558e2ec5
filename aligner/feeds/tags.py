"""The Podcasting 2.0 tags of an episode, for its item in a feed.

They follow https://github.com/Podcastindex-org/podcast-namespace, version 1.0: a ``transcript`` for each file,
``chapters``, and a ``soundbite`` for each saved quote. The namespace recommends soundbites of 15 to 120 seconds with a
title of at most 128 characters. The address of the sync file is in a ``txt``, the tag for what has no tag of its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aligner.durations import clock, to_milliseconds
from aligner.formats import PROFILES, Format, Material, Quote, warnings_of_lost
from aligner.formats.text_lines import NOT_IN_XML
from aligner.publication import as_uri, check_folder_address
from media.errors import Message

PLACEHOLDER = "https://replace-this-address.example/"
"""The default base URL of the files; nobody can register its domain (RFC 2606)."""

KINDS = ("transcript", "chapters", "soundbite", "sync")

_CAPTIONS, _READ = ("podcast-vtt", "podcast-srt"), ("transcript-json", "transcript-html")
_CHAPTERS = "chapters-json"
_SYNC, _SYNC_PURPOSE = "sync", "quotecast-sync"
_LEAST, _MOST = 15.0, 120.0  # seconds of a soundbite
_LONGEST_TITLE = 128  # characters
_NAMED = 8  # quotes in one message

_IN_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_ON_ONE_LINE = str.maketrans("\t\n\r", "   ")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the podcast namespace: its local name, its attributes in order, and its text."""

    name: str
    attributes: Mapping[str, str]
    text: str | None = None

    @property
    def kind(self) -> str:
        """The tag's name, but "sync" for the address of a sync file."""
        return _SYNC if self.attributes.get("purpose") == _SYNC_PURPOSE else self.name

    def written(self, prefix: str = "podcast") -> str:
        """Return the element as one line of XML; ``prefix`` is the prefix of the namespace."""
        attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in self.attributes.items())
        if self.text is None:
            return f"<{prefix}:{self.name}{attributes}/>"
        return f"<{prefix}:{self.name}{attributes}>{_escaped(self.text)}</{prefix}:{self.name}>"


@dataclass(frozen=True, slots=True)
class EpisodeTags:
    """The tags of an episode, and messages about its quotes: ``left_out`` about quotes that get no soundbite,
    ``notes`` about short soundbites and truncated titles. ``files`` maps the names of linked files to formats."""

    tags: tuple[Tag, ...]
    left_out: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    files: Mapping[str, Format] = field(default_factory=dict)


def episode_tags(material: Material, base_url: str = PLACEHOLDER) -> EpisodeTags:
    """Return the tags of an episode: its soundbites, and links to its captions, transcripts, chapters and sync file in
    the folder at ``base_url``. Raises AddressError if ``base_url`` is not the public URL of a folder."""
    base, endings = checked_base(base_url), PROFILES["podcast"].endings
    tags: list[Tag] = []
    files: dict[str, Format] = {}
    for format, ending in endings.items():
        if format.name not in (*_CAPTIONS, *_READ, _CHAPTERS, _SYNC) or format.unavailable(material):
            continue
        name = f"{material.upload_name}{ending}"
        files[name] = format
        tags.append(_of_file(format, f"{base}{name}", material.language))
    tags += [_soundbite(each) for each in material.quotes if _is_soundbite(each)]
    left_out = (*warnings_of_lost(material.lost), *_outside(material.quotes))
    return EpisodeTags(tuple(tags), left_out, tuple(_notes(material.quotes)), files)


def enclosure(material: Material, base_url: str = PLACEHOLDER) -> str | None:
    """Return the ``<enclosure>`` attributes for the audio file with chapters; None if the episode has no such file.

    ``base_url`` is the URL of the file's folder. The file is generated to count its bytes. Raises AddressError if
    ``base_url`` is not the public URL of a folder, and SourceError or MediaError if the audio cannot be read.
    """
    base = checked_base(base_url)
    for format, ending in PROFILES["podcast"].endings.items():
        if format.holds_audio and not format.unavailable(material):
            counted = _Counted()
            format.write_to(material, counted)
            url = _escaped(f"{base}{material.upload_name}{ending}")
            return f'url="{url}" {of_enclosure(format, counted.size_bytes)}'
    return None


def of_enclosure(format: Format, size_bytes: int) -> str:
    """Return the attributes ``length`` and ``type``, which RSS requires of an ``<enclosure>`` besides the URL."""
    return f'length="{size_bytes}" type="{format.media_type}"'


class _Counted(io.BytesIO):
    """A file that counts the bytes written to it and does not store them."""

    size_bytes = 0

    def write(self, content: Any, /) -> int:
        size_bytes = memoryview(content).nbytes
        self.size_bytes += size_bytes
        return size_bytes


def checked_base(url: str) -> str:
    """Convert the URL of a folder to ASCII, with a slash at the end. Raises AddressError if ``url`` is not the public
    URL of a folder."""
    base = url.strip()
    check_folder_address(base)
    return as_uri(base).rstrip("/") + "/"


def _of_file(format: Format, url: str, language: str) -> Tag:
    if format.name == _CHAPTERS:
        return Tag("chapters", {"url": url, "type": format.media_type})
    if format.name == _SYNC:
        return Tag("txt", {"purpose": _SYNC_PURPOSE}, url)
    captions = {"rel": "captions"} if format.name in _CAPTIONS else {}
    return Tag("transcript", {"url": url, "type": format.media_type, "language": language, **captions})


def _is_soundbite(quote: Quote) -> bool:
    return quote.end - quote.start <= _MOST


def _soundbite(quote: Quote) -> Tag:
    start_ms, end_ms = to_milliseconds(quote.start), to_milliseconds(quote.end)
    times = {"startTime": _seconds(start_ms), "duration": _seconds(end_ms - start_ms)}
    return Tag("soundbite", times, _shortened(quote.text))


def _outside(quotes: Sequence[Quote]) -> Iterator[Message]:
    """Yield a message about the quotes that are too long for a soundbite, if there are any."""
    if outside := [each for each in quotes if not _is_soundbite(each)]:
        yield Message(
            "quotes of more than {most} s have no soundbite: {where}", most=int(_MOST), where=_where(outside)
        )  # fmt: skip


def _notes(quotes: Sequence[Quote]) -> Iterator[Message]:
    """Yield messages about short soundbites and about truncated titles."""
    if short := [each for each in quotes if each.end - each.start < _LEAST]:
        yield Message(
            "soundbites of less than {least} s, which some apps do not show: {where}",
            least=int(_LEAST), where=_where(short),
        )  # fmt: skip
    if cut := [each for each in quotes if _is_soundbite(each) and len(each.text) > _LONGEST_TITLE]:
        yield Message(
            "quotes of more than {most} characters are cut to a title: {where}", most=_LONGEST_TITLE, where=_where(cut)
        )


def _where(quotes: Sequence[Quote]) -> str:
    """Return the start times of the first quotes, for a message."""
    return ", ".join([*(clock(each.start) for each in quotes[:_NAMED]), *(["…"] if quotes[_NAMED:] else [])])


def _seconds(milliseconds: int) -> str:
    return str(milliseconds / 1000)


def _shortened(text: str) -> str:
    """Cut a text at the end of a word if it is longer than a title may be, and add an ellipsis."""
    if len(text) <= _LONGEST_TITLE:
        return text
    most = _LONGEST_TITLE - 1
    cut = text[:most] if text[most].isspace() else text[:most].rpartition(" ")[0] or text[:most]
    return cut.rstrip(" \u00a0\u202f,;:–—-") + "…"


def _escaped(text: str) -> str:
    return writable(text).translate(_IN_XML)


def writable(text: str) -> str:
    """Return the text for an attribute or element: on one line, with U+FFFD for each character that XML cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text).translate(_ON_ONE_LINE)
