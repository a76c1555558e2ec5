"""Recordings with known words, held as samples, from which passages are cut.

Conventions: seconds of the recording; ranges of words are half-open; a word's start is known as a range of seconds,
which is one moment where the truth has it, and all that lies between its known neighbours where it has not.
"""

import json
import re
import tempfile
import wave
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.model import Transcript
from aligner.transcript import read_transcript
from aligner.transcript.language import written_language
from media.decode import audio_blocks
from tests.bench.trial import EpisodeFiles, find_episodes
from tests.paths import SAMPLE, SHARED

RATE = 16000

Samples = NDArray[np.float32]

_SHORT = 120.0  # recordings below this are joined with others of their folder and language, to give passages a context
_BETWEEN = 0.6  # seconds of silence between joined ones
_REACH = 0.25  # seconds before a word, or after one, within which it may be cut off from its neighbour
_FRAME, _HOP = RATE // 100, RATE // 400
_TONE = 0.15  # seconds
_PAUSE = 0.15  # seconds; what is shorter may be a stop consonant
_LONGEST_SENTENCE = 40  # words, on the average of a text that has sentences
_MARK = re.compile(r"<\w+>")  # a noise that was written down; what becomes of the words beside it is not asked here
_SENTENCE_END = re.compile(r"[.!?…][ \u00a0\u202f»”\"')\]]*( [«“(]*$|$)|\n")


@dataclass(frozen=True, slots=True)
class Said:
    """A word that is said, its characters, and the first and last moment at which it may begin."""

    char_start: int
    char_end: int
    earliest: float
    latest: float
    end: float | None

    @property
    def known(self) -> bool:
        return self.earliest == self.latest


@dataclass(frozen=True)
class Recording:
    """``breaks`` are the words before which text is unspoken or speech untranscribed;
    ``seams`` those with which another recording begins."""

    name: str
    language: str | None
    samples: Samples
    text: str
    words: tuple[Said, ...]
    breaks: frozenset[int]
    seams: frozenset[int] = frozenset()

    @property
    def duration(self) -> float:
        return len(self.samples) / RATE

    def between(self, start: float, end: float) -> Samples:
        return self.samples[round(start * RATE) : round(end * RATE)]

    @cached_property
    def tone(self) -> Samples:
        """The quietest moment of it."""
        hops = round(_TONE * RATE / _HOP)
        energies = np.convolve(np.square(loudness(self.samples)), np.ones(hops), "valid")
        at = int(energies.argmin()) * _HOP
        return self.samples[at : at + hops * _HOP]

    def cut_before(self, k: int) -> float:
        """The quietest moment before word ``k``, whose start must be known, and after the word before it."""
        start = self.words[k].latest
        before = self.words[k - 1].end if k else 0.0
        low = max(start - _REACH, 0.0 if before is None else before)
        return self._quietest(low, start) if low < start - 0.02 else self._quietest(start - 0.03, start + 0.02)

    def cut_after(self, k: int) -> float:
        """The quietest moment soon after word ``k``; the start of the next word or its own end must be known."""
        end, last = self.words[k].end, k + 1 == len(self.words)
        if end is None:
            return self.duration if last else self.cut_before(k + 1)
        high = min(end + _REACH, self.duration if last else self.words[k + 1].latest)
        return self._quietest(end, high) if end < high - 0.02 else self._quietest(high - 0.03, high + 0.02)

    @cached_property
    def phrase_starts(self) -> list[int]:
        """The words with a known start that follow a pause or begin a sentence."""
        sentences = self.sentence_starts
        return [k for k, w in enumerate(self.words) if w.known and (k in sentences or (k and self._pauses_before(k)))]

    @cached_property
    def sentence_starts(self) -> frozenset[int]:
        """The words that begin a sentence or a line; where the text has no sentences, those that follow a pause."""
        ended = [self.text[a.char_start : b.char_start] for a, b in zip(self.words, self.words[1:], strict=False)]
        starts = {k + 1 for k, text in enumerate(ended) if _SENTENCE_END.search(text)}
        if len(starts) * _LONGEST_SENTENCE < len(self.words):
            starts |= {k for k in range(1, len(self.words)) if self._pauses_before(k)}
        return frozenset({0} | starts)

    def _pauses_before(self, k: int) -> bool:
        """Where the end before it is not known, a known start comes after a pause."""
        end = self.words[k - 1].end
        return self.words[k].known and (end is None or self.words[k].latest - end >= _PAUSE)

    def _quietest(self, low: float, high: float) -> float:
        low, high = max(low, 0.0), min(high, self.duration)
        levels = loudness(self.between(low - _FRAME / RATE / 2, high + _FRAME / RATE / 2))
        return low + int(levels.argmin()) * _HOP / RATE if len(levels) else low


def loudness(samples: Samples) -> NDArray[np.float64]:
    """The root mean square of each 10 ms, every 2.5 ms."""
    squares = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    return np.sqrt(np.maximum(0.0, squares[_FRAME:] - squares[:-_FRAME])[::_HOP] / _FRAME)


def samples_of(audio: Path, *span: float) -> Samples:
    """All samples of a file, or those between two seconds of it."""
    return np.concatenate([block for _, block in audio_blocks(audio, RATE, *span)])


def write_wave(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())


def transcript_of(text: str) -> Transcript:
    """What the program reads in a text.

    Raises TranscriptError if it reads nothing in it.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "transcript.txt")
        path.write_text(text, encoding="utf-8", newline="")
        return read_transcript(path)


def default_folders() -> list[Path]:
    """The recordings beside the checkout, where they are, else the project's sample."""
    beside = [SHARED / "bench" / name for name in ("dev", "real", "voices")]
    return [folder for folder in beside if folder.is_dir()] or [SAMPLE]


def read_recordings(folders: Iterable[Path]) -> list[Recording]:
    """All recordings in ``folders``, short ones joined to others of the same folder and language.

    Raises FileNotFoundError if a folder neither is nor holds an episode.
    """
    short: dict[tuple[Path, str | None], list[Recording]] = defaultdict(list)
    recordings = []
    for files in find_episodes(folders):
        recording = read_recording(files)
        if recording.duration < _SHORT:
            short[files.truth.resolve().parents[1], recording.language].append(recording)
        else:
            recordings.append(recording)
    return recordings + [joined(group) for group in short.values()]


def read_recording(files: EpisodeFiles) -> Recording:
    """An episode whose ``truth.json`` has a ``start`` for each word, or says in ``known`` which edges it has."""
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    samples = samples_of(files.audio)
    with files.transcript.open(encoding="utf-8", newline="") as file:
        text = _MARK.sub(lambda mark: " " * len(mark[0]), file.read())
    tokens = [word for word in truth["words"] if re.search(r"\w", text[word["char_start"] : word["char_end"]])]
    said = [word for word in tokens if word["start"] is not None or "known" in word]
    words = tuple(bounded(said, len(samples) / RATE))
    extra = [span["start"] for span in truth.get("extra", [])]
    language = truth.get("language") or written_language(read_transcript(files.transcript))
    return Recording(files.name, language, samples, text, words, breaks_of(tokens, words, extra))


def bounded(said: Sequence[dict[str, Any]], duration: float) -> Iterator[Said]:
    """Words of a truth with what is known of their starts: between the edges that are known around them."""
    edges = [[word[edge] for edge in ("start", "end") if word[edge] is not None] for word in said]
    latest, upper = [duration] * len(said), duration
    for k in range(len(said) - 1, -1, -1):
        latest[k] = upper = said[k]["start"] if said[k]["start"] is not None else min([upper, *edges[k]])
    lower = 0.0
    for k, word in enumerate(said):
        start = word["start"]
        earliest = min(lower, latest[k]) if start is None else start
        lower = max([lower, *edges[k]])
        yield Said(word["char_start"], word["char_end"], earliest, latest[k], word["end"])


def breaks_of(tokens: Sequence[dict[str, Any]], words: Sequence[Said], extra: Sequence[float]) -> frozenset[int]:
    """Return the spoken words that follow an unspoken one or untranscribed speech."""
    number = {word.char_start: k for k, word in enumerate(words)}
    after_unsaid = set()
    unsaid = False
    for token in tokens:
        k = number.get(token["char_start"])
        if k is None:
            unsaid = True
        else:
            after_unsaid |= {k} if unsaid else set()
            unsaid = False
    starts = np.array([word.latest for word in words])
    return frozenset(after_unsaid | {int(np.searchsorted(starts, start)) for start in extra})


def joined(recordings: Sequence[Recording]) -> Recording:
    """Recordings one after the other as one."""
    if len(recordings) == 1:
        return recordings[0]
    silence = np.zeros(round(_BETWEEN * RATE), np.float32)
    sounds: list[Samples] = []
    text, words, breaks, seams = "", list[Said](), set[int](), set[int]()
    for recording in recordings:
        begin = sum(map(len, sounds)) / RATE
        breaks |= {k + len(words) for k in recording.breaks}
        seams.add(len(words))
        words += [moved(word, begin, len(text)) for word in recording.words]
        text += recording.text.rstrip("\n") + "\n"
        sounds += [recording.samples, silence]
    name = "+".join(recording.name for recording in recordings)
    samples, language = np.concatenate(sounds), recordings[0].language
    return Recording(name, language, samples, text, tuple(words), frozenset(breaks), frozenset(seams))


def moved(word: Said, seconds: float, characters: int, speed: float = 1.0) -> Said:
    """Return a word of audio played at ``speed`` and shifted by ``seconds`` and ``characters``."""
    return replace(
        word,
        char_start=word.char_start + characters,
        char_end=word.char_end + characters,
        earliest=word.earliest / speed + seconds,
        latest=word.latest / speed + seconds,
        end=None if word.end is None else word.end / speed + seconds,
    )


def distance(start: float, word: Said) -> float:
    """Seconds between a start and those that are possible."""
    return max(word.earliest - start, start - word.latest, 0.0)
