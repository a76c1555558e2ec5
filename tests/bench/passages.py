"""Choose passages of recordings to repeat, with their context.

Conventions: seconds; ranges of words are half-open.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.recordings import Recording

KINDS = ("word", "sentence", "passage", "echo")

_AROUND, _LEAST_AROUND = 10.0, 3.0  # seconds of the recording before and after
_LENGTHS = {"sentence": (1.0, 8.0), "echo": (1.0, 8.0), "passage": (5.0, 20.0)}
_LEAST_WORDS = {"sentence": 3, "echo": 5, "passage": 3}
_SHORTEST_WORD = 0.12


@dataclass(frozen=True, slots=True)
class Passage:
    """Words ``[first, stop)`` of a recording, and those of its context; ``whole`` if they are sentences,
    ``tail`` if they end one that begins before them.

    An echo of it begins with word ``again``; what is no echo, with the first one.
    """

    first: int
    stop: int
    begin: int
    end: int
    whole: bool
    tail: bool
    again: int


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
            whole = kind != "word" and {first, stop} <= sentences
            tail = kind != "word" and stop in sentences and not whole
            later = [k for k in (first + 1, first + 2) if is_clear_start(recording, k)] if kind == "echo" else [first]
            found += [Passage(first, stop, begin, end, whole, tail, again) for again in later]
    return found


def phrases(recording: Recording, kind: str) -> Iterator[tuple[int, int]]:
    """Sentences, or what else begins and ends with a pause or a sentence, of the length that the kind has."""
    starts, sentences = recording.phrase_starts, recording.sentence_starts
    starts = [k for k in starts if k in sentences or kind == "passage"]
    low, high = _LENGTHS[kind]
    for at, first in enumerate(starts):
        for stop in starts[at + 1 : None if kind == "passage" else at + 2]:
            seconds = recording.words[stop].latest - recording.words[first].latest
            if low <= seconds <= high and stop - first >= _LEAST_WORDS[kind]:
                yield first, stop


def is_clear_word(recording: Recording, k: int) -> bool:
    """Return whether a word has known edges and is long enough to be recognised alone."""
    word = recording.words[k]
    letters = sum(map(str.isalpha, recording.text[word.char_start : word.char_end]))
    return word.known and word.end is not None and word.end - word.latest >= _SHORTEST_WORD and letters >= 2


def is_clear_start(recording: Recording, k: int) -> bool:
    """Whether a word may be cut off from the one before it."""
    return recording.words[k].known and recording.words[k - 1].end is not None


def stretch(recording: Recording, first: int, stop: int) -> tuple[int, int]:
    """Return the words around a passage, some ten seconds on each side, without breaks between audio and text."""
    words, phrase_starts = recording.words, recording.phrase_starts
    lowest = max([0, *(k for k in recording.breaks if k <= first)])
    highest = min([len(words), *(k for k in recording.breaks if k >= stop)])
    begins = [k for k in phrase_starts if k >= lowest and words[first].latest - words[k].latest >= _AROUND]
    resumed = recording.cut_after(stop - 1)
    ends = [k for k in phrase_starts if k <= highest and words[k].latest - resumed >= _AROUND]
    return max(begins, default=lowest), min(ends, default=highest)


def context(recording: Recording, first: int, stop: int, begin: int, end: int) -> tuple[float, float]:
    """Return the seconds of audio before and after a passage."""
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
