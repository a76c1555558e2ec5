"""What is to be made of a show: which episodes are new or have changed, and under which names they lie, for good."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from aligner.errors import AlignerError, OutputError
from aligner.normalization import fold
from aligner.publication import iso_date
from aligner.publishing.styles import recall
from aligner.storage.alignment_head import AlignmentHead, head_as_written, read_head
from aligner.storage.audio_lookup import find_named, sha256_of
from aligner.storage.file_names import JSON_SUFFIX, safe_name
from aligner.storage.kept_quotes import FILE as QUOTES
from media.errors import UserError
from media.listing import entries
from web.site.episodes import Digest
from web.site.folder import SHOW, is_whole, listed

_LONGEST_NAME = 60  # characters
_OTHERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Planned:
    """An episode that was named, of which the alignment is at ``path`` and has the hash ``alignment``: what lies in
    ``e/NAME`` of it (``old``), and the hash of the ``inputs`` of its pages. ``error`` is why nothing is known of it."""

    path: Path
    name: str = ""
    old: Digest | None = None
    alignment: str = ""
    inputs: str = ""
    is_unchanged: bool = False
    error: UserError | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made of a show. ``left`` are episodes that lie in it and may be those of alignments that cannot be
    read: they stay as they are."""

    episodes: tuple[Planned, ...]
    left: Mapping[str, Digest]


def plan_of(alignments: Sequence[Path], folder: Path, interface: str | None, base: str | None) -> Plan:
    """What is to be made of the alignments in a show's folder.

    Raises
    ------
    OutputError
        The folder holds something else, or episodes that none of them is.
    AlignerError
        Two of them are of one sound.
    """
    listed(folder, SHOW)
    held = _held_in(folder)
    found = {path: _head_or_why(path) for path in dict.fromkeys(alignments)}
    heads = {path: head for path, head in found.items() if isinstance(head, AlignmentHead)}
    _check_sounds(heads)
    named = {head.audio.sha256 for head in heads.values()}
    left = {name: digest for name, digest in held.items() if digest and digest.sound not in named}
    if len(left) > len(found) - len(heads):
        raise OutputError(
            "{path}: holds the episode {name} too, which is not named; name its alignment too, or remove its folder",
            path=folder / "e",
            name=next(iter(left)),
        )
    names, taken, plans = {digest.sound: name for name, digest in held.items() if digest}, {*held}, list[Planned]()
    for path, head in found.items():
        if not isinstance(head, AlignmentHead):
            plans.append(Planned(path, error=head))
            continue
        name = names.get(head.audio.sha256) or _free_name(head, path, taken)
        taken.add(name)
        alignment, old = sha256_of(path), held.get(name)
        inputs = _inputs(path, head, alignment, interface, base and f"{base}e/{name}/")
        unchanged = old is not None and old.inputs == inputs and is_whole(folder / "e" / name)
        plans.append(Planned(path, name, old, alignment, inputs, unchanged))
    return Plan(tuple(plans), left)


def _held_in(folder: Path) -> dict[str, Digest | None]:
    """What lies in the folder of episodes, by name; None of what is no episode of a show."""
    found: dict[str, Digest | None] = {}
    for path in entries(folder / "e"):
        try:
            found[path.name] = listed(path).episode
        except OutputError:
            found[path.name] = None
    return found


def _head_or_why(path: Path) -> AlignmentHead | UserError:
    try:
        return head_as_written(path) or read_head(path)
    except UserError as error:
        return error


def _check_sounds(heads: dict[Path, AlignmentHead]) -> None:
    before: dict[str, Path] = {}
    for path, head in heads.items():
        if (other := before.setdefault(head.audio.sha256, path)) != path:
            raise AlignerError("{path}: is of the same sound as {other}; name one of them", path=path, other=other)


def _free_name(head: AlignmentHead, path: Path, taken: set[str]) -> str:
    """Its date and title, safe in folders and addresses, with a number where that is taken.

    Examples
    --------
    ``2026-11-20-l-ete-des-velos``
    """
    day = iso_date(head.episode.date or "") or ""
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


def _inputs(path: Path, head: AlignmentHead, alignment: str, interface: str | None, base: str | None) -> str:
    """The hash of all that the pages of an episode are made of. The sound is told by its hash in the alignment."""
    cover = head.episode.cover and find_named(head.episode.cover, path)
    look = recall(head.episode.show)
    pictures = [Path(each) if each else None for each in (cover, look.cover)]
    told = [
        *(version("quotecast"), alignment, interface, base, path.name, look.made),
        *(_hash_of(each) for each in (path.parent / QUOTES, *pictures)),
    ]
    return hashlib.sha256(json.dumps(told).encode("ascii")).hexdigest()


def _hash_of(path: Path | None) -> str | None:
    try:
        return sha256_of(path) if path else None
    except UserError:
        return None
