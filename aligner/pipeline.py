"""From an episode's sound and its transcript to the time of every word: the page to read first.

transcript --read_transcript--> words --------------------------------+
                                                                      +--locate--> placements --judge--> alignment
sound --examine--> audio --recognise (an ear)--> emissions or words --+
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.languages import language_code
from aligner.locating.letters import PathCache, locate_by_letters
from aligner.locating.quality import Judgement, judge
from aligner.locating.spoken_words import is_latin
from aligner.locating.words import locate_by_words
from aligner.model import (
    Alignment,
    Audio,
    AudioFile,
    Engine,
    Episode,
    HeardWord,
    Located,
    Recognition,
    Span,
    Transcript,
    Untranscribed,
)
from aligner.recognition import Ear, Progress, examine, recognise, silent
from aligner.recognition.cache import load_paths, store_paths
from aligner.recognition.letters import LettersEar
from aligner.recognition.words import WordsEar
from aligner.spans import SpeechSpans
from aligner.storage.audio_lookup import seen_from
from aligner.transcript import read_transcript, renamed

# Below this coverage an ear may have misunderstood what another would not.
_ENOUGH = 0.5

# The model whose encoder the letters head was trained on.
_LETTERS_MODEL = "base"


@dataclass(frozen=True, slots=True)
class Inputs:
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


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What one ear made of the sound, and how far the transcript was found in it."""

    ear: Ear
    recognition: Recognition
    language: str
    judgement: Judgement


def align(inputs: Inputs, progress: Progress = silent) -> Aligned:
    """Find when each word of the transcript is said.

    Raises
    ------
    AlignerError, MediaError
        An input cannot be used; the message says which, and what was expected. The transcript is read first, since
        that takes no time.
    """
    transcript = renamed(read_transcript(inputs.transcript), inputs.names)
    audio = examine(inputs.audio, progress)
    best = _best_attempt(transcript, audio, inputs.ears, progress)
    folder = inputs.folder or inputs.audio.parent
    alignment = Alignment(
        language=best.language,
        episode=_describe(inputs, folder, transcript.title),
        audio=AudioFile(seen_from(folder, inputs.audio), audio.duration, audio.sha256),
        transcript=transcript,
        engine=Engine(best.ear.name, best.ear.model),
        coverage=best.judgement.coverage,
        verdict=best.judgement.verdict,
        segments=best.judgement.segments,
        words=best.judgement.words,
        untranscribed=with_text(best.judgement.untranscribed, audio, inputs.ears[-1], progress),
    )
    return Aligned(alignment, audio.warnings + best.recognition.warnings)


def ears(model: str, language: str | None, wanted: str | None = None) -> tuple[Ear, ...]:
    """Letters first, words where these lead nowhere; words alone if ``wanted``, or with a model of another size."""
    words = WordsEar(model, language)
    if (wanted or ("letters" if model == _LETTERS_MODEL else "words")) == "words":
        return (words,)
    return LettersEar(model, language), words


def _best_attempt(transcript: Transcript, audio: Audio, ears: Sequence[Ear], progress: Progress) -> _Attempt:
    """The first attempt that covers enough of the transcript, else the one that covers the most."""
    attempts, paths = [], PathCache(load_paths(audio.sha256))
    for ear in ears if is_latin(transcript) else ears[-1:]:
        recognition = recognise(audio, ear, progress)
        language = language_code(recognition.language) or language_code(transcript.language) or recognition.language
        judgement = judge(transcript, locate(transcript, audio, recognition, language, paths))
        attempts.append(_Attempt(ear, recognition, language, judgement))
        if judgement.coverage >= _ENOUGH:
            break
    if paths.changed:
        store_paths(audio.sha256, paths.used)
    return max(attempts, key=lambda attempt: attempt.judgement.coverage)


def locate(
    transcript: Transcript, audio: Audio, recognition: Recognition, language: str, paths: PathCache | None = None
) -> Located:
    """When each word is said, by the letters that were heard if the ear heard any, else by the words."""
    if recognition.emissions is None:
        return locate_by_words(transcript, audio, recognition.words, language)
    return locate_by_letters(transcript, audio, recognition.emissions, language, paths)


def with_text(
    passages: Sequence[Untranscribed], audio: Audio, ear: Ear, progress: Progress
) -> tuple[Untranscribed, ...]:
    """Let ``ear`` listen to the passages that have no text yet, and to nothing else."""
    mute = [passage for passage in passages if not passage.text]
    speech = SpeechSpans(audio.speech)
    # Whole spans of speech, so that a change of the text which moves a passage's edge a little asks for nothing new.
    spans = sorted({span for passage in mute for span in speech.touching(passage.start, passage.end)}, key=_start)
    if not spans:
        return tuple(passages)
    words = recognise(replace(audio, speech=tuple(spans)), ear, progress).words
    return tuple(passage if passage.text else replace(passage, text=_said_in(passage, words)) for passage in passages)


def _said_in(passage: Untranscribed, words: Sequence[HeardWord]) -> str:
    return " ".join(w.text for w in words if passage.start <= (w.start + w.end) / 2 < passage.end)


def _start(span: Span) -> float:
    return span.start


def _describe(inputs: Inputs, folder: Path, title: str | None) -> Episode:
    """What is known of the episode as a publication: from the user, else from the sound's tags, else from its name.

    ``title`` is the transcript's own, which comes before the file's name. An alignment in ``folder`` names the cover.
    """
    from media.container import read_tags

    tags, given = read_tags(inputs.audio), inputs.details
    cover = given.get("cover")
    return Episode(
        title=given.get("title") or tags.title or title or inputs.audio.stem,
        show=given.get("show") or tags.album,
        date=given.get("date") or tags.date,
        url=given.get("url"),
        cover=seen_from(folder, Path(cover)) if cover else None,
    )
