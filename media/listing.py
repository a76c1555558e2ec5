"""What lies in a folder that somebody else may have made: what may be opened, what may be looked into, and the rest."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from media.confinement import is_folder, is_regular, status_of, where


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a folder, by name: regular files that may be opened, folders that may be looked into, and others."""

    files: dict[str, Path]
    folders: list[Path]
    others: list[Path]


def entries(folder: Path) -> Iterator[Path]:
    """What lies in ``folder``, by name; nothing where it is no folder, cannot be read, or leads out of a confined one.

    What is given may itself be a link to anywhere; of ``files`` and ``folders`` that is known.
    """
    return (folder / entry.name for entry in _listed(folder))


def contents(folder: Path) -> Contents:
    """The ``entries`` of ``folder``, told apart."""
    found = Contents({}, [], [])
    for entry in _listed(folder):
        path, is_link = folder / entry.name, entry.is_symlink()
        if is_regular(path) if is_link else entry.is_file(follow_symlinks=False):
            found.files[entry.name] = path
        elif is_folder(path) if is_link else entry.is_dir(follow_symlinks=False):
            found.folders.append(path)
        else:
            found.others.append(path)
    return found


def files(folder: Path) -> dict[str, Path]:
    """The ``contents`` of ``folder`` that are files."""
    return contents(folder).files


def folders(folder: Path) -> list[Path]:
    """The ``contents`` of ``folder`` that are folders."""
    return contents(folder).folders


def plain_files(folder: Path) -> dict[str, os.stat_result]:
    """Return the status of each regular file in ``folder``, by name; links are left out.

    The folder is looked up once, not each of its files: ten thousand are listed in a second.
    """
    entries = (entry for entry in _listed(folder) if entry.is_file(follow_symlinks=False))
    return {entry.name: entry.stat(follow_symlinks=False) for entry in entries}


def plain_folders(folder: Path) -> list[Path]:
    """Return the folders in ``folder`` that are no links."""
    return [folder / entry.name for entry in _listed(folder) if entry.is_dir(follow_symlinks=False)]


def state_of_files(folder: Path) -> str:
    """What tells one state of the files in ``folder`` from the next: their names, sizes and times, and its own; those
    whose names begin with a dot do not count. Empty where it cannot be looked into."""
    try:
        told = [f"{where(folder).stat().st_mtime_ns}"]
        for entry in _listed(folder):
            if not entry.name.startswith("."):
                status = status_of(folder / entry.name) if entry.is_symlink() else entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    told += entry.name, f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    except OSError:
        return ""
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()


def links_out(folder: Path) -> list[Path]:
    """The links in ``folder`` that lead out of a confined folder, or nowhere."""
    return [path for path in contents(folder).others if path.is_symlink()]


def named(name: str, among: Mapping[str, Path]) -> Path | None:
    """The file that was recorded as ``name``; its accents may be written otherwise by now, as Macs and servers write
    them: ``é`` as one character or as two."""
    if name in among:
        return among[name]
    sought = composed(name)
    return next((path for each, path in among.items() if composed(each) == sought), None)


def composed(name: str) -> str:
    """A name as all have it whose accents alone are written otherwise."""
    return unicodedata.normalize("NFC", name)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(where(folder)) as found:
            return sorted(found, key=lambda entry: entry.name)
    except (OSError, ValueError):
        return []
