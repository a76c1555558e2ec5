"""What failed in a run and was done otherwise since, as in the app: its files are the same, and yet it is over."""

from __future__ import annotations

import contextlib

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_states import until_changed
from media.errors import UserError
from web.archive.runs.outcome import Stage
from web.archive.runs.stages import is_made
from web.library import Episode
from web.library.digests import digest_of
from web.library.patience import OutOfPatienceError
from web.library.row import transcript_hash

_AT_HAND = 1000  # sounds

_hash_of = until_changed(_AT_HAND)(sha256_of)


def is_done_otherwise(episode: Episode, stage: Stage) -> bool:
    """Whether what a stage makes lies there, of the sound and the text that the episode has."""
    if not is_made(episode, stage):
        return False
    if stage is not Stage.ALIGN:
        return True
    digest = digest_of(episode.alignment) if episode.alignment else None
    with contextlib.suppress(UserError, OSError, OutOfPatienceError):  # it has just gone, or is looked at another time
        if digest and episode.transcript and episode.audio:
            is_of_text = transcript_hash(episode.transcript) == digest.transcript_sha256
            return is_of_text and _hash_of(episode.audio) == digest.audio_sha256
    return False
