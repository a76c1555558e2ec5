"""The course that `add` and `update` take alike: what is new of what was gathered is paired and made, and what that
leaves is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from aligner.cli.terminal import say
from aligner.errors import ExitStatus
from aligner.storage.recovery import recover
from aligner.storage.user_folders import HIDDEN
from web.archive.adding.attempts import Attempts, Say
from web.archive.adding.caught_up import look_who_names, take_shows
from web.archive.adding.copies import note_copies
from web.archive.adding.corrected import Corrected, drop_versions, leave_versions
from web.archive.adding.downloads import Downloads
from web.archive.adding.file_titles import titles_by_file
from web.archive.adding.kept_shows import known_shows, see_made
from web.archive.adding.left_open import is_all, leave_open
from web.archive.adding.lines import make_all, say_finished, watching
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made
from web.archive.adding.making import Maker
from web.archive.adding.new_pairs import fault_key, keys_of, left_over, pair_new, told_of
from web.archive.adding.new_sounds import sweep
from web.archive.adding.not_taken import not_taken
from web.archive.adding.present import Present, clues_before, finish, open_episodes
from web.archive.adding.remembered import Archive, Memory, Source
from web.archive.adding.shows import with_labels
from web.archive.adding.source_shows import shows_of_sources
from web.archive.doubts.choices import choices_in
from web.archive.doubts.record import key_of
from web.archive.errors import ArchiveError
from web.archive.pairing.assignment import Listen
from web.archive.pairing.items import Clues, Sound, Text
from web.archive.pairing.pairs import Pair, Pairing
from web.archive.sources.asking import Limits
from web.archive.sources.chapters import asked_for, with_chapters
from web.archive.sources.folders import Found
from web.archive.sources.gathering import Gathered
from web.jobs.retime import NEW_SOUND

_MOST_HELD = 200  # texts that are left over which are held to what episodes say, once some were made


def recalled(archive: Archive) -> Memory:
    """What is remembered, once what a run that fell has made is; what it left in folders goes.

    Raises
    ------
    ArchiveError
        As ``Archive.read``.
    """
    places = archive.library.folders().values()
    recover(*(each for folder in places for each in (folder, folder / HIDDEN / NEW_SOUND)))
    say_finished(Listing(archive), finish(archive))
    memory = archive.read()
    refused = {made.refused.sha256 for made in memory.episodes.values() if made.refused}
    for folder in places:
        sweep(folder, refused)
    return memory


def check_sources(archive: Archive, memory: Memory) -> None:
    """Check that it has sources.

    Raises
    ------
    ArchiveError
        It has none, or they are somebody else's.
    """
    if memory.strange:
        raise ArchiveError(
            "{path}: its sources were not named by this user on this machine, and are not read; "
            "quotecast archive add names them",
            path=archive.library.root,
        )
    if not memory.sources:
        raise ArchiveError("{path}: has no sources yet; quotecast archive add names them", path=archive.library.root)


def limits_of(memory: Memory) -> Limits:
    return Limits(memory.most_bytes, memory.allow_private)


@dataclass(slots=True)
class Course:
    """One run over what was ``gathered`` of these ``places``, which takes pairs that are as ``sure`` as that; those
    episodes of the ``listing`` are ``there`` still."""

    listing: Listing
    memory: Memory
    places: Collection[str]
    gathered: Gathered
    there: dict[str, Made]
    sure: float
    downloads: Downloads = field(init=False)
    maker: Maker = field(init=False)
    _there: frozenset[str] = frozenset()

    @property
    def archive(self) -> Archive:
        return self.listing.archive

    def __post_init__(self) -> None:
        self.downloads = Downloads(self.archive.downloads, limits_of(self.memory), watching)
        episodes = self.listing.episodes
        shows = known_shows(self.archive, episodes)
        places = {*self.memory.sources, *self.places}
        known = (self.memory.episodes, self.memory.twice)
        new = [each for each in self.gathered.found.sounds if not any(each.key in some for some in known)]
        look_who_names(self.listing, self.memory, self.there, places, new)
        of_sources = shows_of_sources(self.there.values(), episodes, places, new)
        alike = Counter(title.casefold() for each in new if each.file for title in titles_by_file(each)[:-1])
        self.maker = Maker(
            self.listing, self.downloads, shows, self.gathered.covers, source_shows=of_sources, alike=alike
        )

    def pair(self, found: Found, listen: Listen | None, all_heard: bool = False, told: Collection[str] = ()) -> Pairing:
        """Pair what is new, and what is there without a transcript; of what is in doubt by more than was ``told``
        before, by its keys, also by its chapters where these have to be fetched."""
        opened = open_episodes(self.archive, self.there)
        self.maker.open = {key: made for key, (made, _) in opened.items()}
        sounds = [sound for _, sound in opened.values()]
        self._there = keys_of(found, sounds)
        choices = choices_in(self.archive.folder)
        before = self._before() if found.texts else []
        drop_versions(self.archive, self.there, {*self.memory.sources, *self.places})
        self.memory.episodes |= self.there
        if self.there and any(text.key not in told for text in found.texts):
            wanted = {each.text for each in choices}
            first = pair_new(found, self.memory, Present(sounds, before), choices)
            left = (*first.texts, *(pair.text for pair in first.in_doubt(self.sure)))
            new = [text for text in left if text.key not in told and key_of(text.key) not in wanted]
            others = self._leave_versions(new)
            found = replace(found, texts=tuple(text for text in found.texts if text.key not in others))
        if asked_for((*found.sounds, *sounds)):
            first = pair_new(found, self.memory, Present(sounds, before), choices)
            doubtful = [each.sound for each in first.in_doubt(self.sure)]
            if left_over(first) - {*told}:
                known = with_chapters([*doubtful, *(first.sounds if first.texts else ())], self.downloads.limits)
                found = replace(found, sounds=tuple(known.get(each.key, each) for each in found.sounds))
                sounds = [known.get(each.key, each) for each in sounds]
        return pair_new(found, self.memory, Present(sounds, before), choices, listen, all_heard)

    def _leave_versions(self, texts: Iterable[Text]) -> set[str]:
        """The keys of those of the texts that are other versions of episodes' transcripts, which is told and noted."""
        others = leave_versions(Corrected(self.listing, self.there), texts, {*self.memory.sources, *self.places}, say)
        self.memory.episodes |= self.there
        return others

    def _before(self) -> list[Clues]:
        """The clues of the episodes that are there, but for what is to be paired; of those that are not any more, what
        the feeds still say."""
        twice = {made.folder for made in self.memory.twice.values() if not made.is_beside}
        clues = clues_before(self.listing.episodes, {*twice, *(made.folder for made in self.maker.open.values())})
        removed = self.memory.episodes.keys() - self.there.keys()
        gone = [sound.clues for sound in self.gathered.found.sounds if sound.key in removed]
        return [*clues, *(replace(each, said=()) for each in gone)]

    def without_text(self, pairing: Pairing) -> list[Sound]:
        """The sounds that may be made alone: they are no episodes yet."""
        return [sound for sound in pairing.sounds if sound.key not in self.maker.open]

    def make(self, pairing: Pairing, pairs: Sequence[Pair], alone: Sequence[Sound]) -> ExitStatus:
        """Make these of a pairing; the rest is left open."""
        labels = ((self.maker.source_shows.show_of(pair.sound), pair.text.labels) for pair in pairs)
        self.maker.shows = with_labels(self.maker.shows, labels)
        status = make_all(self.maker, pairs, alone) if pairs or alone else ExitStatus.DONE
        if pairs:
            now = self.archive.read()
            self.there |= {key: made for key, made in now.episodes.items() if key not in self.memory.episodes}
            unused = [pair.text for pair in pairs if pair.sound.key in now.twice]
            self._leave_versions([*unused, *pairing.texts][:_MOST_HELD])
        note_copies(self.archive, self.gathered.found.copies)
        see_made(self.archive)
        is_whole = is_all(self.memory, self.places, self.gathered)
        stays = not_taken(self.archive, self.memory.sources, self.there)
        leave_open(self.archive, pairing, self.sure, self._there if is_whole else None, stays)
        return status

    def catch_up(self, attempts: Attempts, say: Say) -> None:
        """Tell episodes that were made before what they would be told by now."""
        take_shows(self.maker.source_shows, self.listing, self.memory, self.there, attempts, say)

    def end(self, pairing: Pairing, is_done: bool) -> None:
        """Remember what was told, and where nothing is left to do, the state of the feeds."""
        self.memory.told |= told_of(pairing) | {*map(fault_key, self.gathered.found.faults)}
        if is_done:
            states = self.gathered.states.items()
            self.memory.sources |= {place: Source(place, state.etag, state.modified) for place, state in states}
        self.archive.write(self.memory)
