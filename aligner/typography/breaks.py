"""How well a reader bears a break between two tokens, by punctuation and the words on either side.

Conventions
-----------
- A cost is 0 at the end of a sentence and about 12 between words that say nothing for or against; ``GLUE`` and more
  means that no break belongs there unless the text cannot be set otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from aligner.languages import Captioning, of_all
from aligner.typography.characters import is_unspaced
from aligner.typography.phrases import (
    STRIPPED,
    Pair,
    bare,
    first_word,
    inside_locutions,
    inside_short_quotes,
    last_word,
)
from aligner.typography.sentences import CLOSERS, TERMINALS, ends_sentence, goes_on_after_stop
from aligner.typography.tokens import Token

GLUE = 1000.0
SENTENCE = 0.0
STRONG = 1.5
COMMA = 2.5
BRACKET = 3.0
CLAUSE = 4.5
PHRASE = 8.0
NEUTRAL = 12.0
# Two words that both mean something are oftener a noun and what describes it than not.
CONTENT = 18.0
# Auxiliaries and the like: a fault that reading speed can excuse. The ones below it cannot.
LEANING = 50.0
# Who owns and what is owned; an adjective and its noun, as far as its ending tells; words that are a set phrase in this
# very text.
POSSESSIVE = 60.0
ADJECTIVE = 60.0
EXPRESSION = 90.0
NAME = 320.0
NUMBER = 320.0
CLINGING = 400.0
UNIT = 500.0
# A quotation that fits a line is read as one thing, a title most of all.
QUOTED = 320.0
# Of a sentence, so many words are its head, and say too little to be left behind.
HEAD_WORDS = 2
# A silence of this many seconds makes a fair break better.
PAUSE = 0.25
PAUSE_EASES = 0.6

_NUMBER = re.compile(r"[.,\u00a0\u202f ]*+\d[\d.,\u00a0\u202f ]*+")
UNITS = of_all(
    lambda language: language.captioning.counted,
    "% ‰ € $ £ ° °c km m cm mm kg g mg l ml h min s ms go mo to ko gb mb tb kb kw kwh mw gw twh w v hz khz mhz ghz",
)
_MONEY = frozenset("$€£¥₹₽")
_HOURS = frozenset(("h", "uhr"))  # between the hour and the minutes


def break_costs(
    tokens: Sequence[Token], pauses: Sequence[float], language: Captioning, expressions: AbstractSet[Pair] = frozenset()
) -> list[float]:
    """The cost of a break before each token; the first is 0.

    ``pauses`` are seconds of silence before each, ``expressions`` what ``recurring_pairs`` finds in the whole text.
    """
    costs = [0.0]
    for left, right, after, pause in zip(tokens, tokens[1:], [*tokens[2:], None], pauses[1:], strict=False):
        cost = _cost(left, right, after, language)
        if CLAUSE < cost < EXPRESSION and (bare(left.text), bare(right.text)) in expressions:
            cost = EXPRESSION
        costs.append(cost * PAUSE_EASES if pause >= PAUSE and cost < LEANING else cost)
    for position in inside_locutions(tokens, language):
        costs[position] = max(costs[position], CLINGING)
    for position in inside_short_quotes(tokens, language):
        costs[position] += QUOTED
    return costs


def last_breaks(costs: Sequence[float], most: float) -> list[int]:
    """For each position, the last before it where a break costs ``most`` or less."""
    last = [0]
    for position, cost in enumerate(costs):
        last.append(position if cost <= most else last[-1])
    return last


def _cost(left: Token, right: Token, after: Token | None, language: Captioning) -> float:
    if left.paragraph != right.paragraph:
        return SENTENCE
    if right.before and right.before != " ":
        return GLUE
    if left.stage or right.stage:
        # A mark in brackets is read as one thing; other punctuation may hang on it.
        inside = left.stage and right.stage and not ("]" in left.text and "[" in right.text)
        return GLUE + _between_words(left.text, right.text, "", language) if inside else BRACKET
    if not right.before and not is_unspaced(left.text + right.text):
        return GLUE
    if not _has_word(right) or not _has_word(left):
        return GLUE
    if ends_sentence(left.text, right.text, language):
        return SENTENCE
    goes_on = after is not None and after.paragraph == right.paragraph and not after.stage
    return _within_sentence(left.text, right.text, after.text if after and goes_on else "", language)


def _has_word(token: Token) -> bool:
    return token.word is not None or any(character.isalnum() for character in token.text)


def _within_sentence(left: str, right: str, after: str, language: Captioning) -> float:
    core = left.rstrip(CLOSERS)
    if right.lower().startswith("etc"):
        return CLINGING
    if goes_on_after_stop(left, right, language):
        return NAME
    if core.endswith((";", ":", "–", "—", *TERMINALS)):
        return STRONG
    if core.endswith((",", "،", "、", "，")):
        # "des gens qui, | à longueur de journée," leaves the head of a clause behind.
        opens = last_word(left) in (language.clause & language.clinging) - language.stressed
        return PHRASE if opens else COMMA
    if left[-1] in "»”)]}":
        return BRACKET
    cost = _between_words(left, right, after, language)
    return BRACKET if right[0] in "«“„([{" and cost < LEANING else cost


def _between_words(left: str, right: str, after: str, language: Captioning) -> float:
    tail, head = last_word(left), first_word(right)
    if _is_number(left) and (_is_number(after) or head not in language.phrase | language.clause):
        return UNIT if right.strip(STRIPPED).lower() in UNITS else NUMBER
    if _make_one_number(left, right, after, language):
        return NUMBER
    opens_clause = head in language.clause and not (head in language.relative and tail in language.phrase)
    if _is_number(right) and (left[-1] in _MONEY or (tail in _HOURS and _is_minute(right))):
        return UNIT
    if tail in language.clinging and not (opens_clause and tail in language.stressed):
        return CLINGING
    if tail in language.leaning or left.lower() in language.leaning:
        return CLAUSE if opens_clause else LEANING
    if head in language.of and (tail in language.amounts or left.endswith("%") or _is_number(left)):
        return LEANING
    if _is_numbered(right, after, language):
        return NUMBER
    if language.capitals_are_names and _is_name(right) and (_is_name(left) or _is_initial(left)):
        return NAME
    if opens_clause:
        return CLAUSE
    if head in language.separable and _ends_clause(right, after, language):
        return LEANING
    if head in language.phrase:
        return PHRASE
    if left.endswith("%"):
        return LEANING
    if _owns(left, language):
        return POSSESSIVE
    if head in language.clinging:
        return NEUTRAL
    if _are_noun_and_adjective(left, right, language):
        return ADJECTIVE
    if head in language.leaning:
        return NEUTRAL
    is_adverb = language.adverb_ending and tail.endswith(language.adverb_ending)
    return LEANING if is_adverb else CONTENT


def _make_one_number(left: str, right: str, after: str, language: Captioning) -> bool:
    """Whether two words are parts of one number that is written in words: ``cent | vingt``, ``treinta | y dos``."""
    one, other = _numerals(left, language), _numerals(right, language)
    if not one or not left[-1].isalnum():
        return False
    if one[-1] in language.tens | language.multipliers:
        return bool(other or (first_word(right) == language.numeral_and and _numerals(after, language)))
    return bool(other) and other[0] in language.multipliers


def _numerals(text: str, language: Captioning) -> list[str]:
    """The words of a number, of which several may have hyphens between them; none where it is no number."""
    parts = bare(text).split("-")
    if not any(parts[0] in words for words in (language.numerals, language.tens, language.multipliers)):
        return []
    known = language.numerals | language.tens | language.multipliers | language.clinging
    return parts if known.issuperset(parts) else []


def _owns(text: str, language: Captioning) -> bool:
    """Whether the word says whose the next one is."""
    return text.lower().replace("’", "'").endswith(language.possessive_endings)


def _are_noun_and_adjective(left: str, right: str, language: Captioning) -> bool:
    """Whether the one that would be the adjective in this language ends as many do."""
    endings = language.adjective_endings
    if not language.adjectives_follow:
        nouns = language.capitals_are_names or (right[0].isupper() and left[0].islower())
        return nouns and last_word(left).endswith(endings)
    word = first_word(right)
    return word.endswith(endings) or (word.endswith("s") and word[:-1].endswith(endings))


def _ends_clause(word: str, after: str, language: Captioning) -> bool:
    """Whether a word is the last of its clause, as the parted half of a verb is, and a preposition is not."""
    return not after or not word[-1].isalnum() or first_word(after) in language.clause


def _is_numbered(number: str, after: str, language: Captioning) -> bool:
    """Whether a number counts nothing that follows, so that it is the number of what goes before: ``plot 27 at``."""
    if not _is_number(number):
        return False
    return not number[-1].isdigit() or not after or first_word(after) in language.phrase | language.clause


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text.strip(STRIPPED)))


def _is_minute(text: str) -> bool:
    return len(text.strip(STRIPPED)) == 2


def _is_initial(text: str) -> bool:
    word = text.strip(STRIPPED)
    return len(word) == 1 and word.isupper()


def _is_name(text: str) -> bool:
    word = text.strip(STRIPPED)
    return len(word) > 1 and word[0].isupper() and not word.isupper()
