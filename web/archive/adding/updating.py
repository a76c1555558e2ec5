"""Keeping an archive up to date: its sources are read again, and what is new or has changed there is taken up.

Nothing is taken away: an episode whose sound is gone from its source stays; one that a person removed does not come
back. A transcript that was edited here since it was taken in is not replaced, which is told once.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from aligner.storage.audio_lookup import sha256_of
from web.archive.adding.attempts import Attempts, Say
from web.archive.adding.copies import following_copies
from web.archive.adding.corrected import Corrected, chosen_versions
from web.archive.adding.declared import as_anothers, is_news, is_unknown
from web.archive.adding.downloads import LARGEST_TEXT_BYTES
from web.archive.adding.exchanges import came_back, clear_refused, exchanged, new_links
from web.archive.adding.following import is_in_place_of, lies_in, whose_sound
from web.archive.adding.made import Made, Part, is_unchanged, new_name, unasked, with_sound
from web.archive.adding.making import Maker, part_of
from web.archive.adding.not_taken import leave_text
from web.archive.adding.present import episode_of, words_of
from web.archive.adding.remembered import Archive, Memory
from web.archive.adding.text_places import TextPlaces, follow_files
from web.archive.adding.titles import say_of, title_of
from web.archive.adding.wordings import wording_of
from web.archive.pairing.items import Entry, File, Link, Sound, Text
from web.archive.sources.fetching import fetch
from web.archive.sources.folders import Found
from web.archive.sources.gathering import declared_text, feed_of

_ASKED = 100  # of episodes whose transcript a feed declares, the newest: whether it has changed is asked each time


@dataclass(slots=True)
class Update:
    """What one update does to an archive of which so much is remembered, and these episodes are ``there`` still; who is
    to ``say`` what was done is told it."""

    memory: Memory
    maker: Maker
    say: Say
    attempts: Attempts
    there: dict[str, Made]
    _unseen: set[str] = field(default_factory=set)  # the keys of episodes whose sound could not be had
    _new: set[tuple[str | None, str | None]] = field(default_factory=set)  # feeds, and what their new items name
    _unread: set[str] = field(default_factory=set)  # those whose sound changed in a folder, and is none yet

    @property
    def archive(self) -> Archive:
        return self.maker.archive

    def take_changes(self, found: Found) -> Found:
        """Take up what has changed of episodes that are there; returns what is left, which is new. Sounds come first:
        where one is another episode's, so is the text that lies beside it."""
        self._new = {*new_links(found, {*self.memory.episodes, *self.memory.twice})}
        for made, path, part in [*came_back(self.archive, self.there)]:
            self._lay(made, path, part)
        places = self._follow_moved(found)
        for made in [*following_copies(self.there, self.memory)]:
            self._note(made)
        seen = {str(sound.file.path) for sound in found.sounds if sound.file}
        self._unread = {made.key for made in self.there.values() if self._is_unread(made.at_source, seen)}
        by_path = defaultdict[str | None, list[Made]](list)
        for made in self.there.values():
            by_path[made.at_source.path].append(made)
        sounds = [sound for sound in found.sounds if not self._is_known(sound, by_path)]
        seen = {str(text.file.path) for text in found.texts if text.file}
        settled = {*places.pending, *(key for path, key in places.keys.items() if path in seen)}
        corrected = Corrected(self.maker.listing, self.there).following(found.texts, sounds, self.memory.sources)
        by_text = {path: key for path, key in corrected.items() if key not in settled} | {**places.keys}
        chosen = chosen_versions(self.archive, self.there)
        by_text = {path: key for path, key in by_text.items() if key not in chosen.values()} | chosen
        texts = [text for text in found.texts if not self._is_taken(text, by_text)]
        for key, part in places.exchanged.items():
            if part.path and part.path not in seen:  # for it is as it was
                self._give(key, Path(part.path), part)
        self._ask_for_texts()
        return replace(found, sounds=tuple(sounds), texts=tuple(texts))

    def _follow_moved(self, found: Found) -> TextPlaces:
        """Follow files that lie elsewhere by now; returns whose texts lie where."""
        now, places = follow_files(self.there, found, self.memory.sources, lambda made: words_of(self.archive, made))
        for key, made in now.items():
            if key in places.pending:
                self.there[key] = self.memory.episodes[key] = made
            elif made != self.there[key]:
                self._note(made)
        for key, other in places.apart.items():
            if (told := f"apart {now[key].sound.sha256} {now[other].sound.sha256}") not in self.memory.told:
                self.memory.told |= {told}
                one, another = (self.maker.listing.called(now[each].folder) for each in (key, other))
                self.attempts.warn(f"Stays     {one}: the transcript beside its sound is that of {another} by now")
        return places

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

    def _is_known(self, sound: Sound, by_path: Mapping[str | None, Sequence[Made]]) -> bool:
        """Whether a sound is that of an episode, which follows it then."""
        made = self.there.get(sound.key)
        if sound.file:
            made = whose_sound(sound.file, by_path.get(str(sound.file.path), ()), made)
        if made is None:
            return sound.key in self.memory.episodes  # it was removed here
        failed = self.attempts.failed
        if sound.file:
            self._follow_file(made, sound.file)
        elif sound.entry:
            self._follow_link(made, sound.entry.sound)
        if self.attempts.failed > failed:
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
            elif made.follows or (made.refused and is_in_place_of(file, made.refused)):
                was = msgspec.structs.replace(made.sound, path=str(file.path), size=file.size, changed=file.changed)
                self._note(with_sound(made, was))

    def _follow_link(self, made: Made, link: Link | None) -> None:
        """Take up what a feed tells otherwise of an episode's sound."""
        was = made.at_source
        if link and was.url and (link.url, link.size) != (was.url, was.declared):
            if self.attempts.are_over:
                self._unseen.add(made.key)
                return
            with self.attempts.of(self._called(made)), self._fetched(link, "sound") as (path, part):
                self.take_sound(made.key, path, part)

    def take_sound(self, key: str, path: Path, part: Part) -> None:
        """Take up what was fetched of an episode's sound."""
        made = self.there[key]
        if part.sha256 == made.sound.sha256:
            self._note(with_sound(made, part))
        elif part.sha256 == made.at_source.sha256:
            self._note(msgspec.structs.replace(made, refused=part))
        else:
            self._lay(made, path, part)

    def _follow_declared(self, key: str, sound: Sound) -> None:
        """Take up what a feed tells newly of an episode's transcript."""
        if self.attempts.are_over:
            return
        made, text = self.there[key], declared_text(sound)
        if text and text.link and is_unknown(made):
            self._note(msgspec.structs.replace(made, passed=unasked(text.link.url)))
        elif text and text.link and is_news(text.link, made):
            with self.attempts.of(self._called(made)), self._fetched(text.link, "text") as (path, part):
                if made.text and made.text.sha256 == part.sha256:
                    self._keep(made, part)
                else:
                    self._give(key, path, part)

    def _follow_title(self, made: Made, entry: Entry) -> None:
        """Take up the title of an item, but for that of another episode's sound, and where a person gave one."""
        title = title_of(entry)
        is_others = made.refused is not None and not made.chosen
        if not made.title or title in (None, made.title) or is_others or made.key in self._unseen:
            return
        with self.attempts.of(self._called(made)):
            episode = episode_of(self.archive, made)
            if episode.details.title == made.title:
                called = self._called(made)
                say_of(episode, title=title)
                self.maker.listing.look_again(made.folder)
                self.say(f"Title     {called}: {title}")
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
            if self.attempts.are_over:
                return
            with self.attempts.of(self._called(made)):
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
        with self.attempts.of(self._called(made)):
            if self._waits(made, part) or (part.url and self._is_anothers(self.there[key], path, part)):
                return
            made = self.there[key]
            new = self.maker.give(made, path, part)
            self.there[key] = self.memory.episodes[key] = new
            if new.edited:
                self.attempts.warn(
                    f"Stays     {self._called(made)}: its transcript changed at its source, and was edited here too"
                )
            elif new.given != made.given:
                self.say(f"Text      {self._called(made)}: its transcript is the new one{new_name(part, made.text)}")

    def _is_anothers(self, made: Made, path: Path, text: Part) -> bool:
        """Whether what a feed declares now is the transcript of another episode, which is told once."""
        other = self.maker.listing.worded_alike(wording_of(path), made.folder)
        if other and (now := as_anothers(made, text)) != made:
            self._note(now)
            leave_text(self.archive, now, path, text)
            is_it = f"is nearly word for word that of {self.maker.listing.called(other)}"
            self.attempts.warn(f"Stays     {self._called(made)}: the transcript that its feed declares now {is_it}")
        return other is not None

    def _keep(self, made: Made, text: Part) -> None:
        """Note that the text at its source is the one that was taken."""
        self._note(msgspec.structs.replace(made, text=text, waiting=None))

    def _waits(self, made: Made, text: Part) -> bool:
        """Whether a text is not to be taken, as the sound that lies with it was not, which is told once."""
        if made.key in self._unseen:
            return True  # until its sound can be looked at, as the next update tries
        if (made.refused is None or made.chosen) and made.key not in self._unread:
            return False
        audio = episode_of(self.archive, made).audio
        if audio and made.refused and sha256_of(audio) == made.refused.sha256:  # a person has taken it all the same
            self._note(with_sound(made, made.refused))
            return False
        if made.waiting != text.sha256:
            self._note(msgspec.structs.replace(made, waiting=text.sha256))
            until = "can be read" if made.key in self._unread else "is one of this episode"
            changed = "its transcript changed at its source too, and waits"
            self.attempts.warn(f"Stays     {self._called(made)}: {changed} until the sound there {until}")
        return True

    def _lay(self, made: Made, path: Path, part: Part) -> None:
        """Put a new sound in the place of an episode's, where that may be."""
        with self.attempts.of(self._called(made)):
            is_news = (feed_of(made.key, made.guid or ""), part.url) in self._new
            done = exchanged(made, episode_of(self.archive, made), path, part, self.maker.listing, is_news)
            self._note(done.made)
            if done.is_refused:
                self.attempts.warn(done.said)
            elif done.said:
                self.say(done.said)
                self.maker.listing.look_again(made.folder)

    def _called(self, made: Made) -> str:
        return self.maker.listing.called(made.folder)

    def _note(self, made: Made) -> None:
        clear_refused(self.archive, self.there[made.key], made)
        self.archive.note(made)
        self.there[made.key] = self.memory.episodes[made.key] = made

    @contextlib.contextmanager
    def _fetched(self, link: Link, kind: str) -> Iterator[tuple[Path, Part]]:
        with contextlib.ExitStack() as fetched:
            yield self.maker.downloads.fetch(link, kind, fetched)
