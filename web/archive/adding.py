"""Episodes made of audio and transcripts: each folder appears whole or not at all, and none twice of one audio.

Files in source folders are copied and never changed. Files that a feed names are fetched into the user's data folder
first. An episode that is in the library already, made by hand or on another computer, is recognised by the hash of its
audio or the guid of its item, and followed from then on.
"""

from __future__ import annotations

import contextlib
import hashlib
import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from aligner.feeds.items import Link, name_in
from aligner.publication import AddressError, check_address
from aligner.storage.file_names import parted, printable, safe_name, sha256_of
from media.errors import UserError
from media.safe_fs import files, folders, is_regular, move, remove_folder
from web.archive.errors import ArchiveError
from web.archive.fetching import Limits, download, host_of
from web.archive.folders import look_at_audio, look_at_text
from web.archive.records import Audio, Offer, Origin, Text, Tracked
from web.archive.state import Archive, make_private_folder
from web.errors import WebError
from web.library import Episode, Library, read_folder
from web.library.changing import make_episode, transcript_name
from web.library.details import LONGEST, MOST_NAMES, Details, checked_details
from web.library.episode import SOUNDS, TEXTS
from web.library.incoming import LARGEST_COVER_BYTES, cover_name
from web.library.library import TRASH

_ENDINGS = {"audio/x-m4a": ".m4a", "audio/wav": ".wav", "application/x-subrip": ".srt", "application/srt": ".srt"}
LARGEST_AUDIO_BYTES, LARGEST_TEXT_BYTES = 2_000_000_000, 20_000_000
_ASKED_FOR_NAMES = 30  # episodes, the newest, whose speakers' names are used for a new one of their show


@dataclass(slots=True)
class Downloads:
    """Files that feeds name, fetched into ``folder``, where they stay until they are dropped.

    The own host of one of the ``private_feeds`` may be off the public web, for that feed's files alone.
    """

    folder: Path
    private_feeds: frozenset[str] = frozenset()

    def audio(self, link: Link) -> Path:
        return self._fetched(link, safe_name(parted(name_in(link.url))[0], "episode"), SOUNDS, LARGEST_AUDIO_BYTES)

    def text(self, link: Link) -> Path:
        return self._fetched(link, "transcript", TEXTS, LARGEST_TEXT_BYTES)

    def picture(self, url: str, feed: str) -> Path:
        return self._fetched(Link(url, feed), "cover", (), LARGEST_COVER_BYTES)

    def limits(self, link: Link, most_bytes: int) -> Limits:
        return Limits(most_bytes, frozenset([host_of(link.feed)] if link.feed in self.private_feeds else []))

    def drop(self, link: Link) -> None:
        remove_folder(self._folder(link))

    def drop_whole(self) -> None:
        """Drop what is whole; the beginning of a file that broke off stays, to be resumed."""
        for folder in folders(self.folder):
            if not any(name.endswith(".part") for name in files(folder)):
                remove_folder(folder)

    def _fetched(self, link: Link, name: str, endings: Iterable[str], most_bytes: int) -> Path:
        """Fetch a file, unless that was done before; called by its address or type, as far as one tells what it is."""
        folder = self._folder(link)
        ending = PurePosixPath(name_in(link.url)).suffix.lower()
        if ending not in endings:
            kind = (link.type or "").partition(";")[0].strip().lower()
            ending = _ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""
        path = folder / f"{name}{ending}"
        if not is_regular(path):
            make_private_folder(self.folder)
            make_private_folder(folder)
            download(link.url, path, self.limits(link, most_bytes))
        return path

    def _folder(self, link: Link) -> Path:
        return self.folder / hashlib.sha256(link.url.encode("utf-8", "replace")).hexdigest()[:24]


def link_state(link: Link) -> str:
    """Return the state of a file that a feed names, as far as the feed says: its size."""
    return str(link.size_bytes or "")


@dataclass(slots=True)
class Adder:
    """Adds episodes to the library of an archive; ``tracked`` are those that it follows, by folder."""

    archive: Archive
    library: Library
    downloads: Downloads
    offer: Offer
    tracked: dict[str, Tracked]
    _by_sha256: dict[str, str] = field(default_factory=dict)  # the folders of episodes that are not followed
    _by_guid: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # folders of episodes that were deleted

    def __post_init__(self) -> None:
        """Look at the folders that are not followed; one that holds the audio of an episode whose folder is missing is
        that episode under another name."""
        there = {each.name: each for each in folders(self.library.root) if not each.name.startswith(".")}
        missing = {each.audio.sha256: each for each in self.tracked.values() if each.folder not in there}
        for name, folder in there.items():
            if name in self.tracked or name.casefold() == TRASH:
                continue
            if (episode := read_folder(folder, name)) and episode.audio:
                sha256 = sha256_of(episode.audio)
                if sha256 in missing:
                    renamed = missing.pop(sha256)
                    self._put(replace(renamed, folder=name), renamed.folder)
                    continue
                self._by_sha256[sha256] = name
                if episode.details.guid:
                    self._by_guid[f"{episode.details.show} {episode.details.guid}"] = name
        self.missing = [each.folder for each in missing.values()]

    def recognise(self, audio: Audio, texts: Iterable[Text]) -> bool:
        """Follow an episode of the library that has this audio, or is of this item; return whether there is one."""
        folder = self._by_sha256.get(audio.file.sha256) if audio.file else None
        if folder is None and audio.item:
            folder = self._by_guid.get(f"{audio.item.show} {audio.item.guid}")
        return bool(folder and self._follow(audio, folder, texts))

    def add(self, audio: Audio, text: Text | None) -> Tracked:
        """Make the episode of an audio file and its transcript; one that is in the library already is followed.

        Raises UserError, WebError, OSError: something cannot be fetched, used or written; no episode is made then.
        """
        if text and text.link:
            text = replace(look_at_text(self.downloads.text(text.link)), link=text.link)
        script = text.file.path if text and text.file else None
        audio_path = audio.file.path if audio.file else self.downloads.audio(_link(audio))
        sha256 = audio.file.sha256 if audio.file else sha256_of(audio_path)
        if same := next((each for each in self.tracked.values() if each.audio.sha256 == sha256), None):
            if audio.item is None or same.feed is None or same.key in self.offer.items:
                raise ArchiveError("{name}: is the same audio as {other}", name=audio.name, other=same.title)
            # Its feed calls the item otherwise now, or another feed has taken it over.
            origin = self._audio_origin(audio, sha256)
            self._put(replace(same, key=audio.key, feed=audio.item.feed, audio=origin))
            return same
        if (folder := self._by_sha256.get(sha256)) and self._follow(audio, folder, [text] if text else ()):
            return self.tracked[folder]
        seconds = look_at_audio(audio_path).clues.length
        details = self._details(audio, text)
        (name, written), sources = _names(audio_path, script)
        if cover := self._cover(audio):
            details = replace(details, cover=cover_name(cover))
            sources[str(details.cover)] = cover
        episode = make_episode(self.library, sources, details, (name, written))
        tracked = replace(
            self._tracked(audio, episode, self._audio_origin(audio, sha256), _text_origin(text)), seconds=seconds
        )
        self._put(tracked)
        for link in ([audio.item.audio] if audio.item else []) + ([text.link] if text and text.link else []):
            self.downloads.drop(link)
        return tracked

    def _follow(self, audio: Audio, folder: str, texts: Iterable[Text]) -> bool:
        episode = read_folder(self.library.root / folder, folder)
        if episode is None or episode.audio is None:
            return False
        origin = None
        if episode.transcript:
            sha256 = sha256_of(episode.transcript)
            origin = next((_text_origin(each) for each in texts if each.file and each.file.sha256 == sha256), None)
        tracked = self._tracked(audio, episode, self._audio_origin(audio, sha256_of(episode.audio)), origin)
        self._put(replace(tracked, seconds=look_at_audio(episode.audio).clues.length))
        return True

    def _tracked(self, audio: Audio, episode: Episode, origin: Origin, text: Origin | None) -> Tracked:
        feed = audio.item.feed if audio.item else None
        date, seconds = episode.details.date, audio.clues.length
        return Tracked(episode.folder.name, audio.key, episode.title, origin, text, date, seconds, feed)

    def _put(self, tracked: Tracked, replacing: str | None = None) -> None:
        self.archive.put_episode(tracked, replacing)
        self.tracked.pop(replacing or "", None)
        self.tracked[tracked.folder] = tracked

    def _audio_origin(self, audio: Audio, sha256: str) -> Origin:
        if audio.file:
            return audio.file
        return Origin(_link(audio).url, link_state(_link(audio)), sha256)

    def _details(self, audio: Audio, text: Text | None) -> Details:
        item, clues = audio.item, audio.clues
        labels = text.labels if text else ()
        plain = [name.replace("_", " ") for name in clues.names]
        titles = (*([item.title] if item else []), *clues.titles, text.title if text else None, *plain, "?")
        show = clues.show or ""
        dates = sorted(clues.facts.dates) if len(clues.facts.dates) == 1 else []
        given = {
            "title": next(each for each in titles if each and each.strip())[: LONGEST["title"]],
            "show": show[: LONGEST["show"]],
            "date": clues.date or next(iter(dates), ""),
            "url": _published(item.page) if item and item.page else "",
            # The text decides: a show of one language has guests who speak another.
            "language": (text and text.clues.language) or clues.language or "",
        }
        details = checked_details(given, self._names_for(labels, show), labels[:MOST_NAMES])
        return replace(details, guid=item.guid if item else None)

    def _names_for(self, labels: Sequence[str], show: str) -> dict[str, str]:
        """Return the names of speakers by their labels, as people gave them in the newest episodes of the show."""
        names = dict[str, str]()
        newest = sorted(self.tracked.values(), key=lambda each: each.date or "", reverse=True)[:_ASKED_FOR_NAMES]
        for tracked in reversed(newest if labels else []):
            episode = read_folder(self.library.root / tracked.folder, tracked.folder)
            if episode and (episode.details.show or "") == show:
                names |= {label: name for label, name in episode.details.names.items() if label in labels}
        return names

    def _cover(self, audio: Audio) -> Path | None:
        """Return a picture of the episode's own, else the show's; one that cannot be fetched stops nothing."""
        item = audio.item
        source = next((each for each in self.offer.read if item and each.place == item.feed), None)
        of_show = source.show.cover if source and source.show else None
        with contextlib.suppress(UserError, WebError, OSError):
            if item and item.cover and item.cover != of_show:
                own = self.downloads.picture(item.cover, item.feed)
                cover_name(own)
                return own
        with contextlib.suppress(UserError, WebError, OSError):
            if source and of_show:
                kept = self.archive.cover_of(source.place)
                if not is_regular(kept):
                    fetched = self.downloads.picture(of_show, source.place)
                    cover_name(fetched)
                    move(fetched, kept)
                return kept
        return None


def _link(audio: Audio) -> Link:
    assert audio.item
    return audio.item.audio


def _names(audio_path: Path, script: Path | None) -> tuple[tuple[str, str | None], dict[str, Path]]:
    """Return the names of audio and transcript in the episode's folder, and the files by these."""
    name = safe_name(printable(audio_path.name), "episode")
    if script is None:
        return (name, None), {name: audio_path}
    written = transcript_name(name, safe_name(printable(script.name), "transcript"))
    return (name, written), {name: audio_path, written: script}


def _text_origin(text: Text | None) -> Origin | None:
    if text is None or text.file is None:
        return None
    place = text.link.url if text.link else text.file.place
    return Origin(place, "" if text.link else text.file.state, text.file.sha256)


def _published(address: str) -> str:
    """Return an address that may be published, else nothing."""
    try:
        check_address(address)
    except AddressError:
        return ""
    return address
