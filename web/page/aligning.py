"""Choose the job that aligns or transcribes an episode."""

from __future__ import annotations

from aligner.corrections.structure_overrides import FILE as STRUCTURE
from media.safe_fs import files
from web.errors import Conflict
from web.jobs.kinds import Align, Transcribe
from web.library import Episode
from web.library.episode import EpisodeProblem


def alignment_job(episode: Episode, who: str | None = None) -> Align | Transcribe:
    """Return a job that aligns the episode as author ``who``, or that transcribes the audio if there is no transcript.
    Raises Conflict if the audio is missing."""
    if episode.audio is None:
        raise Conflict(EpisodeProblem.AUDIO)
    fields = ("language", "title", "show", "date", "url", "guid", "cover", "vocabulary")
    details = {name: getattr(episode.details, name) for name in fields}
    # The details of a damaged alignment are unknown here; the job takes them from its history.
    details |= {"audio": episode.audio.name, "is_complete": bool(episode.head or episode.alignment is None)}
    if episode.transcript is None:
        return Transcribe(**details)
    structure = STRUCTURE if STRUCTURE in files(episode.folder) else None
    names = episode.details.names
    return Align(transcript=episode.transcript.name, names=names, structure=structure, who=who, **details)
