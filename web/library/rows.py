"""The list of episodes as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aligner.errors import SourceError
from aligner.model import Verdict
from aligner.storage.audio_lookup import known_sha256_of
from web.library.digests import digest_of
from web.library.records import Episode
from web.library.shelf import Library


@dataclass(frozen=True, slots=True)
class Row:
    """An episode and how it went; ``duration`` in seconds, None before it is aligned.

    ``outdated``: the transcript has changed since it was aligned.
    """

    episode: Episode
    duration: float | None = None
    coverage: float | None = None
    verdict: Verdict | None = None
    outdated: bool = False


def rows(library: Library) -> list[Row]:
    """A row for each episode, newest first: by its date, else by the day its folder was last changed."""
    return sorted(map(row_of, library.episodes()), key=lambda row: _age(row.episode), reverse=True)


def row_of(episode: Episode) -> Row:
    """The row of an episode."""
    digest = digest_of(episode.alignment) if episode.alignment else None
    if digest is None:
        return Row(episode)
    hashed = _hash_of(episode.transcript) if episode.transcript else None
    outdated = hashed is not None and hashed != digest.transcript_sha256
    return Row(episode, digest.duration, digest.coverage, digest.verdict, outdated)


def _age(episode: Episode) -> tuple[str, float]:
    try:
        changed = episode.folder.stat().st_mtime
        return episode.details.date or date.fromtimestamp(changed).isoformat(), changed
    except (OSError, OverflowError, ValueError):
        return episode.details.date or "", 0.0  # removed meanwhile, or a clock that was wrong


def _hash_of(path: Path) -> str | None:
    try:
        return known_sha256_of(path)
    except (OSError, SourceError):
        return None  # removed meanwhile
