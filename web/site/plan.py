"""What is to be made of a show: which episodes are new or have changed, and under which names they lie, for good."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from aligner.errors import AlignerError, OutputError
from aligner.normalization import fold
from aligner.publication import published_date
from aligner.publishing.styles import recall
from aligner.storage.alignment_json import AlignmentHead, read_head
from aligner.storage.audio_lookup import find_named, sha256_of
from aligner.storage.file_names import JSON_SUFFIX, QUOTES, safe_name
from media.errors import UserError
from media.safe_fs import is_folder, is_regular, is_taken
from media.temporary import sweep
from web.site.episodes import Digest
from web.site.lists import EPISODES_FOLDER, LIST, SHOW, List, NoListError, check_no_link, is_whole, listed, visible
from web.site.pages import made_with

_LONGEST_NAME = 60  # characters
_PAGES = "index.html", "episode.js"  # that each episode has
_MOST_TOLD = 5  # names of episodes in an error
_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)  # whoever gave it
_OTHERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Planned:
    """An episode that was named: the alignment at ``path``, whose bytes have the hash ``alignment``. ``old`` is what
    lies of it in ``e/NAME``, ``inputs`` the hash of all that its pages are made of; ``error`` is why nothing is known
    of it; ``duration`` is that of its sound, in seconds."""

    path: Path
    name: str = ""
    old: Digest | None = None
    alignment: str = ""
    inputs: str = ""
    is_unchanged: bool = False
    error: UserError | None = None
    duration: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of a show. ``left`` are episodes that lie in it and may be those of alignments that cannot be
    read: they stay as they are. ``unknown`` tells of folders that may be episodes' what keeps them from being known.
    """

    episodes: tuple[Planned, ...]
    left: Mapping[str, Digest]
    unknown: tuple[OutputError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What an alignment says of its episode, and the hash of its bytes."""

    head: AlignmentHead
    alignment: str


def plan_of(alignments: Sequence[Path], folder: Path, interface: str | None, base: str | None) -> Plan:
    """What is to be made of the alignments in a show's folder, in their order.

    Raises
    ------
    OutputError
        The folder holds something else, an episode twice, or episodes that none of them is.
    AlignerError
        Two of them are of one sound.
    """
    listed(folder, SHOW)
    for name in SHOW.folders:  # none of which is a link
        sweep(folder / name)
    (held, unknown), plans = _held_in(folder), list[Planned]()
    found = {path: _known_or_why(path) for path in dict.fromkeys(alignments)}
    left = _left(held, found, folder)
    names = _names(held, folder)
    taken = {*held}
    for path, known in found.items():
        if not isinstance(known, _Known):
            plans.append(Planned(path, error=known))
            continue
        if unknown and known.head.audio.sha256 not in names:
            error = OutputError("{path}: may be this episode, which would get another address", path=unknown[0][0])
            plans.append(Planned(path, error=error))
            continue
        name = names.get(known.head.audio.sha256) or _free_name(known.head, path, taken)
        taken.add(name)
        inputs = _inputs(path, known, interface, base and f"{base}{EPISODES_FOLDER}/{name}/")
        told = held.get(name)
        old = _finished(told)
        is_unchanged = bool(told and old and old.inputs == inputs and is_whole(folder / EPISODES_FOLDER / name, told))
        duration = known.head.audio.duration
        plans.append(Planned(path, name, old, known.alignment, inputs, is_unchanged, duration=duration))
    return Plan(tuple(plans), left, tuple(error for _, error in unknown))


def _held_in(folder: Path) -> tuple[dict[str, List | None], list[tuple[Path, OutputError]]]:
    """What lies in the folder of episodes, by name, None of what is nothing of ours; and of folders that may be
    episodes', why they are not known."""
    found, unknown = dict[str, List | None](), list[tuple[Path, OutputError]]()
    for path in visible(folder / EPISODES_FOLDER):
        if not is_folder(path):
            found[path.name] = None
            continue
        for each in (path, path / "q"):
            check_no_link(each)
            sweep(each)
        if visible(path):  # else a killed run began it
            found[path.name] = None
            try:
                found[path.name] = _told_of(path)
            except NoListError as error:
                unknown.append((path, error))
    return found, unknown


def _told_of(path: Path) -> List | None:
    """What is told of an episode's folder; None of what is nothing of ours.

    Raises
    ------
    NoListError
        It may be an episode's, and its list or its name does not tell.
    """
    if not is_taken(path / LIST) and not all(is_regular(path / each) for each in _PAGES):
        return None
    try:
        told = listed(path)
    except NoListError as error:
        raise NoListError(
            "{path}: may be an episode, but its {list} is missing or damaged; put that back, or remove the folder",
            path=path,
            list=LIST,
        ) from error
    if not _NAME.fullmatch(path.name):
        raise NoListError(
            "{path}: holds an episode under a name that none is given; name it as before, or move it elsewhere",
            path=path,
        )
    return told


def _names(held: Mapping[str, List | None], folder: Path) -> dict[str, str]:
    """The names of the episodes that lie in ``folder``, by their sound."""
    names: dict[str, str] = {}
    for name, told in held.items():
        if told and told.episode and (other := names.setdefault(told.episode.sound, name)) != name:
            raise OutputError(
                "{path}: holds the same episode as {other}; move the one that is a copy elsewhere",
                path=folder / EPISODES_FOLDER / name,
                other=folder / EPISODES_FOLDER / other,
            )
    return names


def _known_or_why(path: Path) -> _Known | UserError:
    try:
        return _Known(read_head(path), sha256_of(path))
    except UserError as error:
        return error


def _left(held: Mapping[str, List | None], found: Mapping[Path, _Known | UserError], folder: Path) -> dict[str, Digest]:
    """The episodes that lie there and are of none of the alignments that could be read, no more than those that could
    not be."""
    named: dict[str, Path] = {}
    for path, known in found.items():
        if isinstance(known, _Known) and (other := named.setdefault(known.head.audio.sha256, path)) != path:
            raise AlignerError("{path}: is of the same sound as {other}; name one of them", path=path, other=other)
    there = {name: _finished(told) for name, told in held.items()}
    left = {name: digest for name, digest in there.items() if digest and digest.sound not in named}
    if len(left) > len(found) - len(named):
        if absent := [path for path in found if not is_taken(path)]:
            raise OutputError(
                "{path}: is not there, and {folder} holds {names}, of which no alignment is named; "
                "name all by their paths",
                path=absent[0],
                folder=folder / EPISODES_FOLDER,
                names=_told(left),
            )
        raise OutputError(
            "{path}: holds {names}, of which no alignment is named; name those of all episodes that are to stay; "
            "to take one off for good, remove its folder there",
            path=folder / EPISODES_FOLDER,
            names=_told(left),
        )
    return left


def _told(names: Collection[str]) -> str:
    return ", ".join(islice(names, _MOST_TOLD)) + (", …" if len(names) > _MOST_TOLD else "")


def _finished(told: List | None) -> Digest | None:
    """The episode that lies there, if it was written to its end."""
    return told.episode if told and told.episode and told.episode.inputs else None


def _free_name(head: AlignmentHead, path: Path, taken: set[str]) -> str:
    """Its date and title, safe in folders and addresses, with a number where that is taken.

    Examples
    --------
    ``2026-11-20-l-ete-des-velos``
    """
    day = published_date(head.episode.date or "") or ""
    title = head.episode.title or path.name.removesuffix(JSON_SUFFIX)
    words = [word for word in _OTHERS.split(fold(title[:400], " ")) if word]
    name = "-".join(filter(None, [day, *words])) or "episode"
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME + 1].rpartition("-")[0] or name[:_LONGEST_NAME]
    if safe_name(name, "") != name:  # as that of a device on Windows
        name = f"episode-{name}"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _inputs(path: Path, known: _Known, interface: str | None, base: str | None) -> str:
    """The hash of all that the pages of an episode are made of. The sound is told by its hash in the alignment."""
    episode = known.head.episode
    cover, look = episode.cover and find_named(episode.cover, path), recall(episode.show)
    pictures = [Path(each) if each else None for each in (cover, look.cover)]
    told = [
        *(version("quotecast"), made_with(), known.alignment, interface, base, path.name, look.made),
        *(_hash_of(each) for each in (path.parent / QUOTES, *pictures)),
    ]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def _hash_of(path: Path | None) -> str | None:
    try:
        return sha256_of(path) if path else None
    except UserError:
        return None
