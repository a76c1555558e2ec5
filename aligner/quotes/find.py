"""Find the words of a quote in the transcript, whatever was changed on the way.

Both sides are given as the letters of their words. Where they part words in other ways ("peut être" and "peut-être"),
the letters that meet still tell which words do.

The quote's letters slide over the transcript's, a word at a time; case, accents, punctuation, hyphens and the writing
of numbers do not count, since both sides are spelled as for matching. Where the letters are most alike, the words that
both sides have tell where the place begins and ends, and whether it is one. Time grows with words times letters of the
quote: 30,000 words and a sentence take a tenth of a second.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from aligner.durations import clock
from aligner.errors import QuoteError
from aligner.languages import language_of
from aligner.model import Alignment, Kind
from aligner.normalization import spell, unaccented
from aligner.typography import ends_sentence
from media.errors import Message

_LONGEST = 4000  # letters of two sides whose words are compared, for memory grows by the square
_SAME_WORD = 0.75  # share of letters in common from which two words are one, spelled in two ways


@dataclass(frozen=True, slots=True)
class Likeness:
    """``letters`` and ``words`` are the shares that both sides have in common, 0 to 1; ``quote`` and ``passage`` tell
    of each word of a side whether the other has it."""

    letters: float
    words: float
    quote: tuple[bool, ...]
    passage: tuple[bool, ...]


def likeness(quote: Sequence[str], passage: Sequence[str]) -> Likeness:
    """How alike the letters of two sequences of words are.

    >>> likeness(["le", "port", "dort"], ["or", "le", "port"]).passage
    (False, True, True)
    """
    from rapidfuzz.distance import Indel

    letters = Indel.normalized_similarity("".join(quote), "".join(passage))
    # Of longer texts all words count as met: so many letters in common are no chance.
    met = _met(quote, passage) if max(sum(map(len, side)) for side in (quote, passage)) <= _LONGEST else None
    one, other = met or ((True,) * len(quote), (True,) * len(passage))
    return Likeness(letters, (sum(one) + sum(other)) / max(1, len(quote) + len(passage)), one, other)


def text_likeness(quote: str, passage: str, language: str) -> Likeness:
    """How alike two texts are, whatever their case, accents, punctuation and writing of numbers."""
    return likeness(*(spelled(words_in(text), language) for text in (quote, passage)))


def words_in(text: str) -> list[str]:
    """The words of a text; signs that stand alone, such as % and –, are no words of a transcript either."""
    return [token for token in text.split() if any(map(str.isalnum, token))]


def spelled(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The letters of each word, as it is read aloud."""
    return tuple(map(unaccented, spell(words, language)))


def _met(quote: Sequence[str], passage: Sequence[str]) -> tuple[tuple[bool, ...], ...]:
    """Of each word of either side whether most of its letters are in common with those that they meet."""
    from rapidfuzz.distance import Indel

    sides = quote, passage
    partners: tuple[dict[int, int], dict[int, int]] = {}, {}
    for block in Indel.opcodes("".join(quote), "".join(passage)):
        if block.tag == "equal":
            one, other = range(block.src_start, block.src_end), range(block.dest_start, block.dest_end)
            partners[0].update(zip(one, other, strict=True))
            partners[1].update(zip(other, one, strict=True))
    return tuple(_met_words(side, met) for side, met in zip(sides, partners, strict=True))


def _met_words(words: Sequence[str], partners: dict[int, int]) -> tuple[bool, ...]:
    met = []
    for word, end in zip(words, accumulate(map(len, words)), strict=True):
        common = [partners[k] for k in range(end - len(word), end) if k in partners]
        stretch = common[-1] - common[0] + 1 if common else 0
        met.append(bool(common) and 2 * len(common) >= _SAME_WORD * (len(word) + stretch))
    return tuple(met)


_SHOWN = 70  # characters of a passage in a list
# A passage near the start that is said again is called a teaser if it has so many words, shorter ones being turns of
# phrase. Near is the first third of the episode, of a long one so many seconds.
_TEASED, _OPENING, _OPENING_SHARE = 3, 180.0, 1 / 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote is in the transcript, and how alike both are (0 to 1).

    ``words`` indexes ``Alignment.words``; ``spoken`` is true where most of what the quote has of them is said,
    ``teaser`` where it is near the start and said again later. ``lacking`` are words at the quote's ends that are not
    there.
    """

    words: range
    score: float
    spoken: bool
    teaser: bool = False
    lacking: tuple[str, ...] = ()


def described(alignment: Alignment, place: Place) -> str:
    """The time, speaker, likeness and words of a place, those that are said if it is, for a line of a list."""
    words = [alignment.words[k] for k in place.words]
    start = next((word.span.start for word in words if word.span), None)
    speaker = alignment.segments[words[0].word.segment].segment.speaker
    text = " ".join(word.word.text for word in words if word.span or not place.spoken)
    notes = " teaser," * place.teaser + " not said," * (not place.spoken)
    at = "-:--" if start is None else clock(start)
    said_by = f" {speaker}," if speaker else ""
    return f"{at}{said_by}{notes} {place.score:.0%}: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"


def speech_of(alignment: Alignment, words: Iterable[int]) -> list[int]:
    """Those of the words that are speech, no part of a heading, a note or a stage direction."""
    segments = alignment.segments
    return [k for k in words if segments[alignment.words[k].word.segment].segment.kind is Kind.SPEECH]


def apart(places: Iterable[Place]) -> list[Place]:
    """The places, best first, without those that overlap a better one."""
    kept: list[Place] = []
    taken: set[int] = set()
    for place in places:
        if taken.isdisjoint(place.words):
            taken.update(place.words)
            kept.append(place)
    return kept


def with_teasers(alignment: Alignment, copies: Sequence[Place]) -> list[Place]:
    """Return the places in order of the text, those near the start marked as teasers where the same is said after the
    start; what is there to the letter is one only of what is so too."""
    opening = min(_OPENING, _OPENING_SHARE * alignment.audio.duration)
    spans = {place: [span for k in place.words if (span := alignment.words[k].span)] for place in copies}
    starts = {place: found[0].start if found else None for place, found in spans.items()}
    later = [place.score for place, start in starts.items() if place.spoken and start is not None and start >= opening]

    def is_teaser(place: Place) -> bool:
        start, said_again = starts[place], later if place.score < 1.0 else [score for score in later if score == 1.0]
        return start is not None and start < opening and len(place.words) >= _TEASED and bool(said_again)

    in_order = sorted(copies, key=lambda place: place.words.start)
    return [replace(place, teaser=is_teaser(place)) for place in in_order]


# Letters in common from which a passage is the quote: the first for quotes of so many letters at most, the last for
# those of so many at least, between them what lies between; and words in common. Of quotes with a slip of the pen in
# seven languages 87 % are found at 3 and 4 words, 97 % at 9 to 12; of those that are not there 7 % and 2 % are taken
# for a passage that differs by a word or so (``python -m tests.bench.quotes``).
_FOUND_SHORT, _SHORT_LETTERS, _FOUND, _LONG_LETTERS = 0.85, 30, 0.74, 70
_SAME_WORDS = 0.8
_CERTAIN = 0.95  # letters in common from which a place in the text needs no second look at what is said alone
_NEAR = 0.45  # what is worth showing as a candidate where nothing is found
_NEAREST = 3  # such candidates
_COPY = 0.1  # places that have fewer letters or words in common than the best, by no more than this, are copies of it
_HEAD = 240  # letters by which places are sought; the rest of a longer quote only decides between ends
_MOST_PLACES = 20  # that do not have the quote to the letter
_LONG = 1000  # letters; the ends of a longer quote are sought by themselves
_MOST_LETTERS = 30_000  # half an hour of talk, as long as a clip can be
_REFINED = 3  # words by which an end may move from where the letters put it


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

    So is what nobody says, where the quote is more alike without it: who wrote it down from the sound did not hear it.

    Raises QuoteError: the quote has no letter or digit, or more than any clip holds.
    """
    wanted, speech = _Wanted.of(quote, alignment.language), speech_of(alignment, range(len(alignment.words)))
    found = list(_Letters(alignment, speech).places(wanted))
    said = [k for k in speech if alignment.words[k].span]
    if len(said) < len(speech) and not any(place.score >= _CERTAIN and place.spoken for place, _ in found):
        found += _Letters(alignment, said).places(wanted)
    found.sort(key=lambda each: -each[0].score)
    likely = [(place, alike) for place, alike in found if wanted.is_found(alike)]
    if not likely:
        return SearchResult((), tuple(apart([place for place, _ in found])[:_NEAREST]))
    best = likely[0][1]
    copies = [place for place, alike in likely if min(alike.letters - best.letters, alike.words - best.words) >= -_COPY]
    return SearchResult(tuple(with_teasers(alignment, apart(copies))))


def beside_speech(alignment: Alignment, quote: str) -> Place | None:
    """The place where ``quote`` is printed in a heading, a note or a stage direction; None where it is in none."""
    wanted, words = _Wanted.of(quote, alignment.language), range(len(alignment.words))
    speech = frozenset(speech_of(alignment, words))
    found = _Letters(alignment, [k for k in words if k not in speech]).places(wanted)
    places = [place for place, alike in found if wanted.is_found(alike) and speech.isdisjoint(place.words)]
    return max(places, key=lambda place: (place.spoken, place.score), default=None)


def nearest_said(alignment: Alignment, text: str) -> tuple[Place, ...]:
    """The passages of what is said that are most like a text, the best first; of one that is too long or has no words
    there are none."""
    said = [k for k in speech_of(alignment, range(len(alignment.words))) if alignment.words[k].span]
    try:
        found = _Letters(alignment, said).places(_Wanted.of(text, alignment.language))
        return tuple(sorted((place for place, _ in found), key=lambda place: -place.score)[:_NEAREST])
    except QuoteError:
        return ()


def nearest_told(alignment: Alignment, places: Iterable[Place]) -> str | Message:
    """What a person is told of the passages that are nearest to a quote that is not there."""
    return "; ".join(described(alignment, place) for place in places) or Message("nothing like it")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The words of a quote, the letters of each, and all of them."""

    tokens: tuple[str, ...]
    spelled: tuple[str, ...]
    letters: str

    @classmethod
    def of(cls, quote: str, language: str) -> _Wanted:
        tokens = words_in(quote)
        letters = "".join(read := spelled(tokens, language))
        if not letters:
            raise QuoteError("the quote {quote!r} has no word in it", quote=quote)
        if len(letters) > _MOST_LETTERS:
            raise QuoteError(
                "the quote has {length} letters, expected {most} at most", length=len(letters), most=_MOST_LETTERS
            )
        return cls(tuple(tokens), read, letters)

    def is_found(self, alike: Likeness) -> bool:
        """Whether what is so much alike is the quote."""
        long = min(1.0, max(0.0, (len(self.letters) - _SHORT_LETTERS) / (_LONG_LETTERS - _SHORT_LETTERS)))
        return alike.letters >= _FOUND_SHORT + long * (_FOUND - _FOUND_SHORT) and alike.words >= _SAME_WORDS

    def lacking(self, alike: Likeness) -> tuple[str, ...]:
        """The words at its ends that a passage lacks."""
        before, after = _unmet(alike.quote), _unmet(alike.quote[::-1])
        return (*self.tokens[:before], *self.tokens[len(self.tokens) - after :]) if any(alike.quote) else self.tokens


def _unmet(met: Sequence[bool]) -> int:
    """How many words stand before the first that the other side has."""
    return next((number for number, is_met in enumerate(met) if is_met), len(met))


class _Letters:
    """The letters of some words of the transcript, and the word that each belongs to."""

    def __init__(self, alignment: Alignment, words: Sequence[int]) -> None:
        self._alignment, self._words = alignment, words
        self._language = language_of(alignment.language).captioning
        self._spelled = spelled([alignment.words[k].word.text for k in words], alignment.language)
        self._offsets = list(accumulate(map(len, self._spelled), initial=0))
        self._text = "".join(self._spelled)

    def places(self, wanted: _Wanted) -> Iterator[tuple[Place, Likeness]]:
        """Every place that has the quote to the letter, then the likeliest others, none overlapping another."""
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        taken: set[int] = set()
        beside: set[int] = set()  # words from which a taken place would be found again
        number = 0
        for words in self._to_the_letter(wanted.letters):
            taken.update(words)
            beside.update(range(words.start - _REFINED, words.stop))
            yield self._place(wanted, words)
        head = wanted.letters[:_HEAD]
        windows = [self._text[at : at + len(head)] for at in self._offsets[:-1]]
        if not windows:
            return
        scores = cdist([head], windows, scorer=Indel.normalized_similarity, score_cutoff=_NEAR)[0]
        for first in scores.argsort(kind="stable")[::-1][: 50 * _MOST_PLACES].tolist():
            if scores[first] < _NEAR or number == _MOST_PLACES:
                return
            if first in beside or self._overlaps(wanted.letters, first, taken):
                continue
            refined = self._refined(wanted.letters, first)
            if taken.isdisjoint(refined):
                number += 1
                taken.update(refined)
                beside.update(range(refined.start - _REFINED, refined.stop))
                yield self._place(wanted, refined)

    def _to_the_letter(self, letters: str) -> Iterator[range]:
        """The runs of whole words that have just these letters, none overlapping another."""
        end = 0
        for first, offset in enumerate(self._offsets[:-1]):
            if offset >= end and self._spelled[first] and self._text.startswith(letters, offset):
                stop = bisect_left(self._offsets, offset + len(letters))
                if self._offsets[stop] == offset + len(letters):
                    end = self._offsets[stop]
                    yield range(first, stop)

    def _place(self, wanted: _Wanted, refined: range) -> tuple[Place, Likeness]:
        """The place in ``refined`` that begins and ends with words of the quote."""
        alike = likeness(wanted.spelled, self._spelled[refined.start : refined.stop])
        before, after = _unmet(alike.passage), _unmet(alike.passage[::-1])
        span = refined
        if before + after < len(refined):
            # One word for another of the same sentence is a slip, and stays.
            before -= before == _unmet(alike.quote) == 1 and self._go_together(refined.start)
            after -= after == _unmet(alike.quote[::-1]) == 1 and self._go_together(refined.stop - 2)
            span = refined[before : len(refined) - after]
        if span != refined:
            alike = likeness(wanted.spelled, self._spelled[span.start : span.stop])
        said = sum(self._alignment.words[self._words[k]].span is not None for k in span)
        words = range(self._words[span.start], self._words[span.stop - 1] + 1)
        return Place(words, alike.letters, 2 * said >= len(span), lacking=wanted.lacking(alike)), alike

    def _go_together(self, first: int) -> bool:
        """Whether a word and the next are of one sentence."""
        one, other = (self._alignment.words[self._words[k]].word for k in (first, first + 1))
        return one.segment == other.segment and not ends_sentence(one.text, other.text, self._language)

    def _overlaps(self, wanted: str, first: int, taken: set[int]) -> bool:
        """Whether what is found around ``first`` lies on ``taken``, wherever its ends are put."""
        guess = bisect_left(self._offsets, self._offsets[max(0, first - _REFINED)] + len(wanted))
        return not taken.isdisjoint(range(first + _REFINED, guess - _slack(wanted)))

    def _refined(self, wanted: str, first: int) -> range:
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
        return span

    def _refined_by_ends(self, wanted: str, first: int) -> range:
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
        return range(start, stop)


def _slack(wanted: str) -> int:
    """The words by which the end of a quote may lie elsewhere than its letters say."""
    return _REFINED + len(wanted) // 20
