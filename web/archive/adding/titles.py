"""The title that a feed gives an episode, which the episode has as long as no person has given it another."""

from __future__ import annotations

from web.archive.pairing.items import Entry
from web.errors import Unusable
from web.library import Episode, EpisodeForm, edit
from web.library.details import LONGEST, checked_details

_FIELDS = ("show", "date", "url", "language")


def title_of(entry: Entry) -> str | None:
    """The title of an item as an episode says it; None where it has none."""
    try:
        return checked_details({"title": (entry.title or "")[: LONGEST["title"]]}, {}, ()).title
    except Unusable:
        return None


def retitle(episode: Episode, title: str) -> None:
    """Give an episode another title, and nothing else.

    Raises
    ------
    Unusable, OutputError
        Its details cannot be as they are, or cannot be written.
    """
    details = episode.details
    edit(
        episode,
        EpisodeForm({"title": title, **{name: getattr(details, name) or "" for name in _FIELDS}}, details.names),
    )
