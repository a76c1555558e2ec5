"""From Whisper's words to words that the matcher can build on: bias out, loops out, in order.

Conventions
-----------
- Times are episode seconds. What comes out has starts that never decrease and ends after starts, within the episode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aligner.model import HeardWord

# Whisper's cross-attention runs ahead of the voice. Medians against known word times (16 minutes of several voices).
_EARLY_IN_SPEECH = 0.045
_EARLY_AFTER_PAUSE = 0.085
_PAUSE = 0.15

# Whisper's clock ticks every 20 ms, and a word that it gives no time at all still has to have some.
_SHORTEST = 0.02

# Nobody says the same few words this often in a row; a recogniser that lost its way does.
_MOST_REPEATS, _LONGEST_LOOP = 5, 8


def tidy(words: Sequence[HeardWord], duration: float) -> list[HeardWord]:
    """Take out loops and the model's bias, and put what remains in order."""
    ordered: list[HeardWord] = []
    for word in _without_bias(_without_loops([word for word in words if word.text])):
        start = max(word.start, ordered[-1].start if ordered else 0.0)
        start = min(start, duration - _SHORTEST)
        end = min(max(word.end, start + _SHORTEST), duration)
        ordered.append(HeardWord(word.text, start, end, word.probability))
    return ordered


def _without_bias(words: Sequence[HeardWord]) -> Iterator[HeardWord]:
    before = float("-inf")
    for index, word in enumerate(words):
        late = _EARLY_AFTER_PAUSE if word.start - before >= _PAUSE else _EARLY_IN_SPEECH
        pause_follows = index + 1 < len(words) and words[index + 1].start - word.end >= _PAUSE
        tail = _EARLY_AFTER_PAUSE if pause_follows else _EARLY_IN_SPEECH
        yield HeardWord(word.text, word.start + late, word.end + tail, word.probability)
        before = word.end


def _without_loops(words: Sequence[HeardWord]) -> list[HeardWord]:
    """Leave a run of words that repeats over and over only once."""
    texts = [word.text.casefold().strip(" .,!?…") for word in words]
    kept: list[HeardWord] = []
    at = 0
    while at < len(words):
        length, repeats = _loop(texts, at)
        kept += words[at : at + length]
        at += length * repeats
    return kept


def _loop(texts: Sequence[str], at: int) -> tuple[int, int]:
    """Length and number of repeats of the loop that begins at ``at``; (1, 1) if none does."""
    for length in range(1, _LONGEST_LOOP + 1):
        repeats = 1
        unit = texts[at : at + length]
        while texts[at + repeats * length : at + (repeats + 1) * length] == unit:
            repeats += 1
        if repeats > _MOST_REPEATS:
            return length, repeats
    return 1, 1
