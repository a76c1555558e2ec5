"""What changed at the sources of episodes: found and listed, and taken once a person says so.

An item of a feed is known by its guid, a file by its path, and by its content where the path is gone. Nothing is
inferred beyond that: whatever else is new waits for a decision.
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
from web.archive.folders import source_file
from web.archive.records import Audio, Change, Finding, Offer, Origin, Text, Tracked
from web.archive.sources import declared_text
from web.archive.state import Archive
from web.jobs.process import Child
from web.library import Episode, read_folder
from web.library.changing import replace_transcript
from web.library.incoming import Staged

_MOST_ASKED = 100  # transcripts of feeds, of the newest episodes, whose servers are asked whether they are the same


@dataclass(slots=True)
class Updater:
    """Compares the episodes that an archive follows with its sources."""

    archive: Archive
    adder: Adder
    offer: Offer
    _silent: set[str] = field(default_factory=set)  # hosts that could not be asked, and are left alone

    def find(self) -> Iterator[Finding]:
        """Note what changed, follow files that moved; list what is gone from the sources, and missing folders."""
        moved = {audio.file.sha256: audio.file for audio in self.offer.audio if audio.file}
        moved |= {text.file.sha256: text.file for text in self.offer.texts if text.file}
        for change in self.archive.changes():
            if change.folder not in self.adder.tracked:
                self.archive.drop_change(change.folder, change.kind)
        pending = {(each.folder, each.kind) for each in self.archive.changes()}
        followed = (each for each in self.adder.tracked.values() if each.folder not in self.adder.missing)
        newest = sorted(followed, key=lambda each: each.date or "", reverse=True)
        yield from (Finding("missing", folder, folder) for folder in self.adder.missing)
        for number, tracked in enumerate(newest):
            gone = list[str]()
            for kind in ("audio", "transcript"):
                tracked = self.adder.tracked[tracked.folder]
                origin = tracked.audio if kind == "audio" else tracked.text
                now: Origin | None
                if origin and "://" not in origin.place:
                    now = self._file_now(tracked, origin)
                    if now is None and (file := moved.get(origin.sha256)):
                        now = file
                elif kind == "audio":
                    now = self._feed_audio_now(tracked)
                else:
                    now = self._feed_text_now(tracked) if number < _MOST_ASKED else origin
                if now:
                    self._compare(tracked, kind, origin, now, pending)
                gone += [kind] if now is None and origin else []
            if gone:
                yield Finding("gone", tracked.folder, tracked.title, {"kind": gone[0]})
        drop_copies(self.offer, self.adder.tracked.values())

    def take(self, change: Change) -> str | None:
        """Take what is new at the source of an episode; return why that is not possible, None if it was taken.

        Raises UserError, WebError, OSError: something is in the way that may pass, as a server that does not answer.
        """
        tracked = self.adder.tracked[change.folder]
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
            tracked = replace(tracked, text=origin)
        else:
            if sha256_of(episode.audio) != origin.sha256 and (problem := self._replace_audio(episode, path)):
                return problem
            tracked = replace(tracked, audio=origin)
        self.archive.put_episode(tracked)
        self.adder.tracked[tracked.folder] = tracked
        self.archive.drop_change(change.folder, change.kind)
        self.adder.downloads.drop(Link(change.origin.place))
        return None

    def is_edited(self, change: Change) -> bool:
        """Return whether the transcript of an episode was edited in the library since the archive put it there."""
        episode = read_folder(self.archive.root / change.folder, change.folder)
        if change.kind == "audio" or episode is None or episode.transcript is None:
            return False
        text = self.adder.tracked[change.folder].text
        return sha256_of(episode.transcript) not in (text and text.sha256, change.origin.sha256)

    def _file_now(self, tracked: Tracked, origin: Origin) -> Origin | None:
        """Return a file as it is now, read again only if its state changed; None if it is gone."""
        state = self.offer.states.get(origin.place)
        if state == origin.state or (state is None and not self._may_be_gone(tracked, origin)):
            return origin
        with contextlib.suppress(UserError, OSError):
            return source_file(origin.path)
        return None

    def _may_be_gone(self, tracked: Tracked, origin: Origin) -> bool:
        """Return whether the source of an episode was read, so that what was not found there is gone. What is older
        than all items of its feed is not: many feeds have the newest ones alone."""
        if "://" in origin.place:
            dates = [each.date for each in self.offer.items.values() if each.feed == tracked.feed and each.date]
            is_older = bool(tracked.date and dates and tracked.date < min(dates))
            return not is_older and any(tracked.feed == source.place for source in self.offer.read)
        return any(Path(origin.place).is_relative_to(source.place) for source in self.offer.read)

    def _feed_audio_now(self, tracked: Tracked) -> Origin | None:
        item = self.offer.items.get(tracked.key)
        if item is None:
            return None if self._may_be_gone(tracked, tracked.audio) else tracked.audio
        old, new = tracked.audio, item.audio
        # What follows ? is made again for each listener by some hosts.
        if old.place.partition("?")[0] == new.url.partition("?")[0] and old.state in ("", link_state(new)):
            return old
        return Origin(new.url, link_state(new), "")

    def _feed_text_now(self, tracked: Tracked) -> Origin | None:
        """Return the transcript that the feed declares for an episode, as its server has it now."""
        item, old = self.offer.items.get(tracked.key), tracked.text
        text = declared_text(item) if item else None
        if text is None or text.link is None or host_of(text.link.url) in self._silent:
            return old
        same_place = old is not None and old.place.partition("?")[0] == text.link.url.partition("?")[0]
        if old and not same_place and "://" not in old.place:
            return old
        limits = self.adder.downloads.limits(text.link, LARGEST_TEXT_BYTES)
        try:
            fetched = fetch(text.link.url, limits, old.state if old and same_place else "")
        except FetchError as error:
            self._silent |= set() if isinstance(error, RefusedError) else {host_of(text.link.url)}
            return old
        if fetched is None:
            return old
        self.adder.downloads.drop(text.link)
        return Origin(text.link.url, fetched.state, hashlib.sha256(fetched.content).hexdigest())

    def _compare(
        self, tracked: Tracked, kind: str, old: Origin | None, new: Origin, pending: Collection[tuple[str, str]]
    ) -> None:
        """Note a change; what has the same bytes in another place or state is only remembered."""
        is_same = old is not None and (new.sha256 == old.sha256 or new == old)
        if old is None and new.sha256:
            episode = read_folder(self.archive.root / tracked.folder, tracked.folder)
            is_same = bool(episode and episode.transcript and sha256_of(episode.transcript) == new.sha256)
        if not is_same:
            change = Change(tracked.folder, kind, new)
            self.archive.put_change(replace(change, is_edited=self.is_edited(change)))
            return
        if new != old:
            tracked = replace(tracked, audio=new) if kind == "audio" else replace(tracked, text=new)
            self.archive.put_episode(tracked)
            self.adder.tracked[tracked.folder] = tracked
        if (tracked.folder, kind) in pending:
            self.archive.drop_change(tracked.folder, kind)

    def _path_of(self, change: Change, episode: Episode) -> Path:
        """Return where the new file lies, fetched if need be."""
        if "://" not in change.origin.place:
            return Path(change.origin.place)
        item = self.offer.items.get(self.adder.tracked[change.folder].key)
        links = [item.audio, *item.transcripts] if item else []
        link = next((each for each in links if each.url == change.origin.place), None)
        if link is None:
            raise ArchiveError(
                "{name}: is in its feed no more", name=f"{episode.title}: {name_in(change.origin.place)}"
            )
        return self.adder.downloads.audio(link) if change.kind == "audio" else self.adder.downloads.text(link)

    def _replace_audio(self, episode: Episode, path: Path) -> str | None:
        """Put other audio in the place of an episode's, times moved to it; return why that is not possible."""
        command = ["aligner", "retime", "--replace", "--progress", "json", "--", str(episode.alignment), str(path)]
        child = Child(command, episode.folder, self.archive.root, None)
        ending = child.ending(lambda _: None)
        if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
            return None
        if ending.status < 0:
            raise ArchiveError("{path}: moving its times was interrupted", path=episode.folder)
        return ending.reason or Message("its times cannot be moved to the new audio")


def drop_copies(offer: Offer, followed: Iterable[Tracked]) -> None:
    """Drop files that episodes are made of already; those that lie in another place are duplicates."""
    known = {o.sha256: (each.title, o.place) for each in followed for o in (each.audio, each.text) if o}
    for items in (offer.audio, offer.texts):
        for item in list[Audio | Text](items):
            if item.file and (same := known.get(item.file.sha256)):
                items.remove(item)  # type: ignore[arg-type]
                if item.file.place != same[1]:
                    offer.duplicates.append((same[0], item.name))
