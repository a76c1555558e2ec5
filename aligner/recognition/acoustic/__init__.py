"""Acoustic recognition: Whisper's encoder runs once over the speech, and from its output the acoustic model predicts a
letter for each frame. Forced alignment (CTC over characters) uses these predictions, the *emissions*."""

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
from aligner.recognition import Progress, audio_blocks
from aligner.recognition.acoustic.encoder import (
    AROUND_FRAMES,
    CHUNK_FRAMES,
    MARGIN_FRAMES,
    SKIP_FRAMES,
    SKIPPED_SPEECH,
    Chunk,
    Encoder,
    Mel,
    clamp,
    cut_chunks,
    emissions_of,
    mel_blocks,
    plan_chunks,
)
from aligner.recognition.acoustic.model import AcousticModel, load_acoustic_model
from aligner.recognition.asr import at_a_time, in_order
from aligner.recognition.models import model_folder, model_identity


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The emissions of a chunk for its frames ``[keep, stop)``, and the probability of each language, if requested."""

    chunk: Chunk
    values: NDArray[np.float16]
    languages: dict[str, float]


class AcousticRecogniser:
    """A recogniser of letters, not words: known text can be located in its output to within hundredths of a second.

    ``model`` is the name or folder of a Whisper model as large as Whisper base. ``language`` is a code such as ``fr``,
    or None to have Whisper detect the language in three chunks.
    """

    name = "acoustic"

    def __init__(self, model: str = "base", language: str | None = None) -> None:
        self.model = model
        self._language = language_code(language) or language

    def identity(self) -> dict[str, object]:
        """Return the values that determine the emissions: both models, the chunks' settings and the language."""
        chunks = {
            "margin_frames": MARGIN_FRAMES,
            "around_frames": AROUND_FRAMES,
            "skip_frames": SKIP_FRAMES,
            "skipped_speech": SKIPPED_SPEECH,
        }
        acoustic = load_acoustic_model().version
        return {
            "model": model_identity(self.model),
            "acoustic_model": acoustic,
            "language": self._language,
            "windows": chunks,
        }

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Return the emissions of every frame of the episode.

        Raises ModelError if the Whisper model is missing, does not load, or is not as large as Whisper base.
        """
        from threadpoolctl import threadpool_limits

        progress(self.name, 0.0, audio.duration)
        acoustic, workers = load_acoustic_model(), at_a_time()
        encoder = Encoder(model_folder(self.model, progress), workers)
        frames = int(np.ceil(audio.duration / FRAME))
        chunks = plan_chunks(audio.speech, frames)
        speech = np.zeros(frames, bool)
        for span in audio.speech:
            speech[int(span.start / FRAME) : int(span.end / FRAME)] = True
        asked = set() if self._language else {chunks[len(chunks) * sixth // 6] for sixth in (1, 3, 5)}
        values = silent_frames(frames)
        likely: dict[str, float] = {}

        def encode(piece: tuple[Chunk, Mel], stop: threading.Event) -> _Encoded:
            return _encoded(piece, speech, encoder, acoustic, piece[0] in asked)

        with_sound = cut_chunks(mel_blocks(samples for _, samples in audio_blocks(audio)), chunks)
        # The acoustic model's matrix products are small: idle BLAS threads would take a fifth of the encoder's time.
        alone = threadpool_limits(1, user_api="blas")
        with alone, closing(in_order(encode, with_sound, workers)) as results:
            for result in results:
                try:
                    encoded = result.result()
                except (RuntimeError, ValueError) as error:  # raised by CTranslate2
                    raise ModelError(
                        "model {model!r} cannot be used for acoustic alignment ({detail})",
                        model=self.model,
                        detail=error,
                    ) from error
                chunk = encoded.chunk
                values[chunk.keep : chunk.stop] = encoded.values
                for language, probability in encoded.languages.items():
                    likely[language] = likely.get(language, 0.0) + probability
                progress(self.name, min(chunk.stop * FRAME, audio.duration), audio.duration)
        language = self._language or max(likely, key=lambda code: likely[code])
        return Recognition((), language, emissions=Emissions(values, acoustic.prior))


def _encoded(
    piece: tuple[Chunk, Mel], spoken: NDArray[np.bool_], encoder: Encoder, acoustic: AcousticModel, ask_language: bool
) -> _Encoded:
    chunk, mel = piece
    kept = slice(chunk.keep - chunk.start, chunk.stop - chunk.start)
    wanted = np.zeros(CHUNK_FRAMES, bool)
    wanted[kept] = spoken[chunk.keep : chunk.stop]
    languages: dict[str, float] = {}

    def compute(part: Mel) -> NDArray[np.float16]:
        features, likely = encoder.encode(clamp(part), ask_language and part is mel)
        languages.update(likely)
        return acoustic.emissions(features)

    values = emissions_of(mel, wanted, compute)
    return _Encoded(chunk, values[kept], languages)
