"""Detect changes at the sources of imported episodes, and apply the changes that the user accepts.

A feed item is identified by its GUID, a file by its path, or by its content if the path no longer exists.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.errors import ExitStatus
from aligner.feeds.items import Link, name_in
from aligner.storage.file_names import sha256_of
from media.errors import Message, UserError
from web.archive.adding import LARGEST_TEXT_BYTES, Adder, link_state
from web.archive.errors import ArchiveError, FetchError, RefusedError
from web.archive.fetching import fetch, host_of
from web.archive.folders import origin_of
from web.archive.records import Audio, Change, Finding, ImportedEpisode, Origin, SourceContents, Text
from web.archive.sources import declared_text
from web.archive.state import Archive
from web.jobs.process import Child
from web.library import Episode, read_folder
from web.library.changing import replace_transcript
from web.library.incoming import Staged

_MOST_CHECKED = 100  # newest episodes whose transcripts in feeds are requested to see whether they changed


@dataclass(slots=True)
class Updater:
    """An object that finds changes between the imported episodes and the contents of the sources, and applies them."""

    archive: Archive
    adder: Adder
    contents: SourceContents
    _unreachable: set[str] = field(default_factory=set)  # hosts, which are not tried again

    def find(self) -> Iterator[Finding]:
        """Store a change for each changed source file. Yield a finding for each missing source file or episode."""
        moved = {audio.file.sha256: audio.file for audio in self.contents.audio if audio.file}
        moved |= {text.file.sha256: text.file for text in self.contents.texts if text.file}
        for change in self.archive.changes():
            if change.folder not in self.adder.imported:
                self.archive.drop_change(change.folder, change.kind)
        pending = {(each.folder, each.kind) for each in self.archive.changes()}
        present = (each for each in self.adder.newest_first() if each.folder not in self.adder.missing)
        yield from (Finding("missing", folder, folder) for folder in self.adder.missing)
        for number, episode in enumerate(present):
            gone = list[str]()
            for kind in ("audio", "transcript"):
                episode = self.adder.imported[episode.folder]
                origin = episode.audio if kind == "audio" else episode.text
                now: Origin | None
                if origin and "://" not in origin.location:
                    now = self._file_now(episode, origin)
                    if now is None and (file := moved.get(origin.sha256)):
                        now = file
                elif kind == "audio":
                    now = self._feed_audio_now(episode)
                else:
                    now = self._feed_text_now(episode) if number < _MOST_CHECKED else origin
                if now:
                    self._compare(episode, kind, origin, now, pending)
                gone += [kind] if now is None and origin else []
            if gone:
                yield Finding("gone", episode.folder, episode.title, {"kind": gone[0]})
        drop_copies(self.contents, self.adder.imported.values())

    def take(self, change: Change) -> str | None:
        """Apply a change. Return None, or a message that says why the change cannot be applied. Raises UserError,
        WebError or OSError if a later try may succeed, for example if a server did not answer."""
        imported = self.adder.imported[change.folder]
        folder = self.archive.root / change.folder
        episode = read_folder(folder, change.folder)
        if episode is None or episode.audio is None:
            return Message("its folder is missing, or has no audio")
        if change.kind == "audio" and episode.alignment is None:
            return Message("it is not aligned yet; quotecast archive run aligns it first")
        path = self._path_of(change, episode)
        origin = replace(change.origin, sha256=sha256_of(path))
        if change.kind == "transcript":
            if not episode.transcript or sha256_of(episode.transcript) != origin.sha256:
                replace_transcript(episode, Staged(path.parent, transcript=path))
            imported = replace(imported, text=origin)
        else:
            if sha256_of(episode.audio) != origin.sha256 and (problem := self._replace_audio(episode, path)):
                return problem
            imported = replace(imported, audio=origin)
        self._put(imported)
        self.archive.drop_change(change.folder, change.kind)
        self.adder.downloads.drop(Link(change.origin.location))
        return None

    def is_edited(self, change: Change) -> bool:
        """Return whether ``change`` is about a transcript that was edited in the library after the import."""
        episode = read_folder(self.archive.root / change.folder, change.folder)
        if change.kind == "audio" or episode is None or episode.transcript is None:
            return False
        text = self.adder.imported[change.folder].text
        return sha256_of(episode.transcript) not in (text and text.sha256, change.origin.sha256)

    def _put(self, imported: ImportedEpisode) -> None:
        self.archive.put_episode(imported)
        self.adder.imported[imported.folder] = imported

    def _file_now(self, imported: ImportedEpisode, origin: Origin) -> Origin | None:
        """Return the present origin of an imported file, or None if the file is gone. If the file's source was not
        read, return ``origin`` unchanged."""
        state = self.contents.states.get(origin.location)
        if state == origin.state or (state is None and not self._is_source_read(imported, origin)):
            return origin
        with contextlib.suppress(UserError, OSError):
            return origin_of(origin.path)
        return None

    def _is_source_read(self, imported: ImportedEpisode, origin: Origin) -> bool:
        """Return whether the source of an imported file was read: only then does a missing file mean a deleted one.
        Return False for an episode older than all items of its feed, as many feeds contain only the newest items."""
        if "://" in origin.location:
            dates = [each.date for each in self.contents.items.values() if each.feed == imported.feed and each.date]
            is_older = bool(imported.date and dates and imported.date < min(dates))
            return not is_older and any(imported.feed == source.location for source in self.contents.read)
        return any(Path(origin.location).is_relative_to(source.location) for source in self.contents.read)

    def _feed_audio_now(self, imported: ImportedEpisode) -> Origin | None:
        item = self.contents.items.get(imported.key)
        if item is None:
            return None if self._is_source_read(imported, imported.audio) else imported.audio
        old, new = imported.audio, item.audio
        if _without_query(old.location) == _without_query(new.url) and old.state in ("", link_state(new)):
            return old
        return Origin(new.url, link_state(new), "")

    def _feed_text_now(self, imported: ImportedEpisode) -> Origin | None:
        """Return the present origin of an episode's transcript in its feed. If the transcript cannot be fetched, return
        the stored origin."""
        item, old = self.contents.items.get(imported.key), imported.text
        text = declared_text(item) if item else None
        if text is None or text.link is None or host_of(text.link.url) in self._unreachable:
            return old
        is_same_address = old is not None and _without_query(old.location) == _without_query(text.link.url)
        if old and not is_same_address and "://" not in old.location:
            return old
        limits = self.adder.downloads.limits(text.link, LARGEST_TEXT_BYTES)
        try:
            fetched = fetch(text.link.url, limits, old.state if old and is_same_address else "")
        except FetchError as error:
            self._unreachable |= set() if isinstance(error, RefusedError) else {host_of(text.link.url)}
            return old
        if fetched is None:
            return old
        self.adder.downloads.drop(text.link)
        return Origin(text.link.url, fetched.state, hashlib.sha256(fetched.content).hexdigest())

    def _compare(
        self,
        imported: ImportedEpisode,
        kind: str,
        old: Origin | None,
        new: Origin,
        pending: Collection[tuple[str, str]],
    ) -> None:
        """Compare the ``old`` and ``new`` origins of an episode's audio or transcript (``kind``). If the contents
        differ, store a ``Change``. Otherwise store the new location and state, and drop an obsolete change. ``old`` is
        None if the episode had no such file. ``pending`` are (folder, kind) of all stored changes."""
        is_same = old is not None and (new.sha256 == old.sha256 or new == old)
        if old is None and new.sha256:
            episode = read_folder(self.archive.root / imported.folder, imported.folder)
            is_same = bool(episode and episode.transcript and sha256_of(episode.transcript) == new.sha256)
        if not is_same:
            change = Change(imported.folder, kind, new)
            self.archive.put_change(replace(change, is_edited=self.is_edited(change)))
            return
        if new != old:
            self._put(replace(imported, audio=new) if kind == "audio" else replace(imported, text=new))
        if (imported.folder, kind) in pending:
            self.archive.drop_change(imported.folder, kind)

    def _path_of(self, change: Change, episode: Episode) -> Path:
        location = change.origin.location
        if "://" not in location:
            return Path(location)
        item = self.contents.items.get(self.adder.imported[change.folder].key)
        links = [item.audio, *item.transcripts] if item else []
        link = next((each for each in links if each.url == location), None)
        if link is None:
            raise ArchiveError("{name}: is in its feed no more", name=f"{episode.title}: {name_in(location)}")
        return self.adder.downloads.audio(link) if change.kind == "audio" else self.adder.downloads.text(link)

    def _replace_audio(self, episode: Episode, path: Path) -> str | None:
        """Replace an episode's audio and adjust all its times. Return None, or a message if this is impossible."""
        command = ["aligner", "retime", "--replace", "--progress", "json", "--", str(episode.alignment), str(path)]
        child = Child(command, episode.folder, self.archive.root, None)
        ending = child.ending(lambda _: None)
        if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
            return None
        if ending.status < 0:
            raise ArchiveError("{path}: moving its times was interrupted", path=episode.folder)
        return ending.reason or Message("its times cannot be moved to the new audio")


def drop_copies(contents: SourceContents, imported: Iterable[ImportedEpisode]) -> None:
    """Remove from ``contents`` the files that are already imported. A copy at another path is listed as a duplicate."""
    known = {o.sha256: (each.title, o.location) for each in imported for o in (each.audio, each.text) if o}
    for items in (contents.audio, contents.texts):
        for item in list[Audio | Text](items):
            if item.file and (same := known.get(item.file.sha256)):
                items.remove(item)  # type: ignore[arg-type]
                if item.file.location != same[1]:
                    contents.duplicates.append((same[0], item.name))


def _without_query(url: str) -> str:
    """Return an address without its query, which some hosts change at each request."""
    return url.partition("?")[0]
