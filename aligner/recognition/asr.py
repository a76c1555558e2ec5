"""Automatic speech recognition (ASR): run Whisper piece by piece, and correct its known errors.

A *piece* is a span of the episode that begins and ends with speech; long silence is outside all pieces. Only the
samples of a few pieces are in memory at a time. Times are in seconds of the episode, corrected for Whisper's known
bias. Starts never decrease, and ends come after starts, within the episode.
"""

from __future__ import annotations

import itertools
import os
import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from aligner.errors import ModelError
from aligner.languages import language_code
from aligner.model import Audio, RecognisedWord, Recognition, Span
from aligner.recognition import RATE, Progress, audio_blocks
from aligner.recognition.models import model_folder, model_identity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


Piece = TypeVar("Piece")
Result = TypeVar("Result")

LONGEST = 28.0  # with its margins, a piece fits in one of Whisper's windows of 30 s
SKIP = 2.0  # longer silence is skipped
MARGIN = 0.2  # silence around a piece, because recognisers need the onset of a word

THREADS = "QUOTECAST_THREADS"
"""The environment variable with the number of pieces to recognise at a time."""

_AT_A_TIME = 2  # see ``acoustic/MODEL_CARD.md`` for what was measured

# Whisper's word starts are 43 ms early (median of 2,214 words of synthetic speech with known times), 20 ms early in
# spontaneous speech (218 words, by an HMM aligner). Ends have no such bias.
_EARLY = 0.03

# The last word before a pause may end too early by this much; it is extended to the pause.
_LONGEST_TAIL = 0.4

# Whisper's times are multiples of 20 ms; a word of no length gets this one.
_SHORTEST = 0.02

# A recogniser in a loop repeats the same few words more often than speakers do.
_MOST_REPEATS, _LONGEST_LOOP = 5, 8

# How Whisper is run. Measured on 16 minutes of French on two cores, as seconds of work per second of audio and share of
# the transcript's words recognised exactly: pieces of 28 s 0.039 and 0.88, of 120 s 0.052 and 0.88; beam 5 0.100 and
# 0.88; one worker with two threads 0.071 and 0.88; batches of 8 0.118 and 0.87; names of the transcript as hints 0.055
# and 0.78.
_BEAM = 1
_TEMPERATURES = (0.0, 0.4, 0.8)  # tried in turn while the text is repetitive
_COMPUTE_TYPE = "int8"

_WITHOUT_SPACES = ("zh", "ja", "th", "lo", "my", "yue")  # as faster-whisper has it

# Whisper rejects a text that compresses better than this, because it is repetitive.
_MOST_COMPRESSION = 2.4


def at_a_time() -> int:
    """Return the number of pieces to recognise at a time: the value of ``QUOTECAST_THREADS`` if set, else two."""
    wanted = os.environ.get(THREADS, "")
    return max(1, int(wanted)) if wanted.isdecimal() and len(wanted) <= 3 else _AT_A_TIME


@dataclass(frozen=True)
class AsrRecogniser:
    """A recogniser of words that runs faster-whisper.

    ``model`` is a model's name or the path of its folder. ``language`` is a code such as ``fr``, or None to have
    Whisper detect the language in three pieces. ``vocabulary`` lists names and words to expect. ``workers`` is the
    number of pieces to recognise at a time, each on its own thread. ``likely`` is the language to use without detection
    if ``language`` is None and the model supports it.
    """

    name = "asr"
    model: str = "base"
    language: str | None = None
    vocabulary: tuple[str, ...] = ()
    workers: int = field(default_factory=at_a_time)
    likely: str | None = None

    def identity(self) -> dict[str, object]:
        """Return the values that determine the words: model, language, vocabulary and options, not ``workers``."""
        options = {
            "pieces": {"longest": LONGEST, "skip": SKIP, "margin": MARGIN},
            "beam": _BEAM,
            "temperatures": _TEMPERATURES,
            "compute_type": _COMPUTE_TYPE,
            "joined": True,  # see _joined
        } | ({"vocabulary": self.vocabulary} if self.vocabulary else {})
        language = language_code(self.language) or self.language or self.likely
        return {"model": model_identity(self.model), "language": language, "options": options}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Return the recognised words of the episode.

        Raises ModelError if the model is missing, does not load, does not know the language, or fails on every piece.
        """
        progress(self.name, 0.0, audio.duration)
        whisper = _load(self.model, self.workers, progress)
        pieces = with_margins(plan_pieces(audio.speech, LONGEST), audio.duration)
        listed = self._fitting(whisper)
        language = self._known_to(whisper) or _detect_language(whisper, audio, pieces)
        words: list[RecognisedWord] = []
        failed: list[Span] = []
        error: Exception | None = None

        def transcribe(piece: tuple[float, Samples], stop: threading.Event) -> list[RecognisedWord]:
            return _transcribe(whisper, piece, language, ", ".join(listed), stop)

        with_sound = cut(audio_blocks(audio), pieces, RATE)
        with closing(in_order(transcribe, with_sound, self.workers)) as results:
            for piece, result in zip(pieces, results, strict=True):
                try:
                    words += result.result()
                except (RuntimeError, ValueError, IndexError) as failure:  # raised by CTranslate2 and its wrapper
                    failed.append(piece)
                    error = failure
                progress(self.name, piece.end, audio.duration)
        if error and len(failed) == len(pieces):
            raise ModelError(
                "model {model!r} cannot recognise anything ({detail})", model=self.model, detail=error
            ) from error
        lost = tuple(f"no words were recognised from {piece.start:.0f} to {piece.end:.0f} s" for piece in failed)
        if len(listed) < len(self.vocabulary):
            lost += (
                f"only the first {len(listed)} lines of the vocabulary fit in the model; the others are not expected",
            )
        return Recognition(tuple(tidy(words, audio.speech, audio.duration)), language, lost)

    def _known_to(self, whisper: Any) -> str | None:
        supported, language = whisper.supported_languages, language_code(self.language) or self.language
        if language and language not in supported:
            raise ModelError(
                "the model does not know the language {language!r}; expected one of {known}",
                language=language,
                known=", ".join(sorted(supported)),
            )
        return language or (self.likely if self.likely in supported else None)

    def _fitting(self, whisper: Any) -> tuple[str, ...]:
        """Return the entries of the vocabulary that fit in faster-whisper's ``hotwords``, a part of every prompt.

        On 16 minutes of synthetic French with 24 spoken names, the base model spelled 3 names right without a list, 17
        with it. Of 22 listed names that are not spoken, it wrote none, but 6 with spaces instead of commas in the list.
        """
        counts = (len(whisper.hf_tokenizer.encode(f" {entry},", add_special_tokens=False)) for entry in self.vocabulary)
        most = whisper.max_length // 2 - 1  # faster-whisper silently cuts off the rest
        fitting = sum(total <= most for total in itertools.accumulate(counts))
        return self.vocabulary[:fitting]


def _load(model: str, workers: int, progress: Progress) -> Any:
    folder = model_folder(model, progress)
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
    except Exception as error:  # the tokenizers library raises no other type
        raise ModelError("model {model!r} does not load ({detail})", model=model, detail=error) from error


def _detect_language(whisper: Any, audio: Audio, pieces: Sequence[Span]) -> str:
    """Return the likeliest language, as detected in three pieces, one from each third of the episode."""
    import numpy as np

    if not whisper.model.is_multilingual:
        return "en"
    likely: dict[str, float] = {}
    for index in sorted({len(pieces) * sixth // 6 for sixth in (1, 3, 5)}):
        blocks = [samples for _, samples in audio_blocks(audio, pieces[index].start, pieces[index].end)]
        if blocks:
            for language, probability in whisper.detect_language(np.concatenate(blocks))[2]:
                likely[language] = likely.get(language, 0.0) + probability
    return max(likely, key=lambda language: likely[language])


def _transcribe(
    whisper: Any, piece: tuple[float, Samples], language: str, hotwords: str, stop: threading.Event
) -> list[RecognisedWord]:
    """Return the words of a piece, given as (start in seconds, samples). With ``hotwords``, Whisper may omit a passage:
    gaps too long for a silence are filled with words recognised without hotwords."""
    words = _decode(whisper, piece, language, hotwords, stop)
    if hotwords:
        ends = [piece[0], *(word.end for word in words)]
        starts = [*(word.start for word in words), piece[0] + len(piece[1]) / RATE]
        gaps = [Span(a, b) for a, b in zip(ends, starts, strict=True) if b - a >= SKIP]
        plain = _decode(whisper, piece, language, "", stop) if gaps else []
        words += (word for word in plain if any(gap.start <= (word.start + word.end) / 2 < gap.end for gap in gaps))
        words.sort(key=lambda word: word.start)
    return words


def _decode(
    whisper: Any, piece: tuple[float, Samples], language: str, hotwords: str, stop: threading.Event
) -> list[RecognisedWord]:
    at, samples = piece
    segments, _ = whisper.transcribe(
        samples,
        language=language,
        beam_size=_BEAM,
        best_of=1,
        temperature=_TEMPERATURES,
        word_timestamps=True,
        hotwords=hotwords or None,
        condition_on_previous_text=False,  # errors in one segment must not affect the next
    )
    words: list[RecognisedWord] = []
    for segment in segments:  # a generator: each step recognises a segment
        if stop.is_set():
            break
        if segment.compression_ratio <= _MOST_COMPRESSION:
            words += _joined(segment.words, at, language)
    return words


def _joined(recognised: Sequence[Any], at: float, language: str) -> list[RecognisedWord]:
    """Return the words of a segment, joined where Whisper splits them at apostrophes and hyphens: a word that does not
    begin with a space belongs to the previous one. ``at`` is the start of the segment's piece in seconds."""
    words: list[RecognisedWord] = []
    for word in recognised:
        start, end, probability = at + float(word.start), at + float(word.end), float(word.probability)
        if words and not word.word.startswith(" ") and language not in _WITHOUT_SPACES:
            last = words.pop()
            text = last.text + word.word.strip()
            words.append(RecognisedWord(text, last.start, end, min(last.probability, probability)))
        else:
            words.append(RecognisedWord(word.word.strip(), start, end, probability))
    return words


def plan_pieces(speech: Sequence[Span], longest: float) -> list[Span]:
    """Return pieces of at most ``longest`` seconds that contain all speech, split at the longest pauses.

    Speech without a pause for more than ``longest`` seconds is split into equal parts, possibly within a word.
    """
    pieces: list[Span] = []
    group: list[Span] = []
    for span in _no_longer_than(speech, longest):
        if group and span.start - group[-1].end >= SKIP:
            pieces.append(Span(group[0].start, group[-1].end))
            group = []
        group.append(span)
        while group[-1].end - group[0].start > longest:
            cut = _best_cut(group, longest)
            pieces.append(Span(group[0].start, group[cut - 1].end))
            group = group[cut:]
    if group:
        pieces.append(Span(group[0].start, group[-1].end))
    return pieces


def _no_longer_than(speech: Sequence[Span], longest: float) -> Iterator[Span]:
    for span in speech:
        parts = max(1, -int(-span.duration // longest))
        edges = [span.start + span.duration * part / parts for part in range(parts)] + [span.end]
        yield from (Span(a, b) for a, b in itertools.pairwise(edges))


def _best_cut(group: Sequence[Span], longest: float) -> int:
    """Return how many spans of ``group`` to put into the next piece. The piece should be nearly ``longest`` seconds
    long, with a long pause after it."""

    def worth(count: int) -> float:
        pause = group[count].start - group[count - 1].end
        fill = (group[count - 1].end - group[0].start) / longest
        return pause * (0.5 + fill if fill > 0.4 else 0.3)

    fitting = [count for count in range(1, len(group)) if group[count - 1].end - group[0].start <= longest]
    return max(fitting, key=worth)


def with_margins(pieces: Sequence[Span], duration: float) -> list[Span]:
    """Return the pieces, extended by ``MARGIN`` seconds at both ends, but not beyond the middle of a silence."""
    edges = [0.0, *((a.end + b.start) / 2 for a, b in itertools.pairwise(pieces)), duration]
    return [
        Span(max(piece.start - MARGIN, left), min(piece.end + MARGIN, right))
        for piece, left, right in zip(pieces, edges, edges[1:], strict=False)
    ]


def cut(blocks: Iterable[tuple[float, Samples]], pieces: Sequence[Span], rate: int) -> Iterator[tuple[float, Samples]]:
    """Yield the start in seconds and the samples of each piece, cut from consecutive blocks. Pieces do not overlap."""
    import numpy as np

    buffer = np.zeros(0, np.float32)
    buffer_at = 0
    source = iter(blocks)
    for piece in pieces:
        first, last = round(piece.start * rate), round(piece.end * rate)
        while buffer_at + len(buffer) < last and (block := next(source, None)) is not None:
            at, samples = round(block[0] * rate), block[1]
            before = max(buffer_at, min(first, at))
            buffer = np.concatenate([buffer[before - buffer_at :], samples]) if len(buffer) else samples
            buffer_at = before if len(buffer) > len(samples) else at
        yield first / rate, buffer[max(0, first - buffer_at) : max(0, last - buffer_at)]


def in_order(
    work: Callable[[Piece, threading.Event], Result], pieces: Iterable[Piece], workers: int
) -> Generator[Future[Result], None, None]:
    """Yield a future with the result of ``work`` on each piece, in the order of the pieces.

    Each of the ``workers`` threads processes a piece while the caller uses earlier results. When the caller stops, even
    by Ctrl-C, the event passed to ``work`` is set, so that ``work`` can stop early, and the threads end.
    """
    stop = threading.Event()
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Result]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(work, piece, stop))
            if len(waiting) > workers:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def tidy(words: Sequence[RecognisedWord], speech: Sequence[Span], duration: float) -> list[RecognisedWord]:
    """Return the words without loops (phrases that Whisper repeats), and with their starts and ends corrected.

    The mean error of starts falls from 73 to 52 ms in synthetic speech and from 70 to 64 ms in spontaneous speech; that
    of ends falls from 64 to 55 ms and from 55 to 47 ms.
    """
    unrepeated = _without_loops([word for word in words if word.text])
    return monotonic(_at_pauses(unrepeated, speech), duration)


def monotonic(words: Iterable[RecognisedWord], duration: float) -> list[RecognisedWord]:
    """Return the words with starts that never decrease and ends after starts, within the episode."""
    ordered: list[RecognisedWord] = []
    last = 0.0
    for word in words:
        start = max(0.0, min(max(word.start, last), duration - _SHORTEST))
        end = max(start + _SHORTEST, min(word.end, duration))
        ordered.append(RecognisedWord(word.text, start, end, word.probability))
        last = start
    return ordered


def _at_pauses(words: Sequence[RecognisedWord], speech: Sequence[Span]) -> Iterator[RecognisedWord]:
    onsets = [span.start for span in speech]
    for index, word in enumerate(words):
        start, end = word.start + _EARLY, word.end
        span = bisect_right(onsets, start) - 1
        in_silence = span < 0 or start >= speech[span].end
        if in_silence and span + 1 < len(speech) and onsets[span + 1] < end:
            span, in_silence = span + 1, False
            start = onsets[span]
        if not in_silence:
            offset = speech[span].end
            following = words[index + 1].start + _EARLY if index + 1 < len(words) else float("inf")
            runs_over = end > offset and (span + 1 == len(speech) or end <= onsets[span + 1])
            cut_off = end < offset < following and offset - end < _LONGEST_TAIL
            end = offset if runs_over or cut_off else end
        yield RecognisedWord(word.text, start, end, word.probability)


def _without_loops(words: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Return the words with each loop (a phrase that Whisper repeats many times) reduced to its first occurrence."""
    texts = [word.text.casefold().strip(" .,!?…") for word in words]
    unrepeated: list[RecognisedWord] = []
    at = 0
    while at < len(words):
        length, repeats = _loop(texts, at)
        unrepeated += words[at : at + length]
        at += length * repeats
    return unrepeated


def _loop(texts: Sequence[str], at: int) -> tuple[int, int]:
    """Return the loop that begins at word ``at``, as (words in the phrase, occurrences); (1, 1) if there is none."""
    for length in range(1, _LONGEST_LOOP + 1):
        turns = 1
        unit = texts[at : at + length]
        while texts[at + turns * length : at + (turns + 1) * length] == unit:
            turns += 1
        if turns > _MOST_REPEATS:
            return length, turns
    return 1, 1
