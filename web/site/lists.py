"""The list that lies in each published folder: what was written there, with its hashes, and by which kind of run.

By it a later run knows what it may replace or remove. A list may be anybody's, so what it says of files with names that
publishing never gives counts for nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins
from msgspec.structs import replace

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, write_files
from aligner.storage.checked_json import decode
from media.safe_fs import entries, is_folder, is_regular, is_taken, place, read_regular
from web.site.episodes import Digest, Hash

LIST = "quotecast-site.json"
EPISODES_FOLDER = "e"  # the folder of a show in which they lie
VERSION: Literal[1] = 1
_LARGEST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """What publishing puts into a folder: the ``format`` that its list names, the names that it gives (``ours``), some
    of them in the folder ``below``; none of its ``folders`` may be a link."""

    format: Literal["quotecast-site", "quotecast-show"]
    ours: re.Pattern[str]
    below: str
    folders: tuple[str, ...]


EPISODE = Layout(
    "quotecast-site",
    re.compile(
        r"(?:index|accessibility)\.html|site\.(?:css|js)|(?:episode|captions|quote-cast)\.js|episode\.cast\.json"
        r"|captions\.vtt|icon\.svg|cover(?:-small)?\.jpg|card\.png|sound\.(?:mp3|m4a)"
        r"|q/quote\.css|q/(?:[a-z0-9-]{1,50}-)?[0-9a-f]{6}\.(?:html|json|mp3|png)"
    ),
    "q",
    ("q",),
)
SHOW = Layout(
    "quotecast-show",
    re.compile(
        r"index\.html|site\.css|show\.js|icon\.svg|cover(?:-small)?\.jpg|card\.png"
        r"|search/(?:index|(?:terms|words)-[0-9]{1,6})(?:-[0-9a-f]{8})?\.js"
    ),
    "search",
    ("search", EPISODES_FOLDER),
)


class NoListError(OutputError):
    """A folder holds something, and no list that can be read."""


class SoundElsewhere(Struct, frozen=True):
    """Where the sound of an episode is published, and the hash of the one that was aligned."""

    address: str
    sha256: Hash


class List(Struct, frozen=True):
    """The content of a list: hashes by path; ``episode`` is what a show knows of the episode that lies there. ``base``,
    ``interface`` and ``sound`` are the options that the pages were made with (see ``remembered``). ``writing`` is there
    until a run has come to its end: what it writes, so that each file is ours that holds this, or what ``files`` tell;
    all else is told of the run before."""

    format: Literal["quotecast-site", "quotecast-show"]
    version: Literal[1]
    files: dict[str, str]
    episode: Digest | None = None
    base: str | None = None
    interface: Annotated[str, Meta(pattern=r"^(?:en|fr)\Z")] | None = None
    sound: SoundElsewhere | None = None
    writing: dict[str, str] | None = None


class _Versioned(Struct):
    version: int = 0


def listed(folder: Path, layout: Layout = EPISODE) -> List:
    """What an earlier run wrote into ``folder``; nothing where that is new or empty.

    Raises
    ------
    NoListError
        Something else lies there.
    OutputError
        So does what another kind of run wrote; it is no folder, or one below it is a link or a file.
    """
    for path in (folder, *(folder / name for name in layout.folders)):
        if path != folder:
            check_no_link(path)
        if not is_folder(path) and is_taken(path):
            raise OutputError("{path}: is a file, expected a folder", path=path)
    if not visible(folder):
        return List(layout.format, VERSION, {})
    try:
        found = _read(folder)
    except (OSError, ValueError) as error:
        raise NoListError(
            "{path}: holds something that is no published episode; choose an empty folder with -o", path=folder
        ) from error
    if found.format != layout.format and layout is EPISODE:
        raise OutputError("{path}: holds a show of several episodes; name them all, or another folder", path=folder)
    if found.format != layout.format:
        raise OutputError(
            "{path}: holds an episode that was published alone; name another folder for a show (--show begins one)",
            path=folder,
        )
    return replace(found, files=_named(layout, found.files), writing=found.writing and _named(layout, found.writing))


def told_in(folder: Path) -> List | None:
    """The list of ``folder``, of whichever kind; None where there is none that can be read."""
    try:
        return _read(folder)
    except (OSError, ValueError, OutputError):
        return None


def is_whole(folder: Path, told: List) -> bool:
    """Whether the run that wrote into ``folder`` came to its end, and all that it wrote is there, whatever that holds
    by now."""
    return told.writing is None and all(is_regular(folder / path) for path in told.files)


def check_no_link(folder: Path) -> None:
    """See that nothing would be written through a link.

    Raises
    ------
    OutputError
        ``folder`` is one.
    """
    if place(folder).is_symlink():
        raise OutputError("{path}: is a link; take it away, for nothing is written through one", path=folder)


def visible(folder: Path) -> list[Path]:
    """What lies in ``folder``, but for what is hidden, such as the records of a version control."""
    return [path for path in entries(folder) if not path.name.startswith(".")] if is_folder(folder) else []


def write_list(folder: Path, told: List) -> None:
    """Write a list by itself."""
    with blaming(folder):
        write_files({folder / LIST: content_of(told)})


def content_of(told: List) -> bytes:
    """The bytes of a list."""
    content: dict[str, Any] = to_builtins(told)
    content |= {name: dict(sorted(content[name].items())) for name in ("files", "writing") if content[name] is not None}
    content = {name: value for name, value in content.items() if value is not None}
    return (json.dumps(content, indent=1) + "\n").encode("ascii")


def _named(layout: Layout, files: dict[str, str]) -> dict[str, str]:
    """Those of the files whose names publishing gives."""
    return {path: each for path, each in files.items() if layout.ours.fullmatch(path)}


def _read(folder: Path) -> List:
    content = read_regular(folder / LIST, _LARGEST_BYTES)
    if decode(content, _Versioned).version > VERSION:
        raise OutputError("{path}: was published by a newer quotecast; update quotecast", path=folder)
    return decode(content, List)
