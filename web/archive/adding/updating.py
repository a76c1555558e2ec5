"""Keeping an archive up to date: its sources are read again, and what is new or has changed there is taken up.

Nothing is taken away: an episode whose sound is gone from its source stays; one that a person removed does not come
back. A transcript that was edited here since it was taken in is not replaced, which is told once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from aligner.errors import ExitStatus
from aligner.storage.atomic import Content
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.backups import write_keeping
from aligner.storage.history_writing import NO_FILES
from media.confinement import is_regular, status_of
from media.errors import UserError
from media.listing import files
from media.moving import copy, make_folder, move, remove_file, remove_folder
from media.temporary import temporary_path
from web.archive.adding.downloads import LARGEST_TEXT_BYTES
from web.archive.adding.lines import LEFT_ALONE, UNANSWERED
from web.archive.adding.making import Maker, part_of
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive, Made, Memory, Part
from web.archive.errors import ArchiveError, FetchError, told
from web.archive.pairing.items import Link, Sound, Text
from web.archive.sources.fetching import fetch
from web.archive.sources.folders import Found
from web.archive.sources.gathering import DECLARED, declared_text
from web.errors import WebError
from web.jobs.process import Child
from web.jobs.retime import NEW_SOUND
from web.library import Episode
from web.library.details import details_files
from web.library.sent_files import check_sound

_ASKED = 100  # of episodes whose transcript a feed declares, the newest: whether it has changed is asked each time

Say = Callable[[str], None]
"""Told a line of what was done."""


@dataclass(slots=True)
class Update:
    """What one update does to an ``archive`` of which so much is remembered, and these episodes are ``there`` still;
    ``failed`` counts what could not be done."""

    archive: Archive
    memory: Memory
    maker: Maker
    say: Say
    warn: Say
    there: dict[str, Made]
    failed: int = 0
    _unanswered: int = 0  # in a row

    def take_changes(self, found: Found) -> Found:
        """Take up what has changed of episodes that are there; returns what is left, which is new."""
        by_path = {made.text.path: made for made in self.there.values() if made.text and made.text.path}
        texts = [text for text in found.texts if not self._is_taken(text, by_path)]
        by_sound = {made.sound.path: made for made in self.there.values() if made.sound.path}
        sounds = [sound for sound in found.sounds if not self._is_known(sound, by_sound)]
        self._ask_for_texts()
        return replace(found, sounds=tuple(sounds), texts=tuple(texts))

    def _is_taken(self, text: Text, by_path: Mapping[str, Made]) -> bool:
        """Whether a text is that of an episode, which follows it then."""
        assert text.file
        made = by_path.get(str(text.file.path))
        if made is None:
            return False
        assert made.text
        if made.text.sha256 == text.file.sha256:
            self._note(msgspec.structs.replace(made, text=part_of(text.file)))  # touched, and the same
        else:
            self._give(made, text.file.path, part_of(text.file))
        return True

    def _is_known(self, sound: Sound, by_path: Mapping[str, Made]) -> bool:
        """Whether a sound is that of an episode; a new one is laid beside its own."""
        made = self.there.get(sound.key) or (by_path.get(str(sound.file.path)) if sound.file else None)
        if made is None:
            return sound.key in self.memory.episodes  # it was removed here
        if sound.file and sound.file.sha256 != made.sound.sha256:
            self._lay(made, sound.file.path, part_of(sound.file))
        elif sound.entry and not sound.file:
            self._follow_feed(made, sound)
        return made.text is not None

    def _follow_feed(self, made: Made, sound: Sound) -> None:
        """Take up what a feed tells otherwise of an episode's sound, or newly of its transcript."""
        assert sound.entry
        if self._unanswered >= UNANSWERED:
            return
        link = sound.entry.sound
        if link and made.sound.url and (link.url, link.size) != (made.sound.url, made.sound.declared):
            with self._attempt(made), self._fetched(link, "sound") as (path, part):
                if part.sha256 == made.sound.sha256:
                    self._note(msgspec.structs.replace(made, sound=part))
                else:
                    self._lay(made, path, part)
        text = declared_text(sound)
        if text and text.link and _is_news(text.link, made):
            with self._attempt(made), self._fetched(text.link, "text") as (path, part):
                self._give(self.there[made.key], path, part)

    def _ask_for_texts(self) -> None:
        """Ask whether what feeds declare has changed, of the newest episodes."""
        declared = [made for made in self.there.values() if made.text and made.text.url]
        for made in sorted(declared, key=lambda each: each.date or "", reverse=True)[:_ASKED]:
            assert made.text
            assert made.text.url
            if self._unanswered >= UNANSWERED:
                return
            with self._attempt(made):
                limits = replace(self.maker.downloads.limits, most_bytes=LARGEST_TEXT_BYTES)
                answer = fetch(made.text.url, limits, made.text.validators)
                if answer is None:
                    continue
                state, digest = answer.validators, hashlib.sha256(answer.content).hexdigest()
                part = msgspec.structs.replace(
                    made.text, sha256=digest, size=len(answer.content), etag=state.etag, modified=state.modified
                )
                if digest == made.text.sha256:
                    self._note(msgspec.structs.replace(made, text=part))
                    continue
                with self.maker.downloads.written(Link(made.text.url), answer.content) as path:
                    self._give(made, path, part)

    def _give(self, made: Made, path: Path, part: Part) -> None:
        with self._attempt(made):
            new = self.maker.give(made, path, part)
            self.there[made.key] = self.memory.episodes[made.key] = new
            if new.given == made.given:
                self.warn(f"Stays     {made.folder}: its transcript changed at its source, and was edited here too")
                return
            self.say(f"Text      {made.folder}: its transcript is the new one")

    def _lay(self, made: Made, path: Path, part: Part) -> None:
        """Put a new sound in the place of an episode's: times move to it, where there are any. One that is not taken,
        as that of another episode, stays beside, which is told once."""
        with self._attempt(made):
            episode = episode_of(self.archive, made)
            assert episode.audio
            if sha256_of(episode.audio) == part.sha256:  # somebody, or a run that fell, was here before
                self._note(msgspec.structs.replace(made, sound=part))
                return
            new = _laid(path, episode.hidden / NEW_SOUND / f"{part.sha256}{path.suffix}")
            refused = None
            if episode.alignment:
                refused = self._moved(episode, new)
            else:
                _exchanged(episode, new)
            self._note(msgspec.structs.replace(made, sound=part))
            if refused:
                self.warn(f"Stays     {made.folder}: its sound changed at its source ({refused}); the new one is {new}")
            else:
                remove_file(new)
                if not files(new.parent):  # somebody may have sent one that is yet to be looked at
                    remove_folder(new.parent)
                self.say(f"Sound     {made.folder}: its sound is the new one")

    def _moved(self, episode: Episode, new: Path) -> str | None:
        """Let a sound take the place of an aligned episode's, its times moved; why not, where it is none of these.

        Raises
        ------
        ArchiveError
            The process that does it fell.
        """
        command = ["aligner", "retime", "--replace", "--progress", "json", "--", str(episode.alignment), str(new)]
        root = self.archive.library.root
        ending = Child(f"update {os.getpid()}", command, episode.folder, root, None, read_only=True).ending(_unwatched)
        if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
            return None
        if ending.status == ExitStatus.UNUSABLE and ending.complaint:
            return str(ending.complaint)
        raise ArchiveError("{path}: moving its times to the new sound fell", path=episode.folder)

    def _note(self, made: Made) -> None:
        self.archive.note(made)
        self.there[made.key] = self.memory.episodes[made.key] = made

    @contextlib.contextmanager
    def _fetched(self, link: Link, kind: str) -> Iterator[tuple[Path, Part]]:
        with contextlib.ExitStack() as fetched:
            yield self.maker.downloads.fetch(link, kind, fetched)

    @contextlib.contextmanager
    def _attempt(self, made: Made) -> Iterator[None]:
        """Tell what fails of one episode, and go on with the others."""
        try:
            yield
        except (UserError, WebError, OSError) as error:
            self.failed += 1
            self.warn(f"quotecast: {made.folder}: not brought up to date: {told(error)}")
            self._unanswered = self._unanswered + 1 if isinstance(error, FetchError) and not error.lasting else 0
            if self._unanswered == UNANSWERED:
                self.warn(LEFT_ALONE)
        else:
            self._unanswered = 0


def _is_news(link: Link, made: Made) -> bool:
    """Whether a feed declares another transcript for an episode than it has, and no file was a surer one."""
    if made.text is None:
        return True
    if made.text.url:
        return made.text.url != link.url
    return made.confidence is not None and made.confidence < DECLARED


def _unwatched(_: object) -> None:
    pass


def _exchanged(episode: Episode, new: Path) -> None:
    """Let a sound take the place of that of an episode which has no times yet."""
    assert episode.audio
    check_sound(new)
    path, told_of = episode.folder / f"{episode.audio.stem}{new.suffix}", NO_FILES
    goes: dict[Path, Content] = {}
    if path != episode.audio:
        transcript = episode.transcript.name if episode.transcript else None
        told_of, goes = details_files(episode.folder, episode.details, path.name, transcript), {episode.audio: None}
    beside = temporary_path(episode.folder, path.suffix)
    try:
        copy(new, beside)
        write_keeping(told_of.contents, {**goes, **told_of.beside, path: beside})
    finally:
        remove_file(beside)


def _laid(path: Path, new: Path) -> Path:
    """A copy of a file at a place, whole or not at all."""
    make_folder(new.parent)
    if not is_regular(new):
        beside = temporary_path(new.parent)
        try:
            copy(path, beside)
            move(beside, new)
        finally:
            remove_file(beside)
    return new


def is_as_before(memory: Memory) -> Callable[[Path], bool]:
    """Whether a file is as it was when an episode was made of it. Of a sound that was an episode's already both it and
    its text have to be, for they go together where one is another by now."""
    whole = [made for made in memory.episodes.values() if made.text]  # others may yet have their transcript
    alone = [(part,) for made in whole for part in (made.sound, made.text)]
    together = [(made.sound, made.text) for made in memory.twice.values()]
    known = {part.path: parts for parts in (*alone, *together) for part in parts if part and part.path}
    return lambda path: str(path) in known and all(map(_is_unchanged, filter(None, known[str(path)])))


def _is_unchanged(part: Part) -> bool:
    if not part.path:
        return True
    try:
        status = status_of(Path(part.path))
    except OSError:
        return False
    return (part.size, part.changed) == (status.st_size, status.st_mtime_ns)
