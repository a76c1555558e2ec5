"""What was heard of an alignment's sound, as far as this machine still knows.

An ear's output lies in the user's cache under the sound's hash, with all that decided it. An alignment names the ear
and its model, and the language that came out; whether that was asked for or told by the ear it does not say, so both
are looked up. Of a sound that an alignment was moved to, what is known is what was heard of the earlier sound, carried
along with it: it is kept under a name of its own, so that whoever listens to the whole never takes it for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aligner.model import Alignment, Audio, Recognition
from aligner.recognition import Ear, cache, recognised_before


def heard_before(alignment: Alignment) -> tuple[Audio, Recognition] | None:
    """The sound that ``alignment`` was made of, and what was recognised in it; None where this machine has not heard
    it, or has forgotten."""
    path, sha256 = Path(alignment.audio.file), alignment.audio.sha256
    if audio := cache.load_audio(path, sha256):
        for ear in ears_that_listened(alignment):
            recognition = recognised_before(audio, ear)
            if recognition is not None:
                return audio, recognition
    if audio := cache.load_audio(path, sha256, cache.CARRIED):
        recognition = cache.load_recognition(_carried(alignment, sha256))
        return None if recognition is None else (audio, recognition)
    return None


def keep_carried(alignment: Alignment, audio: Audio, recognition: Recognition) -> None:
    """Keep what is known of a sound that an ``alignment`` is moved to: as if its ear had listened to all of it."""
    cache.store_audio(audio, cache.CARRIED)
    cache.store_recognition(_carried(alignment, audio.sha256), recognition)


def _carried(alignment: Alignment, sha256: str) -> dict[str, object]:
    engine = alignment.engine
    return {cache.CARRIED: sha256, "ear": engine.ear, "model": engine.model, "language": alignment.language}


def ears_that_listened(alignment: Alignment) -> Iterator[Ear]:
    """The ears that may have listened; none where the words were given, for nobody says by which file."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    engine = alignment.engine
    for language in (None, alignment.language):
        if engine.ear == LettersEar.name:
            yield LettersEar(engine.model, language)
        elif engine.ear == WordsEar.name:
            yield WordsEar(engine.model, language)
