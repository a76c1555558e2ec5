"""What an archive's sources have of its episodes and was not taken, told to the app until it is settled."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from media.errors import from_facts
from web.archive.adding.exchanges import clear_refused
from web.archive.adding.made import Made, with_sound
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive
from web.archive.doubts.record import Said, Stay, key_of, said, shown_name
from web.archive.doubts.staying import is_settled
from web.archive.sources.gathering import feed_of
from web.errors import WebError


def not_taken(archive: Archive, sources: Collection[str], there: dict[str, Made]) -> list[Stay]:
    """What was not taken of these sources for the episodes that are ``there``, the newest first; of what a person has
    taken since, that is remembered.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    stays = list[Stay]()
    for key, made in sorted(there.items(), key=lambda each: (each[1].date or "", each[1].folder), reverse=True):
        if (made.refused or made.waiting or made.edited or made.anothers or made.versions) and _is_of(made, sources):
            with contextlib.suppress(WebError):  # the episode has just gone
                episode = episode_of(archive, made)
                now = _with([each for each in _stays_of(made) if is_settled(each, episode)], made)
                if now != made:
                    clear_refused(archive, made, now)
                    archive.note(now)
                    there[key] = now
                stays += [each for each in _stays_of(now) if not is_settled(each, episode)]
    return stays


def give_up(archive: Archive, sources: Collection[str], there: dict[str, Made]) -> None:
    """Forget what was not taken of sources that are none any more, and remove the sounds of these that were laid beside
    the episodes' own: where such a source is added again, that is told anew.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    for key, made in there.items():
        if (made.refused or made.waiting) and not _is_of(made, sources):
            there[key] = msgspec.structs.replace(made, refused=None, why=None, chosen=False, waiting=None)
            clear_refused(archive, made, there[key])
            archive.note(there[key])


def _is_of(made: Made, sources: Collection[str]) -> bool:
    """Whether one of these sources has the episode, or its transcript: others were forgotten."""
    paths = [Path(part.path) for part in (made.at_source, made.text) if part and part.path]
    return feed_of(made.key, made.guid or "") in sources or any(
        path.is_relative_to(place) for path in paths for place in sources
    )


def _stays_of(made: Made) -> Iterator[Stay]:
    if made.refused and made.refused.sha256:
        yield Stay(made.folder, "sound", made.refused.sha256, made.refused.size, _why(made))
    if made.waiting:
        yield Stay(made.folder, "waiting" if made.refused else "unread", made.waiting)
    if made.edited:
        yield Stay(made.folder, "edited", made.edited)
    if made.anothers:
        yield Stay(made.folder, "anothers", made.anothers)
    for each in made.versions:
        if each.sha256 and each.path:
            keys = key_of(made.key), key_of(f"file:{each.path}")
            yield Stay(made.folder, "version", each.sha256, None, None, shown_name(Path(each.path).name), *keys)


def _with(taken: Iterable[Stay], made: Made) -> Made:
    """An episode that has by now what was taken of its source."""
    for stay in taken:
        if stay.kind == "sound" and made.refused:
            made = with_sound(made, made.refused)
        elif stay.kind == "edited":
            made = msgspec.structs.replace(made, given=made.edited, edited=None)
        elif stay.kind == "anothers":
            made = msgspec.structs.replace(made, given=made.anothers, anothers=None)
    return made


def _why(made: Made) -> Said | None:
    with contextlib.suppress(ValueError):  # there is none, or it is none as we write it
        return said(from_facts(made.why))
    return None
