"""Listening to a finished clip as someone does who has not read it."""

from __future__ import annotations

import re
from pathlib import Path

from aligner.clips.posting import Heard
from aligner.errors import ModelError
from aligner.model import Span
from aligner.quotes import Caution, Cut, compare
from aligner.recognition.ear import Progress, silent

_MODEL = "base"
_JOINED = re.compile(r"\s+(?=['’\-])")  # Whisper counts "'est" as a word of its own


def listen_again(clip: Path, cut: Cut, language: str, progress: Progress = silent) -> Heard:
    """The words of the clip as the default model hears them, and how they differ from what is printed.

    Where there is no model, or it does not know the language, nothing is heard, and a caution says so.

    Raises
    ------
    MediaError
        The clip cannot be decoded.
    """
    from aligner.recognition import Sound
    from aligner.recognition.words import WordsEar, WordsOptions

    duration = cut.timeline.duration
    sound = Sound(clip, "", duration, (Span(0.0, duration),))
    # One worker, for a clip is seldom more than a piece or two, and each needs memory of its own.
    ear = WordsEar(_MODEL, None if language == "und" else language, WordsOptions(workers=1))
    try:
        hearing = ear.hear(sound, lambda _, done, total: progress("listening", done, total))
    except ModelError as error:
        return Heard(None, (Caution("not-listened", f"nothing was compared with the sound: {error}", str(error)),))
    text = _JOINED.sub("", " ".join(word.text for word in hearing.words))
    return Heard(text, compare(cut.quote.text, text, language))
