"""Episodes of folders that were made before it was known what a new one would be told: they are told it too.

One that was called as its file is has the plain title by now, where nobody called it otherwise. One that has no show
has that which all sounds of its source name that name one; but never one from which a person took it: whose own sound
names a show, or that was given one.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from aligner.storage.file_names import printable
from media.errors import UserError
from web.archive.adding.attempts import Attempts, Say
from web.archive.adding.file_titles import date_by_name, spelt, titles_by_name
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
        if not (episode and _is_untold(made, episode)):
            continue
        path = str(made.sound.path)
        show = shows.named.get(place_with(path, shows.places) or "")
        if show and shows.of_file(path) == show:
            called = listing.called(made.folder)
            with attempts.of(called):
                say_of(episode, show=show)
                listing.look_again(made.folder)
                _note(listing.archive, memory, there, msgspec.structs.replace(made, show=show))
                say(f"Show      {called}: {show}")


def take_titles(listing: Listing, memory: Memory, there: dict[str, Made], attempts: Attempts, say: Say) -> None:
    """Call episodes plainly that were called as their files are when that was all that was done, and that nobody has
    called otherwise; with that goes the date that a name tells."""
    episodes = {each.folder.name: each for each in listing.episodes}
    named = [(made, printable(Path(made.sound.path).stem)) for made in there.values() if made.sound.path]
    named = [(made, name) for made, name in named if made.named is None and made.title == spelt(name)]
    named = [(made, name) for made, name in named if made.guid is None and made.folder in episodes]
    plain = {made.key: titles_by_name(name, episodes[made.folder].details.date) for made, name in named}
    alike = Counter(title.casefold() for titles in plain.values() for title in titles[:-1])
    for made, name in named:
        free = [each for each in plain[made.key][:-1] if alike[each.casefold()] < 2 and not listing.has_title(each)]
        episode, called = episodes[made.folder], listing.called(made.folder)
        if free and episode.details.title == made.title:
            with attempts.of(called):
                say_of(episode, title=free[0], date=episode.details.date or _date_of_text(made, name) or "")
                listing.look_again(made.folder)
                _note(listing.archive, memory, there, msgspec.structs.replace(made, title=free[0]))
                say(f"Title     {called}: {free[0]}")


def _date_of_text(made: Made, name: str) -> str | None:
    """The date that the name of the transcript tells, where nothing told one when the episode was made."""
    if made.date or date_by_name(name) or not (made.text and made.text.path):
        return None
    return date_by_name(printable(Path(made.text.path).stem))


def _is_untold(made: Made, episode: Episode) -> bool:
    """Whether an episode of a folder has no show, and never had one."""
    details = episode.details
    return (
        made.sound.path is not None and made.named == "" and not made.show and bool(details.title and not details.show)
    )


def _note(archive: Archive, memory: Memory, there: dict[str, Made], made: Made) -> None:
    archive.note(made)
    there[made.key] = memory.episodes[made.key] = made
