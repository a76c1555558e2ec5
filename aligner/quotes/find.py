"""Find a quote in a transcript, even if its wording differs.

Quote and transcript are compared as strings of characters, spelled as they are read aloud. Case, accents, punctuation,
word division ("peut être", "peut-être") and the writing of numbers do not matter. The quote is compared with the text
that starts at each word. Then, for the most similar passages, the words in common decide whether the passage is an
occurrence of the quote, and where it begins and ends. Finding a sentence in 30,000 words takes 0.1 s; the time grows
with the number of words in the transcript times the number of characters in the quote.
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

_LONGEST_COMPARED = 4000  # characters of either text whose words are compared; memory grows with the square
_SAME_WORD = 0.75  # share of common characters from which two words are one


@dataclass(frozen=True, slots=True)
class Similarity:
    """How similar a quote and a passage are: the shares of ``characters`` and ``words`` in common, from 0 to 1.

    ``quote`` says, for each word of the quote, whether the passage has it; ``passage`` says, for each word of the
    passage, whether the quote has it."""

    characters: float
    words: float
    quote: tuple[bool, ...]
    passage: tuple[bool, ...]


def similarity(quote: Sequence[str], passage: Sequence[str]) -> Similarity:
    """Compare a quote with a passage, each a sequence of words spelled as they are read aloud.

    >>> similarity(["le", "port"], ["or", "le", "port"]).passage
    (False, True, True)
    """
    from rapidfuzz.distance import Indel

    one, other = "".join(quote), "".join(passage)
    in_quote, in_passage = [True] * len(quote), [True] * len(passage)
    if max(len(one), len(other)) <= _LONGEST_COMPARED:  # in longer texts so many common characters are no chance
        blocks = Indel.opcodes(one, other).as_matching_blocks()
        pairs = [(block.a + k, block.b + k) for block in blocks for k in range(block.size)]
        in_quote = _common_words(quote, dict(pairs))
        in_passage = _common_words(passage, {b: a for a, b in pairs})
    common = (sum(in_quote) + sum(in_passage)) / max(1, len(quote) + len(passage))
    return Similarity(Indel.normalized_similarity(one, other), common, tuple(in_quote), tuple(in_passage))


def text_similarity(quote: str, passage: str, language: str) -> Similarity:
    """Compare two texts; case, accents, punctuation and the writing of numbers do not matter."""
    return similarity(*(spelled(words_in(text), language) for text in (quote, passage)))


def words_in(text: str) -> list[str]:
    """Return the words of a text; symbols that stand alone, such as % and –, are left out."""
    return [token for token in text.split() if any(map(str.isalnum, token))]


def spelled(words: Sequence[str], language: str) -> tuple[str, ...]:
    """Return each word spelled as it is read aloud, without accents: "2" gives "deux" in French."""
    return tuple(map(unaccented, spell(words, language)))


def _common_words(words: Sequence[str], partners: dict[int, int]) -> list[bool]:
    common = []
    for word, end in zip(words, accumulate(map(len, words)), strict=True):
        matched = [partners[k] for k in range(end - len(word), end) if k in partners]
        extent = matched[-1] - matched[0] + 1 if matched else 0
        common.append(bool(matched) and 2 * len(matched) >= _SAME_WORD * (len(word) + extent))
    return common


_SHOWN = 70  # characters of a passage in a list
# An occurrence near the start that is said again later is a teaser if it has this many words; shorter ones are turns
# of phrase. "Near" is the first third of the episode, at most this many seconds.
_TEASER_WORDS, _OPENING, _OPENING_SHARE = 3, 180.0, 1 / 3


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A passage of the transcript that matches a quote with a similarity of ``score``, from 0 to 1.

    ``words`` are indices into ``Alignment.words``. ``spoken``: at least half of the words are in the audio. ``teaser``:
    the passage is near the start and said again later. ``missing``: words at the quote's ends that the passage lacks.
    """

    words: range
    score: float
    spoken: bool
    teaser: bool = False
    missing: tuple[str, ...] = ()


def describe(alignment: Alignment, found: Occurrence) -> str:
    """Format an occurrence as one line: time, speaker, similarity and words."""
    words = [alignment.words[k] for k in found.words]
    start = next((word.span.start for word in words if word.span), None)
    speaker = alignment.segments[words[0].word.segment].segment.speaker
    text = " ".join(word.word.text for word in words if word.span or not found.spoken)
    notes = " teaser," * found.teaser + " not said," * (not found.spoken)
    at = "-:--" if start is None else clock(start)
    said_by = f" {speaker}," if speaker else ""
    return f"{at}{said_by}{notes} {found.score:.0%}: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"


def speech_of(alignment: Alignment, words: Iterable[int]) -> list[int]:
    """Return the indices of those words that are speech, not part of a heading, a note or a stage direction."""
    segments = alignment.segments
    return [k for k in words if segments[alignment.words[k].word.segment].segment.kind is Kind.SPEECH]


def _without_overlaps(found: Iterable[Occurrence]) -> list[Occurrence]:
    """Remove each occurrence that overlaps a better one. In ``found`` and in the result, the best is first."""
    best: list[Occurrence] = []
    taken: set[int] = set()
    for each in found:
        if taken.isdisjoint(each.words):
            taken.update(each.words)
            best.append(each)
    return best


def _with_teasers(alignment: Alignment, copies: Sequence[Occurrence]) -> list[Occurrence]:
    """Return the occurrences in text order. Those near the start that are repeated later are marked as teasers."""
    opening = min(_OPENING, _OPENING_SHARE * alignment.audio.duration)
    spans = {each: [span for k in each.words if (span := alignment.words[k].span)] for each in copies}
    starts = {each: found[0].start if found else None for each, found in spans.items()}
    later = [each.score for each, start in starts.items() if each.spoken and start is not None and start >= opening]

    def is_teaser(each: Occurrence) -> bool:
        start, again = starts[each], later if each.score < 1.0 else [score for score in later if score == 1.0]
        return start is not None and start < opening and len(each.words) >= _TEASER_WORDS and bool(again)

    in_order = sorted(copies, key=lambda each: each.words.start)
    return [replace(each, teaser=is_teaser(each)) for each in in_order]


# Share of common characters from which a passage is the quote: the first for quotes of at most so many characters, the
# last for those of at least so many, interpolated between; and share of common words. Of misquoted quotes in seven
# languages 87 % are found at 3 and 4 words, 97 % at 9 to 12; for absent quotes, a passage that differs by a word
# or so is taken for them in 7 % and 2 % (``python -m tests.bench.quotes``).
_FOUND_SHORT, _SHORT, _FOUND, _LONG = 0.85, 30, 0.74, 70
_COMMON_WORDS = 0.8
_CERTAIN = 0.95  # similarity from which spoken words need not be searched by themselves
_NEAR = 0.45  # similarity from which a passage is worth suggesting
_NEAREST = 3  # suggestions
_COPY = 0.1  # an occurrence less similar than the best one by at most this is a copy of it
_HEAD = 240  # characters searched for; the rest of a longer quote only decides where it ends
_MOST_FOUND = 20  # occurrences that are not exact
_TAIL = 1000  # characters; of a longer quote the ends are placed separately
_MOST_CHARACTERS = 30_000  # half an hour of talk, as long as a clip can be
_REFINED = 3  # words by which an end may move from where the characters place it


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search: the occurrences in text order or, if there are none, the ``nearest`` passages."""

    occurrences: tuple[Occurrence, ...]
    nearest: tuple[Occurrence, ...] = ()

    @property
    def best(self) -> Occurrence | None:
        """The most similar occurrence that is not a teaser, preferably a spoken one; None if there is none."""
        outside = [each for each in self.occurrences if not each.teaser]
        return max(outside, key=lambda each: (each.spoken, each.score), default=None)


def search(alignment: Alignment, quote: str) -> SearchResult:
    """Find all occurrences of a quote in the speech of a transcript; headings and notes are skipped.

    An occurrence may extend over several speakers and cues. Words that are not in the audio are skipped too if the
    passage then matches better, because a user may have written down the quote while listening. Raises QuoteError if
    the quote has no word, or more than 30,000 characters.
    """
    query, speech = _Query.of(quote, alignment.language), speech_of(alignment, range(len(alignment.words)))
    found = list(_Text(alignment, speech).occurrences(query))
    spoken = [k for k in speech if alignment.words[k].span]
    if len(spoken) < len(speech) and not any(each.score >= _CERTAIN and each.spoken for each, _ in found):
        found += _Text(alignment, spoken).occurrences(query)
    found.sort(key=lambda each: -each[0].score)
    likely = [(each, similar) for each, similar in found if query.is_found(similar)]
    if not likely:
        return SearchResult((), tuple(_without_overlaps([each for each, _ in found])[:_NEAREST]))
    best = likely[0][1]
    copies = [each for each, s in likely if min(s.characters - best.characters, s.words - best.words) >= -_COPY]
    return SearchResult(tuple(_with_teasers(alignment, _without_overlaps(copies))))


@dataclass(frozen=True, slots=True)
class _Query:
    words: tuple[str, ...]
    spelled: tuple[str, ...]
    characters: str

    @classmethod
    def of(cls, quote: str, language: str) -> _Query:
        words = words_in(quote)
        characters = "".join(read := spelled(words, language))
        if not characters:
            raise QuoteError("the quote {quote!r} has no word in it", quote=quote)
        if (length := len(characters)) > _MOST_CHARACTERS:
            most = _MOST_CHARACTERS
            raise QuoteError("the quote has {length} characters, expected {most} at most", length=length, most=most)
        return cls(tuple(words), read, characters)

    def is_found(self, similar: Similarity) -> bool:
        """Return whether a passage with this similarity counts as an occurrence of the quote."""
        long = min(1.0, max(0.0, (len(self.characters) - _SHORT) / (_LONG - _SHORT)))
        least = _FOUND_SHORT + long * (_FOUND - _FOUND_SHORT)
        return similar.characters >= least and similar.words >= _COMMON_WORDS

    def missing(self, similar: Similarity) -> tuple[str, ...]:
        """Return the words at the start and the end of the quote that, according to ``similar``, the passage lacks."""
        first, last = _leading_absent(similar.quote), _leading_absent(similar.quote[::-1])
        return (*self.words[:first], *self.words[len(self.words) - last :]) if any(similar.quote) else self.words


def _leading_absent(present: Sequence[bool]) -> int:
    return next((number for number, is_present in enumerate(present) if is_present), len(present))


class _Text:
    """The searched words of a transcript, joined into one string of characters, spelled as they are read aloud."""

    def __init__(self, alignment: Alignment, words: Sequence[int]) -> None:
        self._alignment, self._words = alignment, words
        self._language = language_of(alignment.language).captioning
        self._spelled = spelled([alignment.words[k].word.text for k in words], alignment.language)
        self._offsets = list(accumulate(map(len, self._spelled), initial=0))
        self._text = "".join(self._spelled)

    def occurrences(self, query: _Query) -> Iterator[tuple[Occurrence, Similarity]]:
        """Yield the exact occurrences, then up to 20 similar passages, most similar first. They do not overlap."""
        from rapidfuzz.distance import Indel
        from rapidfuzz.process import cdist

        taken: set[int] = set()
        beside: set[int] = set()  # words from which a taken passage would be found again
        number = 0
        for words in self._exact(query.characters):
            taken.update(words)
            beside.update(range(words.start - _REFINED, words.stop))
            yield self._occurrence(query, words)
        head = query.characters[:_HEAD]
        windows = [self._text[at : at + len(head)] for at in self._offsets[:-1]]
        if not windows:
            return
        scores = cdist([head], windows, scorer=Indel.normalized_similarity, score_cutoff=_NEAR)[0]
        for first in scores.argsort(kind="stable")[::-1][: 50 * _MOST_FOUND].tolist():
            if scores[first] < _NEAR or number == _MOST_FOUND:
                return
            if first in beside or self._overlaps(query.characters, first, taken):
                continue
            refined = self._refined(query.characters, first)
            if taken.isdisjoint(refined):
                number += 1
                taken.update(refined)
                beside.update(range(refined.start - _REFINED, refined.stop))
                yield self._occurrence(query, refined)

    def _exact(self, characters: str) -> Iterator[range]:
        """Yield the word ranges that consist of exactly these ``characters``; no two ranges overlap."""
        end = 0
        for first, offset in enumerate(self._offsets[:-1]):
            if offset >= end and self._spelled[first] and self._text.startswith(characters, offset):
                stop = bisect_left(self._offsets, offset + len(characters))
                if self._offsets[stop] == offset + len(characters):
                    end = self._offsets[stop]
                    yield range(first, stop)

    def _occurrence(self, query: _Query, refined: range) -> tuple[Occurrence, Similarity]:
        """Trim the passage ``refined`` to start and end with words of the quote; return it as an ``Occurrence``, and
        its similarity."""
        similar = similarity(query.spelled, self._spelled[refined.start : refined.stop])
        before, after = _leading_absent(similar.passage), _leading_absent(similar.passage[::-1])
        span = refined
        if before + after < len(refined):
            # A word that replaces another of the same sentence is a misquotation, and stays.
            before -= before == _leading_absent(similar.quote) == 1 and self._share_sentence(refined.start)
            after -= after == _leading_absent(similar.quote[::-1]) == 1 and self._share_sentence(refined.stop - 2)
            span = refined[before : len(refined) - after]
        if span != refined:
            similar = similarity(query.spelled, self._spelled[span.start : span.stop])
        spoken = sum(self._alignment.words[self._words[k]].span is not None for k in span)
        words = range(self._words[span.start], self._words[span.stop - 1] + 1)
        found = Occurrence(words, similar.characters, 2 * spoken >= len(span), missing=query.missing(similar))
        return found, similar

    def _share_sentence(self, first: int) -> bool:
        """Return whether the searched word with index ``first`` and the next one are in the same sentence."""
        one, other = (self._alignment.words[self._words[k]].word for k in (first, first + 1))
        return one.segment == other.segment and not ends_sentence(one.text, other.text, self._language)

    def _overlaps(self, characters: str, first: int, taken: set[int]) -> bool:
        """Return whether a match for ``characters`` that starts near word ``first`` surely has a word in ``taken``."""
        guess = bisect_left(self._offsets, self._offsets[max(0, first - _REFINED)] + len(characters))
        return not taken.isdisjoint(range(first + _REFINED, guess - _slack(characters)))

    def _refined(self, characters: str, first: int) -> range:
        """Return the range of words that starts near word ``first`` and is most similar to the quote ``characters``."""
        from rapidfuzz.distance.Indel import normalized_similarity

        text, offsets, slack, count = self._text, self._offsets, _slack(characters), len(self._words)
        starts: Sequence[int] = range(max(0, first - _REFINED), min(count, first + _REFINED + 1))
        is_long = len(characters) > _TAIL
        if is_long:
            head = characters[:_HEAD]
            starts = [max(starts, key=lambda k: normalized_similarity(head, text[offsets[k] : offsets[k] + _HEAD]))]
        compared, best, span = characters[-_TAIL:], -1.0, range(first, first + 1)
        for start in starts:
            guess = bisect_left(offsets, offsets[start] + len(characters))
            for stop in range(max(start + 1, guess - slack), min(count, guess + slack) + 1):
                begin = max(0, offsets[stop] - _TAIL) if is_long else offsets[start]
                score = normalized_similarity(compared, text[begin : offsets[stop]], score_cutoff=max(best, 0.0))
                if score > best:
                    best, span = score, range(start, stop)
        return span


def _slack(characters: str) -> int:
    """Return by how many words an occurrence of the quote ``characters`` may be longer or shorter than expected."""
    return _REFINED + len(characters) // 20
