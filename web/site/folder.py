"""Write a published folder so that a killed run leaves no half page, and nothing of what a person changed is lost.

A folder is an episode's, or a show's, in which those of its episodes lie. What a person has changed in it is kept
beside the new as ``NAME.bak``. A folder without a manifest that holds anything visible is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, hash_of, making, write_keeping
from media.safe_fs import is_regular, remove_empty, remove_file
from web.site.manifest import (
    Digest,
    Manifest,
    SoundElsewhere,
    below,
    manifest_of,
    write_manifest,
)

_PAGE = "index.html"  # which leads to all others, and is written after them


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder is to hold, by path below it; ``copied`` are files to copy, however large. In a show ``episode``
    goes into its manifest, which remembers ``base``, ``interface`` and ``sound``. ``lost`` are the words of saved
    quotes that were not found."""

    written: Mapping[str, bytes]
    copied: Mapping[str, Path] = field(default_factory=dict)
    episode: Digest | None = None
    lost: Sequence[str] = ()
    base: str | None = None
    interface: str | None = None
    sound: SoundElsewhere | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a folder: where a person's changes were ``kept``; the words of lost quotes, which are
    ``left_out``; the pages of quotes that were ``removed``."""

    kept: tuple[Path, ...] = ()
    left_out: Sequence[str] = ()
    removed: tuple[Path, ...] = ()


def write_folder(folder: Path, contents: Contents, is_show: bool = False) -> Written:
    """Write the contents into ``folder``, and remove what an earlier run wrote and this one does not.

    A manifest comes first, by which the next run goes on if this one is killed; then what no page leads to yet, then
    the pages; at last the manifest that remembers how they were made. A file that holds the same already stays as it
    is, so that whoever copies what has changed to a host copies no more.

    Raises OutputError as ``manifest_of``, or if something cannot be written; then each file is the old one or the new.
    """
    known = manifest_of(folder, is_show)
    files: dict[str, bytes | Path] = {**contents.written, **contents.copied}
    hashes = {path: hash_of(content) for path, content in files.items()}
    new = {path: each for path, each in hashes.items() if not _holds(folder / path, each)}
    # What was published of a quote that is lost stays, since people have links to it.
    staying = {path: was for path, was in known.files.items() if contents.lost and path.startswith("q/")}
    stale = {path: was for path, was in known.files.items() if path not in hashes | staying}
    episode = contents.episode or (known.episode and replace(known.episode, inputs=None))
    with making(folder):
        kept: tuple[Path, ...] = ()
        if new:
            begun = episode and replace(known.episode or episode, inputs=None)
            write_manifest(folder, replace(known, files={**new, **known.files}, episode=begun))
            ordered = sorted(new, key=lambda path: (path == _PAGE, "/" not in path))
            with making(folder / below(is_show)[0]) if "/" in ordered[0] else contextlib.nullcontext():
                kept = write_keeping({folder / path: files[path] for path in ordered}, ours={*known.files.values()})
        removed = [path for path, was in stale.items() if _holds(folder / path, was)]
        with blaming(folder):
            for path in removed:
                remove_file(folder / path)
        with contextlib.suppress(OSError):
            remove_empty(folder / below(is_show)[0])
        told = Manifest(known.format, 1, {**staying, **hashes}, episode)
        write_manifest(folder, replace(told, base=contents.base, interface=contents.interface, sound=contents.sound))
    pages = tuple(folder / path for path in removed if path.startswith("q/") and path.endswith(".html"))
    return Written(kept, contents.lost, pages)


def _holds(path: Path, sha256: str) -> bool:
    try:
        return is_regular(path) and hash_of(path) == sha256
    except OutputError:
        return False
