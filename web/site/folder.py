"""A published folder on the disk: written whole or not at all, and never over what is somebody else's.

It is an episode's, or a show's: then its episodes' folders lie below it, each with a list of its own (``lists``). What
a person has changed since it was written is kept beside the new, as ``NAME.bak``. A folder without a list that holds
anything is refused; what is hidden in it, such as the records of a version control, counts for nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from aligner.storage.atomic import blaming, making
from aligner.storage.backups import replace_keeping
from aligner.storage.journal import alone_in, fingerprint, fingerprint_of, settle, taking_turns
from media.confinement import is_folder, is_regular
from media.moving import copy, remove_empty, remove_file
from media.temporary import temporary_path
from web.site.episodes import Digest
from web.site.lists import (
    EPISODE,
    EPISODES_FOLDER,
    LIST,
    SHOW,
    VERSION,
    Layout,
    List,
    SoundElsewhere,
    content_of,
    listed,
    visible,
    write_list,
)

_STYLES = "q/quote.css"  # of the pages of quotes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a folder is to hold, by path below it; ``copied`` are files that are copied there, however large. In a show
    ``episode`` goes into its list; whoever publishes one of it alone leaves it to be made again with the others.
    ``lost`` are the words of kept quotes that were not found, by the name of their files: what was published of them
    stays, since people have links to it. ``base``, ``interface`` and where the ``sound`` is, if it is elsewhere, are to
    be remembered."""

    written: Mapping[str, bytes]
    copied: Mapping[str, Path] = field(default_factory=dict)
    episode: Digest | None = None
    lost: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None
    interface: str | None = None
    sound: SoundElsewhere | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a folder: the paths of what was ``kept`` of somebody's changes; of the lost quotes, the words of
    those whose page ``stays``, by its path, and of those that are ``left_out``; and the pages of quotes that were
    ``removed``."""

    kept: tuple[Path, ...] = ()
    stays: Mapping[Path, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    removed: tuple[Path, ...] = ()


def write_folder(folder: Path, contents: Contents, layout: Layout = EPISODE) -> Written:
    """Write the contents into ``folder``; what an earlier run wrote and this one does not is removed, but for the pages
    of lost quotes.

    The list comes first, so that whatever is there is known, then what lies below, so that no page leads to what is not
    there yet; what is to be removed goes last, and stays listed until it is gone. A file that holds the same already is
    left as it is, so that whoever copies the folder to a host by what has changed copies no more.

    Raises
    ------
    OutputError
        As ``listed``, or something cannot be written; then of a new folder nothing is left, and in an older one
        each of its folders is as it was, or as it should be.
    """
    known = listed(folder, layout)
    before, episode = known.files, contents.episode or (known.episode and known.episode.outdated)
    with _undone_if_new(folder, layout), making(folder), contextlib.ExitStack() as temporaries:
        hashes = {path: fingerprint_of(content) for path, content in contents.written.items()}
        copies = {
            path: temporaries.enter_context(_copied(source, folder))
            for path, source in contents.copied.items()
            if not _holds(folder / path, fingerprint(source))
        }
        hashes |= {path: fingerprint(copies.get(path, source)) or "" for path, source in contents.copied.items()}
        hashes = _staying(folder, before, contents) | hashes
        told = List(layout.format, VERSION, hashes, episode, contents.base, contents.interface, contents.sound)
        if hashes.keys() - before.keys():
            begun = known.episode or (episode and episode.unfinished)
            write_list(folder, replace(told, files={**hashes, **before}, episode=begun))
        stale = {path: was for path, was in before.items() if path not in hashes}
        ending = replace(told, files={**stale, **hashes}, episode=episode and episode.outdated) if stale else told
        files: dict[str, bytes | Path] = {**contents.written, **copies}
        new = {path: each for path, each in files.items() if not _holds(folder / path, hashes[path])}
        kept = _written(folder, layout, new, ending, {*before.values()})
        removed, left = _remove_stale(folder, stale)
        if stale:
            write_list(folder, replace(told, files={**left, **hashes}))
        with contextlib.suppress(OSError):
            remove_empty(folder / layout.below)
    pages = {_page_of(name): words for name, words in contents.lost.items()}
    return Written(
        kept,
        {folder / page: words for page, words in pages.items() if page in hashes},
        tuple(words for page, words in pages.items() if page not in hashes),
        tuple(folder / path for path in removed if path.startswith("q/") and path.endswith(".html")),
    )


@contextlib.contextmanager
def publishing_alone(folder: Path) -> Iterator[None]:
    """Let no other run publish into ``folder`` meanwhile, nor into the show among whose episodes it lies: two runs may
    give new episodes the same name, or mix what they write and remember.

    Raises
    ------
    OutputError
        Another is at it.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(alone_in(folder))
        above = Path(os.path.realpath(folder)).parent  # which a loop of links has too
        if above.name == EPISODES_FOLDER:
            stack.enter_context(alone_in(above.parent))
        yield


@contextlib.contextmanager
def begun_show(folder: Path, base: str | None = None, interface: str | None = None) -> Iterator[None]:
    """Make ``folder`` a show's while there is nothing in it yet, so that what is written meanwhile is known to be ours
    whenever the run ends, and the options too; where no episode comes to lie in it, it is as it was."""
    was_there, was_empty = is_folder(folder), not visible(folder)
    with making(folder):
        if was_empty:
            write_list(folder, List(SHOW.format, VERSION, {}, base=base, interface=interface))
    try:
        yield
    finally:
        if was_empty and not visible(folder / EPISODES_FOLDER):
            with contextlib.suppress(OSError):
                remove_file(folder / LIST)
                remove_empty(folder) if not was_there else None


def _page_of(name: str) -> str:
    return f"q/{name}.html"


def _staying(folder: Path, before: Mapping[str, str], contents: Contents) -> dict[str, str]:
    """What an earlier run wrote of quotes that are lost since, and is still there; with it the styles of its pages."""
    of_lost = {f"q/{name}.{ending}" for name in contents.lost for ending in ("html", "json", "mp3", "png")}
    there = {path: was for path, was in before.items() if path in of_lost and is_regular(folder / path)}
    styles = {path: before[path] for path in (_STYLES,) if there and path in before}
    return there | styles


def _holds(path: Path, content: str | None) -> bool:
    """Whether the file at ``path`` has that fingerprint."""
    try:
        return fingerprint(path) == content
    except OSError:
        return False


def _written(
    folder: Path, layout: Layout, files: Mapping[str, bytes | Path], told: List, ours: set[str]
) -> tuple[Path, ...]:
    """Write the files that lie below, all or none, then the others, with the list."""
    below = {path: each for path, each in files.items() if "/" in path}
    right_there = {path: each for path, each in files.items() if path not in below}
    kept = _replaced(folder / layout.below, below, {}, ours) if below else ()
    return kept + _replaced(folder, right_there, {LIST: content_of(told)}, ours)


def _replaced(
    folder: Path, written: Mapping[str, bytes | Path], beside: Mapping[str, bytes], ours: set[str]
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
    was_there, was_empty = is_folder(folder), not visible(folder)
    try:
        yield
    except BaseException:
        if was_empty:
            for path in (*visible(folder / layout.below), *visible(folder)):
                with contextlib.suppress(OSError):
                    remove_empty(path) if is_folder(path) else remove_file(path)
            if not was_there:
                with contextlib.suppress(OSError):
                    remove_empty(folder)
        raise


def _remove_stale(folder: Path, stale: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Remove what an earlier run wrote, unless somebody has changed it since. Returns what was removed, and what could
    not be."""
    removed, left = list[str](), dict[str, str]()
    for path, was in stale.items():
        try:
            if fingerprint(folder / path) == was:
                remove_file(folder / path)
                removed.append(path)
        except OSError:
            left[path] = was
    return removed, left
