"""Keeping an archive up to date: its sources are read again, and what is new or has changed there is taken up.

Nothing is taken away: an episode whose sound is gone from its source stays; one that a person removed does not come
back. A transcript that was edited here since it was taken in is not replaced, which is told once.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.sounds_in_place import copy_of
from media.confinement import is_regular
from media.errors import UserError, to_facts
from web.archive.adding.downloads import LARGEST_TEXT_BYTES
from web.archive.adding.following import is_unchanged, lies_in, moved
from web.archive.adding.lines import LEFT_ALONE, UNANSWERED
from web.archive.adding.making import Maker, part_of
from web.archive.adding.new_sounds import exchange, lay_beside, move_times, put_away
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive, Made, Memory, Part
from web.archive.adding.titles import retitle, title_of
from web.archive.errors import FetchError, told
from web.archive.pairing.items import Entry, File, Link, Sound, Text
from web.archive.sources.fetching import fetch
from web.archive.sources.folders import Found
from web.archive.sources.gathering import DECLARED, declared_text, feed_of
from web.errors import WebError

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
    _unseen: set[str] = field(default_factory=set)  # the keys of episodes whose sound could not be had
    _unread: set[str] = field(default_factory=set)  # those whose sound changed in a folder, and is none yet

    def take_changes(self, found: Found) -> Found:
        """Take up what has changed of episodes that are there; returns what is left, which is new. Sounds come first:
        where one is another episode's, so is the text that lies beside it."""
        self._follow_moved(found)
        seen = {str(sound.file.path) for sound in found.sounds if sound.file}
        self._unread = {made.key for made in self.there.values() if self._is_unread(made.at_source, seen)}
        by_sound = {made.at_source.path: made for made in self.there.values() if made.at_source.path}
        sounds = [sound for sound in found.sounds if not self._is_known(sound, by_sound)]
        by_path = {made.text.path: made.key for made in self.there.values() if made.text and made.text.path}
        texts = [text for text in found.texts if not self._is_taken(text, by_path)]
        self._ask_for_texts()
        return replace(found, sounds=tuple(sounds), texts=tuple(texts))

    def _follow_moved(self, found: Found) -> None:
        """Follow files that lie elsewhere by now."""
        sounds = {key: made.at_source for key, made in self.there.items()}
        for key, part in moved(sounds, (sound.file for sound in found.sounds), self.memory.sources).items():
            made = self.there[key]
            now = {"refused": part} if made.refused else {"sound": part}
            self._note(msgspec.structs.replace(made, **now))
        texts = {key: made.text for key, made in self.there.items() if made.text}
        for key, part in moved(texts, (text.file for text in found.texts), self.memory.sources).items():
            self._note(msgspec.structs.replace(self.there[key], text=part))

    def _is_unread(self, sound: Part, seen: Set[str]) -> bool:
        """Whether the file of an episode's sound has changed, and is not among the sounds that were ``seen``."""
        path = sound.path
        return path is not None and path not in seen and lies_in(path, self.memory.sources) and not is_unchanged(sound)

    def _is_taken(self, text: Text, by_path: Mapping[str, str]) -> bool:
        """Whether a text is that of an episode, which follows it then."""
        assert text.file
        key = by_path.get(str(text.file.path))
        if key is None:
            return False
        made = self.there[key]
        assert made.text
        if made.text.sha256 == text.file.sha256:
            self._keep(made, part_of(text.file))  # touched, and the same
        else:
            self._give(key, text.file.path, part_of(text.file))
        return True

    def _is_known(self, sound: Sound, by_path: Mapping[str, Made]) -> bool:
        """Whether a sound is that of an episode, which follows it then."""
        made = self.there.get(sound.key) or (by_path.get(str(sound.file.path)) if sound.file else None)
        if made is None:
            return sound.key in self.memory.episodes  # it was removed here
        failed = self.failed
        if sound.file:
            self._follow_file(made, sound.file)
        elif sound.entry:
            self._follow_link(made, sound.entry.sound)
        if self.failed > failed:
            self._unseen.add(made.key)
        if sound.entry and not sound.file:
            self._follow_declared(made.key, sound)
        if sound.entry and sound.entry.guid == made.guid:
            self._follow_title(self.there[made.key], sound.entry)
        now = self.there[made.key]
        return now.text is not None or now.refused is not None

    def _follow_file(self, made: Made, file: File) -> None:
        if file.sha256 != made.at_source.sha256:
            if file.sha256 != made.sound.sha256:
                self._lay(made, file.path, part_of(file))
            elif made.refused and _is_in_place_of(file, made.refused):
                was = msgspec.structs.replace(made.sound, path=str(file.path), size=file.size, changed=file.changed)
                self._note(with_sound(made, was))

    def _follow_link(self, made: Made, link: Link | None) -> None:
        """Take up what a feed tells otherwise of an episode's sound."""
        was = made.at_source
        if link and was.url and (link.url, link.size) != (was.url, was.declared):
            if self._unanswered >= UNANSWERED:
                self._unseen.add(made.key)
                return
            with self._attempt(made), self._fetched(link, "sound") as (path, part):
                if part.sha256 == made.sound.sha256:
                    self._note(with_sound(made, part))
                elif part.sha256 == was.sha256:
                    self._note(msgspec.structs.replace(made, refused=part))
                else:
                    self._lay(made, path, part)

    def _follow_declared(self, key: str, sound: Sound) -> None:
        """Take up what a feed tells newly of an episode's transcript."""
        if self._unanswered >= UNANSWERED:
            return
        made, text = self.there[key], declared_text(sound)
        if text and text.link and _is_news(text.link, made):
            with self._attempt(made), self._fetched(text.link, "text") as (path, part):
                if made.text and made.text.sha256 == part.sha256:
                    self._keep(made, part)
                else:
                    self._give(key, path, part)

    def _follow_title(self, made: Made, entry: Entry) -> None:
        """Take up the title of an item, but for that of another episode's sound, and where a person gave one."""
        title = title_of(entry)
        if not made.title or title in (None, made.title) or made.refused or made.key in self._unseen:
            return
        with self._attempt(made):
            episode = episode_of(self.archive, made)
            if episode.details.title == made.title:
                retitle(episode, title)
                self.say(f"Title     {made.folder}: {title}")
            elif episode.details.title != title:
                return
            self._note(msgspec.structs.replace(made, title=title))

    def _ask_for_texts(self) -> None:
        """Ask whether what feeds declare has changed, of the newest episodes; not feeds that were forgotten."""
        feeds = {None, *self.memory.sources}
        declared = [made for made in self.there.values() if made.text and made.text.url]
        declared = [made for made in declared if feed_of(made.key, made.guid or "") in feeds]
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
                    self._give(made.key, path, part)

    def _give(self, key: str, path: Path, part: Part) -> None:
        made = self.there[key]
        with self._attempt(made):
            if self._waits(made, part):
                return
            made = self.there[key]
            new = self.maker.give(made, path, part)
            self.there[key] = self.memory.episodes[key] = new
            if new.edited:
                self.warn(f"Stays     {made.folder}: its transcript changed at its source, and was edited here too")
            elif new.given != made.given:
                self.say(f"Text      {made.folder}: its transcript is the new one")

    def _keep(self, made: Made, text: Part) -> None:
        """Note that the text at its source is the one that was taken."""
        self._note(msgspec.structs.replace(made, text=text, waiting=None))

    def _waits(self, made: Made, text: Part) -> bool:
        """Whether a text is not to be taken, as the sound that lies with it was not, which is told once."""
        if made.key in self._unseen:
            return True  # until its sound can be looked at, as the next update tries
        if made.refused is None and made.key not in self._unread:
            return False
        audio = episode_of(self.archive, made).audio
        if audio and made.refused and sha256_of(audio) == made.refused.sha256:  # a person has taken it all the same
            self._note(with_sound(made, made.refused))
            return False
        if made.waiting != text.sha256:
            self._note(msgspec.structs.replace(made, waiting=text.sha256))
            until = "can be read" if made.key in self._unread else "is one of this episode"
            changed = "its transcript changed at its source too, and waits"
            self.warn(f"Stays     {made.folder}: {changed} until the sound there {until}")
        return True

    def _lay(self, made: Made, path: Path, part: Part) -> None:
        """Put a new sound in the place of an episode's: times move to it, where there are any. One that is not taken,
        as that of another episode, stays beside, which is told once."""
        with self._attempt(made):
            episode = episode_of(self.archive, made)
            assert episode.audio
            before, sha256 = episode.audio, sha256_of(episode.audio)
            if sha256 == part.sha256:  # somebody, or a run that fell, was here before
                put_away(episode, str(part.sha256))
                self._note(with_sound(made, part))
                return
            new = lay_beside(episode, path, str(part.sha256))
            if episode.alignment:
                if refused := move_times(episode, new, self.archive.library.root):
                    self._note(msgspec.structs.replace(made, refused=part, why=to_facts(refused)))
                    self.warn(
                        f"Stays     {made.folder}: its sound changed at its source ({refused}); the new one is {new}"
                    )
                    return
            else:
                exchange(episode, new)
            put_away(episode, str(part.sha256))
            self._note(with_sound(made, part))
            kept = copy_of(before, sha256)
            where = f"; the old one is kept as {kept.name}" if kept else ""
            self.say(f"Sound     {made.folder}: its sound is the new one{where}")

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
    if made.text.path is None:
        return True  # as of a library that somebody sent, whose addresses do not count
    return made.confidence is not None and made.confidence < DECLARED


def with_sound(made: Made, sound: Part) -> Made:
    """An episode whose sound is, as that lies at its source."""
    return msgspec.structs.replace(made, sound=sound, refused=None, why=None, waiting=None)


def _is_in_place_of(file: File, refused: Part) -> bool:
    """Whether a file is what lies at the source now, and not another copy beside the sound that was refused."""
    return str(file.path) == refused.path or not (refused.path and is_regular(Path(refused.path)))
