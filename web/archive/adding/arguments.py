"""What the commands were given, before anything is read or made: which is the library, and which its sources."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.storage.user_folders import HIDDEN
from media.confinement import is_folder, is_regular
from media.errors import UserError
from media.moving import remove_empty, remove_folder
from web.archive.adding.remembered import Archive
from web.archive.command import opened
from web.archive.errors import ArchiveError
from web.archive.sources.folders import first_file, lies_loose
from web.archive.sources.gathering import place_of
from web.errors import WebError
from web.library import Library


def opened_for(sources: Sequence[str], library: Path) -> tuple[list[str], Archive]:
    """The places of the sources that `add` was given, each once, and its archive; nothing is made where one of them
    cannot be meant.

    Raises
    ------
    ArchiveError, OutputError
        The library is named as a source, or a source as the library; or ``opened``.
    """
    places = list(dict.fromkeys(map(place_of, sources)))
    files = [Path(place) for place in places if "://" not in place]
    if not _is_library(library):
        for each in filter(_is_library, files):
            raise ArchiveError("{path}: is a library, which comes last, after what its episodes come from", path=each)
        if is_regular(library):
            raise ArchiveError("{path}: is a file; the library comes last, which is a folder", path=library)
    for each in files:
        if not (is_folder(each) or is_regular(each)):
            raise ArchiveError(
                "{path}: nothing is there; expected a feed, a folder or a file, and the library last", path=each
            )
    if _is_source(library, files, is_alone=len(files) == len(places)):
        raise ArchiveError(
            "{path}: holds sounds or transcripts as a source does; the library comes last, in a folder of its own",
            path=library,
        )
    archive = Archive(opened(library, anew=True))
    if str(archive.library.root) in places:
        raise ArchiveError(
            "{path}: is the library itself; expected where its episodes come from", path=archive.library.root
        )
    return places, archive


@contextlib.contextmanager
def not_begun(archive: Archive, was_there: bool) -> Iterator[None]:
    """Take the folder of a library away again that ``was_there`` not before, where its sources cannot be read: what
    somebody has put into it meanwhile stays."""
    try:
        yield
    except (UserError, WebError):
        if not was_there and not archive.is_begun:
            remove_folder(archive.library.hidden)
            with contextlib.suppress(OSError):
                remove_empty(archive.library.root)
        raise


def opened_again(library: Path) -> Archive:
    """The archive of a library that has one.

    Raises
    ------
    ArchiveError, OutputError
        It has none; or ``opened``.
    """
    if is_folder(library) and not is_folder(library / HIDDEN / "archive"):
        raise ArchiveError("{path}: has no sources yet; quotecast archive add names them", path=library)
    return Archive(opened(library))


def _is_library(path: Path) -> bool:
    """Whether a folder has an archive of which something is known."""
    if not is_folder(path / HIDDEN / "archive"):
        return False
    try:
        known = Archive(Library(path)).read()
    except ArchiveError:  # it is damaged
        return True
    return bool(known.sources or known.strange or known.episodes)


def _is_source(library: Path, files: Sequence[Path], is_alone: bool) -> bool:
    """Whether what is named as a library, and never was one, is a source: sounds or transcripts lie right in it; or
    somewhere, while the sources are folders without any."""
    if not is_folder(library) or is_folder(library / HIDDEN):
        return False
    return lies_loose(library) or (is_alone and not any(map(first_file, files)) and first_file(library) is not None)
