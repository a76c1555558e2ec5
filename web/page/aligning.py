"""The work of aligning an episode, told all that is known of it."""

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
    """What aligns the episode as it is now.

    Raises
    ------
    Conflict
        Its sound or its transcript is missing.
    """
    if episode.audio is None:
        raise Conflict(EpisodeProblem.AUDIO)
    if episode.transcript is None:
        raise Conflict(EpisodeProblem.TRANSCRIPT)
    names, structure = episode.details.names, STRUCTURE if STRUCTURE in files(episode.folder) else None
    said = said_of(episode, episode.audio)
    return Align(transcript=episode.transcript.name, names=names, structure=structure, **said)


def said_of(episode: Episode, audio: Path) -> dict[str, Any]:
    """What is known of an episode whose sound is ``audio``, as a job takes it; of one whose alignment cannot be read,
    what that said is for its history to tell."""
    fields = ("language", "title", "show", "date", "url", "guid", "cover")
    said = {name: getattr(episode.details, name) for name in fields}
    return {"audio": audio.name, "is_complete": bool(episode.head or episode.alignment is None), **said}
