"""The row of an episode in a list: what it is, and how its alignment went."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aligner.model import Verdict
from aligner.settled import Signature
from aligner.storage.file_states import until_changed
from aligner.transcript import MAX_BYTES, most_bytes
from media.confinement import read_regular, status_of
from web.library.digests import digest_of
from web.library.episode import Episode
from web.library.patience import OutOfPatienceError, patience

_AT_HAND = 16_384  # hashes of transcripts


@dataclass(frozen=True, slots=True)
class Row:
    """An episode and how it went; ``duration`` in seconds, None before it is aligned.

    ``outdated``: the transcript has changed since it was aligned; ``warnings`` are of the sound, ``signature`` and
    ``machine_text`` as of an alignment.
    """

    episode: Episode
    duration: float | None = None
    coverage: float | None = None
    verdict: Verdict | None = None
    outdated: bool = False
    warnings: tuple[str, ...] = ()
    signature: Signature | None = None
    machine_text: bool = False


def row_of(episode: Episode) -> Row:
    """The row of an episode."""
    digest = digest_of(episode.alignment) if episode.alignment else None
    if digest is None:
        return Row(episode)
    outdated = episode.transcript is not None and _differs(episode.transcript, digest.transcript_sha256)
    stands = digest.signature, digest.machine_text
    return Row(episode, digest.duration, digest.coverage, digest.verdict, outdated, digest.warnings, *stands)


def _differs(transcript: Path, sha256: str) -> bool:
    try:
        return transcript_hash(transcript) != sha256
    except (OSError, OutOfPatienceError):
        return False  # removed meanwhile, or to be looked into another time


@until_changed(_AT_HAND)
def transcript_hash(transcript: Path) -> str | None:
    """The SHA-256 of a transcript; None for what is too large to be one, of which nothing is read."""
    size, most = status_of(transcript).st_size, most_bytes(transcript.name)
    if size > most:
        return None
    with patience() if size > MAX_BYTES else contextlib.nullcontext():
        return hashlib.sha256(read_regular(transcript, most)).hexdigest()
