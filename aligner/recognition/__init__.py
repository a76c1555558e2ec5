"""Detect the speech in an episode's audio, then compute words or emissions (letter probabilities) with a recogniser."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aligner.errors import SpeechError
from aligner.model import Audio, Recognition, Span
from aligner.recognition import cache
from aligner.storage.file_names import sha256_of
from media.audio_cache import AudioCache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

# ONNX Runtime, which finds speech, sends telemetry to its makers unless this is set (its Privacy.md, 1.32).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

RATE = 16000  # samples a second, as all models here expect

_LEAST_SPEECH = 1.0  # seconds
_SHORT = 2 * _LEAST_SPEECH  # a shorter file may be mostly speech, so the error must not speak of silence

Progress = Callable[[str, float, float], None]
"""A function called with ``(stage, done, total)``: in seconds of the episode for stages ``speech``, the recognisers'
names and others, in megabytes for stage ``model``, a download. The total is 0 until it is known."""


def silent(stage: str, done: float, total: float) -> None:
    """Do nothing: a ``progress`` function for callers that show no progress."""


class Recogniser(Protocol):
    """The interface of recognisers, which turn audio into timed words or emissions."""

    @property
    def name(self) -> str:
        """The name of the method in ``alignment.json``: "acoustic", "asr" or "imported"."""

    @property
    def model(self) -> str:
        """The model's name, as the user gave it."""

    def identity(self) -> dict[str, object]:
        """Return everything besides the audio that determines the output, as JSON values for the cache's key."""

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Return the words or emissions of the whole episode."""


def recognise(audio: Audio, recogniser: Recogniser, progress: Progress = silent) -> Recognition:
    """Return a recogniser's output for ``audio`` (a result of ``examine``), from the cache if the output is there.

    Raises MediaError if the audio file cannot be decoded, ModelError or AsrOutputError if the recogniser fails.
    """
    recognition = cached_recognition(audio, recogniser)
    if recognition is None:
        recognition = recogniser.recognise(audio, progress)
        cache.store_recognition(_key(audio, recogniser), recognition)
    progress(recogniser.name, audio.duration, audio.duration)
    return recognition


def cached_recognition(audio: Audio, recogniser: Recogniser) -> Recognition | None:
    """Return a recogniser's output for the audio from the cache; None if the output is not in the cache."""
    return cache.load_recognition(_key(audio, recogniser))


def _key(audio: Audio, recogniser: Recogniser) -> dict[str, object]:
    spans = [[round(span.start, 3), round(span.end, 3)] for span in audio.speech]
    return {"method": recogniser.name, "audio": audio.sha256, "speech": spans, **recogniser.identity()}


def examine(path: Path, progress: Progress = silent, samples: AudioCache | None = None) -> Audio:
    """Return the length, the speech and other facts about an audio file, from the cache if possible.

    Decoded samples are stored in ``samples``, so that recognisers need not decode the file again. Raises MediaError if
    the file cannot be decoded or has no audio, SpeechError if it has less than a second of speech, SourceError if it
    cannot be read to its end.
    """
    from media.decode import check_readable

    check_readable(path)
    sha256 = sha256_of(path)
    audio = cache.load_audio(path, sha256)
    if audio is None:
        audio = _decode(path, sha256, progress, samples)
        cache.store_audio(audio)
    spoken = sum(span.duration for span in audio.speech)
    if spoken >= _LEAST_SPEECH:
        return audio
    check_channels(path)
    if audio.duration < _SHORT:
        raise SpeechError(
            "{path}: {duration:.1f} s long, with less than a second of speech; "
            "expected an episode in which people talk",
            path=path,
            duration=audio.duration,
        )
    raise SpeechError(
        "{path}: silence or music: {spoken:.1f} s of speech in {duration:.0f} s; "
        "expected an episode in which people talk",
        path=path,
        spoken=spoken,
        duration=audio.duration,
    )


def check_channels(path: Path) -> None:
    """Raise SpeechError if the two channels of a file cancel out in mono, MediaError if the file cannot be decoded."""
    from media.decode import cancel_out

    if cancel_out(path):
        raise SpeechError(
            "{path}: its two channels cancel each other out; convert it to mono from one of them", path=path
        )


def audio_blocks(audio: Audio, start: float = 0.0, end: float | None = None) -> Iterator[tuple[float, Samples]]:
    """Yield consecutive blocks of audio from ``start`` to ``end`` (None: to the end of the audio), as (start of the
    block in seconds, samples). The file is decoded unless ``examine`` stored samples. Raises MediaError on failure."""
    from media.decode import audio_blocks as decoded_blocks

    return audio.samples.blocks(start, end) if audio.samples else decoded_blocks(audio.path, RATE, start, end)


def _decode(path: Path, sha256: str, progress: Progress, samples: AudioCache | None) -> Audio:
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans
    from media.decode import audio_blocks as decoded_blocks
    from media.decode import read_tags, stated_duration
    from media.fingerprint import FingerprintMaker

    expected, fingerprint = stated_duration(path), FingerprintMaker()
    warnings: list[str] = []
    blocks = fingerprint.passing(decoded_blocks(path, RATE, block=BLOCK, warn=warnings.append))
    decoded = 0.0

    def probabilities() -> Iterator[float]:
        nonlocal decoded
        for decoded, found in speech_probabilities(samples.storing(blocks) if samples else blocks):
            progress("speech", decoded, decoded if expected is None else max(expected, decoded))
            yield from found.tolist()

    found = speech_spans(probabilities())
    progress("speech", decoded, decoded)
    speech = tuple(Span(span.start, min(span.end, decoded)) for span in found if span.start < decoded)
    whole = samples if samples and samples.is_complete else None
    stored = fingerprint.finished(sha256).to_bytes()
    return Audio(path, sha256, decoded, speech, tuple(warnings), whole, stored, read_tags(path))
