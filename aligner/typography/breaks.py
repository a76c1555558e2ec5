"""How well a reader bears a break between two tokens, by punctuation and the words on either side.

Conventions
-----------
- A cost is 0 at the end of a sentence and about 12 between words that say nothing for or against; ``GLUE`` and more
  means that no break belongs there unless the text cannot be set otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aligner.languages import Captioning, of_all
from aligner.typography.characters import is_unspaced, width
from aligner.typography.sentences import CLOSERS, OPENERS, TERMINALS, ends_sentence, is_abbreviation
from aligner.typography.tokens import Token

GLUE = 1000.0
SENTENCE = 0.0
STRONG = 1.5
COMMA = 2.5
BRACKET = 3.0
CLAUSE = 4.5
PHRASE = 8.0
NEUTRAL = 12.0
# Auxiliaries and the like: a fault that reading speed can excuse. The ones below it cannot.
LEANING = 26.0
NAME = 320.0
NUMBER = 320.0
CLINGING = 400.0
UNIT = 500.0
# A quotation that fits a line is read as one thing, a title most of all.
QUOTED = 320.0
_SHORT_QUOTE = 42
# A silence of this many seconds makes a fair break better.
PAUSE = 0.25
PAUSE_EASES = 0.6

_STRIPPED = CLOSERS + OPENERS + ".,;:!?…"
_NUMBER = re.compile(r"[.,\u00a0\u202f ]*+\d[\d.,\u00a0\u202f ]*+")
_UNITS = of_all(
    lambda language: language.captioning.counted,
    "% ‰ € $ £ ° °c km m cm mm kg g mg l ml h min s ms go mo to ko gb mb tb kb kw kwh mw gw twh w v hz khz mhz ghz",
)


def break_costs(tokens: Sequence[Token], pauses: Sequence[float], language: Captioning) -> list[float]:
    """The cost of a break before each token; the first is 0. ``pauses`` are seconds of silence before each."""
    costs = [0.0]
    for left, right, after, pause in zip(tokens, tokens[1:], [*tokens[2:], None], pauses[1:], strict=False):
        cost = _cost(left, right, after, language)
        costs.append(cost * PAUSE_EASES if pause >= PAUSE and cost < LEANING else cost)
    for position in _inside_short_quotes(tokens, language):
        costs[position] = max(costs[position], QUOTED)
    return costs


def _inside_short_quotes(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """The positions of tokens that lie within a quotation short enough for a line, its first token not counted."""
    for first, opening in enumerate(tokens):
        closers = [pair[1] for pair in language.quotes if pair[0] == opening.text[0]]
        if not closers:
            continue
        length = 0
        for last in range(first, len(tokens)):
            length += width(tokens[last].before * (last > first) + tokens[last].text)
            if length > _SHORT_QUOTE or tokens[last].paragraph != opening.paragraph:
                break
            if any(_closes(tokens[last].text, closer) for closer in closers):
                yield from range(first + 1, last + 1)
                break


def _closes(text: str, closer: str) -> bool:
    """Whether a quotation ends with this token: a mark within it, as in ``foto’s``, closes nothing."""
    _, mark, rest = text[-3:].rpartition(closer)
    return bool(mark) and not any(map(str.isalpha, rest))


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
        return NEUTRAL if left.stage and right.stage else BRACKET
    if not right.before and not is_unspaced(left.text + right.text):
        return GLUE
    if not _has_word(right) or not _has_word(left):
        return GLUE
    if ends_sentence(left.text, right.text):
        return SENTENCE
    goes_on = after is not None and after.paragraph == right.paragraph and not after.stage
    return _within_sentence(left.text, right.text, after.text if after and goes_on else "", language)


def _has_word(token: Token) -> bool:
    return token.word is not None or any(character.isalnum() for character in token.text)


def _within_sentence(left: str, right: str, after: str, language: Captioning) -> float:
    core = left.rstrip(CLOSERS)
    if right.lower().startswith("etc"):
        return CLINGING
    if core.endswith(".") and is_abbreviation(core[:-1]):
        return NAME
    if core.endswith((";", ":", "–", "—", *TERMINALS)):
        return STRONG
    if core.endswith((",", "،", "、", "，")):
        # "des gens qui, | à longueur de journée," leaves the head of a clause behind.
        opens = _tail(left) in (language.clause & language.clinging) - language.stressed
        return PHRASE if opens else COMMA
    if left[-1] in "»”)]}":
        return BRACKET
    cost = _between_words(left, right, after, language)
    return BRACKET if right[0] in "«“„([{" and cost < LEANING else cost


def _between_words(left: str, right: str, after: str, language: Captioning) -> float:
    tail, head = _tail(left), _head(right)
    if _is_number(left) and (_is_number(after) or head not in language.phrase | language.clause):
        return UNIT if right.strip(_STRIPPED).lower() in _UNITS else NUMBER
    opens_clause = head in language.clause and not (head in language.relative and tail in language.phrase)
    if tail in language.clinging and not (opens_clause and tail in language.stressed):
        return CLINGING
    if tail in language.leaning or left.lower() in language.leaning:
        return CLAUSE if opens_clause else LEANING
    if head in language.of and (tail in language.amounts or left.endswith("%") or _is_number(left)):
        return LEANING
    if _is_numbered(right, after, language):
        return NUMBER
    if language.capitals_are_names and _is_name(left) and _is_name(right):
        return NAME
    if opens_clause:
        return CLAUSE
    if head in language.separable and _ends_clause(right, after, language):
        return LEANING
    return PHRASE if head in language.phrase else NEUTRAL


def _ends_clause(word: str, after: str, language: Captioning) -> bool:
    """Whether a word is the last of its clause, as the parted half of a verb is, and a preposition is not."""
    return not after or not word[-1].isalnum() or _head(after) in language.clause


def _is_numbered(number: str, after: str, language: Captioning) -> bool:
    """Whether a number counts nothing that follows, so that it is the number of what goes before: ``plot 27 at``."""
    if not _is_number(number):
        return False
    return not number[-1].isdigit() or not after or _head(after) in language.phrase | language.clause


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text.strip(_STRIPPED)))


def _tail(text: str) -> str:
    """The last word of a token, after its last apostrophe: ``qu’il`` gives ``il``, ``l’`` gives ``l``."""
    word = text.replace("’", "'").replace("ʼ", "'").strip(_STRIPPED).lower()
    return word.rsplit("'", 1)[-1]


def _head(text: str) -> str:
    """The first word of a token, before its first apostrophe: ``qu’il`` gives ``qu``."""
    word = text.replace("’", "'").replace("ʼ", "'").strip(_STRIPPED).lower()
    return word.split("'", 1)[0]


def _is_name(text: str) -> bool:
    word = text.strip(_STRIPPED)
    return len(word) > 1 and word[0].isupper() and not word.isupper()
