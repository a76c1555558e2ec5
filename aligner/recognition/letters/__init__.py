"""Listening to letters."""

from aligner.recognition.letters.ear import LettersEar

__all__ = ["LettersEar"]
