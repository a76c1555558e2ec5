"""A published folder on the disk: written whole or not at all, and never over what is somebody else's.

It is an episode's, or a show's: then its episodes' folders lie below it, each with a list of its own. A list of what
was written, with its hashes, lies in it. By that a later run knows what it may replace or remove; what a person has
changed since is kept beside the new, as ``NAME.bak``. A folder without the list that holds anything is refused; what is
hidden in it, such as the records of a version control, counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, to_builtins

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, making, write_files
from aligner.storage.backups import replace_keeping
from aligner.storage.checked_json import decode
from aligner.storage.journal import fingerprint, fingerprint_of, settle, taking_turns
from media.confinement import is_folder, is_regular, place, read_regular
from media.listing import entries
from media.moving import copy, is_taken, remove_empty, remove_file
from media.temporary import temporary_path
from web.site.episodes import Digest

LIST = "quotecast-site.json"
VERSION = 1
_LARGEST_LIST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What publishing puts into a folder: the ``format`` that its list names, the names that it gives (``ours``: a list
    may be anybody's, and what it says of others counts for nothing), some of them in the folder ``below``."""

    format: str
    ours: re.Pattern[str]
    below: str


EPISODE = Layout(
    "quotecast-site",
    re.compile(
        r"(?:index|accessibility)\.html|site\.(?:css|js)|(?:episode|captions|quote-cast)\.js|episode\.cast\.json"
        r"|captions\.vtt|icon\.svg|cover(?:-small)?\.jpg|sound\.(?:mp3|m4a)"
        r"|q/quote\.css|q/(?:[a-z0-9-]{1,50}-)?[0-9a-f]{6}\.(?:html|json|mp3|png)"
    ),
    "q",
)
SHOW = Layout(
    "quotecast-show", re.compile(r"index\.html|site\.css|show\.js|icon\.svg|search/[a-z0-9-]{1,60}\.js"), "search"
)


class List(Struct):
    """The content of a list: hashes by path; ``episode`` is what the show tells of an episode, for the next run."""

    format: Literal["quotecast-site", "quotecast-show"]
    version: Literal[1]
    files: dict[str, str]
    episode: Digest | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder is to hold, by path below it; ``copied`` are files that are copied there, however large. In a show
    ``episode`` goes into its list."""

    written: Mapping[str, bytes]
    copied: Mapping[str, Path] = field(default_factory=dict)
    episode: Digest | None = None


def listed(folder: Path, layout: Layout = EPISODE) -> List:
    """What an earlier run wrote into ``folder``; nothing where that is new or empty.

    Raises
    ------
    OutputError
        Something else lies there, it is no folder, or the one below it is a link.
    """
    below = folder / layout.below
    try:
        if not is_folder(folder) and is_taken(folder):
            raise OutputError("{path}: is a file, expected a folder", path=folder)
        if place(below).is_symlink():
            raise OutputError("{path}: is a link; take it away, for nothing is written through one", path=below)
        if not _visible(folder):
            return List(layout.format, VERSION, {})  # type: ignore[arg-type]
        found = decode(read_regular(folder / LIST, _LARGEST_LIST_BYTES), List)
    except (OSError, ValueError) as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            "{path}: holds something that is no published episode; choose an empty folder with -o", path=folder
        ) from error
    if found.format != layout.format and layout is EPISODE:
        raise OutputError("{path}: holds a show of several episodes; name them all, or another folder", path=folder)
    if found.format != layout.format:
        raise OutputError("{path}: holds one published episode; name another folder for several", path=folder)
    found.files = {path: was for path, was in found.files.items() if layout.ours.fullmatch(path)}
    return found


def write_folder(folder: Path, contents: Contents, layout: Layout = EPISODE) -> tuple[Path, ...]:
    """Write the contents into ``folder``; what an earlier run wrote and this one does not is removed. Returns the paths
    of what was kept of somebody's changes.

    What lies below comes first, so that no page leads to what is not there yet.

    Raises
    ------
    OutputError
        As ``listed``, or something cannot be written; then of a new folder nothing is left, and in an older one
        each of its folders is as it was, or as it should be.
    """
    before = listed(folder, layout).files
    hashes = {path: fingerprint_of(content) for path, content in contents.written.items()}
    with _undone_if_new(folder, layout):
        kept: list[Path] = []
        with making(folder), contextlib.ExitStack() as temporaries:
            copies = {
                path: temporaries.enter_context(_copied(source, folder)) for path, source in contents.copied.items()
            }
            hashes |= {path: fingerprint(copied) or "" for path, copied in copies.items()}
            told = _list_of(layout, hashes, contents.episode)
            for name in (layout.below, ""):
                written = {path: each for path, each in contents.written.items() if _within(path) == name}
                if written:
                    beside: dict[str, bytes | Path] = {} if name else {**copies, LIST: told}
                    kept += _replaced(folder / name, written, beside, set(before.values()))
        stale = {path: was for path, was in before.items() if path not in hashes}
        _remove_stale(folder, stale)
        with contextlib.suppress(OSError):
            remove_empty(folder / layout.below)
    return tuple(kept)


def holds_show(folder: Path) -> bool:
    """Whether ``folder`` is a show's."""
    try:
        return decode(read_regular(folder / LIST, _LARGEST_LIST_BYTES), List).format == SHOW.format
    except (OSError, ValueError):
        return False


def is_whole(folder: Path) -> bool:
    """Whether all that an earlier run wrote into ``folder`` is there, whatever it holds by now."""
    return all(is_regular(folder / path) for path in listed(folder).files)


@contextlib.contextmanager
def begun_show(folder: Path) -> Iterator[None]:
    """Make ``folder`` a show's while there is nothing in it yet, so that what is written meanwhile is known to be ours
    whenever the run ends; where no episode comes to lie in it, it is as it was."""
    was_there, was_empty = is_folder(folder), not _visible(folder)
    with making(folder):
        if was_empty:
            with blaming(folder):
                write_files({folder / LIST: _list_of(SHOW, {}, None)})
    try:
        yield
    finally:
        if was_empty and not _visible(folder / "e"):
            with contextlib.suppress(OSError):
                remove_file(folder / LIST)
                remove_empty(folder) if not was_there else None


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
def _undone_if_new(folder: Path, layout: Layout) -> Iterator[None]:
    """Remove what was written into a folder that held nothing, where it is not written to its end."""
    was_there, was_empty = is_folder(folder), not _visible(folder)
    try:
        yield
    except BaseException:
        if was_empty:
            for path in (*_visible(folder / layout.below), *_visible(folder)):
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


def _visible(folder: Path) -> list[Path]:
    return [path for path in entries(folder) if not path.name.startswith(".")] if is_folder(folder) else []


def _list_of(layout: Layout, hashes: Mapping[str, str], episode: Digest | None) -> bytes:
    content: dict[str, Any] = {"format": layout.format, "version": VERSION, "files": dict(sorted(hashes.items()))}
    if episode:
        content["episode"] = to_builtins(episode)
    return (json.dumps(content, indent=1) + "\n").encode("ascii")
