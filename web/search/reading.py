"""An episode's folder as it is read into the search index."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from aligner.errors import AlignmentError
from aligner.storage.atomic import state_of
from media.safe_fs import plain_files, where
from web.bounded import call
from web.errors import Busy, Unusable
from web.library import Details, Episode, read_folder
from web.library.library import Traits, traits_of
from web.search.places import density_of
from web.search.word_index import Index, build_of


class Unread(StrEnum):
    """Why the words of an episode could not be searched; the names are keys of the catalogue."""

    DAMAGED = "search.unread"  # or another program's
    TOO_LARGE = "search.too_large"  # for what may be spent on searching one episode


class Facts(msgspec.Struct, frozen=True):
    """What is told of an episode before any of its words is sought; ``density`` of those is told by ``places``."""

    details: Details
    traits: Traits
    speakers: tuple[str, ...] = ()
    unread: Unread | None = None
    density: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """An episode as it was read: ``stamp`` tells the state of its files, ``words_of`` that of the alignment that its
    words are of, empty where there is none; ``words`` are None where there are none, or ``same_words`` as before."""

    folder: Path
    id: str
    stamp: str
    words_of: str
    title: str
    facts: Facts
    words: Index | None
    same_words: bool = False


def read(folder: Path, key: str, known: Facts | None, words_of: str) -> Reading | str:
    """The episode in a folder, whose words are ``known`` if they are of the same alignment; where it is no episode the
    state of its files alone.

    Raises
    ------
    Busy
        Too much is being read.
    """
    stamp = state_of_files(folder)  # before anything is read: what changes meanwhile is read again
    episode = read_folder(folder, key)
    if episode is None:
        return stamp
    now, words, unread, same = "", None, None, False
    if episode.alignment:
        try:
            now = str(state_of(episode.alignment))
            same = known is not None and words_of == now
            unread = known.unread if known and same else None
            words = None if same else _words_of(episode.alignment)
        except Busy:
            raise
        except Unusable:
            unread = Unread.TOO_LARGE
        except (OSError, AlignmentError):
            unread = Unread.DAMAGED
    traits = traits_of(episode)
    if known and same:
        facts = msgspec.structs.replace(known, details=_told(episode), traits=traits)
    else:
        speakers = tuple(sorted(words.speakers)) if words else ()
        facts = Facts(_told(episode), traits, speakers, unread, density_of(words.folded) if words else 0)
    return Reading(folder, key, stamp, now, episode.title, facts, words, same)


def _words_of(alignment: Path) -> Index:
    words = call(build_of, alignment)
    if words is None:
        raise Unusable("bounded.memory")
    return words


def _told(episode: Episode) -> Details:
    cover = episode.details.cover
    # A name that is no text can be told nowhere; the initials stand in its place.
    return replace(episode.details, cover=cover if cover and cover.isprintable() else None)


def state_of_files(folder: Path) -> str:
    """Return a hash of the names, sizes and times of the files in ``folder`` without those whose names begin with a
    dot; empty where it cannot be listed."""
    try:
        facts = [f"{where(folder).stat().st_mtime_ns}"]
    except OSError:
        return ""
    for name, status in plain_files(folder).items():
        if not name.startswith("."):
            facts += name, f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()
