"""Which ears listen to an episode, and in which order."""

from __future__ import annotations

from aligner.recognition import Ear
from aligner.recognition.letters import LettersEar
from aligner.recognition.words import WordsEar

# The model whose encoder the letters head was trained on.
_LETTERS_MODEL = "base"


def ears(model: str, language: str | None, wanted: str | None = None) -> tuple[Ear, ...]:
    """Letters first, words where these lead nowhere; words alone if ``wanted``, or with a model of another size."""
    words = WordsEar(model, language)
    if (wanted or ("letters" if model == _LETTERS_MODEL else "words")) == "words":
        return (words,)
    return LettersEar(model, language), words
