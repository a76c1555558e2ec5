"""Load a recogniser's output for the audio of an alignment from the cache.

An alignment names the recogniser, its model and its language, but not whether the user chose the language, so the cache
keys for both cases are tried. If a user replaces the audio, the recogniser's output is adapted to the new audio. The
adapted output has a key of its own, because only a part of it was recognised from the new audio.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aligner.model import Alignment, Audio, Recognition
from aligner.recognition import Recogniser, cache, cached_recognition


def recognition_of(alignment: Alignment) -> tuple[Audio, Recognition] | None:
    """Return the audio of an alignment and the recogniser's output; None unless both are in the cache."""
    path, sha256 = Path(alignment.audio.file), alignment.audio.sha256
    if audio := cache.load_audio(path, sha256):
        for recogniser in recognisers_of(alignment):
            if recognition := cached_recognition(audio, recogniser):
                return audio, recognition
    if audio := cache.load_audio(path, sha256, cache.CARRIED):
        recognition = cache.load_recognition(_carried(alignment, sha256))
        return None if recognition is None else (audio, recognition)
    return None


def store_carried(alignment: Alignment, audio: Audio, recognition: Recognition) -> None:
    """Cache the facts about an alignment's new audio, and the recogniser's output adapted to this audio."""
    cache.store_audio(audio, cache.CARRIED)
    cache.store_recognition(_carried(alignment, audio.sha256), recognition)


def _carried(alignment: Alignment, sha256: str) -> dict[str, object]:
    engine = alignment.engine
    return {cache.CARRIED: sha256, "method": engine.method, "model": engine.model, "language": alignment.language}


def recognisers_of(alignment: Alignment) -> Iterator[Recogniser]:
    """Yield the recognisers that may have produced an alignment; none if its words were imported from a file."""
    from aligner.recognition.acoustic import AcousticRecogniser
    from aligner.recognition.asr import AsrRecogniser

    engine = alignment.engine
    for language in (None, alignment.language):
        for kind in (AcousticRecogniser, AsrRecogniser):
            if engine.method == kind.name:
                yield kind(engine.model, language)
