"""The tags of Podcasting 2.0's namespace that say in a feed what there is to an episode beside its sound.

https://github.com/Podcastindex-org/podcast-namespace, version 1.0: ``transcript``, one for each file; ``chapters``;
``soundbite``, one for each kept quote, of which the namespace advises 15 to 120 seconds and a title of 128 characters
at most.
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
"""What stands for the address of the files where nobody has said it: a name that nobody can own (RFC 2606)."""

KINDS = ("transcript", "chapters", "soundbite")

_CAPTIONS, _READ = ("podcast-vtt", "podcast-srt"), ("transcript-json", "transcript-html")
_CHAPTERS = "chapters-json"
_LEAST, _MOST = 15.0, 120.0  # seconds of a soundbite
_LONGEST_TITLE = 128  # characters
_NAMED = 8  # quotes in one message

_IN_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_ON_ONE_LINE = str.maketrans("\t\n\r", "   ")


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the namespace: its name there, its attributes in their order, and the text that it holds."""

    name: str
    attributes: Mapping[str, str]
    text: str | None = None

    def written(self, prefix: str = "podcast") -> str:
        """Return the element in one line of XML, the namespace being called ``prefix``."""
        attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in self.attributes.items())
        if self.text is None:
            return f"<{prefix}:{self.name}{attributes}/>"
        return f"<{prefix}:{self.name}{attributes}>{_escaped(self.text)}</{prefix}:{self.name}>"


@dataclass(frozen=True, slots=True)
class EpisodeTags:
    """The tags of an episode; which quotes are ``left_out``; ``notes`` on those that are short for a soundbite or whose
    title has not all the words; and the ``files`` that the tags name, by their names."""

    tags: tuple[Tag, ...]
    left_out: tuple[Message, ...] = ()
    notes: tuple[Message, ...] = ()
    files: Mapping[str, Format] = field(default_factory=dict)


def episode_tags(material: Material, base_url: str = PLACEHOLDER) -> EpisodeTags:
    """Return the tags of an episode whose files lie under the address ``base_url``, called as the profile for podcasts
    says; raises AddressError as ``checked_base``."""
    base, endings = checked_base(base_url), PROFILES["podcast"].endings
    tags: list[Tag] = []
    files: dict[str, Format] = {}
    for format, ending in endings.items():
        if format.name not in (*_CAPTIONS, *_READ, _CHAPTERS) or format.unavailable(material):
            continue
        name = f"{material.upload_name}{ending}"
        files[name] = format
        tags.append(_of_file(format, f"{base}{name}", material.language))
    tags += [_soundbite(each) for each in material.quotes if _is_soundbite(each)]
    left_out = (*warnings_of_lost(material.lost), *_outside(material.quotes))
    return EpisodeTags(tuple(tags), left_out, tuple(_notes(material.quotes)), files)


def enclosure(material: Material, base_url: str = PLACEHOLDER) -> str | None:
    """Return the attributes of the item's ``<enclosure>`` once the audio with chapters lies under ``base_url`` in place
    of the one without, which is shorter; None if there is none. The file is made, to count its bytes.

    Raises AddressError as ``checked_base``; SourceError or MediaError if the audio cannot be read.
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
    """Return what an ``<enclosure>`` says of a file beside its address: RSS asks for its length in bytes and type."""
    return f'length="{size_bytes}" type="{format.media_type}"'


class _Counted(io.BytesIO):
    """Counts what is written, and keeps none of it."""

    size_bytes = 0

    def write(self, content: Any, /) -> int:
        size_bytes = memoryview(content).nbytes
        self.size_bytes += size_bytes
        return size_bytes


def checked_base(url: str) -> str:
    """Return the address of a folder, in ASCII, with the slash at its end; raises AddressError if it is none, or not
    public."""
    base = url.strip()
    check_folder_address(base)
    return as_uri(base).rstrip("/") + "/"


def _of_file(format: Format, url: str, language: str) -> Tag:
    if format.name == _CHAPTERS:
        return Tag("chapters", {"url": url, "type": format.media_type})
    captions = {"rel": "captions"} if format.name in _CAPTIONS else {}
    return Tag("transcript", {"url": url, "type": format.media_type, "language": language, **captions})


def _is_soundbite(quote: Quote) -> bool:
    return quote.end - quote.start <= _MOST


def _soundbite(quote: Quote) -> Tag:
    start_ms, end_ms = to_milliseconds(quote.start), to_milliseconds(quote.end)
    times = {"startTime": _seconds(start_ms), "duration": _seconds(end_ms - start_ms)}
    return Tag("soundbite", times, _shortened(quote.text))


def _outside(quotes: Sequence[Quote]) -> Iterator[Message]:
    """Yield which quotes have no soundbite."""
    if outside := [each for each in quotes if not _is_soundbite(each)]:
        yield Message(
            "quotes of more than {most} s have no soundbite: {where}", most=int(_MOST), where=_where(outside)
        )  # fmt: skip


def _notes(quotes: Sequence[Quote]) -> Iterator[Message]:
    """Yield which quotes are short for a soundbite, and of which it has not all the words."""
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
    """Return when they begin; of many the first."""
    return ", ".join([*(clock(each.start) for each in quotes[:_NAMED]), *(["…"] if quotes[_NAMED:] else [])])


def _seconds(milliseconds: int) -> str:
    return str(milliseconds / 1000)


def _shortened(text: str) -> str:
    """Return as many whole words as a title may have, and an ellipsis where there are more."""
    if len(text) <= _LONGEST_TITLE:
        return text
    most = _LONGEST_TITLE - 1
    cut = text[:most] if text[most].isspace() else text[:most].rpartition(" ")[0] or text[:most]
    return cut.rstrip(" \u00a0\u202f,;:–—-") + "…"


def _escaped(text: str) -> str:
    return writable(text).translate(_IN_XML)


def writable(text: str) -> str:
    """Return text as an attribute or an element can hold it: on one line, and without what XML cannot say."""
    return NOT_IN_XML.sub("\ufffd", text).translate(_ON_ONE_LINE)
