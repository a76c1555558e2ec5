"""Listening to letters."""

from aligner.listening.letters.ear import LettersEar

__all__ = ["LettersEar"]
