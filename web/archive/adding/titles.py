"""What sources tell of an episode after it was made, which it has as long as no person has said otherwise."""

from __future__ import annotations

from web.archive.pairing.items import Entry
from web.errors import Unusable
from web.library import Episode, EpisodeForm, edit
from web.library.details import LONGEST, checked_details

_FIELDS = ("title", "show", "date", "url", "language")


def title_of(entry: Entry) -> str | None:
    """The title of an item as an episode says it; None where it has none."""
    try:
        return checked_details({"title": (entry.title or "")[: LONGEST["title"]]}, {}, ()).title
    except Unusable:
        return None


def say_of(episode: Episode, **told: str) -> None:
    """Say something else of an episode, by the names of its details, and nothing of the others.

    Raises
    ------
    Unusable, OutputError
        Its details cannot be as they are, or cannot be written.
    """
    details = episode.details
    edit(
        episode,
        EpisodeForm({**{name: getattr(details, name) or "" for name in _FIELDS}, **told}, details.names),
    )
