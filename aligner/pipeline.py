"""From an episode's sound and its transcript to the time of every word: the page to read first.

transcript --read_transcript--> words ------------------+
                                                        +--locate--> placements --judge--> alignment
sound -----listen (an ear)----> heard letters or words -+
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aligner.episode import describe_episode
from aligner.languages import language_code
from aligner.locating.letters import Memory, locate_by_letters
from aligner.locating.quality import judge
from aligner.locating.spoken_words import is_latin
from aligner.locating.words import locate_by_words
from aligner.model import Alignment, AudioFile, Engine, Heard, Located, Transcript
from aligner.recognition import Ear, Progress, examine, listen, silent
from aligner.recognition.cache import load_paths, store_paths
from aligner.storage.audio_lookup import seen_from
from aligner.transcript import read_transcript, renamed
from aligner.wording import with_wording

# Below this coverage an ear may have misunderstood what another would not.
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """One episode to align: its files, the ears that listen, and what the user says of it by field of ``Episode``.

    The first ear listens; the next one only if that one makes too little of the transcript. The last one hears any
    script and puts words to what the transcript lacks. ``names`` are how speakers shall be called, by their labels.
    ``folder`` is where the alignment will lie, the audio's own if it is None.
    """

    audio: Path
    transcript: Path
    ears: Sequence[Ear]
    details: Mapping[str, str | None] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


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
    transcript = renamed(read_transcript(job.transcript), job.names)
    sound = examine(job.audio, progress)
    ears = job.ears if is_latin(transcript) else job.ears[-1:]
    attempts, memory = [], Memory(load_paths(sound.sha256))
    for ear in ears:
        heard = listen(sound, ear, progress)
        language = language_code(heard.language) or language_code(transcript.language) or heard.language
        judgement = judge(transcript, locate(transcript, heard, language, memory))
        attempts.append((judgement.coverage, heard, language, judgement))
        if judgement.coverage >= _ENOUGH:
            break
    if memory.changed:
        store_paths(sound.sha256, memory.used)
    _, heard, language, judgement = max(attempts, key=lambda attempt: attempt[0])
    folder = job.folder or job.audio.parent
    alignment = Alignment(
        language=language,
        episode=describe_episode(job.audio, job.details, folder, transcript.title),
        audio=AudioFile(seen_from(folder, job.audio), heard.duration, sound.sha256),
        transcript=transcript,
        engine=Engine(heard.ear, heard.model),
        coverage=judgement.coverage,
        verdict=judgement.verdict,
        segments=judgement.segments,
        words=judgement.words,
        untranscribed=with_wording(judgement.untranscribed, sound, job.ears[-1], progress),
    )
    return Aligned(alignment, heard.warnings)


def locate(transcript: Transcript, heard: Heard, language: str, memory: Memory | None = None) -> Located:
    """When each word is said, by the letters that were heard if the ear heard any, else by the words."""
    if heard.letters is None:
        return locate_by_words(transcript, heard, language)
    return locate_by_letters(transcript, heard, language, memory)
