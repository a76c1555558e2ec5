"""Listening to an episode: when someone talks, and what an ear makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import SpeechError
from aligner.model import Heard, Span
from aligner.recognition import cache
from aligner.recognition.ear import Ear, Hearing, Progress, Sound, silent

__all__ = ["Ear", "Hearing", "Progress", "Sound", "examine", "listen", "silent"]

# Less speech than this cannot be aligned with anything.
_LEAST_SPEECH = 1.0


def listen(sound: Sound, ear: Ear, progress: Progress = silent) -> Heard:
    """Everything ``ear`` hears in a sound that ``examine`` gave, from the cache if it has heard these bytes before.

    Raises
    ------
    MediaError
        The file cannot be decoded any more.
    ModelError, HypothesisError
        The ear cannot listen.
    """
    spans = [[round(span.start, 3), round(span.end, 3)] for span in sound.speech]
    key = {"ear": ear.name, "audio": sound.sha256, "speech": spans, **ear.identity()}
    hearing = cache.load_hearing(key)
    if hearing is None:
        hearing = ear.hear(sound, progress)
        cache.store_hearing(key, hearing)
    progress(ear.name, sound.duration, sound.duration)
    return Heard(
        words=hearing.words,
        speech=sound.speech,
        duration=sound.duration,
        language=hearing.language,
        ear=ear.name,
        model=ear.model,
        warnings=sound.warnings + hearing.warnings,
        letters=hearing.letters,
    )


def examine(audio: Path, progress: Progress = silent) -> Sound:
    """How long the sound is and where someone talks in it, from the cache if these bytes were examined before.

    Raises
    ------
    MediaError
        The file cannot be decoded or has no sound.
    SpeechError
        There is less than a second of speech in it.
    """
    sha256 = _sha256(audio)
    sound = cache.load_sound(audio, sha256)
    if sound is None:
        sound = _decode(audio, sha256, progress)
        cache.store_sound(sound)
    spoken = sum(span.duration for span in sound.speech)
    if spoken < _LEAST_SPEECH:
        raise SpeechError(
            f"{audio}: silence or music: {spoken:.1f} s of speech in {sound.duration:.0f} s; expected an episode in "
            "which people talk"
        )
    return sound


def _sha256(audio: Path) -> str:
    from media.container import check_readable

    check_readable(audio)
    with audio.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _decode(audio: Path, sha256: str, progress: Progress) -> Sound:
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans
    from media.container import stated_duration
    from media.decode import sound_blocks

    expected = stated_duration(audio) or 0.0
    warnings: list[str] = []
    decoded = 0.0

    def probabilities() -> Iterator[float]:
        nonlocal decoded
        for decoded, found in speech_probabilities(sound_blocks(audio, block=BLOCK, warn=warnings.append)):
            progress("speech", decoded, max(expected, decoded))
            yield from found.tolist()

    found = speech_spans(probabilities())
    progress("speech", decoded, decoded)
    speech = tuple(Span(span.start, min(span.end, decoded)) for span in found if span.start < decoded)
    return Sound(audio, sha256, decoded, speech, tuple(warnings))
