"""What an archive's sources have of its episodes and was not taken, told to the app until it is settled."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from media.errors import from_facts
from web.archive.adding.exchanges import clear_refused
from web.archive.adding.made import Made, Part, is_unchanged, with_sound
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive
from web.archive.doubts.new_texts import KINDS, clear_text, lay_text, text_of
from web.archive.doubts.record import LATEST, Stay, key_of, shown_name
from web.archive.doubts.said import Said, said
from web.archive.doubts.staying import is_settled
from web.archive.errors import shown
from web.archive.sources.gathering import feed_of
from web.errors import WebError
from web.library import Episode


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
                left = [each for each in _stays_of(now) if not is_settled(each, episode)]
                if not any(each.kind in KINDS for each in left):
                    clear_text(episode)
                _leave_again(archive, now, left, episode)
                stays += left
    return stays


def leave_text(archive: Archive, made: Made, path: Path, part: Part) -> None:
    """Lay a transcript that was not taken beside the episode's own, for whoever looks at both."""
    with contextlib.suppress(WebError, OSError):  # it has just gone, or cannot be written: there is only the line then
        lay_text(episode_of(archive, made), path, Path(part.path).name if part.path else _name_in(str(part.url)))


def _leave_again(archive: Archive, made: Made, stays: Iterable[Stay], episode: Episode) -> None:
    """Lay one that is not there, as it was not taken before such were laid there, from its file."""
    part = made.text
    is_there = part and part.path and is_unchanged(part)
    for stay in stays if is_there else ():
        if stay.kind in KINDS and part and part.sha256 == stay.sha256 and not text_of(stay, episode):
            leave_text(archive, made, Path(str(part.path)), part)


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
        name, changed = _told_of(made.refused)
        size = made.refused.size
        yield Stay(made.folder, "sound", made.refused.sha256, size, _why(made), name=name, changed=changed)
    if made.waiting:
        yield Stay(made.folder, "waiting" if made.refused else "unread", made.waiting)
    if made.edited:
        name, changed = _told_of(made.text)
        yield Stay(made.folder, "edited", made.edited, name=name, changed=changed)
    if made.anothers:
        name, changed = _told_of(made.text if made.text and made.text.url else None)
        yield Stay(made.folder, "anothers", made.anothers, name=name, changed=changed)
    for each in made.versions:
        if each.sha256 and each.path:
            keys = key_of(made.key), key_of(f"file:{each.path}")
            yield Stay(made.folder, "version", each.sha256, None, None, shown_name(Path(each.path).name), *keys)


def _told_of(part: Part | None) -> tuple[str, int | None]:
    """What something at a source is called, of an address the host and the last part, and when it was changed (s)."""
    name, changed = "", 0.0
    if part and part.path:
        name, changed = Path(part.path).name, (part.changed or 0) / 1e9
    elif part and part.url:
        name = f"{urlsplit(shown(part.url)).hostname or '…'}/…/{_name_in(part.url)}"
        with contextlib.suppress(ValueError, TypeError, OverflowError):
            changed = parsedate_to_datetime(part.modified or "").timestamp()
    return shown_name(name), int(changed) if 0 < changed < LATEST else None


def _name_in(url: str) -> str:
    """The last part of an address, in which nothing that is asked for with it is told."""
    return unquote(urlsplit(shown(url)).path).rstrip("/").rpartition("/")[2] or "transcript"


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
