"""The published folder on the disk: written whole or not at all, and never over what is somebody else's.

A list of what was written, with its hashes, lies in it. By that a later run knows what it may replace or remove; what a
person has changed since is kept beside the new, as ``NAME.bak``. A folder without the list that holds anything is
refused; what is hidden in it, such as the records of a version control, counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from msgspec import Struct

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, making
from aligner.storage.backups import replace_keeping
from aligner.storage.checked_json import decode
from aligner.storage.journal import fingerprint, fingerprint_of, settle, taking_turns
from media.confinement import is_folder, place, read_regular
from media.listing import entries
from media.moving import copy, is_taken, remove_empty, remove_file
from media.temporary import temporary_path

LIST = "quotecast-site.json"
FORMAT, VERSION = "quotecast-site", 1
_LARGEST_LIST_BYTES = 5_000_000
# The names that ``pages`` gives; a list may be anybody's, and what it says of others counts for nothing.
_OURS = re.compile(
    r"(?:index|accessibility)\.html|site\.(?:css|js)|(?:episode|captions|quote-cast)\.js|episode\.cast\.json"
    r"|captions\.vtt|icon\.svg|cover(?:-small)?\.jpg|sound\.(?:mp3|m4a)"
    r"|q/quote\.css|q/(?:[a-z0-9-]{1,50}-)?[0-9a-f]{6}\.(?:html|json|mp3|png)"
)


class _List(Struct):
    """The content of the list: hashes by path."""

    format: Literal["quotecast-site"]
    version: Literal[1]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder is to hold, by path below it; ``copied`` are files that are copied there, however large."""

    written: Mapping[str, bytes]
    copied: Mapping[str, Path] = field(default_factory=dict)


def check_folder(folder: Path) -> None:
    """See that nothing but ours lies in ``folder``.

    Raises
    ------
    OutputError
        Something does, it is no folder, or that of its quotes is a link.
    """
    _listed(folder)


def write_folder(folder: Path, contents: Contents) -> tuple[Path, ...]:
    """Write the contents into ``folder``; what an earlier run wrote and this one does not is removed. Returns the paths
    of what was kept of somebody's changes.

    What lies below comes first, so that no page leads to what is not there yet.

    Raises
    ------
    OutputError
        As ``check_folder``, or something cannot be written; then of a new folder nothing is left, and in an older one
        each of its folders is as it was, or as it should be.
    """
    before = _listed(folder)
    hashes = {path: fingerprint_of(content) for path, content in contents.written.items()}
    with _undone_if_new(folder):
        kept: list[Path] = []
        with making(folder), contextlib.ExitStack() as temporaries:
            copies = {
                path: temporaries.enter_context(_copied(source, folder)) for path, source in contents.copied.items()
            }
            hashes |= {path: fingerprint(copied) or "" for path, copied in copies.items()}
            for name in ("q", ""):
                written = {path: each for path, each in contents.written.items() if _within(path) == name}
                if written:
                    beside: dict[str, bytes | Path] = {} if name else {**copies, LIST: _list_of(hashes)}
                    kept += _replaced(folder / name, written, beside, set(before.values()))
        _remove_stale(folder, {path: was for path, was in before.items() if path not in hashes})
    return tuple(kept)


def _within(path: str) -> str:
    return path.rpartition("/")[0]


def _replaced(
    folder: Path, written: Mapping[str, bytes], beside: Mapping[str, bytes | Path], ours: set[str]
) -> tuple[Path, ...]:
    """Write files into one folder, all or none; nothing is kept of what those ``beside`` replace."""
    files = {folder / path.rpartition("/")[2]: content for path, content in written.items()}
    with making(folder), blaming(folder), taking_turns(folder):
        settle(folder)
        return replace_keeping(files, {folder / path: each for path, each in beside.items()}, ours=ours)


@contextlib.contextmanager
def _copied(source: Path, folder: Path) -> Iterator[Path]:
    """A copy of the file in ``folder``, under a name of its own, while the context lasts."""
    temporary = temporary_path(folder, source.suffix)
    try:
        with blaming(folder):
            copy(source, temporary)
        yield temporary
    finally:
        remove_file(temporary)


@contextlib.contextmanager
def _undone_if_new(folder: Path) -> Iterator[None]:
    """Remove what was written into a folder that held nothing, where it is not written to its end."""
    was_there, was_empty = is_folder(folder), not _visible(folder)
    try:
        yield
    except BaseException:
        if was_empty:
            for path in (*_visible(folder / "q"), *_visible(folder)):
                with contextlib.suppress(OSError):
                    remove_empty(path) if is_folder(path) else remove_file(path)
            if not was_there:
                with contextlib.suppress(OSError):
                    remove_empty(folder)
        raise


def _remove_stale(folder: Path, stale: Mapping[str, str]) -> None:
    """Remove what an earlier run wrote, unless somebody has changed it since."""
    for path, was in stale.items():
        with contextlib.suppress(OSError):
            if fingerprint(folder / path) == was:
                remove_file(folder / path)
    with contextlib.suppress(OSError):
        remove_empty(folder / "q")


def _listed(folder: Path) -> dict[str, str]:
    """What an earlier run wrote, with its hashes; nothing where the folder is new or empty."""
    try:
        if not is_folder(folder) and is_taken(folder):
            raise OutputError("{path}: is a file, expected a folder", path=folder)
        if place(folder / "q").is_symlink():
            raise OutputError("{path}: is a link; take it away, for nothing is written through one", path=folder / "q")
        if not _visible(folder):
            return {}
        listed = decode(read_regular(folder / LIST, _LARGEST_LIST_BYTES), _List).files
    except (OSError, ValueError) as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            "{path}: holds something that is no published episode; choose an empty folder with -o", path=folder
        ) from error
    return {path: was for path, was in listed.items() if _OURS.fullmatch(path)}


def _visible(folder: Path) -> list[Path]:
    return [path for path in entries(folder) if not path.name.startswith(".")] if is_folder(folder) else []


def _list_of(hashes: Mapping[str, str]) -> bytes:
    content = {"format": FORMAT, "version": VERSION, "files": dict(sorted(hashes.items()))}
    return (json.dumps(content, indent=1) + "\n").encode("ascii")
