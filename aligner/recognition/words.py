"""The words ear: Whisper decodes the episode, piece by piece, and says when it heard each word.

Conventions
-----------
- Word times have Whisper's known bias taken out; starts never decrease and ends come after starts.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from aligner.errors import ModelError
from aligner.languages import language_code
from aligner.model import Audio, HeardWord, Recognition, Span
from aligner.recognition import RATE, Progress, sound_of
from aligner.recognition.models import model_folder, model_identity
from aligner.recognition.pieces import LONGEST, MARGIN, SKIP, at_a_time, cut, in_order, plan_pieces, with_margins
from aligner.recognition.tidy import tidy

if TYPE_CHECKING:
    from aligner.recognition.pieces import Samples

# How Whisper is run. Measured on 16 minutes of French on two cores, as seconds of work per second of sound and share of
# the transcript's words heard exactly: pieces of 28 s 0.039 and 0.88, of 120 s 0.052 and 0.88; beam 5 0.100 and 0.88;
# one worker with two threads 0.071 and 0.88; batches of 8 0.118 and 0.87; names of the transcript as hints 0.055 and
# 0.78.
_BEAM = 1
_TEMPERATURES = (0.0, 0.4, 0.8)  # tried in turn while the text goes round in circles
_COMPUTE_TYPE = "int8"

_WITHOUT_SPACES = ("zh", "ja", "th", "lo", "my", "yue")  # as faster-whisper has it

# Whisper calls a text failed when it compresses better than this: it is going round in circles.
_MOST_COMPRESSION = 2.4


class WordsEar:
    """Hears words with faster-whisper.

    ``model`` is a model's name or the path of its folder; ``language`` a code such as ``fr``, or None to have Whisper
    tell it from three stretches of speech; ``workers`` how many pieces it takes at a time, each on a thread of its own,
    None as many as ``pieces.at_a_time``. ``likely`` is the language where none is named and the model knows that.
    """

    name = "words"

    def __init__(
        self, model: str = "base", language: str | None = None, workers: int | None = None, likely: str | None = None
    ) -> None:
        self.model = model
        self._language, self._likely = language_code(language) or language, likely
        self._workers = workers or at_a_time()

    def expecting(self, language: str | None) -> WordsEar:
        """The same, of which the language is likely that one."""
        return WordsEar(self.model, self._language, self._workers, language)

    def identity(self) -> dict[str, object]:
        """The model, language and options; how many workers there are does not change what is recognised."""
        options = {
            "pieces": {"longest": LONGEST, "skip": SKIP, "margin": MARGIN},
            "beam": _BEAM,
            "temperatures": _TEMPERATURES,
            "compute_type": _COMPUTE_TYPE,
            "joined": True,  # words are whole, see _joined
        }
        return {"model": model_identity(self.model), "language": self._language or self._likely, "options": options}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Recognise the episode's words.

        Raises
        ------
        ModelError
            The model is not there, does not load, does not know the language, or fails everywhere.
        """
        progress("words", 0.0, audio.duration)
        whisper = _load(self.model, self._workers, progress)
        pieces = with_margins(plan_pieces(audio.speech, LONGEST), audio.duration)
        language = self._known_to(whisper) or _detect_language(whisper, audio, pieces)
        words: list[HeardWord] = []
        failed: list[Span] = []
        error: Exception | None = None

        def transcribe(piece: tuple[float, Samples], stop: threading.Event) -> list[HeardWord]:
            return _transcribe(whisper, piece, language, stop)

        with_sound = cut(sound_of(audio), pieces, RATE)
        with closing(in_order(transcribe, with_sound, self._workers)) as results:
            for piece, result in zip(pieces, results, strict=True):
                try:
                    words += result.result()
                except (RuntimeError, ValueError, IndexError) as failure:  # what CTranslate2 and its wrapper raise
                    failed.append(piece)
                    error = failure
                progress("words", piece.end, audio.duration)
        if error and len(failed) == len(pieces):
            raise ModelError(
                "model {model!r} cannot recognise anything ({detail})", model=self.model, detail=error
            ) from error
        lost = tuple(f"no words were recognised from {piece.start:.0f} to {piece.end:.0f} s" for piece in failed)
        return Recognition(tuple(tidy(words, audio.speech, audio.duration)), language, lost)

    def _known_to(self, whisper: Any) -> str | None:
        if self._language:
            return _known(whisper, self._language)
        return self._likely if self._likely in whisper.supported_languages else None


def _load(model: str, workers: int, progress: Progress) -> Any:
    with model_folder(model, progress) as folder:
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(
                str(folder),
                device="cpu",
                compute_type=_COMPUTE_TYPE,
                cpu_threads=1,
                num_workers=workers,
                local_files_only=True,
            )
        except Exception as error:  # the tokenizers library raises no other kind
            raise ModelError("model {model!r} does not load ({detail})", model=model, detail=error) from error


def _known(whisper: Any, language: str) -> str:
    if language not in whisper.supported_languages:
        known = ", ".join(sorted(whisper.supported_languages))
        raise ModelError(
            "language {language!r} is not one that the model knows; expected one of {known}",
            language=language,
            known=known,
        )
    return language


def _detect_language(whisper: Any, audio: Audio, pieces: Sequence[Span]) -> str:
    """The language that is likeliest over three pieces, from the first, second and last third.

    Encoding a window is a third of the work on it, so what is encoded here is taken again when it is transcribed.
    """
    import numpy as np
    from faster_whisper.audio import pad_or_trim

    if not whisper.model.is_multilingual:
        return "en"
    likely: dict[str, float] = {}
    encoded: dict[bytes, Any] = {}
    encode = whisper.encode
    for index in sorted({len(pieces) * sixth // 6 for sixth in (1, 3, 5)}):
        blocks = [samples for _, samples in sound_of(audio, pieces[index].start, pieces[index].end)]
        if blocks:
            # Whisper's own window: without the last frame, which is centred on the sound's end.
            window = pad_or_trim(whisper.feature_extractor(np.concatenate(blocks))[..., :-1])
            made = encoded[window.tobytes()] = encode(window)
            for token, probability in whisper.model.detect_language(made)[0]:
                language = token.strip("<|>")
                likely[language] = likely.get(language, 0.0) + probability

    def encode_once(window: Any) -> Any:
        return encoded.pop(key) if (key := window.tobytes()) in encoded else encode(window)

    whisper.encode = encode_once
    return max(likely, key=lambda language: likely[language])


def _transcribe(whisper: Any, piece: tuple[float, Samples], language: str, stop: threading.Event) -> list[HeardWord]:
    at, samples = piece
    segments, _ = whisper.transcribe(
        samples,
        language=language,
        beam_size=_BEAM,
        best_of=1,
        temperature=_TEMPERATURES,
        word_timestamps=True,
        condition_on_previous_text=False,  # one piece's mistakes stay out of the next
    )
    words: list[HeardWord] = []
    for segment in segments:  # recognised one by one as they are asked for
        if stop.is_set():
            break
        if segment.compression_ratio <= _MOST_COMPRESSION:
            words += _joined(segment.words, at, language)
    return words


def _joined(heard: Sequence[Any], at: float, language: str) -> list[HeardWord]:
    """The words of a segment as they are written: Whisper begins a new one at every apostrophe and hyphen, and only one
    with a space before it is one."""
    words: list[HeardWord] = []
    for word in heard:
        start, end, probability = at + float(word.start), at + float(word.end), float(word.probability)
        if words and not word.word.startswith(" ") and language not in _WITHOUT_SPACES:
            last = words.pop()
            words.append(HeardWord(last.text + word.word.strip(), last.start, end, min(last.probability, probability)))
        else:
            words.append(HeardWord(word.word.strip(), start, end, probability))
    return words
