"""The letters ear: Whisper's encoder, run once over the speech, and a head that says which letter sounds when."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, LetterScores, unheard
from aligner.errors import ModelError
from aligner.languages import language_code
from aligner.recognition.ear import Hearing, Progress, Sound
from aligner.recognition.letters.encoder import Encoder
from aligner.recognition.letters.head import Head, load_head
from aligner.recognition.letters.mel import Mel, Samples, clamp, mel_blocks
from aligner.recognition.letters.windows import Window, WindowOptions, cut_windows, plan_windows
from aligner.recognition.models import model_folder, model_identity
from aligner.recognition.parallel import in_order


@dataclass(frozen=True, slots=True)
class LettersOptions:
    """How the encoder is run: see ``MODEL_CARD.md`` for what was measured."""

    windows: WindowOptions = field(default_factory=WindowOptions)
    workers: int = 2  # windows at a time, each on a thread of its own


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one window gave: scores of the frames that are kept, and how likely each language is, where asked."""

    window: Window
    scores: NDArray[np.float16]
    languages: dict[str, float]


class LettersEar:
    """Hears letters, not words: what is said must be known, and is then found to within hundredths of a second.

    ``model`` is a Whisper model of the size of base, by name or folder; ``language`` a code such as ``fr``, or None to
    have Whisper tell it from three stretches of speech.
    """

    name = "letters"

    def __init__(self, model: str = "base", language: str | None = None, options: LettersOptions | None = None) -> None:
        self.model = model
        self._language = language_code(language) or language
        self._options = options or LettersOptions()

    def identity(self) -> dict[str, object]:
        """The model, the head and the windows; and the language, which is part of what is heard."""
        windows = asdict(self._options.windows)
        head = load_head().version
        return {"model": model_identity(self.model), "head": head, "language": self._language, "windows": windows}

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        """Score the letters of every frame of speech.

        Raises
        ------
        ModelError
            The model is not there, does not load, or is not one that the head was trained on.
        """
        from threadpoolctl import threadpool_limits

        progress(self.name, 0.0, sound.duration)
        head = load_head()
        with model_folder(self.model) as folder:
            encoder = Encoder(folder, self._options.workers)
        frames = int(np.ceil(sound.duration / FRAME))
        windows = plan_windows(sound.speech, frames, self._options.windows)
        asked = set() if self._language else {windows[len(windows) * sixth // 6] for sixth in (1, 3, 5)}
        values = unheard(frames)
        likely: dict[str, float] = {}

        def listen(piece: tuple[Window, Mel], stop: threading.Event) -> _Heard:
            return _listen(piece, encoder, head, piece[0] in asked)

        with_sound = cut_windows(mel_blocks(_samples(sound)), windows)
        # The head's products are small: threads of BLAS that wait for more of them take a fifth of the encoder's time.
        alone = threadpool_limits(1, user_api="blas")
        with alone, closing(in_order(listen, with_sound, self._options.workers)) as results:
            for result in results:
                try:
                    heard = result.result()
                except (RuntimeError, ValueError) as error:  # what CTranslate2 raises
                    raise ModelError(f"model {self.model!r} cannot be used by the letters ear ({error})") from error
                window = heard.window
                values[window.keep : window.stop] = heard.scores
                for language, probability in heard.languages.items():
                    likely[language] = likely.get(language, 0.0) + probability
                progress(self.name, min(window.stop * FRAME, sound.duration), sound.duration)
        language = self._language or max(likely, key=lambda code: likely[code])
        return Hearing((), language, letters=LetterScores(values, head.prior))


def _samples(sound: Sound) -> Iterator[Samples]:
    from media.decode import sound_blocks

    blocks: Iterable[tuple[float, Samples]] = sound_blocks(sound.path)
    return (samples for _, samples in blocks)


def _listen(piece: tuple[Window, Mel], encoder: Encoder, head: Head, ask_language: bool) -> _Heard:
    window, mel = piece
    clamped = clamp(mel)
    scores = head.scores(encoder.encode(clamped))
    languages = encoder.languages(clamped) if ask_language else {}
    return _Heard(window, scores[window.keep - window.start : window.stop - window.start], languages)
