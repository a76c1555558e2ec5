"""The given ear: someone else's recogniser has listened already, and this reads what it wrote down.

Conventions
-----------
- A format is recognised by what is in the file, never by its name.
- Times are made seconds by each format's own unit and then taken as they are: other recognisers' biases are not ours to
  know.
- A word's probability is the recogniser's, 1 where it gives none, and half as much where the word's time is only shared
  out (from a cue, from the gap between its neighbours).
"""

from __future__ import annotations

from pathlib import Path

from aligner.errors import HypothesisError
from aligner.languages import language_code
from aligner.recognition.ear import Hearing, Progress, Sound
from aligner.recognition.given.reading import Hypothesis, read_hypothesis
from aligner.recognition.tidy import in_order

__all__ = ["GivenEar", "Hypothesis", "read_hypothesis"]

# Part of what is cached: raise it when the same file comes to give other words.
_READING = 2

_UNKNOWN = "und"  # ISO 639-2 for "undetermined"


class GivenEar:
    """Hears what the file ``path`` says was heard; ``language`` is taken where the caller knows it.

    Raises
    ------
    HypothesisError
        The file cannot be understood.
    """

    name = "given"

    def __init__(self, path: Path, language: str | None = None) -> None:
        self.model = path.name
        self._path = path
        self._hypothesis = read_hypothesis(path)
        self._language = language_code(language) or self._hypothesis.language or _UNKNOWN

    def identity(self) -> dict[str, object]:
        """The file's bytes and the language."""
        return {"hypothesis": self._hypothesis.sha256, "language": self._language, "reading": _READING}

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        """The file's words, as far as they lie within the sound.

        Raises
        ------
        HypothesisError
            Most of them do not: the file is another recording's.
        """
        words = self._hypothesis.words(sound.speech)
        within = [word for word in words if word.start < sound.duration]
        beyond = len(words) - len(within)
        if beyond > len(within):
            raise HypothesisError(
                f"{self._path}: {beyond} of {len(words)} words lie after the sound's end at {sound.duration:.0f} s, "
                f"the last at {words[-1].start:.0f} s; expected what a recogniser heard in {sound.path.name}"
            )
        warnings = []
        if beyond:
            warnings.append(f"words of the hypothesis that lie after the end of the sound are left out: {beyond}")
        if self._language == _UNKNOWN:
            warnings.append("the hypothesis does not say which language is spoken; give --language")
        return Hearing(tuple(in_order(within, sound.duration)), self._language, tuple(warnings))
