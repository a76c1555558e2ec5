"""Episodes of folders that were made before what would tell a new one its show was known: they have it too.

An episode has the show that all sounds of its source name which name one. Never what a person left: one whose own sound
names a show, or that was given one, and has none, is one from which a person took it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable

import msgspec

from media.errors import UserError
from web.archive.adding.attempts import Attempts, Say
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made
from web.archive.adding.remembered import Archive, Memory
from web.archive.adding.source_shows import SourceShows, as_said, place_with
from web.archive.adding.titles import say_of
from web.archive.pairing.items import Sound
from web.errors import WebError
from web.library import Episode
from web.library.sent_files import look_at


def look_who_names(
    listing: Listing, memory: Memory, there: dict[str, Made], places: Collection[str], new: Iterable[Sound]
) -> None:
    """Remember which show the sounds of episodes name that were made before this was remembered, in places where some
    sound has none."""
    episodes = {each.folder.name: each for each in listing.episodes}
    known = [made for made in there.values() if made.folder in episodes and made.sound.path and made.guid is None]
    lacking = [str(made.sound.path) for made in known if not episodes[made.folder].details.show]
    lacking += [str(sound.file.path) for sound in new if sound.file and not sound.entry and not sound.clues.show]
    wanted = {place_with(path, places) for path in lacking} - {None}
    for made in known:
        audio = episodes[made.folder].audio
        if made.named is None and audio and place_with(str(made.sound.path), places) in wanted:
            with contextlib.suppress(UserError, WebError, OSError):
                _note(listing.archive, memory, there, msgspec.structs.replace(made, named=as_said(look_at(audio).show)))


def take_shows(
    shows: SourceShows, listing: Listing, memory: Memory, there: dict[str, Made], attempts: Attempts, say: Say
) -> None:
    """Give the episodes their show that have none yet."""
    episodes = {each.folder.name: each for each in listing.episodes} if shows.named else {}
    for made in [*there.values()]:
        episode = episodes.get(made.folder)
        if (
            not (episode and episode.details.title)
            or episode.details.show
            or made.named != ""
            or made.show
            or not made.sound.path
        ):
            continue
        show = shows.named.get(place_with(made.sound.path, shows.places) or "")
        if show and shows.of_file(made.sound.path) == show:
            called = listing.called(made.folder)
            with attempts.of(called):
                say_of(episode, show=show)
                listing.look_again(made.folder)
                _note(listing.archive, memory, there, msgspec.structs.replace(made, show=show))
                say(f"Show      {called}: {show}")


def _is_untold(made: Made, episode: Episode) -> bool:
    """Whether an episode of a folder has no show, and never had one."""
    details = episode.details
    return (
        made.sound.path is not None and made.named == "" and not made.show and bool(details.title and not details.show)
    )


def _note(archive: Archive, memory: Memory, there: dict[str, Made], made: Made) -> None:
    archive.note(made)
    there[made.key] = memory.episodes[made.key] = made
