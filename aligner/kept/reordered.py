"""Words of a kept quote that stand in another order now: it or a part of it was moved in its paragraph, or to the one
beside it, while the sound is as it was."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from aligner.languages import language_of
from aligner.model import Alignment, outermost
from aligner.quotes.likeness import spelled, words_in
from aligner.typography import ends_sentence, read_tokens, sentence_words

_SURE = 0.5  # confidence from which words are said at their times, and not only placed there


def moved_beside(text: str, start: float, end: float, alignment: Alignment, places: Sequence[range]) -> range | None:
    """The place where a quote of a moment stands to the letter, in the paragraph of what is printed of that moment or
    the one before or after it; None where it stands in none, or in several, and where the same is surely said at
    another moment: that is another quote."""
    sought = _spelled(text, alignment)
    found = [
        words
        for words in places
        if _spelled_words(alignment, words) == sought
        and _is_near(alignment, words, start, end)
        and not _is_said_elsewhere(alignment, words, start, end)
    ]
    return found[0] if len(found) == 1 else None


def with_rest_of_sentence(text: str, alignment: Alignment, words: range) -> range:
    """``words``, which are printed of the moment of a quote of whole sentences, with what is left of their first and
    last sentence, where that is words of the quote which were moved there."""
    rest = Counter(_spelled(text, alignment)) - Counter(_spelled_words(alignment, words))
    if not rest:
        return words
    sentences = list(sentence_words(read_tokens(alignment, words=words)))
    first = next((each for each in sentences if words[0] in each), words)
    last = next((each for each in sentences if words[-1] in each), words)
    head, tail = range(first.start, words.start), range(words.stop, last.stop)
    if head and _starts(text) and not Counter(_spelled_words(alignment, head)) - rest:
        words = range(head.start, words.stop)
        rest -= Counter(_spelled_words(alignment, head))
    if tail and _ends(text, alignment) and not Counter(_spelled_words(alignment, tail)) - rest:
        words = range(words.start, tail.stop)
    return words


def _starts(text: str) -> bool:
    return next(filter(str.isalnum, text), "").isupper()


def _ends(text: str, alignment: Alignment) -> bool:
    return any(ends_sentence(word, "A", language_of(alignment.language).captioning) for word in text.split()[-1:])


def _spelled(text: str, alignment: Alignment) -> tuple[str, ...]:
    return spelled(words_in(text), alignment.language)


def _spelled_words(alignment: Alignment, words: range) -> tuple[str, ...]:
    return spelled([alignment.words[k].word.text for k in words], alignment.language)


def _is_near(alignment: Alignment, words: range, start: float, end: float) -> bool:
    """Whether words are of the paragraphs of what is said at a moment, or else before and after it, or of those beside
    them."""
    timed, starts = alignment.words, [index for index, _ in outermost(alignment.transcript.segments)]
    said = [(k, each.span.middle) for k, each in enumerate(timed) if each.span]
    there = [k for k, middle in said if start <= middle < end]
    if not there:
        before = [k for k, middle in said if middle < start][-1:]
        there = [*before, *[k for k, middle in said if middle >= end][:1]]
    own = [bisect_right(starts, timed[k].word.segment) for k in there]
    beside = [bisect_right(starts, timed[k].word.segment) for k in (words[0], words[-1])]
    return bool(own) and min(own) - 1 <= min(beside) and max(beside) <= max(own) + 1


def _is_said_elsewhere(alignment: Alignment, words: range, start: float, end: float) -> bool:
    timed = [alignment.words[k] for k in words]
    elsewhere = [each for each in timed if each.span and not start <= each.span.middle < end]
    return 2 * sum(each.status.is_heard and each.confidence >= _SURE for each in elsewhere) > len(timed)
