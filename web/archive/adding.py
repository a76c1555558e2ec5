"""Add episodes to a library from audio and transcripts.

An episode's folder appears complete or not at all, and no two episodes have the same audio. Files from folders are
copied; files from feeds are first fetched into the user's data folder. If the library already has an episode with the
same audio or feed item, the archive adopts that episode: it records the episode as imported and adds no second one.
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
from web.archive.folders import inspect_audio, inspect_text
from web.archive.records import Audio, ImportedEpisode, Origin, SourceContents, Text
from web.archive.state import Archive, make_private_folder
from web.errors import WebError
from web.library import Episode, Library, read_folder
from web.library.changing import make_episode, transcript_name
from web.library.details import LONGEST, MOST_NAMES, Details, checked_details
from web.library.episode import AUDIO_TYPES, TEXT_TYPES
from web.library.incoming import LARGEST_COVER_BYTES, cover_name
from web.library.library import TRASH

_ENDINGS = {"audio/x-m4a": ".m4a", "audio/wav": ".wav", "application/x-subrip": ".srt", "application/srt": ".srt"}
LARGEST_AUDIO_BYTES, LARGEST_TEXT_BYTES = 2_000_000_000, 20_000_000
_MOST_READ_FOR_NAMES = 30  # newest episodes whose speakers' names are used for a new one of their show


@dataclass(slots=True)
class Downloads:
    """The files downloaded from feeds. Each file stays in ``folder`` until ``drop`` or ``drop_whole`` deletes it.
    ``private_feeds`` are the addresses of feeds whose own host may have a private IP address; other hosts to which
    these feeds link may not."""

    folder: Path
    private_feeds: frozenset[str] = frozenset()

    def audio(self, link: Link) -> Path:
        return self._fetched(link, safe_name(parted(name_in(link.url))[0], "episode"), AUDIO_TYPES, LARGEST_AUDIO_BYTES)

    def text(self, link: Link) -> Path:
        return self._fetched(link, "transcript", TEXT_TYPES, LARGEST_TEXT_BYTES)

    def picture(self, url: str, feed: str) -> Path:
        return self._fetched(Link(url, feed), "cover", (), LARGEST_COVER_BYTES)

    def limits(self, link: Link, most_bytes: int) -> Limits:
        return Limits(most_bytes, frozenset([host_of(link.feed)] if link.feed in self.private_feeds else []))

    def drop(self, link: Link) -> None:
        remove_folder(self._folder(link))

    def drop_whole(self) -> None:
        """Delete all complete downloads. Incomplete downloads stay, and a later import resumes them."""
        for folder in folders(self.folder):
            if not any(name.endswith(".part") for name in files(folder)):
                remove_folder(folder)

    def _fetched(self, link: Link, name: str, endings: Iterable[str], most_bytes: int) -> Path:
        """Return the path of the file to which ``link`` leads. Fetch the file unless it was fetched before. The file is
        named ``name`` with the extension of the address. If that is not one of ``endings``, the extension is chosen by
        the media type. Files larger than ``most_bytes`` are refused."""
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
    """Return the size in bytes that a feed states for a file, as text ("" if unknown), to use as ``Origin.state``."""
    return str(link.size_bytes or "")


@dataclass(slots=True)
class Adder:
    """An object that adds episodes to an archive's library.

    ``contents`` are the contents of the archive's sources, ``imported`` the imported episodes by folder name.
    ``missing`` are the names of imported episodes' folders that no longer exist. For folders that were not imported,
    ``_by_sha256`` maps the audio's hash, and ``_by_guid`` the show and GUID, to the folder's name.
    """

    archive: Archive
    library: Library
    downloads: Downloads
    contents: SourceContents
    imported: dict[str, ImportedEpisode]
    _by_sha256: dict[str, str] = field(default_factory=dict)  # folders that were not imported, by hash of the audio
    _by_guid: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Fill ``_by_sha256`` and ``_by_guid`` with the folders that were not imported. If such a folder has the same
        audio as an imported episode whose folder is missing, the folder was renamed: record its new name."""
        present = {each.name: each for each in folders(self.library.root) if not each.name.startswith(".")}
        missing = {each.audio.sha256: each for each in self.imported.values() if each.folder not in present}
        for name, folder in present.items():
            if name in self.imported or name.casefold() == TRASH:
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

    def newest_first(self) -> list[ImportedEpisode]:
        return sorted(self.imported.values(), key=lambda each: each.date or "", reverse=True)

    def adopt(self, audio: Audio, texts: Iterable[Text]) -> bool:
        """If the library already has an episode with this audio or feed item, record the episode as imported and return
        True. If one of ``texts`` equals the episode's transcript, record the text as the transcript's origin."""
        folder = self._by_sha256.get(audio.file.sha256) if audio.file else None
        if folder is None and audio.item:
            folder = self._by_guid.get(f"{audio.item.show} {audio.item.guid}")
        return bool(folder and self._adopt(audio, folder, texts))

    def add(self, audio: Audio, text: Text | None) -> ImportedEpisode:
        """Make an episode from audio and its transcript, and return it. If the library already has an episode with this
        audio, record that episode as imported instead. Raises UserError, WebError or OSError if a file cannot be
        fetched, used or written. No episode is then made."""
        if text and text.link:
            text = replace(inspect_text(self.downloads.text(text.link)), link=text.link)
        text_path = text.file.path if text and text.file else None
        audio_path = audio.file.path if audio.file else self.downloads.audio(_link(audio))
        sha256 = audio.file.sha256 if audio.file else sha256_of(audio_path)
        origin = audio.file or Origin(_link(audio).url, link_state(_link(audio)), sha256)
        if same := next((each for each in self.imported.values() if each.audio.sha256 == sha256), None):
            if audio.item is None or same.feed is None or same.key in self.contents.items:
                raise ArchiveError("{name}: is the same audio as {other}", name=audio.name, other=same.title)
            # The feed changed the item's guid, or another feed has it now.
            self._put(replace(same, key=audio.key, feed=audio.item.feed, audio=origin))
            return same
        if (folder := self._by_sha256.get(sha256)) and self._adopt(audio, folder, [text] if text else ()):
            return self.imported[folder]
        seconds = inspect_audio(audio_path).clues.length
        details = self._details(audio, text)
        names, sources = _names(audio_path, text_path)
        if cover := self._cover(audio):
            details = replace(details, cover=cover_name(cover))
            sources[str(details.cover)] = cover
        episode = make_episode(self.library, sources, details, names)
        imported = _imported(audio, episode, origin, _text_origin(text), seconds)
        self._put(imported)
        for link in ([audio.item.audio] if audio.item else []) + ([text.link] if text and text.link else []):
            self.downloads.drop(link)
        return imported

    def _adopt(self, audio: Audio, folder: str, texts: Iterable[Text]) -> bool:
        episode = read_folder(self.library.root / folder, folder)
        if episode is None or episode.audio is None:
            return False
        origin = None
        if episode.transcript:
            sha256 = sha256_of(episode.transcript)
            origin = next((_text_origin(each) for each in texts if each.file and each.file.sha256 == sha256), None)
        of_audio = audio.file or Origin(_link(audio).url, link_state(_link(audio)), sha256_of(episode.audio))
        self._put(_imported(audio, episode, of_audio, origin, inspect_audio(episode.audio).clues.length))
        return True

    def _put(self, imported: ImportedEpisode, replacing: str | None = None) -> None:
        self.archive.put_episode(imported, replacing)
        self.imported.pop(replacing or "", None)
        self.imported[imported.folder] = imported

    def _details(self, audio: Audio, text: Text | None) -> Details:
        item, clues = audio.item, audio.clues
        labels = text.labels if text else ()
        plain = [name.replace("_", " ") for name in clues.names]
        titles = (*([item.title] if item else []), *clues.titles, text.title if text else None, *plain, "?")
        show = clues.show or ""
        dates = sorted(clues.facts.dates) if len(clues.facts.dates) == 1 else []
        fields = {
            "title": next(each for each in titles if each and each.strip())[: LONGEST["title"]],
            "show": show[: LONGEST["show"]],
            "date": clues.date or next(iter(dates), ""),
            "url": _if_valid(item.page) if item and item.page else "",
            # The transcript decides, since a show may have episodes in another language.
            "language": (text and text.clues.language) or clues.language or "",
        }
        details = checked_details(fields, self._names_for(labels, show), labels[:MOST_NAMES])
        return replace(details, guid=item.guid if item else None)

    def _names_for(self, labels: Sequence[str], show: str) -> dict[str, str]:
        """Map speaker labels to the names that people entered for them in the newest episodes of ``show``."""
        names = dict[str, str]()
        newest = self.newest_first()[:_MOST_READ_FOR_NAMES]
        for imported in reversed(newest if labels else []):
            episode = read_folder(self.library.root / imported.folder, imported.folder)
            if episode and (episode.details.show or "") == show:
                names |= {label: name for label, name in episode.details.names.items() if label in labels}
        return names

    def _cover(self, audio: Audio) -> Path | None:
        """Return the path of the episode's cover. If unavailable, return that of the show's cover, or None."""
        item = audio.item
        source = next((each for each in self.contents.read if item and each.location == item.feed), None)
        of_show = source.show.cover if source and source.show else None
        with contextlib.suppress(UserError, WebError, OSError):
            if item and item.cover and item.cover != of_show:
                own = self.downloads.picture(item.cover, item.feed)
                cover_name(own)
                return own
        with contextlib.suppress(UserError, WebError, OSError):
            if source and of_show:
                copy = self.archive.cover_of(source.location)
                if not is_regular(copy):
                    fetched = self.downloads.picture(of_show, source.location)
                    cover_name(fetched)
                    move(fetched, copy)
                return copy
        return None


def _imported(
    audio: Audio, episode: Episode, origin: Origin, text: Origin | None, seconds: float | None
) -> ImportedEpisode:
    feed, date = audio.item.feed if audio.item else None, episode.details.date
    return ImportedEpisode(episode.folder.name, audio.key, episode.title, origin, text, date, seconds, feed)


def _link(audio: Audio) -> Link:
    assert audio.item
    return audio.item.audio


def _names(audio_path: Path, text_path: Path | None) -> tuple[tuple[str, str | None], dict[str, Path]]:
    name = safe_name(printable(audio_path.name), "episode")
    if text_path is None:
        return (name, None), {name: audio_path}
    of_text = transcript_name(name, safe_name(printable(text_path.name), "transcript"))
    return (name, of_text), {name: audio_path, of_text: text_path}


def _text_origin(text: Text | None) -> Origin | None:
    if text is None or text.file is None:
        return None
    return Origin(text.link.url, "", text.file.sha256) if text.link else text.file


def _if_valid(address: str) -> str:
    try:
        check_address(address)
    except AddressError:
        return ""
    return address
