"""Write a published folder. An interrupted run leaves no half-written page, and edited files are never lost.

The folder is that of one episode, or of a show with a subfolder for each episode. A file that a person has edited is
renamed to ``NAME.bak``. A folder with visible files but without a manifest is refused.
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
    PublishedAudio,
    below,
    manifest_of,
    write_manifest,
)

_PAGE = "index.html"  # links to all other pages, so it is written last


@dataclass(frozen=True, slots=True)
class Contents:
    """The files to publish, by path in the folder. ``written`` maps paths to contents, ``copied`` maps paths to files
    to copy. ``lost`` are saved quotes missing from the transcript, ``left_out`` are warnings of what else is missing.
    The other fields are stored in the ``Manifest``."""

    written: Mapping[str, bytes]
    copied: Mapping[str, Path] = field(default_factory=dict)
    episode: Digest | None = None
    lost: Sequence[str] = ()
    left_out: tuple[str, ...] = ()
    base: str | None = None
    interface: str | None = None
    audio: PublishedAudio | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The result of writing a folder. ``copies`` are backups of edited files, ``left_out`` are saved quotes missing
    from the transcript, ``removed`` are the deleted pages of quotes."""

    copies: tuple[Path, ...] = ()
    left_out: Sequence[str] = ()
    removed: tuple[Path, ...] = ()


def write_folder(folder: Path, contents: Contents, is_show: bool = False) -> Written:
    """Write ``contents`` into ``folder``. Delete other files that an earlier run wrote there.

    The manifest is written first, so that the next run can resume an interrupted one, and again at the end. Pages are
    written after the files to which they link. Unchanged files stay untouched, so that no tool uploads them again.

    Raises the same errors as ``manifest_of``, and OutputError if a file cannot be written. No file is half written.
    """
    known = manifest_of(folder, is_show)
    files: dict[str, bytes | Path] = {**contents.written, **contents.copied}
    hashes = {path: hash_of(content) for path, content in files.items()}
    new = {path: each for path, each in hashes.items() if not _holds(folder / path, each)}
    # The pages of a lost quote stay, since other sites link to them.
    staying = {path: old for path, old in known.files.items() if contents.lost and path.startswith("q/")}
    stale = {path: old for path, old in known.files.items() if path not in hashes | staying}
    episode = contents.episode or (known.episode and replace(known.episode, inputs=None))
    with making(folder):
        copies: tuple[Path, ...] = ()
        if new:
            started = episode and replace(known.episode or episode, inputs=None)
            write_manifest(folder, replace(known, files={**new, **known.files}, episode=started))
            ordered = sorted(new, key=lambda path: (path == _PAGE, "/" not in path))
            with making(folder / below(is_show)[0]) if "/" in ordered[0] else contextlib.nullcontext():
                copies = write_keeping({folder / path: files[path] for path in ordered}, ours={*known.files.values()})
        removed = [path for path, old in stale.items() if _holds(folder / path, old)]
        with blaming(folder):
            for path in removed:
                remove_file(folder / path)
        with contextlib.suppress(OSError):
            remove_empty(folder / below(is_show)[0])
        manifest = Manifest(known.format, 1, {**staying, **hashes}, episode)
        final = replace(manifest, base=contents.base, interface=contents.interface, audio=contents.audio)
        write_manifest(folder, final)
    pages = tuple(folder / path for path in removed if path.startswith("q/") and path.endswith(".html"))
    return Written(copies, contents.lost, pages)


def _holds(path: Path, sha256: str) -> bool:
    try:
        return is_regular(path) and hash_of(path) == sha256
    except OutputError:
        return False
