"""An episode of a published show: what the index and its search are made of."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from aligner.errors import AlignmentError
from aligner.model import Alignment, Verdict
from aligner.publication import published_date
from aligner.settled import Signature
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import Count, Seconds, Share
from web.library.library import collation_key

Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Digest(Struct, frozen=True, kw_only=True):
    """What an episode's own list tells of it: ``sound`` is the hash of the sound that was aligned, by which a later run
    knows the episode; ``inputs`` that of all that its pages were made of, the ``alignment`` among it; None of one that
    is not there yet, or was not written to its end."""

    sound: Hash
    alignment: Hash
    inputs: Hash | None
    title: str
    show: str | None
    date: str | None
    language: str
    duration: Seconds
    verdict: Verdict
    coverage: Share
    quotes: Count
    has_cover: bool
    machine_text: bool = False
    signature: Signature | UnsetType = UNSET

    @property
    def unfinished(self) -> Digest:
        """The same of an episode whose folder is begun."""
        return replace(self, inputs=None)

    @property
    def outdated(self) -> Digest:
        """The same of an episode that is there, and to be made again."""
        return replace(self, inputs="0" * 64)


@dataclass(frozen=True, slots=True)
class ShowEpisode:
    """An episode as it lies in ``e/NAME``. ``path`` is the alignment that its pages were made of; None where that has
    changed since, or is no longer there, so that the ``digest`` alone is known of it, and what lies in ``folder``."""

    name: str
    digest: Digest
    path: Path | None
    folder: Path | None = None

    @property
    def signature(self) -> Signature | None:
        """Who stands for it, as of an alignment."""
        return self.digest.signature or None

    @property
    def machine_text(self) -> bool:
        return self.digest.machine_text

    def read(self) -> Alignment | None:
        """Its alignment: one at a time, for a show has many, and each takes some 10 MB for an hour. None where it can
        no longer be read."""
        with suppress(AlignmentError):
            return read_alignment(self.path) if self.path else None
        return None


def newest_first(episodes: Iterable[ShowEpisode]) -> list[ShowEpisode]:
    """In the order of the index: those without a date at the end; of one day, or none, those with higher numbers in
    their titles first."""

    def key(episode: ShowEpisode) -> tuple[str, object]:
        return published_date(episode.digest.date or "") or "", collation_key(episode.digest.title)

    return sorted(episodes, key=key, reverse=True)
