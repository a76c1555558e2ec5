"""From what is written to what a voice says: the one reading of a word that matching uses, and all the others.

For matching, case, accents, ligatures, apostrophes, hyphens and punctuation are dropped, and what is written in digits
or signs is spelled out in the language. Only tokens with digits, signs, capitals or inner dots, or that are known as
abbreviations, have other readings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aligner.languages import language_of
from aligner.normalization.letters import fold, sounded, unaccented
from aligner.normalization.nonstandard_words import DIGITS, MOST, SIGNS, Beside, in_words, read_number, token_ways

_CURRENCY_FIRST = re.compile(rf"([€$£])\s?({DIGITS})")
_FIRST_GROUP, _GROUP = re.compile(r"\W*\d{1,3}"), re.compile(r"\d{3}(?:[.,]\d+)?\W*")
_SIGNS_READ = frozenset("%&+=€$£°")  # where a word has one reading, in letters
_LONGEST = 120  # characters; nobody reads out a token that is longer in more than one way
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_UNUSUAL = re.compile(
    rf"[\d/{re.escape(SIGNS)}]|\w[.:_]\w|[{_UPPER}]{{2}}|[{_LOWER}][{_UPPER}]|^\W*[^\W\d_]\W*$|[^\W\d_]\.-"
    r"|^\W*[IVX](?:ers?|re|ère|e|ème)\W*$"
)
_EDGES = "".join(map(chr, range(0x21, 0x30))) + ":;?!()[]{}«»“”„‘’…‹›¿¡—–"
_SENTENCE_END = re.compile(r"(?<!\W)(?>\W*?[.?!…:])\W*+$")


@lru_cache(maxsize=65_536)
def letters_of(word: str, language: str) -> str:
    """The letters by which ``word`` is matched; may be empty.

    Parameters
    ----------
    word : a token of a transcript or of a hypothesis, punctuation and all.
    language : ISO 639-1 code; one that num2words does not know leaves digits as they are.

    Examples
    --------
    >>> letters_of("L'œuvre,", "fr"), letters_of("21", "fr"), letters_of("£5", "en")
    ('loeuvre', 'vingtetun', 'fivepounds')
    """
    return fold(read_out(word, language))


def spell(tokens: Sequence[str], language: str) -> list[str]:
    """``letters_of`` each token, digits grouped by spaces read as the one number that they are.

    "2", "300" gives ``deuxmille``, ``troiscents`` in French: the reading of 2300, cut where the last group's begins.
    """
    spelled = [letters_of(token, language) for token in tokens]
    for start, stop in groups(tokens):
        spelled[start:stop] = cut_number(letters_of("".join(tokens[start:stop]), language), spelled[start:stop])
    return spelled


def groups(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs ``[start, stop)`` of tokens that are one number with its digits grouped by spaces."""
    k = 0
    while k < len(tokens):
        stop = k + 1
        if _FIRST_GROUP.fullmatch(tokens[k]):
            while stop < len(tokens) and tokens[stop - 1][-1].isdigit() and _GROUP.fullmatch(tokens[stop]):
                stop += 1
        if stop - k > 1:
            yield k, stop
        k = stop


def cut_number(whole: str, parts: Sequence[str]) -> list[str]:
    """Cut a number's letters into as many pieces as it has groups, where the readings of the groups meet.

    A group's own reading may end there (2 300), or the first group's be there before "thousand" (4 000, 500 000).
    """
    pieces, end = [], len(whole)
    for k in range(len(parts) - 1, 0, -1):
        begin = max(0, end - len(parts[k]))
        if unaccented(whole[begin:end]) != unaccented(parts[k]):
            begin = (_opening(whole[:end], parts[0]) if k == 1 else 0) or end * k // (k + 1)
        pieces.append(whole[begin:end])
        end = begin
    return [whole[:end], *reversed(pieces)]


def _opening(whole: str, part: str) -> int:
    """How many letters of ``whole`` are the reading of its first group, perhaps without a plural s; 0 if it is not."""
    lengths = (len(part), len(part) - 1)
    return next((n for n in lengths if n > 0 and unaccented(whole[:n]) == unaccented(part[:n])), 0)


def is_sign(text: str) -> bool:
    """Whether ``text`` is a sign that has a reading of its own."""
    return text in _SIGNS_READ


def read_out(word: str, language: str) -> str:
    """Numbers and signs in words; a sign that the language's record lacks is left as it is."""
    reading = language_of(language).reading
    if any(map(str.isdigit, word)):
        word = _CURRENCY_FIRST.sub(r"\2 \1", word)
        numbers, ordinal = reading.cardinals, reading.ordinals.pattern
        if ordinal:
            word = re.sub(ordinal, lambda m: f" {in_words(int(m[1]), numbers.code, 'ordinal')} ", word)
        word = re.sub(DIGITS, lambda m: f" {read_number(m.group(), numbers)} ", word)
    for sign in _SIGNS_READ.intersection(word):
        if sign in reading.signs.lone:
            word = word.replace(sign, f" {reading.signs.lone[sign].split('|')[0]} ")
    return word


def readings(tokens: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """For each token the ways in which it may be read aloud, likeliest first, in letters of ``ALPHABET``.

    Never an empty tuple, ``("",)`` where there is nothing to say, at most ``MOST``. In plain letters the first is that
    of ``spell``, wherever that gives letters a-z only.

    Examples
    --------
    >>> readings(["en", "1990"], "fr")[1][:2]
    ('milleneufcentquatrevingtdix', 'dixneufcentquatrevingtdix')
    """
    ways = [
        _read(token, language, _beside(tokens, k)) if _is_unusual(token, language) else _plain_word(token, language)
        for k, token in enumerate(tokens)
    ]
    for start, stop in groups(tokens):
        whole = _read("".join(tokens[start:stop]), language, Beside())
        ways[start:stop] = _grouped(whole, ways[start:stop])
    return ways


def _grouped(whole: Sequence[str], groups_alone: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The readings of a number's groups: cut from those of the whole number, and then each group's own.

    Of two groups, the whole number's other readings can be cut too where they end in one of the last group.
    """
    cuts = [cut_number(whole[0], [alone[0] for alone in groups_alone])]
    for way in whole[1:] if len(groups_alone) == 2 else ():
        last = next((alone for alone in groups_alone[-1] if alone and way.endswith(alone)), None)
        if last is not None:
            cuts.append(cut_number(way, ["", last]))
    together = zip(zip(*cuts, strict=True), groups_alone, strict=True)
    return [tuple(dict.fromkeys((*pieces, *alone)))[:MOST] for pieces, alone in together]


@lru_cache(maxsize=65_536)
def _plain_word(token: str, language: str) -> tuple[str, ...]:
    return (sounded(read_out(token, language), language),)


@lru_cache(maxsize=65_536)
def _is_unusual(token: str, language: str) -> bool:
    """Whether a token may be read in more ways than it is written."""
    if len(token) > _LONGEST:
        return False
    if _UNUSUAL.search(token):
        return True
    known = language_of(language).reading
    core = token.strip(_EDGES)
    if core in known.signs.units:
        return True
    small = core.casefold().replace("’", "'")
    keys = (small, f"{small}.", f"'{small}", small.partition("-")[0])
    return any(key in known.signs.abbreviations or key in known.signs.before_number for key in keys)


def _beside(tokens: Sequence[str], k: int) -> Beside:
    before, after = tokens[k - 1] if k else "", tokens[k + 1] if k + 1 < len(tokens) else ""
    inside = bool(before) and not _SENTENCE_END.search(before[-8:])
    name = inside and len(before) > 1 and before[0].isupper()
    return Beside(before[-1:].isdigit(), after[:1].isdigit(), name, inside)


@lru_cache(maxsize=16_384)
def _read(token: str, language: str, beside: Beside) -> tuple[str, ...]:
    """The readings of a token that is no plain word."""
    standard = _plain_word(token, language)
    if len(token) > _LONGEST:
        return standard
    texts = token_ways(unicodedata.normalize("NFC", token), language_of(language).reading, beside)
    said = [letters for text in texts if (letters := sounded(text, language))]
    matched = letters_of(token, language)
    if not said or not matched or (matched.isascii() and matched.isalpha()):
        said = [*standard, *said]
    return tuple(dict.fromkeys(said))[:MOST]
