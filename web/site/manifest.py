"""Read and write the manifest of a published folder: its files with hashes, its episode, and the options used.

A later run replaces or deletes only files that are listed in the manifest, and uses the same options. A manifest is
refused if it lists files outside the folder or invalid addresses, since somebody else may have written it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, to_builtins

from aligner.errors import OutputError
from aligner.model import Alignment, Review, Seconds, Verdict
from aligner.publication import AddressError, check_address, check_folder_address, published_date
from aligner.storage.atomic import blaming, write_file
from aligner.storage.checked_json import Count, Share, decode
from media.safe_fs import entries, is_folder, is_taken, place, read_regular
from web.library.library import collation_key

MANIFEST = "quotecast-site.json"
EPISODES_FOLDER = "e"  # in a show's folder
_LARGEST_BYTES = 5_000_000

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
OurPath = Annotated[str, Meta(pattern=r"^(?:(?:q|search)/)?[a-z0-9][a-z0-9.-]*\Z")]


class Digest(Struct, frozen=True, kw_only=True):
    """Facts about an episode for its show's page. ``audio`` is the hash of the audio and identifies the episode in
    later runs. ``inputs`` is the hash of all that the pages depend on, None if the pages must be made again.
    ``coverage`` is the share of words that were matched. ``machine_text`` is true for an automatic transcript."""

    audio: Hash
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
    """A published episode of a show. ``folder`` is ``e/NAME`` in the show's folder, and ``name`` is NAME."""

    name: str
    digest: Digest
    folder: Path


def newest_first(episodes: Iterable[ShowEpisode]) -> list[ShowEpisode]:
    """Return the episodes sorted by date, the newest first. On the same day, higher numbers in titles come first."""

    def key(episode: ShowEpisode) -> tuple[str, object]:
        return published_date(episode.digest.date or "") or "", collation_key(episode.digest.title)

    return sorted(episodes, key=key, reverse=True)


class PublishedAudio(Struct, frozen=True):
    """Audio that a page plays from another host: the web address, and the hash of the audio file that was aligned."""

    address: str
    sha256: Hash

    def __post_init__(self) -> None:
        check_address(self.address)


class Manifest(Struct, frozen=True):
    """The manifest of a published folder. ``files`` maps paths to hashes. ``episode`` holds facts about the folder's
    episode if it belongs to a show. The options of the last run are ``base`` (web address of the folder), ``interface``
    (language of labels) and ``audio`` (only if on another host)."""

    format: Literal["quotecast-site", "quotecast-show"]
    version: Literal[1]
    files: dict[OurPath, Hash]
    episode: Digest | None = None
    base: str | None = None
    interface: Annotated[str, Meta(pattern=r"^(?:en|fr)\Z")] | None = None
    audio: PublishedAudio | None = None

    def __post_init__(self) -> None:
        if self.base is not None:
            check_folder_address(self.base)

    @property
    def is_show(self) -> bool:
        return self.format == "quotecast-show"


def new_manifest(is_show: bool) -> Manifest:
    """Return an empty manifest for the folder of an episode or, if ``is_show`` is true, of a show."""
    return Manifest("quotecast-show" if is_show else "quotecast-site", 1, {})


def manifest_of(folder: Path, is_show: bool = False) -> Manifest:
    """Return the manifest of ``folder``, or an empty manifest if the folder is missing or empty. Raises OutputError if
    the folder cannot be used: it has files but no manifest, its manifest is of the other kind (show or episode), the
    folder or a subfolder is a file, or a subfolder is a link."""
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
            "{path}: holds something other than a published episode; choose an empty folder with -o", path=folder
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
    """Return the names of the subfolders of a published episode or, if ``is_show`` is true, of a published show."""
    return ("search", EPISODES_FOLDER) if is_show else ("q",)


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of ``folder``, or None if it is missing or unreadable."""
    try:
        return decode(read_regular(folder / MANIFEST, _LARGEST_BYTES), Manifest)
    except (OSError, ValueError, AddressError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``folder`` unless the same manifest is already there."""
    if read_manifest(folder) == manifest:
        return
    content: dict[str, Any] = {name: value for name, value in to_builtins(manifest).items() if value is not None}
    content["files"] = dict(sorted(manifest.files.items()))
    with blaming(folder):
        write_file(folder / MANIFEST, (json.dumps(content, indent=1) + "\n").encode("ascii"))


def check_no_link(folder: Path) -> None:
    """Raise OutputError if ``folder`` is a link: files are never written through a link."""
    if place(folder).is_symlink():
        raise OutputError("{path}: is a link, which is not followed; remove it", path=folder)


def visible(folder: Path) -> list[Path]:
    """Return the paths of files and folders in ``folder``, except hidden ones such as ``.git``."""
    return [path for path in entries(folder) if not path.name.startswith(".")] if is_folder(folder) else []


def remembered_audio(manifest: Manifest | None, folder: Path, alignment: Alignment) -> str | None:
    """Return the web address of the audio if ``manifest`` records one, otherwise None. Raises OutputError if the
    manifest's audio is not the audio of ``alignment``."""
    if not manifest or not manifest.audio:
        return None
    if manifest.audio.sha256 != alignment.audio.sha256:
        raise OutputError(
            "{path}: plays the audio at {address}, but the alignment is of other audio; give its address with "
            "--audio-url, or copy it with --audio-url=",
            path=folder,
            address=manifest.audio.address,
        )
    return manifest.audio.address
