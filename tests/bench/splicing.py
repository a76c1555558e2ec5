"""Audio spliced from pieces of recordings, and its alignment with the text.

Conventions: seconds; every piece fades in and out over 8 ms, so that no join clicks.
"""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aligner.model import Alignment, Audio, Recognition, TimedWord
from aligner.pipeline import align
from aligner.recognition import Progress
from aligner.recognition.acoustic import AcousticRecogniser
from tests.bench.evaluation import TrueWord, paired
from tests.bench.recordings import RATE, Recording, Said, Samples, write_wave

_CLOSING = re.compile(r"(?:[ \u00a0\u202f]?[»?!:;.,…”)])*")
_FADE_SAMPLES = RATE // 125


class Splice:
    """Audio to which pieces are appended."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._samples = 0

    @property
    def duration(self) -> float:
        return self._samples / RATE

    @property
    def samples(self) -> Samples:
        return np.concatenate(self._pieces)

    def add(self, piece: Samples) -> float:
        """Append a piece; return where it begins."""
        begin = self.duration
        self._pieces.append(faded(piece))
        self._samples += len(piece)
        return begin


def faded(piece: Samples) -> Samples:
    ramp = np.minimum(1.0, np.arange(1, len(piece) + 1) / _FADE_SAMPLES)
    return (piece * ramp * ramp[::-1]).astype(np.float32)


def room_tone(recording: Recording, seconds: float) -> Samples:
    """The recording's quietest moment, to and fro for so long: without speech, in the same room."""
    return np.resize(np.concatenate([recording.tone, recording.tone[::-1]]), round(seconds * RATE))


def altered(piece: Samples, speed: float, gain_db: float) -> Samples:
    """A piece played so much faster, which raises its pitch as much, and so much louder."""
    at = np.arange(round(len(piece) / speed)) * speed
    return (np.interp(at, np.arange(len(piece)), piece) * 10 ** (gain_db / 20)).astype(np.float32)


def after_word(text: str, word: Said) -> int:
    """Where the punctuation ends that closes a word."""
    closing = _CLOSING.match(text, word.char_end)
    return closing.end() if closing else word.char_end


@dataclass(frozen=True, slots=True)
class NoWords:
    """A recogniser without words, in place of ASR for untranscribed speech, which no caller needs."""

    name: str = "none"
    model: str = "none"

    def identity(self) -> dict[str, object]:
        return {}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        return Recognition((), "en")


def alignment_of(sound: Samples | Path, text: str, language: str | None) -> Alignment:
    """Return the acoustic alignment of a text with samples or a file."""
    with tempfile.TemporaryDirectory() as name:
        transcript, audio = Path(name, "transcript.txt"), Path(name, "episode.wav")
        transcript.write_text(text, encoding="utf-8", newline="")
        if isinstance(sound, Path):
            audio = sound
        else:
            write_wave(audio, sound)
        return align(audio, transcript, recognisers=(AcousticRecogniser(language=language), NoWords())).alignment


def found_for(words: Sequence[tuple[int, int]], alignment: Alignment) -> list[TimedWord | None]:
    """What an alignment has of each of ``words``, which are ranges of the text's characters."""
    return [timed for _, timed in paired(alignment.words, [TrueWord(*word, None) for word in words])]
