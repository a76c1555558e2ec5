"""The letters ear: Whisper's encoder, run once over the speech, and a head that says which letter sounds when."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.errors import ModelError
from aligner.languages import language_code
from aligner.model import Audio, Recognition
from aligner.recognition import Progress, sound_of
from aligner.recognition.letters.encoder import (
    AROUND_FRAMES,
    CHUNK_FRAMES,
    MARGIN_FRAMES,
    PASSED_OVER,
    SKIP_FRAMES,
    Chunk,
    Encoder,
    Mel,
    clamp,
    cut_chunks,
    hear,
    mel_blocks,
    plan_chunks,
)
from aligner.recognition.letters.head import Head, load_head
from aligner.recognition.models import model_folder, model_identity
from aligner.recognition.words import at_a_time, in_order

__all__ = ["LettersEar"]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """What one chunk gave: emissions of the frames that are kept, and how likely each language is, where asked."""

    chunk: Chunk
    values: NDArray[np.float16]
    languages: dict[str, float]


class LettersEar:
    """Hears letters, not words: what is said must be known, and is then found to within hundredths of a second.

    ``model`` is a Whisper model of the size of base, by name or folder; ``language`` a code such as ``fr``, or None to
    have Whisper tell it from three stretches of speech.
    """

    name = "letters"

    def __init__(self, model: str = "base", language: str | None = None) -> None:
        self.model = model
        self._language = language_code(language) or language

    def identity(self) -> dict[str, object]:
        """The model, the head and the chunks; and the language, which is part of what is recognised."""
        chunks = {
            "margin_frames": MARGIN_FRAMES,
            "around_frames": AROUND_FRAMES,
            "skip_frames": SKIP_FRAMES,
            "passed_over": PASSED_OVER,
        }
        head = load_head().version
        return {"model": model_identity(self.model), "head": head, "language": self._language, "windows": chunks}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """The emissions of every frame of speech.

        Raises
        ------
        ModelError
            The model is not there, does not load, or is not one that the head was trained on.
        """
        from threadpoolctl import threadpool_limits

        progress(self.name, 0.0, audio.duration)
        head = load_head()
        with model_folder(self.model, progress) as folder:
            workers = at_a_time()
            encoder = Encoder(folder, workers)
        frames = int(np.ceil(audio.duration / FRAME))
        chunks = plan_chunks(audio.speech, frames)
        speech = _spoken_frames(audio, frames)
        asked = set() if self._language else {chunks[len(chunks) * sixth // 6] for sixth in (1, 3, 5)}
        values = silent_frames(frames)
        likely: dict[str, float] = {}

        def encode(piece: tuple[Chunk, Mel], stop: threading.Event) -> _Encoded:
            return _encoded(piece, speech, encoder, head, piece[0] in asked)

        with_sound = cut_chunks(mel_blocks(samples for _, samples in sound_of(audio)), chunks)
        # The head's products are small: threads of BLAS that wait for more of them take a fifth of the encoder's time.
        alone = threadpool_limits(1, user_api="blas")
        with alone, closing(in_order(encode, with_sound, workers)) as results:
            for result in results:
                try:
                    encoded = result.result()
                except (RuntimeError, ValueError) as error:  # what CTranslate2 raises
                    raise ModelError(
                        "model {model!r} cannot be used by the letters ear ({detail})", model=self.model, detail=error
                    ) from error
                chunk = encoded.chunk
                values[chunk.keep : chunk.stop] = encoded.values
                for language, probability in encoded.languages.items():
                    likely[language] = likely.get(language, 0.0) + probability
                progress(self.name, min(chunk.stop * FRAME, audio.duration), audio.duration)
        language = self._language or max(likely, key=lambda code: likely[code])
        return Recognition((), language, emissions=Emissions(values, head.prior))


def _spoken_frames(audio: Audio, frames: int) -> NDArray[np.bool_]:
    """Which frames lie in speech."""
    spoken = np.zeros(frames, bool)
    for span in audio.speech:
        spoken[int(span.start / FRAME) : int(span.end / FRAME)] = True
    return spoken


def _encoded(
    piece: tuple[Chunk, Mel], spoken: NDArray[np.bool_], encoder: Encoder, head: Head, ask_language: bool
) -> _Encoded:
    chunk, mel = piece
    kept = slice(chunk.keep - chunk.start, chunk.stop - chunk.start)
    wanted = np.zeros(CHUNK_FRAMES, bool)
    wanted[kept] = spoken[chunk.keep : chunk.stop]
    languages: dict[str, float] = {}

    def listen(sound: Mel) -> NDArray[np.float16]:
        if not ask_language or sound is not mel:  # a part of the chunk, listened to alone
            return head.emissions(encoder.encode(clamp(sound)))
        features, told = encoder.encode_and_tell(clamp(sound))
        languages.update(told)
        return head.emissions(features)

    values = hear(mel, wanted, listen)
    return _Encoded(chunk, values[kept], languages)
