"""Finding the words of a quote in the transcript, whatever was changed on the way.

The quote's letters slide over the transcript's, a word at a time; case, accents, punctuation, hyphens and the writing
of numbers do not count, since both sides are spelled as for matching. Time grows with words times letters of the
quote: 30,000 words and a sentence take a tenth of a second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from aligner.errors import QuoteError
from aligner.model import Alignment, Kind, Status
from aligner.normalization import spell, unaccented

# Of a quote that is not there, the most alike passage of 16 minutes has 0.66 of its letters in common where it has 5
# words, 0.56 where it has 12; one with a word missing or changed has 0.76 and 0.86 or more (97 % of such).
_FOUND, _FOUND_SHORT, _SHORT_LETTERS = 0.74, 0.82, 20
_NEAR = 0.45  # what is worth showing as a candidate where nothing is found
_COPY = 0.1  # places that are worse than the best by no more than this are copies of it
_HEAD = 240  # letters by which places are sought; the rest of a longer quote only decides between ends
_MOST_PLACES = 20
_LONG = 1000  # letters; the ends of a longer quote are sought by themselves
_MOST_LETTERS = 30_000  # half an hour of talk, as long as a clip can be
_REFINED = 3  # words by which an end may move from where the letters put it
_TEASED = 3  # words that a copy has at least to be called a teaser; shorter ones are turns of phrase


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote is in the transcript, and how alike both are (0 to 1).

    ``words`` indexes ``Alignment.words``; ``spoken`` is true where any of them is said, ``teaser`` where the same is
    said again later.
    """

    words: range
    score: float
    spoken: bool
    teaser: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search gave: the places where the quote is, in order of the text, or else the nearest candidates."""

    places: tuple[Place, ...]
    nearest: tuple[Place, ...] = ()

    @property
    def best(self) -> Place | None:
        """The most alike place outside a teaser, one that is said if any is."""
        outside = [place for place in self.places if not place.teaser]
        return max(outside, key=lambda place: (place.spoken, place.score), default=None)


def search(alignment: Alignment, quote: str) -> SearchResult:
    """Every place where ``quote`` is printed, across speakers and cues; headings and notes are read over.

    Raises
    ------
    QuoteError
        The quote has no letter or digit, or more than any clip holds.
    """
    letters = _Letters(alignment)
    # Signs that stand alone, such as % and –, are no words of the transcript either.
    tokens = [token for token in quote.split() if any(map(str.isalnum, token))]
    wanted = unaccented("".join(spell(tokens, alignment.language)))
    if not wanted:
        raise QuoteError("the quote {quote!r} has no word in it", quote=quote)
    if len(wanted) > _MOST_LETTERS:
        raise QuoteError(
            "the quote has {length} letters, expected {most} at most", length=len(wanted), most=_MOST_LETTERS
        )
    places = sorted(letters.places(wanted), key=lambda place: -place.score)
    found = _FOUND if len(wanted) >= _SHORT_LETTERS else _FOUND_SHORT
    copies = [place for place in places if place.score >= max(found, places[0].score - _COPY)]
    if not copies:
        return SearchResult((), tuple(places[:3]))
    return SearchResult(tuple(_with_teasers(copies)))


def _with_teasers(copies: Sequence[Place]) -> list[Place]:
    """In order of the text, all before the last that is spoken marked as teasers, turns of phrase excepted."""
    ordered = sorted(copies, key=lambda place: place.words.start)
    last = max((k for k, place in enumerate(ordered) if place.spoken), default=0)
    return [replace(place, teaser=k < last and len(place.words) >= _TEASED) for k, place in enumerate(ordered)]


class _Letters:
    """The letters of the transcript's speech, and the word that each belongs to."""

    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment
        kinds = [timed.segment.kind for timed in alignment.segments]
        self._words = [k for k, timed in enumerate(alignment.words) if kinds[timed.word.segment] is Kind.SPEECH]
        spelled = spell([alignment.words[k].word.text for k in self._words], alignment.language)
        self._offsets = list(accumulate(map(len, spelled), initial=0))
        self._text = unaccented("".join(spelled))

    def places(self, wanted: str) -> Iterator[Place]:
        """The likeliest places, none overlapping another."""
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        head = wanted[:_HEAD]
        windows = [self._text[at : at + len(head)] for at in self._offsets[:-1]]
        if not windows:
            return
        scores = cdist([head], windows, scorer=Indel.normalized_similarity, score_cutoff=_NEAR)[0]
        taken: list[range] = []
        for first in scores.argsort(kind="stable")[::-1][: 50 * _MOST_PLACES].tolist():
            if scores[first] < _NEAR or len(taken) == _MOST_PLACES:
                return
            if any(first in range(words.start - _REFINED, words.stop) for words in taken):
                continue
            if any(self._overlaps(wanted, first, words) for words in taken):
                continue
            score, span = self._refined(wanted, first)
            if any(span.start < words.stop and words.start < span.stop for words in taken):
                continue
            taken.append(span)
            words = range(self._words[span.start], self._words[span.stop - 1] + 1)
            spoken = any(self._alignment.words[k].status is not Status.UNSPOKEN for k in words)
            yield Place(words, score, spoken)

    def _overlaps(self, wanted: str, first: int, taken: range) -> bool:
        """Whether what is found around ``first`` lies on ``taken``, wherever its ends are put."""
        guess = bisect_left(self._offsets, self._offsets[max(0, first - _REFINED)] + len(wanted))
        return first + _REFINED < taken.stop and guess - _slack(wanted) > taken.start

    def _refined(self, wanted: str, first: int) -> tuple[float, range]:
        """The words around ``first`` that are most like the quote."""
        from rapidfuzz.distance import Indel

        if len(wanted) > _LONG:
            return self._refined_by_ends(wanted, first)
        best, span = -1.0, range(first, first + 1)
        slack = _slack(wanted)
        for start in range(max(0, first - _REFINED), min(len(self._words), first + _REFINED + 1)):
            guess = bisect_left(self._offsets, self._offsets[start] + len(wanted))
            for stop in range(max(start + 1, guess - slack), min(len(self._words), guess + slack) + 1):
                text = self._text[self._offsets[start] : self._offsets[stop]]
                score = Indel.normalized_similarity(wanted, text, score_cutoff=max(best, 0.0))
                if score > best:
                    best, span = score, range(start, stop)
        return best, span

    def _refined_by_ends(self, wanted: str, first: int) -> tuple[float, range]:
        """As ``_refined``, with the start put by the first letters alone, the end by the last."""
        from rapidfuzz.distance.Indel import normalized_similarity

        text, offsets, slack = self._text, self._offsets, _slack(wanted)
        starts = range(max(0, first - _REFINED), min(len(self._words), first + _REFINED + 1))
        start = max(starts, key=lambda k: normalized_similarity(wanted[:_HEAD], text[offsets[k] : offsets[k] + _HEAD]))
        guess = bisect_left(offsets, offsets[start] + len(wanted))
        stops = range(max(start + 1, guess - slack), min(len(self._words), guess + slack) + 1)
        stop = max(
            stops, key=lambda k: normalized_similarity(wanted[-_LONG:], text[max(0, offsets[k] - _LONG) : offsets[k]])
        )
        return normalized_similarity(wanted, text[offsets[start] : offsets[stop]]), range(start, stop)


def _slack(wanted: str) -> int:
    """The words by which the end of a quote may lie elsewhere than its letters say."""
    return _REFINED + len(wanted) // 20
