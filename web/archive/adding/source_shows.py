"""The show of a new episode: what it says itself, else that which its source's episodes have in the library by now,
whoever gave it to them.

- A folder tells no show. Those of its episodes that lie nearest to a new one do, where they agree. Where none lies
  near, the sounds of the source do that name a show themselves, where there are two at least and all name one.
- A feed that calls itself otherwise than before is of the same show.
"""

from __future__ import annotations

import os.path
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from web.archive.adding.made import Made
from web.archive.pairing.items import Sound
from web.errors import Unusable
from web.library import Episode
from web.library.details import LONGEST, checked_details

_AGREED = 0.9  # share of a source's episodes that have a show, for it to be the source's: a person may err in one
_LEAST = 2  # sounds that name a show, for others of their source to be of it


@dataclass(slots=True)
class _Folder:
    """The shows of the episodes whose sounds lie in a folder, however deep; in which of its own folders, itself where
    they lie right there; whether one of these has such a folder to itself."""

    shows: Counter[str] = field(default_factory=Counter)
    ways: set[str] = field(default_factory=set)
    has_lone: bool = False


@dataclass(frozen=True, slots=True)
class SourceShows:
    """The shows that the episodes of feeds have, by what their keys begin with, and those in folders of ``places``;
    ``named`` is the one that all sounds of a place name which name any."""

    places: Collection[str] = ()
    feeds: Mapping[str, Counter[str]] = field(default_factory=dict)
    folders: Mapping[str, _Folder] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    def show_of(self, sound: Sound) -> str:
        """The show of the episode that is made of a sound, as episodes say it; empty where there is none."""
        own = as_said(sound.clues.show)
        if not sound.entry:
            assert sound.file
            return own or self.of_file(str(sound.file.path), sound.alone)
        of = self.feeds.get(_feed(sound.key, sound.entry.guid))
        if not of or own in of or own != as_said(sound.entry.show):
            return own
        return _agreed(of) or own

    def retitled(self, sound: Sound) -> tuple[str, str] | None:
        """The show of a sound, and what its feed calls that now, where the show's episodes are called otherwise."""
        title = as_said(sound.entry.show) if sound.entry else ""
        show = self.show_of(sound) if title else ""
        return (show, title) if show != title else None

    def of_file(self, path: str, is_alone: bool = False) -> str:
        """The show of the episodes that lie nearest to a file. All those within one folder tell nothing of the folders
        beside it, which may be other shows', but where each has one episode alone."""
        lies_in = _above(path)
        for folder in _upwards(lies_in, self.places):
            if there := self.folders.get(folder):
                is_beside = is_alone and there.has_lone and _above(lies_in) == folder
                if len(there.ways) > 1 or folder in there.ways or is_beside:
                    return _agreed(there.shows)
        return self.named.get(place_with(path, self.places) or "", "")


def shows_of_sources(
    there: Iterable[Made], episodes: Sequence[Episode], places: Collection[str], new: Iterable[Sound] = ()
) -> SourceShows:
    """The shows that the episodes which are ``there`` of these sources have, and that ``new`` sounds name."""
    shows = {each.folder.name: each.details.show for each in episodes}
    feeds, folders = defaultdict[str, Counter[str]](Counter), defaultdict[str, _Folder](_Folder)
    made = [each for each in there if each.folder in shows]
    lying = Counter(_above(each.sound.path) for each in made if each.sound.path)
    for each in made:
        if not (show := shows[each.folder]):
            continue
        if each.guid is not None:
            feeds[_feed(each.key, each.guid)][show] += 1
        if each.sound.path:
            way = lies_in = _above(each.sound.path)
            for folder in _upwards(lies_in, places):
                of = folders[folder]
                of.shows[show] += 1
                of.ways.add(way)
                of.has_lone |= lying[lies_in] == 1 and _above(lies_in) == folder
                way = folder
    said = [(each.sound.path, shows[each.folder]) for each in made if each.named]
    said += [(str(each.file.path), as_said(each.clues.show)) for each in new if each.file]
    return SourceShows(places, feeds, folders, _named_in(places, said))


def _named_in(places: Collection[str], said: Iterable[tuple[str | None, str | None]]) -> dict[str, str]:
    """By place the show that all sounds name which lie at these paths; one alone may be a jingle's."""
    of = defaultdict[str, Counter[str]](Counter)
    for path, show in said:
        if show and path and (place := place_with(path, places)):
            of[place][show] += 1
    return {place: next(iter(named)) for place, named in of.items() if len(named) == 1 and named.total() >= _LEAST}


def place_with(path: str, places: Collection[str]) -> str | None:
    """The place that a file lies in, of several the innermost."""
    return next((each for each in _upwards(_above(path), places) if each in places), None)


def _feed(key: str, guid: str) -> str:
    """What the keys of a feed's items begin with."""
    return key.removesuffix(guid)


def _upwards(folder: str, places: Collection[str]) -> Sequence[str]:
    """A folder and those that it lies in, up to the source."""
    above = [folder]
    while (outer := _above(above[-1])) != above[-1]:
        above.append(outer)
    return above[: max((n for n, each in enumerate(above, 1) if each in places), default=0)]


def _above(path: str) -> str:
    return os.path.dirname(path)  # noqa: PTH120 - a Path takes several times as long, of 20,000 episodes seconds


def _agreed(shows: Counter[str]) -> str:
    show, count = shows.most_common(1)[0]
    return show if count >= _AGREED * shows.total() else ""


def as_said(show: str | None) -> str:
    """A show as an episode's details say it."""
    try:
        return checked_details({"title": "any", "show": (show or "")[: LONGEST["show"]]}, {}, ()).show or ""
    except Unusable:  # it is longer once its letters are composed
        return ""
