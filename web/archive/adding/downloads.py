"""What feeds name, fetched into the library's own folder for as long as episodes are made of it.

A part of what broke off stays there, to be gone on with by the next run.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import parted, safe_name
from media.confinement import status_of, where
from media.listing import entries, folders
from media.moving import make_folder, make_private_folder, remove_file, remove_folder, write_new
from web.archive.adding.made import Part
from web.archive.errors import RefusedError
from web.archive.pairing.items import Link, Sound
from web.archive.sources.asking import Limits
from web.archive.sources.fetching import Watch, download
from web.library.folders import SOUNDS, TEXTS
from web.library.incoming import LARGEST_COVER_BYTES

_ENDINGS = {
    "audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/aac": ".aac",
    "audio/ogg": ".ogg", "audio/opus": ".opus", "audio/flac": ".flac", "audio/wav": ".wav", "video/mp4": ".mp4",
    "text/vtt": ".vtt", "application/x-subrip": ".srt", "application/srt": ".srt", "application/json": ".json",
    "text/html": ".html", "text/plain": ".txt",
}  # fmt: skip
_NAMES = {"text": "transcript", "cover": "cover"}
_FORGOTTEN = 28 * 24 * 3600.0  # seconds
LARGEST_TEXT_BYTES = 20_000_000


@dataclass(slots=True)
class Downloads:
    """The ``folder`` in which they lie, the ``limits`` of each, and who watches them come."""

    folder: Path
    limits: Limits
    watch: Watch = lambda *_: None
    _held: dict[str, tuple[Path, Part]] = field(default_factory=dict)  # what was fetched before, by address
    _holder: contextlib.ExitStack | None = None

    def fetch(self, link: Link, kind: str, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        """What a feed names, a ``sound``, ``text`` or ``cover``, until ``fetched`` is left, and how it was had.

        Raises
        ------
        FetchError, OSError
            As ``download``.
        """
        most = {"text": LARGEST_TEXT_BYTES, "cover": LARGEST_COVER_BYTES}.get(kind, self.limits.most_bytes)
        if link.url in self._held:
            return self._held[link.url]
        path = self._place_of(link, kind)
        remove_file(path)  # of a run that fell; whether it is still the same nobody knows
        try:
            state = download(link.url, path, replace(self.limits, most_bytes=most), link.integrity, self.watch)
        except RefusedError:  # nothing of it is kept
            remove_folder(path.parent)
            raise
        fetched.callback(remove_folder, path.parent)
        size, digest = status_of(path).st_size, sha256_of(path)
        return path, Part(
            url=link.url, size=size, sha256=digest, etag=state.etag, modified=state.modified, declared=link.size
        )

    @contextlib.contextmanager
    def holding(self) -> Iterator[Callable[[Sound], Path | None]]:
        """While this lasts, sounds can be fetched to be listened to, and are not fetched again to be made of."""
        with contextlib.ExitStack() as self._holder:

            def fetched(sound: Sound) -> Path | None:
                link = sound.entry.sound if sound.entry else None
                return self.held(link, "sound")[0] if link else None

            try:
                yield fetched
            finally:
                self._held.clear()

    def held(self, link: Link, kind: str) -> tuple[Path, Part]:
        """The same as ``fetch``, while ``holding`` lasts."""
        assert self._holder
        if link.url not in self._held:
            self._held[link.url] = self.fetch(link, kind, self._holder)
        return self._held[link.url]

    @contextlib.contextmanager
    def written(self, link: Link, content: bytes) -> Iterator[Path]:
        """A file with a transcript that was fetched already, while this lasts."""
        path = self._place_of(link, "text")
        remove_file(path)
        write_new(path, content)
        try:
            yield path
        finally:
            remove_folder(path.parent)

    def sweep(self, named: Iterable[str]) -> None:
        """Remove the parts of what lies at none of the addresses that are ``named``, and did not grow for weeks."""
        kept, before = set(map(_folder_of, named)), time.time() - _FORGOTTEN
        for folder in folders(self.folder):
            if folder.name not in kept and _last_changed(folder) < before:
                remove_folder(folder)

    def _place_of(self, link: Link, kind: str) -> Path:
        """Where what a feed names lies while it is being fetched, in a folder of its own."""
        folder = self.folder / _folder_of(link.url)
        make_private_folder(self.folder)
        make_folder(folder)
        return folder / f"{_stem_of(link.url) if kind == 'sound' else _NAMES[kind]}{_ending_of(link, kind)}"


def _folder_of(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:24]


def _last_changed(folder: Path) -> float:
    """When something of it was written last (time of day); what has just gone is new."""
    try:
        return max(where(path).lstat().st_mtime for path in (folder, *entries(folder)))
    except OSError:
        return math.inf


def _ending_of(link: Link, kind: str) -> str:
    """The ending of the file that a feed names: that of its address where that tells what it is, else by its type."""
    ending = Path(urlsplit(link.url).path).suffix.lower()
    if ending in (SOUNDS if kind == "sound" else TEXTS if kind == "text" else ()):
        return ending
    known = _ENDINGS.get((link.type or "").partition(";")[0].strip().lower(), "")
    return known if kind != "cover" else ""


def _stem_of(url: str) -> str:
    """What the file at an address is called, without an ending, as a name that can be."""
    return safe_name(parted(unquote(urlsplit(url).path).rpartition("/")[2])[0], "episode")
