"""The manifest of a published folder: what was written there, with its hashes, of which episode and with which options.

By it a later run knows what it may replace or remove, and which options earlier runs were given. A manifest may be
anybody's: one that names files elsewhere, or addresses that nobody could have given, is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins

from aligner.errors import OutputError
from aligner.model import Alignment, Review, Verdict
from aligner.publication import AddressError, check_address, check_folder_address, published_date
from aligner.storage.atomic import blaming, write_file
from aligner.storage.checked_json import Count, Seconds, Share, decode
from media.safe_fs import entries, is_folder, is_taken, place, read_regular
from web.library.library import collation_key

MANIFEST = "quotecast-site.json"
EPISODES_FOLDER = "e"  # the folder of a show in which they lie
_LARGEST_BYTES = 5_000_000

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
OurPath = Annotated[str, Meta(pattern=r"^(?:(?:q|search)/)?[a-z0-9][a-z0-9.-]*\Z")]


class Digest(Struct, frozen=True, kw_only=True):
    """What a show knows of an episode: ``sound`` is the hash of the aligned audio, by which a later run knows it again;
    ``inputs`` the hash of all that its pages were made of, None where it is to be made again."""

    sound: Hash
    inputs: Hash | None
    title: str
    show: str | None
    date: str | None
    language: str
    duration: Seconds
    verdict: Verdict
    coverage: Share
    quotes: Count
    has_cover: bool
    machine_text: bool = False
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class ShowEpisode:
    """An episode as it lies in its ``folder``, ``e/NAME`` of a show."""

    name: str
    digest: Digest
    folder: Path


def newest_first(episodes: Iterable[ShowEpisode]) -> list[ShowEpisode]:
    """Sort by date, those without one at the end; of one day those with higher numbers in their titles come first."""

    def key(episode: ShowEpisode) -> tuple[str, object]:
        return published_date(episode.digest.date or "") or "", collation_key(episode.digest.title)

    return sorted(episodes, key=key, reverse=True)


class SoundElsewhere(Struct, frozen=True):
    """Where the audio of an episode is published, and the hash of the file that was aligned."""

    address: str
    sha256: Hash

    def __post_init__(self) -> None:
        check_address(self.address)


class Manifest(Struct, frozen=True):
    """``files`` are hashes by path; ``episode`` is what a show knows of the episode that lies there; ``base``,
    ``interface`` and ``sound`` are the options that the pages were made with."""

    format: Literal["quotecast-site", "quotecast-show"]
    version: Literal[1]
    files: dict[OurPath, Hash]
    episode: Digest | None = None
    base: str | None = None
    interface: Annotated[str, Meta(pattern=r"^(?:en|fr)\Z")] | None = None
    sound: SoundElsewhere | None = None

    def __post_init__(self) -> None:
        if self.base is not None:
            check_folder_address(self.base)

    @property
    def is_show(self) -> bool:
        return self.format == "quotecast-show"


def new_manifest(is_show: bool) -> Manifest:
    """Return the manifest of a folder into which nothing was written yet, an episode's or a show's."""
    return Manifest("quotecast-show" if is_show else "quotecast-site", 1, {})


def manifest_of(folder: Path, is_show: bool = False) -> Manifest:
    """Return the manifest of ``folder``, an empty one where that is new or empty.

    Raises OutputError if something else lies there, or if it or a folder that publishing writes into is a link or file.
    """
    for path in (folder, *(folder / name for name in below(is_show))):
        if path != folder:
            check_no_link(path)
        if not is_folder(path) and is_taken(path):
            raise OutputError("{path}: is a file, expected a folder", path=path)
    if not visible(folder):
        return new_manifest(is_show)
    found = read_manifest(folder)
    if found is None:
        raise OutputError(
            "{path}: holds something that is no published episode; choose an empty folder with -o", path=folder
        )
    if found.is_show and not is_show:
        raise OutputError("{path}: holds a show of several episodes; name them all, or another folder", path=folder)
    if is_show and not found.is_show:
        raise OutputError(
            "{path}: holds an episode that was published alone; name another folder for a show (--show begins one)",
            path=folder,
        )
    return found


def below(is_show: bool) -> tuple[str, ...]:
    """Return the folders into which publishing writes below an episode's or a show's."""
    return ("search", EPISODES_FOLDER) if is_show else ("q",)


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of ``folder``, an episode's or a show's; None where there is none that can be read."""
    try:
        return decode(read_regular(folder / MANIFEST, _LARGEST_BYTES), Manifest)
    except (OSError, ValueError, AddressError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of ``folder``, unless it is there already."""
    if read_manifest(folder) == manifest:
        return
    content: dict[str, Any] = {name: value for name, value in to_builtins(manifest).items() if value is not None}
    content["files"] = dict(sorted(manifest.files.items()))
    with blaming(folder):
        write_file(folder / MANIFEST, (json.dumps(content, indent=1) + "\n").encode("ascii"))


def check_no_link(folder: Path) -> None:
    """Raise OutputError if ``folder`` is a link, for nothing is written through one."""
    if place(folder).is_symlink():
        raise OutputError("{path}: is a link; take it away, for nothing is written through one", path=folder)


def visible(folder: Path) -> list[Path]:
    """Return what lies in ``folder``, but for what is hidden, such as the records of a version control."""
    return [path for path in entries(folder) if not path.name.startswith(".")] if is_folder(folder) else []


def remembered_sound(manifest: Manifest | None, folder: Path, alignment: Alignment) -> str | None:
    """Return where the audio of the alignment is published, as the manifest of its folder says.

    Raises OutputError if that is the address of other audio: where this one is, if anywhere, nobody has said.
    """
    if not manifest or not manifest.sound:
        return None
    if manifest.sound.sha256 != alignment.audio.sha256:
        raise OutputError(
            "{path}: plays the sound at {address}, and the alignment is of another one; tell with --audio-url where "
            "that is, or have it copied with --audio-url=",
            path=folder,
            address=manifest.sound.address,
        )
    return manifest.sound.address
