"""The titles of an episode's chapters where its feed has them in a file of their own, ``podcast:chapters``
(https://github.com/Podcastindex-org/podcast-namespace, ``chapters/jsonChapters.md``): like those that stand in a feed,
they are words that the transcript says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta, Struct

from aligner.storage.checked_json import decode
from web.archive.errors import FetchError
from web.archive.pairing.items import Sound
from web.archive.sources.asking import Limits
from web.archive.sources.fetching import fetch
from web.archive.sources.folders import said_in

_MOST_ASKED = 100  # files, of the newest episodes
_LARGEST_BYTES = 1_000_000
_MOST = 200  # chapters that are read of an episode


class _Chapter(Struct):
    title: Any = None


class _Chapters(Struct):
    chapters: Annotated[list[_Chapter], Meta(max_length=10_000)] = []


def asked_for(sounds: Iterable[Sound]) -> list[Sound]:
    """Those whose chapters are in a file, the newest first."""
    found = [each for each in sounds if each.entry and each.entry.chapters_at and not each.entry.chapters]
    return sorted(found, key=lambda each: each.clues.date or "", reverse=True)[:_MOST_ASKED]


def with_chapters(sounds: Iterable[Sound], limits: Limits) -> Mapping[str, Sound]:
    """Of these, those whose chapters could be had, with what these are about, by their keys. A file that is none, or
    is not there, hinders nothing; where a host does not answer, no more is asked."""
    known, limits = dict[str, Sound](), replace(limits, most_bytes=_LARGEST_BYTES)
    for sound in asked_for(sounds):
        assert sound.entry
        assert sound.entry.chapters_at
        try:
            answer = fetch(sound.entry.chapters_at, limits)
            titles = _titles(answer.content) if answer else ()
        except FetchError as error:
            if not error.lasting:
                break
            continue
        except ValueError:
            continue
        said = said_in(" ".join(titles))
        clues = replace(sound.clues, said=tuple(sorted({*sound.clues.said, *said})))
        known[sound.key] = replace(sound, clues=clues, entry=replace(sound.entry, chapters=titles))
    return known


def _titles(content: bytes) -> tuple[str, ...]:
    """The titles that a file has.

    Raises
    ------
    ValueError
        It is none of chapters.
    """
    titles = (each.title for each in decode(content, _Chapters).chapters[:_MOST])
    return tuple(" ".join(title.split()) for title in titles if isinstance(title, str) and title.strip())
