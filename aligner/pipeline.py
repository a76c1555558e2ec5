"""From an episode's sound and its transcript to the time of every word: the page to read first.

transcript --read_transcript--> words ----------+
                                                +--match--> anchors --place--> times --judge--> alignment
sound -----listen (an ear)----> heard words ----+
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aligner.anchoring import match
from aligner.episode import describe_episode
from aligner.language import language_code
from aligner.listening import Ear, Progress, examine, listen, silent
from aligner.model import Alignment, AudioFile, Engine
from aligner.quality import judge
from aligner.timing import place
from aligner.transcript import read_transcript


@dataclass(frozen=True, slots=True)
class Job:
    """One episode to align: its files, the ear that listens, and what the user says of it by field of ``Episode``."""

    audio: Path
    transcript: Path
    ear: Ear
    details: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aligned:
    """An alignment, with what the user should be told about its sound."""

    alignment: Alignment
    warnings: tuple[str, ...]


def align(job: Job, progress: Progress = silent) -> Aligned:
    """Find when each word of the transcript is said.

    Raises
    ------
    AlignerError, MediaError
        An input cannot be used; the message says which, and what was expected. The transcript is read first, since
        that takes no time.
    """
    transcript = read_transcript(job.transcript)
    sound = examine(job.audio, progress)
    heard = listen(sound, job.ear, progress)
    language = language_code(heard.language) or language_code(transcript.language) or heard.language
    anchors = match(transcript, heard.words, language)
    placements = place(transcript, anchors, heard)
    judgement = judge(transcript, anchors, placements, heard)
    alignment = Alignment(
        language=language,
        episode=describe_episode(job.audio, job.details, transcript.title),
        audio=AudioFile(str(job.audio), heard.duration, sound.sha256),
        transcript=transcript,
        engine=Engine(heard.ear, heard.model),
        coverage=judgement.coverage,
        verdict=judgement.verdict,
        segments=judgement.segments,
        words=judgement.words,
        untranscribed=judgement.untranscribed,
    )
    return Aligned(alignment, heard.warnings)
