"""Cautions: what a person should check before publishing a quote.

The recognised text of a clip is compared with its printed text. Recognisers often mishear single words, so a short
difference counts only if it concerns a negation or a number. Hesitations such as "uh" are ignored.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from statistics import median

from aligner.languages import language_of
from aligner.model import Alignment, Span, Status, TimedWord
from aligner.normalization import fold, letters_of, readings, spell, unaccented
from aligner.quotes.find import speech_of
from aligner.typography.tokens import CLOSERS

_SHOWN = 80  # characters of words in a message

# ʼ counts as a letter in Unicode, so it may begin a token or stand within one.
_TOKEN = re.compile(r"(?<![^\s'’ʼ])(?:[^\s'’ʼ]*+ʼ|[^\s'’ʼ\w]*+\w)[^\s'’ʼ]*+")
_DIGIT = re.compile(r"\d")
_SYMBOLS = "%‰€$£¥°.,;:!?…»”)"  # beside a number
_LONE_SYMBOL = re.compile(r"(?<=\d)\s+(?=[%‰€$£¥°])")

_SIMILAR = 0.6  # share of common characters from which two words are one, misheard or spelled differently
_MISHEARD = 0.6  # ... from which a number on one side is part of a misheard word
_SAME_RUN = 0.5  # ... from which two runs of words are one misheard passage
_LEAST_CHARACTERS = 8  # of a run worth a caution: two or three words


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to check before a clip is published. ``kind`` is a code such as ``negation``; ``message`` is an English
    sentence, ``detail`` the words that are quoted in ``message``."""

    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as printed (``text``), as read aloud (``spelled``), and the space or apostrophe that follows it."""

    text: str
    spelled: str
    separator: str = " "


@dataclass(frozen=True, slots=True)
class _Difference:
    """Consecutive printed words, and the different words that the recogniser returned in their place."""

    printed: tuple[_Word, ...]
    recognised: tuple[_Word, ...]

    @property
    def spelled(self) -> tuple[str, str]:
        printed, recognised = ("".join(word.spelled for word in side) for side in (self.printed, self.recognised))
        return printed, recognised

    @property
    def texts(self) -> tuple[str, str]:
        """The printed and the recognised text of the passage, each shortened."""
        sides = (self.printed, self.recognised)
        printed, recognised = ("".join(word.text + word.separator for word in side)[:_SHOWN].strip() for side in sides)
        return printed, recognised

    def caution(self, kind: str, message: str) -> Caution:
        printed, recognised = self.texts
        if printed and recognised:
            shown = f"printed “{printed}”, recognised “{recognised}”"
        else:
            shown = f"“{printed}” is printed only" if printed else f"“{recognised}” is recognised only"
        return Caution(kind, f"{message}: {shown}", f"{printed or '–'} / {recognised or '–'}")


def compare_texts(printed: str, recognised: str, language: str) -> tuple[Caution, ...]:
    """Return a caution for each important difference between the printed and the recognised text of a clip.

    >>> [c.kind for c in compare_texts("Je ne pense pas y aller.", "je pense euh y aller", "fr")]
    ['negation']
    """
    runs = _differences(_read(printed, language), _read(recognised, language), language)
    cautions: list[Caution] = []
    for kind, differ in (("negation", _negations_differ), ("number", _numbers_differ)):
        found = [run for run in runs if differ(run, language)]
        cautions += [run.caution(kind, f"a {kind} differs") for run in found]
        runs = [run for run in runs if run not in found]
    return (*cautions, *(run.caution("wording", "the wording differs") for run in runs if _is_passage(run)))


def _is_key(word: _Word, language: str) -> bool:
    return bool(_negations([word], language) or _numbers([word], language))


def _read(text: str, language: str) -> list[_Word]:
    text = _LONE_SYMBOL.sub("", text)
    found = list(_TOKEN.finditer(text))
    tokens = [token.group() for token in found]
    between = (text[one.end() : other.start()] for one, other in pairwise(found))
    separators = [each if each and not each.strip("'’ʼ") else " " for each in between]
    words = map(_Word, tokens, map(unaccented, spell(tokens, language)), [*separators, " "])
    return [word for word in words if word.spelled not in _folded(language_of(language).hesitations)]


def _differences(printed: Sequence[_Word], recognised: Sequence[_Word], language: str) -> list[_Difference]:
    """Return the differences between two texts in order; "16" and "sixteen" are equal."""
    pairs = [(-1, -1), *_common_words(printed, recognised, language), (len(printed), len(recognised))]
    runs = []
    for (i, j), (i_next, j_next) in pairwise(pairs):
        run = _Difference(tuple(printed[i + 1 : i_next]), tuple(recognised[j + 1 : j_next]))
        if run.spelled[0] != run.spelled[1]:
            runs.append(run)
    return runs


def _common_words(printed: Sequence[_Word], recognised: Sequence[_Word], language: str) -> list[tuple[int, int]]:
    """Align the words of two texts; return the index pairs (printed, recognised) of words that are equal or similar."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    if not printed or not recognised:
        return []
    sides = [[word.spelled for word in side] for side in (printed, recognised)]
    similar = cdist(*sides, scorer=Indel.normalized_similarity)
    is_key = [np.array([_is_key(word, language) for word in side]) for side in (printed, recognised)]
    # If the meaning depends on a word, a similar word is another word.
    similar[(is_key[0][:, None] | is_key[1][None, :]) & (similar < 1.0)] = 0.0
    scores = np.where(similar >= _SIMILAR, similar, 0.0)
    best = np.zeros((len(printed) + 1, len(recognised) + 1))
    for i in range(len(printed)):
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], best[i, :-1] + scores[i]))
    pairs, i, j = [], len(printed), len(recognised)
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _is_passage(run: _Difference) -> bool:
    from rapidfuzz.distance import Indel

    return max(map(len, run.spelled)) >= _LEAST_CHARACTERS and Indel.normalized_similarity(*run.spelled) < _SAME_RUN


def _negations_differ(run: _Difference, language: str) -> bool:
    return _negations(run.printed, language) != _negations(run.recognised, language)


def _numbers_differ(run: _Difference, language: str) -> bool:
    """Return whether the printed and the recognised words of a difference contain different numbers. A number in only
    one of the texts is ignored if it sounds like words of the other text."""
    printed, recognised = _numbers(run.printed, language), _numbers(run.recognised, language)
    if printed and recognised:
        return printed != recognised
    with_number, other = (run.printed, run.recognised) if printed else (run.recognised, run.printed)
    return any(
        _numbers([word], language) and not _is_like(with_number, at, other) for at, word in enumerate(with_number)
    )


def _is_like(words: Sequence[_Word], at: int, others: Sequence[_Word]) -> bool:
    """Return whether ``words[at]``, alone or with neighbours, sounds like ``others``: "à 16" ("à seize") like
    "assez"."""
    from rapidfuzz.distance import Indel

    targets = ["".join(word.spelled for word in others), *(word.spelled for word in others)]
    spans = [
        "".join(word.spelled for word in words[first:stop])
        for first in (0, at - 1, at)
        for stop in (at + 1, at + 2, len(words))
        if first >= 0
    ]
    return any(Indel.normalized_similarity(span, target) >= _MISHEARD for span in spans for target in targets)


def _negations(words: Sequence[_Word], language: str) -> Counter[str]:
    known = _folded(language_of(language).negations)
    return Counter(word.spelled for word in words if word.spelled in known)


def _numbers(words: Sequence[_Word], language: str) -> Counter[str]:
    """Count each number in ``words``, in digits or spelled out: "16" and "seize" both count for the key "seize"."""
    known = _number_words(language)
    digits = [word.text.strip(_SYMBOLS) for word in words if _DIGIT.search(word.text)]
    return Counter(unaccented(spelled) for spelled in spell(digits, language)) + Counter(
        word.spelled for word in words if word.spelled in known and not _DIGIT.search(word.text)
    )


@cache
def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(fold, words))


@cache
def _number_words(language: str) -> frozenset[str]:
    """Return the words for 2 to 100, 1,000 and larger units, but not for 1, because "un" also means "a"."""
    small = {unaccented(letters_of(str(number), language)) for number in (*range(2, 101), 1000)}
    return frozenset(small) | _folded(language_of(language).large_numbers)


_LEAST_UNTRANSCRIBED = 1.0  # seconds
_NO_ROOM = 0.02  # seconds
_EDGE = 0.010  # seconds of a word that a cut may take: times of words are not more accurate


def cautions_of(alignment: Alignment, words: range, inside: range, printed: Set[int]) -> tuple[Caution, ...]:
    """Return cautions about unspoken words, estimated times and untranscribed speech in a quote.

    ``words`` is the range that a user chose, and ``inside`` the part of ``words`` in the clip. ``printed`` has the
    indices of the words that are printed with the clip.
    """
    cautions = []
    speech = speech_of(alignment, words)
    unspoken = [k for k in speech if alignment.words[k].status is Status.UNSPOKEN]
    missing = _texts(alignment, (k for k in unspoken if k in printed))
    key_words = [word for word in _read(" ".join(missing), alignment.language) if _is_key(word, alignment.language)]
    if len(missing) > 1 or key_words:
        cautions.append(Caution("unspoken", f"printed, but not found in the audio: {_shown(missing)}", _shown(missing)))
    if left := _shown(_texts(alignment, (k for k in unspoken if k not in printed))):
        cautions.append(Caution("left-out", f"not in the audio, and left out: {left}", left))
    if outside := _shown(_texts(alignment, (k for k in speech if k not in inside and k not in unspoken))):
        cautions.append(Caution("outside-cut", f"outside the cut, and left out: {outside}", outside))
    for name in _estimated_edges(alignment, inside):
        cautions.append(Caution("uncertain-edge", f"the time of the {name} is estimated; listen to the cut"))
    return (*cautions, *_untranscribed(alignment, inside))


def _texts(alignment: Alignment, words: Iterable[int]) -> list[str]:
    return [alignment.words[k].word.text for k in words]


def _estimated_edges(alignment: Alignment, inside: range) -> Iterator[str]:
    """Yield which words at the clip's edges have estimated times: "first word", "last word", "word before", "word
    after". The last two, outside the clip, are only named if no pause separates them from the clip."""
    words = alignment.words
    spoken = list(_spoken(words[inside.start : inside.stop]))
    (first, first_span), (last, last_span) = spoken[0], spoken[-1]
    before, before_span = next(_spoken(reversed(words[: inside.start])), spoken[0])
    after, after_span = next(_spoken(words[inside.stop :]), spoken[-1])
    for word, name, room in (
        (first, "first word", 0.0),
        (last, "last word", 0.0),
        (before, "word before", first_span.start - before_span.end),
        (after, "word after", after_span.start - last_span.end),
    ):
        if word.status is Status.INTERPOLATED and 0 <= room < _NO_ROOM:
            yield name


def _spoken(words: Iterable[TimedWord]) -> Iterator[tuple[TimedWord, Span]]:
    return ((word, word.span) for word in words if word.span)


def cautions_of_edges(alignment: Alignment, span: Span) -> tuple[Caution, ...]:
    """Return a caution for each end of ``span`` that lies inside a word."""
    return tuple(
        Caution("cuts-word", f"the cut {name} inside the word {word.word.text}", word.word.text)
        for edge, name in ((span.start, "starts"), (span.end, "ends"))
        for word, said in _spoken(alignment.words)
        if said.start + _EDGE < edge < said.end - _EDGE
    )


def _shown(words: Iterable[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _untranscribed(alignment: Alignment, inside: range) -> Iterator[Caution]:
    """Yield a caution for each passage inside the quote that is said but missing from the transcript."""
    spoken = [span for _, span in _spoken(alignment.words[inside.start : inside.stop])]
    start, end = spoken[0].start, spoken[-1].end
    for passage in alignment.untranscribed:
        if min(end, passage.end) - max(start, passage.start) >= _LEAST_UNTRANSCRIBED:
            text = passage.text[:_SHOWN]
            message = f"speech that is missing from the transcript: {text or 'no words recognised'}"
            yield Caution("untranscribed", message, text)


# Of 250 last words with speech after them, 30 end over 50 ms late; of those, 15 last this much longer than their
# characters take, and of the others 10.
_TOO_LONG = 0.05
# A word before a silence may be drawled, but is no longer than this.
_DRAWL, _DRAWLED = 2.5, 0.2
_WORDS_AROUND = 300  # words on either side that show how fast the speech is
_CHARACTER = 0.06  # seconds, if no word shows it
_LEAST_PACED = 4
_FEW_CHARACTERS = 4  # so few can match another word by chance


class QuoteEdges:
    """Checks of the first and last word of a quote. With ``opening``, a method checks the first word, else the last."""

    def __init__(self, alignment: Alignment, words: range) -> None:
        self._alignment = alignment
        self._around = alignment.words[max(0, words.start - _WORDS_AROUND) : words.stop + _WORDS_AROUND]
        self._spoken = list(_spoken(alignment.words[words.start : words.stop]))

    def is_doubtful(self, opening: bool) -> bool:
        """Return whether the time of the first (if ``opening``) or last word of the quote may be wrong."""
        word, span = self._spoken[0 if opening else -1]
        too_long = not opening and span.duration > self._natural(word) + _TOO_LONG
        return word.status is not Status.EXACT or too_long or self.is_abbreviated(opening)

    def beyond_drawl(self, opening: bool) -> Span | None:
        """Return the part of a word's span that even the drawled word would not fill: another word may be said there.
        Return None if there is no such part. The word is the first (if ``opening``) or last of the quote."""
        word, span = self._spoken[0 if opening else -1]
        natural = self._natural(word)
        longest = max(_DRAWL * natural, natural + _DRAWLED)
        if span.duration <= longest:
            return None
        return Span(span.start, span.end - longest) if opening else Span(span.start + longest, span.end)

    def is_certain(self, opening: bool) -> bool:
        """Return whether the first (if ``opening``) or last word matched exactly and is too long to match by chance."""
        word, _ = self._spoken[0 if opening else -1]
        return word.status is Status.EXACT and self._length(word) > _FEW_CHARACTERS

    def is_abbreviated(self, opening: bool) -> bool:
        """Return whether the last word is an abbreviation, whose time may end too early; False if ``opening``."""
        text = self._spoken[-1][0].word.text.rstrip(CLOSERS)
        if opening or not text.endswith("."):
            return False
        longest = max(map(len, readings([text], self._alignment.language)[0]))
        return longest > len(letters_of(text, self._alignment.language))

    def inner_pause(self, opening: bool) -> Span:
        """Return the pause after the first word of the quote (if ``opening``), or before its last word."""
        pair = self._spoken[:2] if opening else self._spoken[-2:]
        (_, one), (_, other) = pair[0], pair[-1]
        return Span(one.end, max(one.end, other.start))

    def _natural(self, timed: TimedWord) -> float:
        """Estimate a word's duration in seconds from its longest pronunciation and the pace of the speech around it."""
        ways = readings([timed.word.text], self._alignment.language)[0]
        return max(self._length(timed), *map(len, ways)) * self._pace

    @cached_property
    def _pace(self) -> float:
        """Median seconds per character of the words around the quote."""
        exact = [(span, self._length(timed)) for timed, span in _spoken(self._around) if timed.status is Status.EXACT]
        return median([span.duration / length for span, length in exact if length >= _LEAST_PACED] or [_CHARACTER])

    def _length(self, timed: TimedWord) -> int:
        return max(1, len(letters_of(timed.word.text, self._alignment.language)))
