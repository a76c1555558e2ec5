"""The passage that is suggested for a kept quote that is lost: one that says much the same, or none.

It is a quote as a reader would select it: of one turn, or of the same people as the quote; said; within one sentence
where the quote is, and of whole ones where the quote is and they are near enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, islice, pairwise

from aligner.kept.passages import is_too_long
from aligner.languages import language_of
from aligner.model import Alignment
from aligner.quotes.likeness import Likeness, likeness, spelled, words_in
from aligner.storage.kept_quotes import Kept
from aligner.typography import ends_sentence, read_tokens, sentence_words

# Letters and words in common, in their order, from which a passage says much the same. Of sentences and parts of them
# that are in another episode, 2.5 % have one that is so much alike; of those with three of ten words replaced, 90 %.
_NEAR = (0.6, 0.6)
_LONE_MARKS = re.compile(r"""(?<!\s)\s++([!?…»”"]++)(?=\s|$)""")  # that belong to the word before them
_SAID = 0.8  # share of the words of a passage that are said


def nearest(kept: Kept, alignment: Alignment, places: Iterable[range]) -> range | None:
    """The passage that is most like a lost quote, of those in ``places``; None where none is much like it."""
    quote = _Quote(kept.text, kept.speaker, alignment)

    def rank(passage: range) -> tuple[float, float, int]:
        alike = quote.alike(passage)
        return alike.words, alike.letters, -passage.start

    return max((passage for words in places for passage in quote.passages(words)), key=rank, default=None)


class _Quote:
    """What is sought: its words, whether they are whole sentences or lie within one, and who said them."""

    def __init__(self, text: str, speaker: str | None, alignment: Alignment) -> None:
        self._alignment = alignment
        self._spelled = spelled(words_in(text), alignment.language)
        words = _LONE_MARKS.sub(r"\1", text).split()
        language = language_of(alignment.language).captioning
        ends = [ends_sentence(word, following, language) for word, following in pairwise(words)]
        self._is_within_one = not any(ends)
        starts_high = next(filter(str.isalnum, text), "").isupper()
        self._is_whole = starts_high and ends_sentence(words[-1], "A", language)
        self._speakers = set((speaker or "").split(", "))

    def alike(self, words: range) -> Likeness:
        printed = [self._alignment.words[k].word.text for k in words]
        return likeness(self._spelled, spelled(printed, self._alignment.language))

    def passages(self, words: range) -> Iterator[range]:
        """The parts of ``words`` that could be the quote in other words."""
        sentences = list(sentence_words(read_tokens(self._alignment, words=words)))
        for part in self._parts([each for each in sentences if _both(each, words)]):
            forms = (part,) if self._is_whole else ()
            yield from islice(filter(self._is_near, (*forms, self._met(_both(part, words)))), 1)

    def _is_near(self, words: range) -> bool:
        said = sum(self._alignment.words[k].span is not None for k in words)
        if not words or said < _SAID * len(words) or is_too_long(self._alignment, words):
            return False
        alike = self.alike(words)
        return alike.letters >= _NEAR[0] and alike.words >= _NEAR[1]

    def _parts(self, sentences: list[range]) -> Iterator[range]:
        """Each sentence, where the quote is within one, else those of each turn, and of a talk of the same people."""
        if self._is_within_one:
            yield from sentences
            return
        for _, turn in groupby(sentences, self._speaker):
            together = list(turn)
            yield range(together[0].start, together[-1].stop)
        if len(self._speakers) > 1 and set(map(self._speaker, sentences)) == self._speakers:
            yield range(sentences[0].start, sentences[-1].stop)

    def _speaker(self, words: range) -> str | None:
        return self._alignment.segments[self._alignment.words[words.start].word.segment].segment.speaker

    def _met(self, words: range) -> range:
        """Without what the quote lacks, and what nobody says, at the ends."""
        met = [
            k
            for k, is_met in zip(words, self.alike(words).passage, strict=True)
            if is_met and self._alignment.words[k].span
        ]
        return range(met[0], met[-1] + 1) if met else range(words.start, words.start)


def _both(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))
