"""Listening to a finished clip as someone does who has not read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import ModelError
from aligner.model import Audio, Span
from aligner.quotes import Caution, Cut, compare_texts
from aligner.recognition import Progress, silent

_MODEL = "base"
_JOINED = re.compile(r"(?<!\s)\s++(?=['’\-])")  # Whisper counts "'est" as a word of its own


@dataclass(frozen=True, slots=True)
class ListeningCheck:
    """What a recogniser made of the clip's sound, None where none listened, and what it casts doubt on."""

    text: str | None = None
    cautions: tuple[Caution, ...] = ()


def listen_again(clip: Path, cut: Cut, progress: Progress = silent) -> ListeningCheck:
    """The words of the clip as the default model hears them, and how they differ from what is printed.

    Where there is no model, or it does not know the language, nothing is heard, and a caution says so.

    Raises
    ------
    MediaError
        The clip cannot be decoded.
    """
    from aligner.recognition.words import WordsEar

    duration, language = cut.timeline.duration, cut.alignment.language
    sound = Audio(clip, "", duration, (Span(0.0, duration),))
    # One worker, for a clip is seldom more than a piece or two, and each needs memory of its own.
    ear = WordsEar(_MODEL, None if language == "und" else language, workers=1)
    try:
        recognition = ear.recognise(sound, lambda _, done, total: progress("listening", done, total))
    except ModelError as error:
        caution = Caution("not-listened", f"nothing was compared with the sound: {error}", str(error))
        return ListeningCheck(None, (caution,))
    text = _JOINED.sub("", " ".join(word.text for word in recognition.words))
    return ListeningCheck(text, compare_texts(cut.quote.text, text, language))
