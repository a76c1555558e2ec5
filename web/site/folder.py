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

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, making, write_files
from aligner.storage.backups import hash_of, write_keeping
from aligner.storage.locks import alone_in
from media.safe_fs import copy, is_regular, is_taken, remove_empty, remove_file
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

    The list comes first, with what is to be written, so that whatever is there is known; then what lies below, so that
    no page leads to what is not there yet; then the pages, with the list that remembers how they were made. What is to
    be removed goes last, and stays listed until it is gone. A file that holds the same already is left as it is, so
    that whoever copies the folder to a host by what has changed copies no more.

    Raises
    ------
    OutputError
        As ``listed``, or something cannot be written; then what was written where nothing was is removed again, and
        each older file is as it was, or as it should be.
    """
    known = listed(folder, layout)
    before, episode = _lying(folder, known), contents.episode or (known.episode and known.episode.outdated)
    hashes = {path: hash_of(content) for path, content in contents.written.items()}
    hashes |= {path: hash_of(source) for path, source in contents.copied.items()}
    new = {path: each for path, each in hashes.items() if not _holds(folder / path, each)}
    hashes = _staying(folder, before, contents) | hashes
    begun = replace(known, files=before, writing=new, episode=known.episode or (episode and episode.unfinished))
    with making(folder), _begun(folder, begun) if new else contextlib.nullcontext(), contextlib.ExitStack() as stack:
        copied = {path: source for path, source in contents.copied.items() if path in new}
        copies = {path: stack.enter_context(_copied(source, folder)) for path, source in copied.items()}
        hashes |= {path: hash_of(copy) for path, copy in copies.items()}
        told = List(layout.format, VERSION, hashes, episode, contents.base, contents.interface, contents.sound)
        stale = {path: was for path, was in before.items() if path not in hashes}
        ending = replace(told, files={**stale, **hashes}, writing={}) if stale else told
        files: dict[str, bytes | Path] = {**contents.written, **copies}
        kept = _written(folder, layout, {path: files[path] for path in new}, ending, {*before.values()})
        removed, left = _remove(folder, stale)
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


class _NoEpisodeError(Exception):
    """No episode has come to lie in a show that was begun."""


@contextlib.contextmanager
def begun_show(folder: Path) -> Iterator[None]:
    """Make ``folder`` a show's while there is nothing in it yet, so that what is written meanwhile is known to be ours
    whenever the run ends; where no episode comes to lie in it, it is as it was."""
    if visible(folder):
        yield
        return
    with contextlib.suppress(_NoEpisodeError), making(folder), _begun(folder, List(SHOW.format, VERSION, {})):
        yield
        if not visible(folder / EPISODES_FOLDER):
            raise _NoEpisodeError


@contextlib.contextmanager
def _begun(folder: Path, told: List) -> Iterator[None]:
    """Write the list of a run that begins. If what follows fails, one that is the first there goes again, unless
    something else lies beside it by now: by the list the next run knows that it may go on."""
    is_first = not is_taken(folder / LIST)
    try:
        write_list(folder, told)
        yield
    except BaseException:
        if is_first and [path.name for path in visible(folder)] == [LIST]:
            _remove(folder, {LIST: hash_of(content_of(told))})
        raise


def _lying(folder: Path, known: List) -> dict[str, str]:
    """What earlier runs wrote into ``folder``: of one that did not come to its end, what it found or what it wrote."""
    wrote = {path: each for path, each in (known.writing or {}).items() if _holds(folder / path, each)}
    return {**known.files, **wrote}


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
    return is_regular(path) and hash_of(path) == content


def _written(
    folder: Path, layout: Layout, files: Mapping[str, bytes | Path], told: List, ours: set[str]
) -> tuple[Path, ...]:
    """Write the files that lie below, then the others, the list last. If none of those others can be written, what was
    written below where nothing was is removed."""
    below = {path: each for path, each in files.items() if "/" in path}
    right_there = {path: each for path, each in files.items() if path not in below}
    beside = {LIST: content_of(told)}
    if not files and _holds(folder / LIST, hash_of(beside[LIST])):
        return ()
    if not below:
        return _replaced(folder, right_there, beside, ours)
    with making(folder / layout.below), _undone(folder, below, {**right_there, **beside}):
        kept = _replaced(folder / layout.below, below, {}, ours)
        return kept + _replaced(folder, right_there, beside, ours)


def _replaced(
    folder: Path, written: Mapping[str, bytes | Path], beside: Mapping[str, bytes], ours: set[str]
) -> tuple[Path, ...]:
    """Write files into one folder; nothing is kept of what those ``beside`` replace, which are written last."""
    kept = write_keeping({folder / path.rpartition("/")[2]: content for path, content in written.items()}, ours=ours)
    write_files({folder / path: each for path, each in beside.items()})
    return kept


@contextlib.contextmanager
def _undone(folder: Path, files: Mapping[str, bytes | Path], leading: Mapping[str, bytes | Path]) -> Iterator[None]:
    """Remove the files that are written meanwhile where nothing was, if that fails before one of those that are
    ``leading`` to them is there: what has such a name and holds what was to be written."""
    fresh = {path: hash_of(each) for path, each in files.items() if not is_taken(folder / path)}
    try:
        yield
    except BaseException:
        if not any(_holds(folder / path, hash_of(content)) for path, content in leading.items()):
            _remove(folder, fresh)
        raise


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


def _remove(folder: Path, files: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Remove files that hold what they are told to, and no others. Returns what was removed, and what could not be."""
    removed, left = list[str](), dict[str, str]()
    for path, was in files.items():
        try:
            if _holds(folder / path, was):
                remove_file(folder / path)
                removed.append(path)
        except (OSError, OutputError):
            left[path] = was
    return removed, left
