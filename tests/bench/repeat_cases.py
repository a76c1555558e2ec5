"""Passages said two or three times in a row, in the middle of what was recorded around them, with the text of it.

Conventions: seconds; ranges are half-open; ``readings`` say what is right, in the words of ``repeats.py``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from tests.bench.recordings import Recording, Said, Samples, moved
from tests.bench.splicing import Splice, after_word, altered, room_tone

KINDS = ("word", "sentence", "passage")
RELATIONS = {"as often": 0, "once less": -1, "once more": 1}
AS_IT_WAS = "as it was"

_AROUND, _LEAST_AROUND = 10.0, 3.0  # seconds of the recording before and after
_LENGTHS = {"sentence": (1.0, 8.0), "passage": (5.0, 20.0)}
_LEAST_WORDS = 3
_SHORTEST_WORD = 0.12
_PAUSE = (0.2, 1.0)
_SPEED, _GAIN_DB = 0.03, 3.0

Reading = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words ``[first, stop)`` of a recording, and those of the stretch around it; ``whole`` if they are sentences."""

    first: int
    stop: int
    begin: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Repetition:
    """A sound and a text in which something is repeated.

    ``around`` are the words that are not; ``written`` the characters of the repeated words, by copy of the text;
    ``said`` when they are said, by copy of the sound, and ``spans`` these copies. A reading has for each copy of the
    text its copy of the sound, or None.
    """

    name: str
    kind: str
    relation: str
    language: str | None
    samples: Samples
    text: str
    around: tuple[Said, ...]
    written: tuple[tuple[tuple[int, int], ...], ...]
    said: tuple[tuple[Said, ...], ...]
    spans: tuple[tuple[float, float], ...]
    readings: tuple[Reading, ...]


def repetitions(recordings: Sequence[Recording], count: int, seed: int) -> Iterator[Repetition]:
    """So many, of all kinds in turn; the first ones of a seed are the same whatever the count."""
    grid = list(product(KINDS, RELATIONS, (2, 3), (False, True)))
    weights = [recording.duration**0.5 for recording in recordings]  # no recording stands for all the others
    choices = {(recording.name, kind): passages(recording, kind) for recording in recordings for kind in KINDS}
    if not all(any(choices[recording.name, kind] for recording in recordings) for kind in KINDS):
        raise ValueError("the recordings hold no passage of some kind: longer ones are wanted, with known starts")
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        order = random.Random(f"{seed} round {number // len(grid)}").sample(grid, len(grid))
        kind, relation, times, paused = order[number % len(grid)]
        found: list[Passage] = []
        while not found:
            recording = rng.choices(recordings, weights)[0]
            found = choices[recording.name, kind]
        yield repeated(recording, rng.choice(found), (kind, relation, times, paused), rng)


def repeated(recording: Recording, passage: Passage, how: tuple[str, str, int, bool], rng: random.Random) -> Repetition:
    """The passage said so many times in a row, with pauses or without, between what stands before and after it."""
    kind, relation, times, paused = how
    text, before, written, after = retold(recording, passage, times + RELATIONS[relation])
    words, first, stop = recording.words, passage.first, passage.stop
    cut, resumed = recording.cut_before(first), recording.cut_after(stop - 1)
    begin = recording.cut_before(passage.begin) if passage.begin else 0.0
    splice = Splice()
    splice.add(recording.between(begin, cut))
    said, spans = [], []
    for copy in range(times):
        if copy and paused:
            splice.add(room_tone(recording, rng.uniform(*_PAUSE)))
        speed, gain_db = rng.choice(
            [(1.0, 0.0), (rng.uniform(1 - _SPEED, 1 + _SPEED), rng.uniform(-_GAIN_DB, _GAIN_DB))]
        )
        at = splice.add(altered(recording.between(cut, resumed), speed, gain_db))
        said.append(tuple(moved(word, at - cut / speed, 0, speed) for word in words[first:stop]))
        spans.append((at, splice.duration))
    at = splice.add(recording.between(resumed, recording.cut_after(passage.end - 1)))
    around = [moved(word, -begin, before) for word in words[passage.begin : first]]
    around += [moved(word, at - resumed, after) for word in words[stop : passage.end]]
    return Repetition(
        name=recording.name,
        kind=kind,
        relation=relation,
        language=recording.language,
        samples=splice.samples,
        text=text,
        around=tuple(around),
        written=written,
        said=tuple(said),
        spans=tuple(spans),
        readings=readings(times, relation, passage.whole),
    )


def retold(
    recording: Recording, passage: Passage, times: int
) -> tuple[str, int, tuple[tuple[tuple[int, int], ...], ...], int]:
    """The text with so many copies; how far the characters before them have moved, where the words of each copy stand,
    and how far the characters after them have moved."""
    words, text = recording.words, recording.text
    start, opened, closed, end = (
        words[passage.begin].char_start,
        words[passage.first].char_start,
        after_word(text, words[passage.stop - 1]),
        after_word(text, words[passage.end - 1]),
    )
    is_line = text[:opened].endswith("\n") and text[closed:].startswith("\n")
    copy = text[opened:closed] + ("\n" if is_line else " ")
    written = tuple(
        tuple(
            (w.char_start - start + k * len(copy), w.char_end - start + k * len(copy))
            for w in words[passage.first : passage.stop]
        )
        for k in range(times)
    )
    retold = text[start:opened] + (copy * times)[:-1] + text[closed:end]
    return retold + "\n", -start, written, (times - 1) * len(copy) - start


def readings(times: int, relation: str, whole: bool) -> tuple[Reading, ...]:
    """For each copy of the text which of so many copies of the sound it may be; see ``repeats.py``."""
    copies = range(times)
    if relation == "once more":
        return tuple((*copies[:unsaid], None, *copies[unsaid:]) for unsaid in range(times + 1))
    if relation == "once less":
        return tuple(combinations(copies, times - 1)) if whole else (tuple(copies[1:]),)
    return (tuple(copies),)


def passages(recording: Recording, kind: str) -> list[Passage]:
    """All passages of a kind that have something around them and are not repeated as it is."""
    if kind == "word":
        bounds = [(k, k + 1) for k in range(1, len(recording.words) - 1) if is_clear_word(recording, k)]
    else:
        bounds = list(phrases(recording, kind))
    sentences = recording.sentence_starts
    found = []
    for first, stop in bounds:
        begin, end = stretch(recording, first, stop)
        enough = all(seconds >= _LEAST_AROUND for seconds in context(recording, first, stop, begin, end))
        if enough and is_repeatable(recording, first, stop):
            found.append(Passage(first, stop, begin, end, kind != "word" and {first, stop} <= sentences))
    return found


def phrases(recording: Recording, kind: str) -> Iterator[tuple[int, int]]:
    """Sentences, or what else begins and ends with a pause or a sentence, of the length that the kind has."""
    starts, sentences = recording.phrase_starts, recording.sentence_starts
    starts = [k for k in starts if k in sentences or kind == "passage"]
    low, high = _LENGTHS[kind]
    for at, first in enumerate(starts):
        for stop in starts[at + 1 : at + 2 if kind == "sentence" else None]:
            seconds = recording.words[stop].latest - recording.words[first].latest
            if low <= seconds <= high and stop - first >= _LEAST_WORDS:
                yield first, stop


def is_clear_word(recording: Recording, k: int) -> bool:
    """Whether a word has known edges and is long enough to be heard alone."""
    word = recording.words[k]
    letters = sum(map(str.isalpha, recording.text[word.char_start : word.char_end]))
    return word.known and word.end is not None and word.end - word.latest >= _SHORTEST_WORD and letters >= 2


def stretch(recording: Recording, first: int, stop: int) -> tuple[int, int]:
    """The words around a passage whose sound and text go together, some ten seconds on each side."""
    words, phrase_starts = recording.words, recording.phrase_starts
    lowest = max([0, *(k for k in recording.breaks if k <= first)])
    highest = min([len(words), *(k for k in recording.breaks if k >= stop)])
    begins = [k for k in phrase_starts if k >= lowest and words[first].latest - words[k].latest >= _AROUND]
    resumed = recording.cut_after(stop - 1)
    ends = [k for k in phrase_starts if k <= highest and words[k].latest - resumed >= _AROUND]
    return max(begins, default=lowest), min(ends, default=highest)


def context(recording: Recording, first: int, stop: int, begin: int, end: int) -> tuple[float, float]:
    """How long the sound before a passage is, and after it."""
    words = recording.words
    before = words[first].latest - (words[begin].latest if begin else 0.0)
    return before, (words[end].latest if end < len(words) else recording.duration) - recording.cut_after(stop - 1)


def is_repeatable(recording: Recording, first: int, stop: int) -> bool:
    """Whether a passage is said in one go in one recording, by one speaker, and is not a repetition already."""
    words, text, size = recording.words, recording.text, stop - first
    folded = [
        re.sub(r"\W", "", text[word.char_start : word.char_end].lower())
        for word in words[max(0, first - size) : stop + size]
    ]
    at = min(first, size)
    own = folded[at : at + size]
    inside = text[words[first].char_start : words[stop - 1].char_end]
    labelled = re.search(r"\n[^\n]{0,60} ?: ", inside)
    broken = any(first < k < stop for k in recording.breaks | recording.seams)
    return not (labelled or broken or folded[:at] == own or folded[at + size :] == own)
