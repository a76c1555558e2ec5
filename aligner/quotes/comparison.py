"""What is printed of a quote against what is said: what a person should check before publishing it.

A recogniser mishears, so single words that differ are no news; a run of them is, and so is any negation or number that
only one side has. Hesitations do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise, product
from statistics import median

from aligner.languages import language_of
from aligner.model import Alignment, Span, Status, TimedWord
from aligner.normalization import fold, letters_of, readings, spell, unaccented
from aligner.quotes.find import speech_of
from aligner.typography.tokens import CLOSERS

_SHOWN = 80  # characters of words that are told

# ʼ is a letter to Unicode, so that it opens a token or stands within one.
_TOKEN = re.compile(r"(?<![^\s'’ʼ])(?:[^\s'’ʼ]*+ʼ|[^\s'’ʼ\w]*+\w)[^\s'’ʼ]*+")
_DIGIT = re.compile(r"\d")
_SIGNS = "%‰€$£¥°.,;:!?…»”)"  # beside a number, that are no part of it
_LONE_SIGN = re.compile(r"(?<=\d)\s+(?=[%‰€$£¥°])")
_AMOUNT = re.compile(r"\b(\d{1,9})[.,](\d{1,2})\s+([^\W\d]{2,})")

_ALIKE = 0.6  # share of letters in common from which two words are one, heard or spelled in two ways
_MISHEARD = 0.6  # ... from which a number that one side alone has is a part of a word that was misheard
_SAME_RUN = 0.5  # ... and two runs of words one passage, which was misheard
_LEAST_LETTERS = 8  # of a run that is worth a warning: two or three words


@dataclass(frozen=True, slots=True)
class Caution:
    """What a person should look at before a clip is published.

    ``kind`` is for programs; ``detail`` holds the words that ``message`` speaks of, for who says it in other words.
    """

    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _SpelledWord:
    """A word of either side, how it is spelled, and what parts it from the next one: an apostrophe, or a space."""

    text: str
    letters: str
    parting: str = " "


@dataclass(frozen=True, slots=True)
class _Difference:
    """Where the two sides differ: what is printed there and what is heard."""

    printed: tuple[_SpelledWord, ...]
    heard: tuple[_SpelledWord, ...]

    @property
    def letters(self) -> tuple[str, str]:
        printed, heard = ("".join(word.letters for word in words) for words in (self.printed, self.heard))
        return printed, heard


def compare_texts(printed: str, heard: str, language: str) -> tuple[Caution, ...]:
    """What a person who publishes the quote must know of how the clip differs from it.

    >>> [c.kind for c in compare_texts("Je ne pense pas y aller.", "je pense euh y aller", "fr")]
    ['negation']
    """
    sides = [_ways(text, language) for text in (printed, heard)]
    cautions = _compared(sides[0][0], sides[1][0], language)
    if not any(caution.kind == "number" for caution in cautions):
        return cautions
    return min((_compared(one, other, language) for one, other in product(*sides)), key=len)


def _compared(printed: str, heard: str, language: str) -> tuple[Caution, ...]:
    runs = _differences(_read(printed, language), _read(heard, language), language)
    cautions: list[Caution] = []
    for kind, differ in (("negation", _negations_differ), ("number", _numbers_differ)):
        found = [run for run in runs if differ(run, language)]
        cautions += [Caution(kind, f"a {kind} differs: {_told(run)}", _sides(run)) for run in found]
        runs = [run for run in runs if run not in found]
    differing = [run for run in runs if _matters(run)]
    return (*cautions, *(Caution("wording", f"the wording differs: {_told(r)}", _sides(r)) for r in differing))


def _ways(text: str, language: str) -> list[str]:
    """The text, and as it is where amounts are said another way: "1,5 dollar", "1 dollar et demi"."""
    text = _LONE_SIGN.sub("", text)
    half = language_of(language).reading.cardinals.half

    def said(found: re.Match[str]) -> str:
        whole, part, unit = found.groups()
        if part in ("5", "50") and half.startswith("{w} "):
            return half.format(w=f"{whole} {unit}")
        return f"{whole} {unit} {part}"

    return list(dict.fromkeys([text, _AMOUNT.sub(said, text), _AMOUNT.sub(r"\1 \3 \2", text)]))


def strong_words(text: str, language: str) -> bool:
    """Whether there is a negation or a number in the text."""
    words = _read(text, language)
    return bool(_negations(words, language) or _numbers(words, language))


def _read(text: str, language: str) -> list[_SpelledWord]:
    """The words of a side, hesitations left out."""
    found = list(_TOKEN.finditer(text))
    tokens = [token.group() for token in found]
    between = (text[one.end() : other.start()] for one, other in pairwise(found))
    partings = [each if each and not each.strip("'’ʼ") else " " for each in between]
    words = map(_SpelledWord, tokens, map(unaccented, spell(tokens, language)), [*partings, " "])
    return [word for word in words if word.letters not in _hesitations(language)]


def _differences(printed: Sequence[_SpelledWord], heard: Sequence[_SpelledWord], language: str) -> list[_Difference]:
    """The runs that are left between the words that both sides have; a number written in two ways is none."""
    pairs = [(-1, -1), *_common(printed, heard, language), (len(printed), len(heard))]
    runs = []
    for (i, j), (i_next, j_next) in pairwise(pairs):
        run = _Difference(tuple(printed[i + 1 : i_next]), tuple(heard[j + 1 : j_next]))
        if run.letters[0] != run.letters[1]:
            runs.append(run)
    return runs


def _common(printed: Sequence[_SpelledWord], heard: Sequence[_SpelledWord], language: str) -> list[tuple[int, int]]:
    """Pairs of words that are the same, in order, as alike as can be in all: the best path of an alignment."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    if not printed or not heard:
        return []
    sides = [[word.letters for word in words] for words in (printed, heard)]
    alike = cdist(*sides, scorer=Indel.normalized_similarity)
    strong = [[bool(_negations([w], language) or _numbers([w], language)) for w in words] for words in (printed, heard)]
    # Where the sense hangs on a word, what is only alike is another word.
    alike[(np.array(strong[0])[:, None] | np.array(strong[1])[None, :]) & (alike < 1.0)] = 0.0
    worth = np.where(alike >= _ALIKE, alike, 0.0)
    best = np.zeros((len(printed) + 1, len(heard) + 1))
    for i in range(len(printed)):
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(best[i, 1:], best[i, :-1] + worth[i]))
    pairs, i, j = [], len(printed), len(heard)
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _matters(run: _Difference) -> bool:
    """Whether a run is more than a misheard word."""
    from rapidfuzz.distance import Indel

    return max(map(len, run.letters)) >= _LEAST_LETTERS and Indel.normalized_similarity(*run.letters) < _SAME_RUN


def _negations_differ(run: _Difference, language: str) -> bool:
    return _negations(run.printed, language) != _negations(run.heard, language)


def _numbers_differ(run: _Difference, language: str) -> bool:
    """Whether the sides have other numbers; what one side alone has may be a part of a word that was misheard."""
    printed, heard = _numbers(run.printed, language), _numbers(run.heard, language)
    if printed and heard:
        return printed != heard
    numbered, other = (run.printed, run.heard) if printed else (run.heard, run.printed)
    return any(_numbers([word], language) and not _is_within(numbered, at, other) for at, word in enumerate(numbered))


def _is_within(words: Sequence[_SpelledWord], at: int, others: Sequence[_SpelledWord]) -> bool:
    """Whether a word, with those beside it, sounds like the words or a word of the other side: "à 16" like "assez"."""
    from rapidfuzz.distance import Indel

    targets = ["".join(word.letters for word in others), *(word.letters for word in others)]
    spans = [
        "".join(word.letters for word in words[first:stop])
        for first in (0, at - 1, at)
        for stop in (at + 1, at + 2, len(words))
        if first >= 0
    ]
    return any(Indel.normalized_similarity(span, target) >= _MISHEARD for span in spans for target in targets)


def _negations(words: Sequence[_SpelledWord], language: str) -> Counter[str]:
    known = _negation_words(language)
    return Counter(word.letters for word in words if word.letters in known)


def _numbers(words: Sequence[_SpelledWord], language: str) -> Counter[str]:
    """The numbers among the words, as they are read without the sign of what they count."""
    known = _number_words(language)
    digits = [word.text.strip(_SIGNS) for word in words if _DIGIT.search(word.text)]
    return Counter(unaccented(letters) for letters in spell(digits, language)) + Counter(
        word.letters for word in words if word.letters in known and not _DIGIT.search(word.text)
    )


@cache
def _hesitations(language: str) -> frozenset[str]:
    return frozenset(map(fold, language_of(language).hesitations))


@cache
def _negation_words(language: str) -> frozenset[str]:
    return frozenset(map(fold, language_of(language).negations))


@cache
def _number_words(language: str) -> frozenset[str]:
    """The names of the numbers to a hundred and of larger units; "one" is an article too often."""
    small = {unaccented(letters_of(str(number), language)) for number in (*range(2, 101), 1000)}
    half = language_of(language).reading.cardinals.half.split()[-1:]  # "et demi"
    return frozenset(small | set(map(fold, (*language_of(language).large_numbers, *half))))


def _sides(run: _Difference) -> str:
    """What is printed and what is heard, in no language's words."""
    return " / ".join(_text(words) or "–" for words in (run.printed, run.heard))


def _told(run: _Difference) -> str:
    printed, heard = _text(run.printed), _text(run.heard)
    if printed and heard:
        return f"printed “{printed}”, heard “{heard}”"
    return f"“{printed}” is printed, not heard" if printed else f"“{heard}” is heard, not printed"


def _text(words: Sequence[_SpelledWord]) -> str:
    """The words as they stand in the text, shortened."""
    return "".join(word.text + word.parting for word in words)[:_SHOWN].strip()


_LEAST_UNTRANSCRIBED = 1.0  # seconds
_NO_ROOM = 0.02  # seconds
_EDGE = 0.010  # seconds of a word that a cut may take: the times of words are not better than that


def cautions_of(alignment: Alignment, words: range, inside: range, printed: Set[int]) -> tuple[Caution, ...]:
    """What the times of ``words``, of which ``inside`` is what is cut and ``printed`` what is printed of it, say
    against a quote of them."""
    cautions = []
    speech = speech_of(alignment, words)
    unspoken = [k for k in speech if alignment.words[k].status is Status.UNSPOKEN]
    kept = [alignment.words[k].word.text for k in unspoken if k in printed]
    if len(kept) > 1 or strong_words(" ".join(kept), alignment.language):
        cautions.append(Caution("unspoken", f"printed, but not found in the sound: {_shown(kept)}", _shown(kept)))
    left = _shown(alignment.words[k].word.text for k in unspoken if k not in printed)
    if left:
        cautions.append(Caution("left-out", f"not in the sound, and left out: {left}", left))
    outside = _shown(alignment.words[k].word.text for k in speech if k not in inside and k not in unspoken)
    if outside:
        cautions.append(Caution("outside-cut", f"outside the cut, and left out: {outside}", outside))
    guessed = (f"the time of the {name} is a guess; listen to the cut" for name in _guessed_edges(alignment, inside))
    cautions += [Caution("uncertain-edge", message) for message in guessed]
    return (*cautions, *_untranscribed(alignment, inside))


def _guessed_edges(alignment: Alignment, inside: range) -> Iterator[str]:
    """The words at an edge whose times are guesses: those of the quote, and neighbours that leave it no room."""
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
    """Which words a cut of exactly ``span`` goes through."""
    cautions = []
    for edge, name in ((span.start, "starts"), (span.end, "ends")):
        through = (
            word.word.text for word, said in _spoken(alignment.words) if said.start + _EDGE < edge < said.end - _EDGE
        )
        cautions += [Caution("cuts-word", f"the cut {name} inside the word {text}", text) for text in through]
    return tuple(cautions)


def _shown(words: Iterable[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _untranscribed(alignment: Alignment, inside: range) -> list[Caution]:
    """Speech inside the quote that the transcript lacks."""
    spoken = [span for _, span in _spoken(alignment.words[inside.start : inside.stop])]
    start, end = spoken[0].start, spoken[-1].end
    heard = (
        passage.text[:_SHOWN]
        for passage in alignment.untranscribed
        if min(end, passage.end) - max(start, passage.start) >= _LEAST_UNTRANSCRIBED
    )
    return [
        Caution("untranscribed", f"speech that the transcript lacks: {text or 'no words recognised'}", text)
        for text in heard
    ]


# Of 250 last words with something said after them, 30 end over 50 ms late; of those 15 last this much longer than their
# letters take, and 10 of the others.
_TOO_LONG = 0.05
# What is said after none but silence may be drawled, and is yet no longer than this.
_DRAWL, _DRAWLED = 2.5, 0.2
_WORDS_AROUND = 300  # words on either side that tell how fast is spoken
_LETTER = 0.06  # seconds, where no word tells
_LEAST_PACED = 4
_FEW_LETTERS = 4  # are found in another word by chance


class QuoteEdges:
    """The first and the last word of a quote, each seen ``opening`` or not."""

    def __init__(self, alignment: Alignment, words: range) -> None:
        self._alignment = alignment
        self._around = alignment.words[max(0, words.start - _WORDS_AROUND) : words.stop + _WORDS_AROUND]
        self._said = [(timed, timed.span) for k in words if (timed := alignment.words[k]).span]

    def is_doubtful(self, opening: bool) -> bool:
        """Whether a word that sounds beside the quote without a gap may be in its clip."""
        word, span = self._said[0 if opening else -1]
        too_long = not opening and span.duration > self._natural(word) + _TOO_LONG
        return word.status is not Status.EXACT or too_long or self.is_longer_than_written(opening)

    def beyond_drawl(self, opening: bool) -> Span | None:
        """The outer part of the word, where it lasts longer than any drawl: what sounds there is another word."""
        word, span = self._said[0 if opening else -1]
        natural = self._natural(word)
        longest = max(_DRAWL * natural, natural + _DRAWLED)
        if span.duration <= longest:
            return None
        return Span(span.start, span.end - longest) if opening else Span(span.start + longest, span.end)

    def is_in_place(self, opening: bool) -> bool:
        """Whether the word is surely where it is timed: a few letters are also found in words that nobody printed."""
        word, _ = self._said[0 if opening else -1]
        return word.status is Status.EXACT and self._letters(word) > _FEW_LETTERS

    def is_longer_than_written(self, opening: bool) -> bool:
        """Whether the word ends the quote and is an abbreviation, which may be timed as it is written: ``etc.``"""
        text = self._said[0 if opening else -1][0].word.text.rstrip(CLOSERS)
        if opening or not text.endswith("."):
            return False
        ways = readings([text], self._alignment.language)[0]
        return max(map(len, ways)) > len(letters_of(text, self._alignment.language))

    def inner_pause(self, opening: bool) -> Span:
        """What lies between the word and its neighbour in the quote."""
        (_, one), (_, other) = (
            (self._said[:2] if opening else self._said[-2:]) if len(self._said) > 1 else self._said * 2
        )
        return Span(one.end, max(one.end, other.start))

    def _natural(self, timed: TimedWord) -> float:
        """The seconds that the word takes at the pace around, in the longest way to read it aloud."""
        ways = readings([timed.word.text], self._alignment.language)[0]
        return max(self._letters(timed), *map(len, ways)) * self._pace

    @cached_property
    def _pace(self) -> float:
        """Seconds that a letter takes around the quote."""
        exact = [(timed.span, self._letters(timed)) for timed in self._around if timed.status is Status.EXACT]
        paces = [span.duration / letters for span, letters in exact if span and letters >= _LEAST_PACED]
        return median(paces or [_LETTER])

    def _letters(self, timed: TimedWord) -> int:
        return max(1, len(letters_of(timed.word.text, self._alignment.language)))
