"""What was heard of an alignment's sound, as far as this machine still knows.

An ear's output lies in the user's cache under the sound's hash, with all that decided it. An alignment names the ear
and its model, and the language that came out; whether that was asked for or told by the ear it does not say, so both
are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aligner.model import Alignment, Audio, Recognition
from aligner.recognition import Ear, cache, recognised_before


def heard_before(alignment: Alignment) -> tuple[Audio, Recognition] | None:
    """The sound that ``alignment`` was made of, and what was recognised in it; None where this machine has not heard
    it, or has forgotten."""
    audio = cache.load_audio(Path(alignment.audio.file), alignment.audio.sha256)
    if audio is None:
        return None
    for ear in _ears(alignment):
        recognition = recognised_before(audio, ear)
        if recognition is not None:
            return audio, recognition
    return None


def _ears(alignment: Alignment) -> Iterator[Ear]:
    """The ears that may have listened; none where the words were given, for nobody says by which file."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    engine = alignment.engine
    for language in (None, alignment.language):
        if engine.ear == LettersEar.name:
            yield LettersEar(engine.model, language)
        elif engine.ear == WordsEar.name:
            yield WordsEar(engine.model, language)
