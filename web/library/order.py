"""In what order episodes are listed.

Names are compared as people look them up: case, accents, ligatures and punctuation do not matter, and numbers count as
numbers. Whatever an order leaves open is the newest first; what it asks for and an episode does not have comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum

from aligner.model import Verdict
from aligner.normalization import fold
from media.confinement import status_of, where
from web.library.digests import digest_of
from web.library.episode import Episode, EpisodeState
from web.library.row import Row, row_of

_COMPARED = 300  # characters of a name
_PARTS = re.compile(r"\d+|[^\W\d]+")


class Order(StrEnum):
    """The orders there are; the names are told in addresses."""

    DATE = "date"  # of publication, else the day its folder was last changed
    ADDED = "added"  # when its sound came to lie there
    TITLE = "title"
    SHOW = "show"
    LENGTH = "length"  # the longest first
    ATTENTION = "attention"  # what somebody should look at first


def arranged(
    episodes: Iterable[Episode], order: Order, has_failed: Callable[[Episode], bool] = lambda _: False
) -> list[Episode]:
    """The episodes in that order; ``has_failed`` tells of one whether its last alignment was to no avail."""
    found = sorted(episodes, key=_age, reverse=True)
    match order:
        case Order.DATE:
            pass
        case Order.ADDED:
            found.sort(key=_added, reverse=True)
        case Order.TITLE:
            found.sort(key=lambda each: collation_key(each.title))
        case Order.SHOW:
            found.sort(key=lambda each: (not each.details.show, collation_key(each.details.show or "")))
        case Order.LENGTH:
            found.sort(key=_duration, reverse=True)
        case Order.ATTENTION:
            found.sort(key=lambda each: 0 if has_failed(each) else _urgency(row_of(each)))
    return found


def collation_key(name: str) -> tuple[tuple[bool, int, str], ...]:
    """By what names are compared.

    Examples
    --------
    >>> sorted(["Épisode 10", "été", "episode 9", "« Eté » 2", "zoo"], key=collation_key)
    ['episode 9', 'Épisode 10', 'été', '« Eté » 2', 'zoo']
    """
    parts = _PARTS.findall(fold(name[:_COMPARED], " "))
    return tuple((False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts)


def _urgency(row: Row) -> int:
    """How soon somebody should look at an episode: 0 is what cannot be read as it is."""
    if row.episode.problem:
        return 0
    if row.verdict is Verdict.POOR:
        return 1
    if row.episode.state is not EpisodeState.ALIGNED:
        return 2
    if row.outdated:
        return 3
    if row.verdict is Verdict.REVIEW:
        return 4
    return 5 if row.warnings else 6


def _duration(episode: Episode) -> float:
    digest = digest_of(episode.alignment) if episode.alignment else None
    return digest.duration if digest else 0.0


def _age(episode: Episode) -> tuple[str, float]:
    try:
        changed = where(episode.folder).stat().st_mtime
        return episode.details.date or date.fromtimestamp(changed).isoformat(), changed
    except (OSError, OverflowError, ValueError):
        return episode.details.date or "", 0.0  # removed meanwhile, or a clock that was wrong


def _added(episode: Episode) -> float:
    """When the episode's sound was written, in seconds since 1970: nothing that is done with the episode changes it."""
    try:
        return status_of(episode.audio).st_mtime if episode.audio else where(episode.folder).stat().st_mtime
    except OSError:
        return 0.0  # removed meanwhile
