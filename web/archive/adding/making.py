"""Making the episodes of an archive: each folder whole or not at all, one after another, and none of a sound twice.

What comes from a feed is fetched first; what lies in a folder is copied, so that whatever becomes of it there, the
episode stays as it is, and it is never changed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from aligner.publication import AddressError, check_address
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import parted, printable, safe_name
from media.confinement import is_regular, status_of
from media.errors import UserError
from media.moving import make_folder, remove_file, remove_folder
from web.archive.adding.present import episode_of, folders_by_sound
from web.archive.adding.remembered import Archive, Made, Part
from web.archive.adding.shows import Show, names_for
from web.archive.pairing.items import File, Link, Sound, Text
from web.archive.sources.asking import Limits
from web.archive.sources.fetching import Watch, download
from web.errors import WebError
from web.library import Details, Episode, cover_name, replace_transcript
from web.library.adding import file_names, make_episode
from web.library.details import LONGEST, MOST_NAMES, checked_details
from web.library.folders import SOUNDS, TEXTS
from web.library.incoming import LARGEST_COVER_BYTES, Staged
from web.library.preview import labels_in
from web.library.sent_files import check_sound

_ENDINGS = {
    "audio/mpeg": ".mp3", "audio/mp3": ".mp3", "audio/mp4": ".m4a", "audio/x-m4a": ".m4a", "audio/aac": ".aac",
    "audio/ogg": ".ogg", "audio/opus": ".opus", "audio/flac": ".flac", "audio/wav": ".wav", "video/mp4": ".mp4",
    "text/vtt": ".vtt", "application/x-subrip": ".srt", "application/srt": ".srt", "application/json": ".json",
    "text/html": ".html", "text/plain": ".txt",
}  # fmt: skip
_NAMES = {"text": "transcript", "cover": "cover"}
LARGEST_TEXT_BYTES = 20_000_000


class AlreadyThereError(Exception):
    """An episode of the same sound is in the library: ``folder``."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


@dataclass(slots=True)
class Maker:
    """Makes episodes in the library of an ``archive``; ``covers`` are the addresses of shows' covers, ``open`` the
    episodes that have no transcript yet."""

    archive: Archive
    limits: Limits
    shows: Mapping[str, Show]
    covers: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, Made] = field(default_factory=dict)
    watch: Watch = lambda *_: None
    _known: dict[str, str] | None = None  # folders by the hash of their sound
    _held: dict[str, tuple[Path, Part]] = field(default_factory=dict)  # sounds that were fetched before, by address

    def make(self, sound: Sound, text: Text | None, confidence: float | None = None) -> Made:
        """Make the episode of a sound and its text, and remember it; one that is there without a text is given that.

        Raises
        ------
        AlreadyThereError
            There is one of that sound.
        ArchiveError, Unusable, OutputError, OSError
            Something cannot be had, is not what it should be, or cannot be written; no episode is made then.
        """
        with contextlib.ExitStack() as fetched:
            if text and (there := self.open.get(sound.key)):
                return self.give(there, *self._text(text, fetched))
            audio, sound_part = self._sound(sound, fetched)
            if folder := self._folders_by_sound().get(str(sound_part.sha256)):
                raise AlreadyThereError(folder)
            check_sound(audio)
            script, of = self._text(text, fetched) if text else (None, None)
            labels = labels_in(script) if script else ()
            details = self._details(sound, labels)
            named, sources, copied = self._named(audio, script)
            cover = self._cover(sound, fetched)
            if cover:
                details = replace(details, cover=cover_name(cover))
                sources[str(details.cover)] = cover
            episode = make_episode(self.archive.library, sources, details, named, copied)
        return self._noted(sound, episode, sound_part, of, confidence)

    @contextlib.contextmanager
    def holding(self) -> Iterator[Callable[[Sound], Path | None]]:
        """While this lasts, sounds can be fetched to be listened to, and are made of what was fetched for that."""
        with contextlib.ExitStack() as held:

            def fetched(sound: Sound) -> Path | None:
                link = sound.entry.sound if sound.entry else None
                if link and link.url not in self._held:
                    self._held[link.url] = self.fetch(link, "sound", held)
                return self._held[link.url][0] if link else None

            try:
                yield fetched
            finally:
                self._held.clear()

    def give(self, made: Made, path: Path, part: Part) -> Made:
        """Put another transcript in the place of an episode's, and remember of what. One that was edited here since it
        was taken in stays; what is returned has the same ``given`` then.

        Raises
        ------
        Unusable, OutputError, OSError
            It cannot be used, or not be written; nothing has changed then.
        """
        episode = episode_of(self.archive, made)
        there = sha256_of(episode.transcript) if episode.transcript else None
        is_edited = bool(there and made.given) and there != made.given
        given = made.given
        if there == sha256_of(path):  # a run that fell was here before
            given = there
        elif not is_edited:
            replace_transcript(episode, Staged(path.parent, None, path, None))
            now = episode_of(self.archive, made).transcript
            given = sha256_of(now) if now else None
        new = msgspec.structs.replace(made, text=part, given=given)
        self.archive.note(new)
        return new

    def place_of(self, link: Link, kind: str) -> Path:
        """Where what a feed names lies while it is being fetched, in a folder of its own."""
        folder = self.archive.downloads / hashlib.sha256(link.url.encode("utf-8", "replace")).hexdigest()[:24]
        make_folder(folder)
        return folder / f"{stem_of(link.url) if kind == 'sound' else _NAMES[kind]}{ending_of(link, kind)}"

    def fetch(self, link: Link, kind: str, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        """What a feed names, until ``fetched`` is left, and how it was had."""
        most = {"text": LARGEST_TEXT_BYTES, "cover": LARGEST_COVER_BYTES}.get(kind, self.limits.most_bytes)
        if link.url in self._held:
            return self._held[link.url]
        path = self.place_of(link, kind)
        remove_file(path)  # of a run that fell; whether it is still the same nobody knows
        state = download(link.url, path, replace(self.limits, most_bytes=most), link.integrity, self.watch)
        fetched.callback(remove_folder, path.parent)
        size, digest = status_of(path).st_size, sha256_of(path)
        return path, Part(
            url=link.url, size=size, sha256=digest, etag=state.etag, modified=state.modified, declared=link.size
        )

    def _sound(self, sound: Sound, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        link = sound.entry.sound if sound.entry else None
        if sound.file:
            part = part_of(sound.file)
            return sound.file.path, msgspec.structs.replace(part, url=link.url, declared=link.size) if link else part
        assert link
        return self.fetch(link, "sound", fetched)

    def _text(self, text: Text, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        if text.file:
            return text.file.path, part_of(text.file)
        assert text.link
        return self.fetch(text.link, "text", fetched)

    def _cover(self, sound: Sound, fetched: contextlib.ExitStack) -> Path | None:
        """The cover of the episode, else that of its show; one that cannot be had hinders nothing."""
        show = sound.clues.show or ""
        told = self.shows.get(show)
        if told and told.cover and is_regular(told.cover):
            return told.cover
        url = (sound.entry.cover if sound.entry else None) or self.covers.get(show)
        if not url:
            return None
        try:
            path, _ = self.fetch(Link(url), "cover", fetched)
            cover_name(path)
        except (UserError, WebError, OSError):
            return None
        return path

    def _details(self, sound: Sound, labels: tuple[str, ...]) -> Details:
        """What is known of the episode, as a form would give it; what cannot be said there is left out."""
        entry, clues = sound.entry, sound.clues
        title = (entry.title if entry else None) or next(iter(clues.titles), None) or _file_title(sound)
        show = self.shows.get(clues.show or "")
        language = (entry.language if entry else None) or (show.language if show else None) or ""
        given = {
            "title": title[: LONGEST["title"]],
            "show": (clues.show or "")[: LONGEST["show"]],
            "date": clues.date or min(clues.told.dates, default=""),
            "url": _published(entry.link) if entry and entry.link else "",
            "language": language,
        }
        names = names_for(labels, show, entry.persons if entry else ())
        return checked_details(given, names, labels[:MOST_NAMES])

    def _named(self, audio: Path, script: Path | None) -> tuple[tuple[str, str | None], dict[str, Path], set[str]]:
        """The names of sound and text, the files by these, and which of them are somebody's."""
        name, written = safe_name(printable(audio.name), "episode"), None
        if script:
            name, written = file_names(name, safe_name(printable(script.name), "transcript"))
        sources = {name: audio, **({written: script} if script and written else {})}
        downloads = self.archive.downloads
        return (name, written), sources, {each for each, path in sources.items() if not path.is_relative_to(downloads)}

    def _noted(self, sound: Sound, episode: Episode, of: Part, text: Part | None, confidence: float | None) -> Made:
        given = sha256_of(episode.transcript) if episode.transcript else None
        guid = sound.entry.guid if sound.entry else None
        made = Made(sound.key, episode.folder.name, of, text, guid, sound.clues.date, confidence, given)
        self.archive.note(made)
        if of.sha256:
            self._folders_by_sound()[of.sha256] = made.folder
        return made

    def _folders_by_sound(self) -> dict[str, str]:
        if self._known is None:
            self._known = folders_by_sound(self.archive)
        return self._known


def ending_of(link: Link, kind: str) -> str:
    """The ending of the file that a feed names: that of its address where that tells what it is, else by its type."""
    ending = Path(urlsplit(link.url).path).suffix.lower()
    if ending in (SOUNDS if kind == "sound" else TEXTS if kind == "text" else ()):
        return ending
    known = _ENDINGS.get((link.type or "").partition(";")[0].strip().lower(), "")
    return known if kind != "cover" else ""


def part_of(file: File) -> Part:
    """A file as it is remembered."""
    return Part(path=str(file.path), size=file.size, changed=file.changed, sha256=file.sha256)


def stem_of(url: str) -> str:
    """What the file at an address is called, without an ending, as a name that can be."""
    return safe_name(parted(unquote(urlsplit(url).path).rpartition("/")[2])[0], "episode")


def _published(link: str) -> str:
    """An address that all may be told, else none."""
    try:
        check_address(link)
    except AddressError:
        return ""
    return link


def _file_title(sound: Sound) -> str:
    """What its file is called, or its folder where the file's name tells nothing."""
    if not sound.file:
        return sound.name
    name = next(iter(sound.clues.names), printable(sound.file.path.parent.name))
    return " ".join(name.replace("_", " ").split())
