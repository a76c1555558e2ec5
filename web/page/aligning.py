"""The job that aligns an episode, with all that is known of it."""

from __future__ import annotations

from aligner.corrections.structure_overrides import FILE as STRUCTURE
from media.safe_fs import files
from web.errors import Conflict
from web.jobs.kinds import Align, Transcribe
from web.library import Episode
from web.library.episode import EpisodeProblem


def alignment_of(episode: Episode, who: str | None = None) -> Align | Transcribe:
    """Return the job that aligns the episode as it is now, by ``who``, or makes a first transcript if it has none;
    raises Conflict if its audio is missing. What an alignment said that cannot be read is in its history."""
    if episode.audio is None:
        raise Conflict(EpisodeProblem.AUDIO)
    fields = ("language", "title", "show", "date", "url", "guid", "cover")
    said = {name: getattr(episode.details, name) for name in fields}
    said |= {"audio": episode.audio.name, "is_complete": bool(episode.head or episode.alignment is None)}
    if episode.transcript is None:
        return Transcribe(**said)
    structure = STRUCTURE if STRUCTURE in files(episode.folder) else None
    return Align(transcript=episode.transcript.name, names=episode.details.names, structure=structure, who=who, **said)
