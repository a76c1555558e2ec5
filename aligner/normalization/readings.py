"""Convert tokens to readings: the one used to match words, and all ways to read them aloud.

The reading used to match has digits and signs in words of the language. It has no capitals, accents, ligatures,
apostrophes, hyphens or punctuation. Only abbreviations and tokens with digits, signs, capitals or inner dots have other
readings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aligner.languages import language_of
from aligner.normalization.letters import fold, sounded, unaccented
from aligner.normalization.nonstandard_words import DIGITS, MOST, SIGNS, Context, in_words, read_number, token_ways

_CURRENCY_FIRST = re.compile(rf"([€$£])\s?({DIGITS})")
_FIRST_GROUP, _GROUP = re.compile(r"\W*\d{1,3}"), re.compile(r"\d{3}(?:[.,]\d+)?\W*")
_SIGNS_READ = frozenset("%&+=€$£°")  # signs that the reading used to match spells out
_LONGEST = 120  # characters; a longer token has one reading
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_UNUSUAL = re.compile(
    rf"[\d/{re.escape(SIGNS)}]|\w[.:_]\w|[{_UPPER}]{{2}}|[{_LOWER}][{_UPPER}]|^\W*[^\W\d_]\W*$|[^\W\d_]\.-"
    r"|^\W*[IVX](?:ers?|re|ère|e|ème)\W*$"
)
_EDGES = "".join(map(chr, range(0x21, 0x30))) + ":;?!()[]{}«»“”„‘’…‹›¿¡—–"
_SENTENCE_END = re.compile(r"(?<!\W)(?>\W*?[.?!…:])\W*+$")


@lru_cache(maxsize=65_536)
def letters_of(word: str, language: str) -> str:
    """Return the letters used to match a token of a transcript or of ASR output, or "" if there are none.

    Digits stay digits if num2words does not know the language (ISO 639-1).

    Examples
    --------
    >>> letters_of("L'œuvre,", "fr"), letters_of("21", "fr"), letters_of("£5", "en")
    ('loeuvre', 'vingtetun', 'fivepounds')
    """
    return fold(read_out(word, language))


def spell(tokens: Sequence[str], language: str) -> list[str]:
    """Return the letters used to match each token. Digits grouped by spaces are read as one number.

    In French, the tokens "2" and "300" become ``deuxmille`` and ``troiscents``, the two parts of the number 2300.
    """
    spelled = [letters_of(token, language) for token in tokens]
    for start, stop in groups(tokens):
        spelled[start:stop] = cut_number(letters_of("".join(tokens[start:stop]), language), spelled[start:stop])
    return spelled


def groups(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield ``[start, stop)`` for each series of tokens that are digit groups of one number, such as "2" and "300"."""
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
    """Split the letters of a number with several digit groups: those of "2 300" into ``deuxmille`` and ``troiscents``.
    ``parts`` has the letters of each group read as a separate number (``deux``, ``troiscents``).

    Each later group begins at its own letters. In "4 000", "000" is not said: its part is what follows ``quatre``.
    """
    pieces, end = [], len(whole)
    for k in range(len(parts) - 1, 0, -1):
        begin = max(0, end - len(parts[k]))
        if unaccented(whole[begin:end]) != unaccented(parts[k]):
            begin = (_first_group_length(whole[:end], parts[0]) if k == 1 else 0) or end * k // (k + 1)
        pieces.append(whole[begin:end])
        end = begin
    return [whole[:end], *reversed(pieces)]


def _first_group_length(whole: str, part: str) -> int:
    lengths = (len(part), len(part) - 1)
    return next((n for n in lengths if n > 0 and unaccented(whole[:n]) == unaccented(part[:n])), 0)


def is_sign(text: str) -> bool:
    """Return whether a text is a sign that is read aloud, such as "%"."""
    return text in _SIGNS_READ


def read_out(word: str, language: str) -> str:
    """Return the word with numbers and signs in words. A sign that the language has no words for is unchanged."""
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
    """Return the ways to read each token aloud, likeliest first, in letters of ``ALPHABET``.

    Each token has 1 to ``MOST`` readings, or only "" if nothing is read aloud. The first reading has the same letters
    as the result of ``spell``, apart from accents, if that result has only the letters a-z.

    Examples
    --------
    >>> readings(["en", "1990"], "fr")[1][:2]
    ('milleneufcentquatrevingtdix', 'dixneufcentquatrevingtdix')
    """
    ways = [
        _read(token, language, _context(tokens, k)) if _is_unusual(token, language) else _plain_word(token, language)
        for k, token in enumerate(tokens)
    ]
    for start, stop in groups(tokens):
        whole = _read("".join(tokens[start:stop]), language, Context())
        ways[start:stop] = _grouped(whole, ways[start:stop])
    return ways


def _grouped(whole: Sequence[str], groups_alone: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the readings of each digit group of a number, such as "2" and "300" in "2 300".

    ``whole`` has the readings of the whole number. The first one is split between the groups ("deux mille", "trois
    cents"); if there are two groups, so is each other one that ends with a reading of the second group. Each group has
    its pieces of the split readings, then its readings as a separate number (``groups_alone``), such as "deux".
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
    """Return whether a token may have several readings, because it is not a plain word."""
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


def _context(tokens: Sequence[str], k: int) -> Context:
    before, after = tokens[k - 1] if k else "", tokens[k + 1] if k + 1 < len(tokens) else ""
    inside = bool(before) and not _SENTENCE_END.search(before[-8:])
    name = inside and len(before) > 1 and before[0].isupper()
    return Context(before[-1:].isdigit(), after[:1].isdigit(), name, inside)


@lru_cache(maxsize=16_384)
def _read(token: str, language: str, context: Context) -> tuple[str, ...]:
    standard = _plain_word(token, language)
    if len(token) > _LONGEST:
        return standard
    texts = token_ways(unicodedata.normalize("NFC", token), language_of(language).reading, context)
    ways = [letters for text in texts if (letters := sounded(text, language))]
    matched = letters_of(token, language)
    if not ways or not matched or (matched.isascii() and matched.isalpha()):
        ways = [*standard, *ways]
    return tuple(dict.fromkeys(ways))[:MOST]
