"""What people set right of a show, kept whatever becomes of the episode in which they did: names of speakers, the
language, the cover.

    LIBRARY/.quotecast/archive/shows.json    by show what was set right last; of each episode what it said then
                               covers/       covers that were set

What an episode says otherwise than when it was last seen, or made, a person has set right there. It goes before what
most episodes say (``shows``).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from aligner.storage.atomic import write_files
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.checked_json import decode, encodable
from media.confinement import is_regular, read_regular, status_of
from media.moving import copy, make_folder, move, remove_file
from media.temporary import temporary_path
from web.archive.adding.remembered import Archive
from web.archive.adding.shows import Show, in_any_case, shows_of
from web.errors import Unusable, WebError
from web.library import Episode, cover_name
from web.library.details import LONGEST, checked_details
from web.library.folders import read_folder
from web.library.incoming import LARGEST_COVER_BYTES

_LARGEST_BYTES = 100_000_000  # of 20,000 episodes it takes some 5 MB
_COVERS_LOOKED_AT = 50  # of a show's episodes, the newest


class _Said(Struct, frozen=True, omit_defaults=True):
    """What an episode says; ``cover`` is the hash of its picture."""

    show: str
    names: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    cover: str | None = None


class _Set(Struct, omit_defaults=True):
    """What was set right of a show; ``cover`` is the name of a file in ``covers``."""

    names: dict[str, str] = field(default_factory=dict)
    language: str | None = None
    cover: str | None = None


class _File(Struct):
    format: Literal["quotecast-archive-shows"]
    version: Literal[1]
    shows: dict[str, _Set]
    episodes: dict[str, _Said]


def known_shows(archive: Archive, episodes: Sequence[Episode]) -> dict[str, Show]:
    """The shows of the episodes, and those of which something was set right, by name: what was set right last holds,
    else what most episodes say.

    Raises
    ------
    OutputError
        What was set right since cannot be written.
    """
    kept = _read(archive)
    looked_at = dict[str, int]()
    said = dict[str, _Said]()
    for episode in sorted(episodes, key=lambda each: each.details.date or "", reverse=True):
        if show := episode.details.show:
            looked_at[show] = looked_at.get(show, 0) + 1
            said[episode.folder.name] = _said(episode, looked_at[show] <= _COVERS_LOOKED_AT)
    for episode in sorted(episodes, key=lambda each: each.details.date or ""):
        name = episode.folder.name
        if name in said and name in kept.episodes:
            _learn(archive, kept, episode, kept.episodes[name], said[name])
            _learn_names(kept, episode, kept.episodes[name], said)
    kept.episodes = {**{name: each for name, each in kept.episodes.items() if name in said}, **said}
    _write(archive, kept)
    learnt = shows_of(episodes)
    names = [*learnt, *(name for name in kept.shows if name not in learnt)]
    return {name: _with(learnt.get(name, Show()), kept.shows.get(name, _Set()), archive) for name in names}


def see_made(archive: Archive) -> None:
    """Note what episodes say that were made since, so that what is changed there later is known.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    kept = _read(archive)
    for made in archive.read().episodes.values():
        if made.folder not in kept.episodes:
            episode = read_folder(archive.library.root / made.folder, made.folder)
            if episode and episode.details.show:
                kept.episodes[made.folder] = _said(episode, True)
    _write(archive, kept)


def _said(episode: Episode, with_cover: bool) -> _Said:
    details = episode.details
    cover = _cover_of(episode) if with_cover else None
    with contextlib.suppress(OSError):
        digest = sha256_of(cover) if cover else None
        return _Said(details.show or "", dict(details.names), details.language, digest)
    return _Said(details.show or "", dict(details.names), details.language)


def _learn_names(kept: _File, episode: Episode, was: _Said, said: Mapping[str, _Said]) -> None:
    """Keep how speakers are called whom the episode calls otherwise than it did. A name that was taken away there is
    taken away of this episode alone, as long as another one of the show has it; else it is forgotten, and where it was
    the label in another case, that is as it is to be spelt.
    """
    now = said[episode.folder.name]
    if was.show != now.show or was.names == now.names:
        return
    names = kept.shows.setdefault(now.show, _Set()).names
    others = [each.names for each in said.values() if each is not now and each.show == now.show]
    for label in was.names.keys() | now.names.keys():
        before, name, key = was.names.get(label), now.names.get(label), in_any_case(label)
        alike = [each for each in names if in_any_case(each) == key]
        if before == name:
            continue
        if not name:
            still = {called for each in others for other, called in each.items() if in_any_case(other) == key}
            alike = [each for each in alike if names[each] == before and before not in still]
            if not still and before and in_any_case(before) == key and label in episode.details.speakers:
                name = label
        for each in alike:
            del names[each]
        if name:
            names[label] = name


def _learn(archive: Archive, kept: _File, episode: Episode, was: _Said, now: _Said) -> None:
    """Keep which language and cover the episode has otherwise than it had."""
    if was.show != now.show or was == now:
        return
    of = kept.shows.setdefault(now.show, _Set())
    if now.language and now.language != was.language:
        of.language = now.language
    cover = _cover_of(episode)
    if cover and now.cover and was.cover and now.cover != was.cover:
        with contextlib.suppress(WebError):  # it is no picture
            cover_name(cover)
            of.cover = _kept_cover(archive, cover, now.cover)


def _cover_of(episode: Episode) -> Path | None:
    """The file of the episode's cover, if it is there and no larger than one may be."""
    path = episode.folder / episode.details.cover if episode.details.cover else None
    with contextlib.suppress(OSError):
        if path and is_regular(path) and status_of(path).st_size <= LARGEST_COVER_BYTES:
            return path
    return None


def _kept_cover(archive: Archive, cover: Path, digest: str) -> str:
    folder, name = archive.folder / "covers", f"{digest}{cover.suffix.lower()}"
    make_folder(folder)
    if not is_regular(folder / name):
        beside = temporary_path(folder)
        try:
            copy(cover, beside)
            move(beside, folder / name)
        finally:
            remove_file(beside)
    return name


def _with(show: Show, kept: _Set, archive: Archive) -> Show:
    """The show with what was set right of it, as far as an episode can say that."""
    set_right = {*map(in_any_case, kept.names)}
    learnt = {label: name for label, name in show.names.items() if in_any_case(label) not in set_right}
    names = {**learnt, **kept.names}
    cover = archive.folder / "covers" / Path(kept.cover).name if kept.cover else None
    return Show(
        {label: name for label, name in names.items() if len(name) <= LONGEST["name"]},
        _usable(show.language),
        cover if cover and is_regular(cover) else show.cover,
        _usable(kept.language),
        show.spelt,
    )


def _usable(language: str | None) -> str | None:
    with contextlib.suppress(Unusable):
        return checked_details({"title": "any", "language": language or ""}, {}, ()).language
    return None


def _read(archive: Archive) -> _File:
    """What is kept; nothing where it is not there, damaged, or of a later quotecast."""
    with contextlib.suppress(OSError, ValueError):
        return decode(read_regular(archive.folder / "shows.json", _LARGEST_BYTES), _File)
    return _File("quotecast-archive-shows", 1, {}, {})


def _write(archive: Archive, kept: _File) -> None:
    text = json.dumps(msgspec.to_builtins(kept), ensure_ascii=False)
    write_files({archive.folder / "shows.json": encodable(text).encode("utf-8")})
