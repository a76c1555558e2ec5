"""Making the episodes of an archive: each folder whole or not at all, one after another, and none of a sound twice.

What comes from a feed is fetched first; what lies in a folder is copied, so that whatever becomes of it there, the
episode stays as it is, and it is never changed.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from aligner.publication import AddressError, check_address
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import printable, safe_name
from media.confinement import is_regular
from media.errors import UserError
from web.archive.adding.downloads import Downloads
from web.archive.adding.file_titles import date_of, titles_by_file
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part, unasked
from web.archive.adding.not_taken import leave_text
from web.archive.adding.present import episode_of, finish
from web.archive.adding.remembered import Archive
from web.archive.adding.shows import Show, names_for
from web.archive.adding.source_shows import SourceShows, as_said
from web.archive.doubts.new_texts import clear_text
from web.archive.errors import blaming_address
from web.archive.pairing.items import Entry, File, Link, Sound, Text
from web.archive.sources.gathering import declared_text
from web.errors import WebError
from web.library import Details, Episode, cover_name, replace_transcript
from web.library.adding import file_names, make_episode
from web.library.details import LONGEST, MOST_NAMES, checked_details
from web.library.incoming import Staged
from web.library.preview import labels_in
from web.library.sent_files import check_sound


class AlreadyThereError(Exception):
    """An episode of the same sound is in the library: ``folder``."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder


@dataclass(slots=True)
class Maker:
    """Makes episodes in the library of a ``listing``; ``covers`` are the addresses of shows' covers, ``open`` the
    episodes that have no transcript yet, ``source_shows`` the shows that the sources' episodes have; ``follow`` lets
    the episode in a folder follow a sound that is its own, where that may be.
    ``alike`` counts the sounds that may have a title by their files' names, in small letters."""

    listing: Listing
    downloads: Downloads
    shows: Mapping[str, Show]
    covers: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, Made] = field(default_factory=dict)
    source_shows: SourceShows = field(default_factory=SourceShows)
    follow: Callable[[Sound, str], bool] = lambda *_: False
    alike: Counter[str] = field(default_factory=Counter)

    @property
    def archive(self) -> Archive:
        return self.listing.archive

    def make(self, sound: Sound, text: Text | None, confidence: float | None = None) -> Made:
        """Make the episode of a sound and its text, and remember it; one that is there without a text is given that.

        Raises
        ------
        AlreadyThereError
            There is one of that sound, which is remembered.
        ArchiveError, Unusable, OutputError, OSError
            Something cannot be had, is not what it should be, or cannot be written; no episode is made then.
        """
        with contextlib.ExitStack() as fetched:
            if text and (there := self.open.get(sound.key)):
                passed = msgspec.structs.replace(there, passed=_passed(sound, text))
                return self.give(passed, *self._text(text, fetched))
            audio, sound_part = self._sound(sound, fetched)
            if folder := self._folder_of(sound, audio, sound_part):
                if not self.follow(sound, folder):
                    of = part_of(text.file) if text and text.file else None
                    self.archive.note(Made(sound.key, folder, sound_part, of, twice=True))
                raise AlreadyThereError(folder)
            with blaming_address(sound_part.url if not sound.file else None):
                check_sound(audio)
            script, of = self._text(text, fetched) if text else (None, None)
            labels = labels_in(script) if script else ()
            show = self.source_shows.show_of(sound)
            details = self._details(sound, text, labels, show)
            named, sources, copied = self._named(audio, script)
            cover = self._cover(sound, show, fetched)
            if cover:
                details = replace(details, cover=cover_name(cover))
                sources[str(details.cover)] = cover
            guid, given = sound.entry.guid if sound.entry else None, sha256_of(script) if script else None
            made = Made(sound.key, "", sound_part, of, guid, sound.clues.date, confidence, given)
            made = msgspec.structs.replace(made, title=details.title, show=details.show, passed=_passed(sound, text))
            made = msgspec.structs.replace(made, named=as_said(sound.clues.show))
            return self._made(made, lambda: make_episode(self.archive.library, sources, details, named, copied))

    def give(self, made: Made, path: Path, part: Part) -> Made:
        """Put another transcript in the place of an episode's, and remember of what. One that was edited here since it
        was taken in stays; what is returned tells in ``edited`` which was not taken then.

        Raises
        ------
        Unusable, OutputError, OSError
            It cannot be used, or not be written; nothing has changed then.
        """
        episode, there = episode_of(self.archive, made), self._transcript_of(made)
        given, new_text = made.given, sha256_of(path)
        edited = new_text if new_text != given else None  # else nothing is in it that was not taken
        if there == new_text:  # a run that fell was here before
            given, edited = there, None
        elif there in (None, made.given, made.giving, made.edited):
            self.archive.note(msgspec.structs.replace(made, giving=new_text))
            if self._transcript_of(made) == there:  # nobody has edited it meanwhile
                replace_transcript(episode, Staged(path.parent, None, path, None))
                given, edited = self._transcript_of(made), None
        new = msgspec.structs.replace(made, text=part, given=given, giving=None, waiting=None, edited=edited)
        new = msgspec.structs.replace(new, anothers=None)
        self.archive.note(new)
        if edited:
            leave_text(self.archive, new, path, part)
        elif made.edited:
            clear_text(episode)
        return new

    def _transcript_of(self, made: Made) -> str | None:
        """The hash of the transcript that the episode has now."""
        transcript = episode_of(self.archive, made).transcript
        return sha256_of(transcript) if transcript else None

    def _sound(self, sound: Sound, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        link = sound.entry.sound if sound.entry else None
        if sound.file:
            part = part_of(sound.file)
            return sound.file.path, msgspec.structs.replace(part, url=link.url, declared=link.size) if link else part
        assert link
        return self.downloads.fetch(link, "sound", fetched)

    def _text(self, text: Text, fetched: contextlib.ExitStack) -> tuple[Path, Part]:
        if text.file:
            return text.file.path, part_of(text.file)
        assert text.link
        return self.downloads.fetch(text.link, "text", fetched)

    def _cover(self, sound: Sound, show: str, fetched: contextlib.ExitStack) -> Path | None:
        """The cover of the episode, else that of its show; one that cannot be had hinders nothing."""
        told = self.shows.get(show)
        of_feed = self.covers.get(sound.clues.show or "")
        own = sound.entry.cover if sound.entry and sound.entry.cover != of_feed else None
        if not own and told and told.cover and is_regular(told.cover):
            return told.cover
        url = own or of_feed
        if not url:
            return None
        try:
            path, _ = self.downloads.fetch(Link(url), "cover", fetched)
            cover_name(path)
        except (UserError, WebError, OSError):
            return None
        return path

    def _details(self, sound: Sound, text: Text | None, labels: tuple[str, ...], show: str) -> Details:
        """What is known of the episode, as a form would give it; what cannot be said there is left out."""
        entry, clues = sound.entry, sound.clues
        plain = [*self._titles_of(text, show), *self._titles_by_file(sound)]
        titles = (entry.title if entry else None, *clues.titles, *plain, *clues.names, "?")
        title = next(each for each in titles if each and any(map(str.isprintable, each.strip())))
        told = self.shows.get(show)
        given = {
            "title": title[: LONGEST["title"]],
            "show": show,
            "date": date_of(sound, text) or "",
            "url": _published(entry.link) if entry and entry.link else "",
            "language": _language(entry, text, told or Show()),
        }
        names = names_for(labels, told, entry.persons if entry else ())
        return checked_details(given, names, labels[:MOST_NAMES])

    def _titles_of(self, text: Text | None, show: str) -> list[str]:
        """The titles that a transcript has, but for those of another episode, and the show's own name."""
        if not text or not text.titles:
            return []
        titles = [title for title in text.titles if title.casefold() != show.casefold()]
        return [title for title in titles if not self.listing.has_title(title)]

    def _titles_by_file(self, sound: Sound) -> list[str]:
        """What it may be called as its file is, but for what others may be called too."""
        *plain, whole = titles_by_file(sound)
        free = [title for title in plain if self.alike[title.casefold()] < 2 and not self.listing.has_title(title)]
        return [*free, whole]

    def _named(self, audio: Path, script: Path | None) -> tuple[tuple[str, str | None], dict[str, Path], set[str]]:
        """The names of sound and text, the files by these, and which of them are somebody's."""
        name, written = safe_name(printable(audio.name), "episode"), None
        if script:
            name, written = file_names(name, safe_name(printable(script.name), "transcript"))
        sources = {name: audio, **({written: script} if script and written else {})}
        fetched = self.downloads.folder
        return (name, written), sources, {each for each, path in sources.items() if not path.is_relative_to(fetched)}

    def _made(self, begun: Made, make: Callable[[], Episode]) -> Made:
        """Have an episode made, so that it is known of what it was made whenever this process is killed."""
        finish(self.archive)  # one that could not be noted
        self.archive.begin(begun)
        try:
            episode = make()
        except (UserError, WebError, OSError):
            self.archive.end()
            raise
        made = msgspec.structs.replace(begun, folder=episode.folder.name)
        self.archive.note(made)
        self.archive.end()
        self.listing.add(episode, str(made.sound.sha256))
        return made

    def _folder_of(self, sound: Sound, audio: Path, part: Part) -> str | None:
        """The folder of the episode that has a sound already, of an item of a feed also in another encoding: as where
        its master was there before, or a show has moved to another host, which calls each item otherwise."""
        known = self.listing.by_sound.get(str(part.sha256))
        return known or (self.listing.encoded_anew(audio) if sound.entry and not sound.file else None)


def part_of(file: File) -> Part:
    """A file as it is remembered."""
    return Part(path=str(file.path), size=file.size, changed=file.changed, sha256=file.sha256)


def _language(entry: Entry | None, text: Text | None, show: Show) -> str:
    """What a person set for the show, but for a text that is seen to be in another language; else what is declared."""
    seen = text.clues.language if text else None
    corrected = show.corrected if seen in (None, show.corrected) else None
    return corrected or (entry.language if entry else None) or show.language or ""


def _passed(sound: Sound, text: Text | None) -> str | None:
    """What the feed declares of a sound whose transcript is a file, or nothing."""
    if not (text and text.file and sound.entry):
        return None
    declared = declared_text(sound)
    return unasked(declared.link.url) if declared and declared.link else ""


def _published(link: str) -> str:
    """An address that all may be told, else none."""
    try:
        check_address(link)
    except AddressError:
        return ""
    return link
