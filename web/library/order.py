"""In what order episodes are listed.

Names are compared as people look them up: case, accents, ligatures and punctuation do not matter, and numbers count as
numbers. Whatever an order leaves open is the newest first; what it asks for and an episode does not have comes last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from aligner.model import Verdict
from aligner.normalization import fold
from media.confinement import status_of, where
from web.library.digests import digest_of
from web.library.episode import Episode, EpisodeState
from web.library.row import Row, row_of

T = TypeVar("T")

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


class Arranged(Protocol):
    """What an order may ask of an episode."""

    @property
    def age(self) -> tuple[str, float]:
        """The day, and when its folder was last changed, in seconds since 1970."""

    @property
    def added(self) -> float:
        """When its sound was written, in seconds since 1970: nothing that is done with the episode changes it."""

    @property
    def title(self) -> str: ...
    @property
    def show(self) -> str | None: ...
    @property
    def duration(self) -> float: ...
    @property
    def urgency(self) -> int:
        """How soon somebody should look at it: 0 is what cannot be read as it is."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What orders ask of an episode, as it was when it was looked at."""

    age: tuple[str, float]
    added: float
    title: str
    show: str | None
    duration: float
    urgency: int


def in_order(found: Iterable[T], order: Order, of: Callable[[T], Arranged]) -> list[T]:
    """What is found in that order, by what is arranged ``of`` each."""
    by_age = sorted(found, key=lambda each: of(each).age, reverse=True)
    match order:
        case Order.DATE:
            pass
        case Order.ADDED:
            by_age.sort(key=lambda each: of(each).added, reverse=True)
        case Order.TITLE:
            by_age.sort(key=lambda each: collation_key(of(each).title))
        case Order.SHOW:
            by_age.sort(key=lambda each: (not of(each).show, collation_key(of(each).show or "")))
        case Order.LENGTH:
            by_age.sort(key=lambda each: of(each).duration, reverse=True)
        case Order.ATTENTION:
            by_age.sort(key=lambda each: of(each).urgency)
    return by_age


def arranged(
    episodes: Iterable[Episode], order: Order, has_failed: Callable[[Episode], bool] = lambda _: False
) -> list[Episode]:
    """The episodes in that order; ``has_failed`` tells of one whether its last alignment was to no avail."""
    return in_order(episodes, order, lambda episode: _Live(episode, has_failed))


def traits_of(episode: Episode) -> Traits:
    """What orders ask of an episode now."""
    live = _Live(episode, lambda _: False)
    return Traits(live.age, live.added, live.title, live.show, live.duration, live.urgency)


@dataclass(frozen=True, slots=True)
class _Live:
    """What is looked for only when an order asks for it."""

    episode: Episode
    has_failed: Callable[[Episode], bool]

    @property
    def age(self) -> tuple[str, float]:
        return _age(self.episode)

    @property
    def added(self) -> float:
        return _added(self.episode)

    @property
    def title(self) -> str:
        return self.episode.title

    @property
    def show(self) -> str | None:
        return self.episode.details.show

    @property
    def duration(self) -> float:
        return _duration(self.episode)

    @property
    def urgency(self) -> int:
        return 0 if self.has_failed(self.episode) else _urgency(row_of(self.episode))


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
    try:
        return status_of(episode.audio).st_mtime if episode.audio else where(episode.folder).stat().st_mtime
    except OSError:
        return 0.0  # removed meanwhile
