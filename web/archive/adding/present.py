"""The episodes that an archive made, as they are in the library now: removed, renamed, still without a transcript."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from media.errors import UserError
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made
from web.archive.adding.remembered import Archive
from web.archive.pairing.items import Clues, Sound
from web.archive.sources.folders import look_at_sound, look_at_text, names_by
from web.errors import NotFound, WebError
from web.library import Episode
from web.library.folders import read_folder

_READ = 30  # transcripts of episodes that are looked into for their words, of the newest


@dataclass(frozen=True, slots=True)
class Present:
    """The episodes that are there, as pairing has to know them: the sounds of those that are ``opened`` to have a
    transcript, the clues of the others, that were made ``before``."""

    opened: Sequence[Sound] = ()
    before: Sequence[Clues] = ()


def finish(archive: Archive) -> Made | None:
    """Note the episode whose folder a run left that fell before it could; None where there is none.

    Its sound was that of no episode when it was begun, so an episode of that sound is the one. If its transcript is not
    what was laid there, a person has edited it since, as anywhere.
    """
    begun = archive.begun()
    if begun is None:
        return None
    folder = Listing(archive).by_sound.get(begun.sound.sha256 or "")
    made = msgspec.structs.replace(begun, folder=folder) if folder else None
    if made:
        archive.note(made)
    archive.end()
    return made


def there_still(listing: Listing, episodes: Mapping[str, Made]) -> dict[str, Made]:
    """Those of the episodes that are in the library, under whatever name by now."""
    by_sound, folders = listing.by_sound, {each.folder.name for each in listing.episodes if each.audio}
    found = {}
    for key, made in episodes.items():
        if made.folder in folders:
            found[key] = made
        elif folder := by_sound.get(made.sound.sha256 or ""):
            found[key] = msgspec.structs.replace(made, folder=folder)
    return found


def open_episodes(archive: Archive, there: Mapping[str, Made]) -> dict[str, tuple[Made, Sound]]:
    """The episodes that have no transcript yet, with their sounds, to be paired."""
    found = {}
    for key, made in there.items():
        if made.text is None:
            with contextlib.suppress(UserError, WebError, OSError):
                episode = episode_of(archive, made)
                if episode.audio and not episode.transcript:
                    sound = look_at_sound(episode.audio)
                    names = tuple(filter(None, [episode.details.title, made.folder]))
                    clues = Clues.of((*sound.clues.names, *names), sound.clues.titles, length=sound.clues.length)
                    date = made.date or episode.details.date
                    found[key] = made, replace(sound, key=key, clues=replace(clues, date=date))
    return found


def clues_before(episodes: Iterable[Episode], but: Collection[str]) -> list[Clues]:
    """What episodes tell of themselves, ``but`` for those in these folders; what their transcripts say, of the newest
    alone."""
    known = sorted(episodes, key=lambda each: each.details.date or "", reverse=True)
    known = [each for each in known if each.folder.name not in but]
    read = [(each.folder, each.transcript) for each in known if each.transcript][:_READ]
    said = {folder: _said(transcript) for folder, transcript in read}
    return [replace(_clues_of(each), said=said.get(each.folder, ())) for each in known]


def _clues_of(episode: Episode) -> Clues:
    files = filter(None, [episode.audio, episode.transcript])
    names = dict.fromkeys(name for file in files for name in names_by(file))
    titles = tuple(filter(None, [episode.details.title]))
    return Clues.of(tuple(names), titles, date=episode.details.date)


def _said(transcript: Path) -> tuple[int, ...]:
    with contextlib.suppress(UserError, WebError, OSError):
        return look_at_text(transcript).clues.said
    return ()


def words_of(archive: Archive, made: Made) -> tuple[int, ...]:
    """The telling words of an episode's transcript, as hashes; none where it cannot be read."""
    with contextlib.suppress(WebError, OSError):
        transcript = episode_of(archive, made).transcript
        return _said(transcript) if transcript else ()
    return ()


def episode_of(archive: Archive, made: Made) -> Episode:
    """The episode that was made.

    Raises
    ------
    NotFound
        It is gone.
    """
    episode = read_folder(archive.library.root / made.folder, made.folder)
    if episode is None:
        raise NotFound("error.episode")
    return episode
