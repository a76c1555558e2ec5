"""The index by which a published show is searched: files that its page loads in parts."""

from __future__ import annotations

from collections.abc import Sequence

from web.site.episodes import ShowEpisode


def search_files(episodes: Sequence[ShowEpisode]) -> dict[str, bytes]:
    """The index of the episodes, newest first, as files by path below the show's folder, all in ``search/``."""
    return {}
