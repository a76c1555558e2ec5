"""Recognising what is said in an episode: when someone talks, and what an ear makes of it.

Conventions
-----------
- Progress is told as seconds of the episode, per stage: ``speech`` (decoding, finding speech) and the ear's own; a
  model that has to be fetched first, as megabytes of stage ``model``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aligner.errors import SpeechError
from aligner.model import Audio, Recognition, Span
from aligner.recognition import cache
from aligner.storage.file_names import sha256_of
from media.kept_sound import KeptSound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.fingerprint import Fingerprint

    Samples = NDArray[np.float32]

__all__ = [
    "RATE",
    "Ear",
    "Progress",
    "examine",
    "fingerprint_of_sound",
    "recognise",
    "recognised_before",
    "silent",
    "sound_of",
]

# ONNX Runtime, which both ears load, tells its makers of its runs unless this is said before (its Privacy.md, 1.32).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# Samples a second, of what every model here takes.
RATE = 16000

# Less speech than this cannot be aligned with anything.
_LEAST_SPEECH = 1.0
_SHORT = 2 * _LEAST_SPEECH  # a shorter sound may be speech for the most part, and yet too little of it

Progress = Callable[[str, float, float], None]
"""Told ``(stage, done, total)``, both in seconds of the episode, of stage ``model`` in megabytes; a total of 0 is not
known yet."""


def silent(stage: str, done: float, total: float) -> None:
    """A progress that nobody watches."""


class Ear(Protocol):
    """Something that turns sound into timed words or emissions: the small interface of every recogniser."""

    @property
    def name(self) -> str:
        """The kind of ear, as in ``alignment.json``."""

    @property
    def model(self) -> str:
        """The model it listens with, as the user named it."""

    def identity(self) -> dict[str, object]:
        """All that decides what is recognised besides the sound, as JSON values; cheap, for it is the cache's key."""

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Listen to the whole episode."""


def recognise(audio: Audio, ear: Ear, progress: Progress = silent) -> Recognition:
    """What ``ear`` makes of a sound that ``examine`` gave, from the cache if it has heard these bytes before.

    Raises
    ------
    MediaError
        The file cannot be decoded any more.
    ModelError, HypothesisError
        The ear cannot listen.
    """
    recognition = recognised_before(audio, ear)
    if recognition is None:
        recognition = ear.recognise(audio, progress)
        cache.store_recognition(_key(audio, ear), recognition)
    progress(ear.name, audio.duration, audio.duration)
    return recognition


def recognised_before(audio: Audio, ear: Ear) -> Recognition | None:
    """What ``ear`` made of a sound on this machine; None where it has not heard it, or that was forgotten."""
    return cache.load_recognition(_key(audio, ear))


def _key(audio: Audio, ear: Ear) -> dict[str, object]:
    """All that decides what is recognised."""
    spans = [[round(span.start, 3), round(span.end, 3)] for span in audio.speech]
    return {"ear": ear.name, "audio": audio.sha256, "speech": spans, **ear.identity()}


def examine(path: Path, progress: Progress = silent, kept: KeptSound | None = None) -> Audio:
    """How long the sound is and where someone talks in it, from the cache if these bytes were examined before.

    What has to be decoded for that goes into ``kept``, for the ears to read while it is open.

    Raises
    ------
    MediaError
        The file cannot be decoded or has no sound.
    SpeechError
        There is less than a second of speech in it.
    SourceError
        It cannot be read to its end.
    """
    from media.decode import check_readable

    check_readable(path)
    sha256 = sha256_of(path)
    audio = cache.load_audio(path, sha256)
    if audio is None:
        audio = _decode(path, sha256, progress, kept)
        cache.store_audio(audio)
    spoken = sum(span.duration for span in audio.speech)
    if spoken < _LEAST_SPEECH:
        check_channels(path)
    if spoken < _LEAST_SPEECH and audio.duration < _SHORT:
        raise SpeechError(
            "{path}: {duration:.1f} s long, with less than a second of speech; "
            "expected an episode in which people talk",
            path=path,
            duration=audio.duration,
        )
    if spoken < _LEAST_SPEECH:
        raise SpeechError(
            "{path}: silence or music: {spoken:.1f} s of speech in {duration:.0f} s; "
            "expected an episode in which people talk",
            path=path,
            spoken=spoken,
            duration=audio.duration,
        )
    return audio


def check_channels(path: Path) -> None:
    """Say why a sound that is heard as silence is none.

    Raises
    ------
    SpeechError
        Its channels cancel each other.
    MediaError
        It cannot be decoded.
    """
    from media.decode import cancel_out

    if cancel_out(path):
        raise SpeechError(
            "{path}: its right channel is its left one turned over, and both together are silence; "
            "make it of one of them",
            path=path,
        )


def sound_of(audio: Audio, start: float = 0.0, end: float | None = None) -> Iterator[tuple[float, Samples]]:
    """The sound from ``start`` to ``end`` as blocks of samples, ``RATE`` a second: as it was kept, else decoded.

    Raises
    ------
    MediaError
        The file cannot be decoded any more.
    """
    from media.decode import sound_blocks

    return audio.kept.blocks(start, end) if audio.kept else sound_blocks(audio.path, RATE, start, end)


def fingerprint_of_sound(audio: Audio) -> Fingerprint:
    """What a sound that ``examine`` gave is known by; made now where it was examined before such were made.

    Raises
    ------
    MediaError
        The file cannot be decoded any more.
    """
    from media.errors import FingerprintError
    from media.fingerprint import fingerprint_of, from_bytes

    if audio.fingerprint:
        with suppress(FingerprintError):
            return from_bytes(audio.fingerprint)
    made = fingerprint_of(sound_of(audio), sha256=audio.sha256)
    cache.store_fingerprint(audio.sha256, made.to_bytes())
    return made


def _decode(path: Path, sha256: str, progress: Progress, kept: KeptSound | None) -> Audio:
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans
    from media.decode import sound_blocks, stated_duration
    from media.fingerprint import FingerprintMaker

    expected, known_by = stated_duration(path), FingerprintMaker()
    warnings: list[str] = []
    blocks = known_by.passing(sound_blocks(path, RATE, block=BLOCK, warn=warnings.append))
    decoded = 0.0

    def probabilities() -> Iterator[float]:
        nonlocal decoded
        for decoded, found in speech_probabilities(kept.keeping(blocks) if kept else blocks):
            progress("speech", decoded, decoded if expected is None else max(expected, decoded))
            yield from found.tolist()

    found = speech_spans(probabilities())
    progress("speech", decoded, decoded)
    speech = tuple(Span(span.start, min(span.end, decoded)) for span in found if span.start < decoded)
    whole = kept if kept and kept.is_whole else None
    return Audio(path, sha256, decoded, speech, tuple(warnings), whole, known_by.finished(sha256).to_bytes())
