"""The job that aligns an episode, with all that is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aligner.corrections.told_structure import FILE as STRUCTURE
from media.safe_fs import files
from web.errors import Conflict
from web.jobs.kinds import Align
from web.library import Episode
from web.library.episode import EpisodeProblem


def alignment_of(episode: Episode) -> Align:
    """Return the job that aligns the episode as it is now; raises Conflict if its audio or transcript is missing."""
    if episode.audio is None:
        raise Conflict(EpisodeProblem.AUDIO)
    if episode.transcript is None:
        raise Conflict(EpisodeProblem.TRANSCRIPT)
    structure = STRUCTURE if STRUCTURE in files(episode.folder) else None
    said = said_of(episode, episode.audio)
    return Align(transcript=episode.transcript.name, names=episode.details.names, structure=structure, **said)


def said_of(episode: Episode, audio: Path) -> dict[str, Any]:
    """Return what is known of an episode with that ``audio``, as a job takes it; what an alignment said that cannot be
    read is in its history."""
    fields = ("language", "title", "show", "date", "url", "guid", "cover")
    said = {name: getattr(episode.details, name) for name in fields}
    return {"audio": audio.name, "is_complete": bool(episode.head or episode.alignment is None), **said}
