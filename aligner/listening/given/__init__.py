"""The given ear: someone else's recogniser has listened already, and this reads what it wrote down.

Conventions
-----------
- A format is recognised by what is in the file, never by its name.
- Times are made seconds by each format's own unit. Words without a usable time are left out.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import HypothesisError
from aligner.listening.ear import Hearing, Progress, Sound
from aligner.listening.given.entries import spread
from aligner.listening.given.recognisers import recogniser_entries
from aligner.listening.given.timed_text import cue_entries
from aligner.listening.tidy import in_order
from aligner.model import HeardWord

__all__ = ["GivenEar", "Hypothesis", "read_hypothesis"]

# An hour of words with every detail a recogniser can give is about 20 MB.
_LARGEST_BYTES = 200_000_000

_EXPECTED = (
    "expected JSON of Whisper, WhisperX, faster-whisper, Vosk, Kaldi, AWS Transcribe, Deepgram or AssemblyAI, "
    "or a VTT or SRT file"
)

# What OpenAI's API calls the languages that Whisper tells apart best; all else is a code already.
_LANGUAGE_NAMES = {
    "arabic": "ar", "catalan": "ca", "chinese": "zh", "dutch": "nl", "english": "en", "french": "fr", "german": "de",
    "hindi": "hi", "italian": "it", "japanese": "ja", "korean": "ko", "polish": "pl", "portuguese": "pt",
    "romanian": "ro", "russian": "ru", "spanish": "es", "swedish": "sv", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A recogniser's output: its words in order of time, the language if it says, and the hash of the file's bytes."""

    words: tuple[HeardWord, ...]
    language: str | None
    sha256: str


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
        self._hypothesis = read_hypothesis(path)
        self._language = _code(language) or self._hypothesis.language or "und"  # ISO 639 for "undetermined"

    def identity(self) -> dict[str, object]:
        """The file's bytes and the language."""
        return {"hypothesis": self._hypothesis.sha256, "language": self._language}

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        """The file's words, as far as they lie within the sound."""
        words = [word for word in self._hypothesis.words if word.start < sound.duration]
        beyond = len(self._hypothesis.words) - len(words)
        warning = f"{beyond} words of {self.model} lie after the end of the sound and are left out"
        return Hearing(tuple(in_order(words, sound.duration)), self._language, (warning,) if beyond else ())


def read_hypothesis(path: Path) -> Hypothesis:
    """Read a recogniser's output.

    Raises
    ------
    HypothesisError
        The file is missing, too large, of no known format, or has no words with usable times.
    """
    data = _bytes(path)
    try:
        content = json.loads(data)
    except RecursionError as error:
        raise HypothesisError(f"{path}: nested too deeply; {_EXPECTED}") from error
    except ValueError:
        found, language = cue_entries(_text(data))
    else:
        found, language = recogniser_entries(content)
    if found is None:
        raise HypothesisError(f"{path}: not a known recogniser's output; {_EXPECTED}")
    words = [HeardWord(*piece) for entry in found if entry.start is not None for piece in spread(entry)]
    if not words:
        raise HypothesisError(f"{path}: has no words with times; {_EXPECTED}")
    timed = sum(entry.start is not None for entry in found)
    if timed * 2 < len(found):
        raise HypothesisError(f"{path}: only {timed} of {len(found)} words have a usable time; expected nearly all")
    words.sort(key=lambda word: word.start)
    return Hypothesis(tuple(in_order(words, float("inf"))), _code(language), hashlib.sha256(data).hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise HypothesisError(f"{path}: is a folder; {_EXPECTED}")
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            raise HypothesisError(f"{path}: is {size / 1e6:.0f} MB large; expected at most {_LARGEST_BYTES / 1e6:.0f}")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise HypothesisError(f"{path}: no such file; {_EXPECTED}") from error
    except OSError as error:
        raise HypothesisError(f"{path}: cannot be read ({error.strerror})") from error


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _code(language: str | None) -> str | None:
    """``fr`` of ``fr``, ``fr-FR``, ``fr_CA`` or ``French``; None of what is no language."""
    plain = (language or "").strip().lower()
    code = _LANGUAGE_NAMES.get(plain, re.split("[-_]", plain)[0])
    return code if re.fullmatch("[a-z]{2,3}", code) else None
