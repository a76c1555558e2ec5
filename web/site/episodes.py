"""An episode of a published show: what the index and its search are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from aligner.model import Alignment, Verdict
from aligner.publication import iso_date
from aligner.settled import Signature
from aligner.storage.alignment_head import StoredSignature, signature_in
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import Count, Seconds, Share
from web.library.order import collation_key

_Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Text = Annotated[str, Meta(max_length=20_000)]


class Digest(Struct, frozen=True, kw_only=True):
    """What an episode's own list tells of it: ``sound`` is the hash of the sound that was aligned, by which a later run
    knows the episode; ``inputs`` that of all else that its pages were made of, of which ``alignment`` is a part."""

    version: Literal[1] = 1
    sound: _Hash
    alignment: _Hash
    inputs: _Hash
    title: _Text
    show: _Text | None
    date: _Text | None
    language: _Text
    duration: Seconds
    verdict: Verdict
    coverage: Share
    quotes: Count
    has_cover: bool
    machine_text: bool = False
    signature: StoredSignature | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class ShowEpisode:
    """An episode as it lies in ``e/NAME``. ``path`` is the alignment that its pages were made of; None where that has
    changed since, or is no longer there, so that nothing but the ``digest`` is known of it."""

    name: str
    digest: Digest
    path: Path | None

    @property
    def signature(self) -> Signature | None:
        """Who stands for it, as of an alignment."""
        return signature_in(self.digest.signature)

    @property
    def machine_text(self) -> bool:
        return self.digest.machine_text

    def read(self) -> Alignment | None:
        """Its alignment: one at a time, for a show has many, and each takes some 10 MB for an hour."""
        return read_alignment(self.path) if self.path else None


def newest_first(episodes: Iterable[ShowEpisode]) -> list[ShowEpisode]:
    """In the order of the index: those without a date at the end; of one day, or none, those with higher numbers in
    their titles first."""

    def key(episode: ShowEpisode) -> tuple[str, object]:
        return iso_date(episode.digest.date or "") or "", collation_key(episode.digest.title)

    return sorted(episodes, key=key, reverse=True)
