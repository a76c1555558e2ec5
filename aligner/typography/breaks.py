"""How well a reader bears a break between two tokens, by punctuation and the words on either side.

Conventions
-----------
- A cost is 0 at the end of a sentence and about 12 between words that say nothing for or against; ``GLUE`` and more
  means that no break belongs there unless the text cannot be set otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from aligner.languages import Captioning, of_all
from aligner.typography.characters import is_unspaced, width
from aligner.typography.sentences import CLOSERS, OPENERS, TERMINALS, ends_sentence, goes_on_after_stop
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
# An adjective and its noun, as far as its ending tells; words that are a set phrase in this very text.
ADJECTIVE = 60.0
EXPRESSION = 90.0
NAME = 320.0
NUMBER = 320.0
CLINGING = 400.0
UNIT = 500.0
# A quotation that fits a line is read as one thing, a title most of all.
QUOTED = 320.0
_SHORT_QUOTE = 42
# Of a sentence, so many words are its head, and say too little to be left behind.
HEAD_WORDS = 2
# A silence of this many seconds makes a fair break better.
PAUSE = 0.25
PAUSE_EASES = 0.6

_STRIPPED = CLOSERS + OPENERS + ".,;:!?…"
_NUMBER = re.compile(r"[.,\u00a0\u202f ]*+\d[\d.,\u00a0\u202f ]*+")
UNITS = of_all(
    lambda language: language.captioning.counted,
    "% ‰ € $ £ ° °c km m cm mm kg g mg l ml h min s ms go mo to ko gb mb tb kb kw kwh mw gw twh w v hz khz mhz ghz",
)
_MONEY = frozenset("$€£¥₹₽")
_HOURS = frozenset(("h", "uhr"))  # between the hour and the minutes

Pair = tuple[str, str]


def break_costs(
    tokens: Sequence[Token], pauses: Sequence[float], language: Captioning, expressions: AbstractSet[Pair] = frozenset()
) -> list[float]:
    """The cost of a break before each token; the first is 0.

    ``pauses`` are seconds of silence before each, ``expressions`` what ``recurring_pairs`` finds in the whole text.
    """
    costs = [0.0]
    for left, right, after, pause in zip(tokens, tokens[1:], [*tokens[2:], None], pauses[1:], strict=False):
        cost = _cost(left, right, after, language)
        if CLAUSE < cost < EXPRESSION and (_bare(left.text), _bare(right.text)) in expressions:
            cost = EXPRESSION
        costs.append(cost * PAUSE_EASES if pause >= PAUSE and cost < LEANING else cost)
    for position in _inside_locutions(tokens, language):
        costs[position] = max(costs[position], CLINGING)
    for position in _inside_short_quotes(tokens, language):
        costs[position] += QUOTED
    return costs


def recurring_pairs(tokens: Sequence[Token], language: Captioning) -> frozenset[Pair]:
    """Pairs of neighbours that are a set phrase in this text: ``click workers``, ``machine learning``.

    Both words mean something, stand together half of the times that the rarer one is there, and do so beside
    different words: a passage that comes again makes no phrases. None are told in a language whose common words are
    not known.
    """
    common = language.clinging | language.leaning | language.clause | language.phrase
    words = [_bare(token.text) for token in tokens] if common else []
    counts = Counter(words)
    beside: dict[Pair, set[Pair]] = {}
    for position in range(1, len(words)):
        left, right = words[position - 1], words[position]
        if counts[left] > 1 and counts[right] > 1 and _tail(left) not in common and _head(right) not in common:
            before = words[position - 2] if position > 1 else ""
            after = words[position + 1] if position + 1 < len(words) else ""
            beside.setdefault((left, right), set()).add((before, after))
    return frozenset(
        pair
        for pair, places in beside.items()
        if len({before for before, _ in places}) > 1 and 2 * len(places) >= min(counts[pair[0]], counts[pair[1]])
    )


def _inside_locutions(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """The positions of tokens that lie within a set phrase of the language, its first token not counted."""
    phrases = _phrases(language.locutions)
    heads = tuple(_bare(token.text) for token in tokens)
    for first, word in enumerate(heads):
        for phrase in phrases.get(word.rsplit("'", 1)[-1], ()):
            last = first + len(phrase) - 1
            if last < len(heads) and _follows(tokens, heads, first, phrase):
                yield from range(first + 1, last + 1)


def _follows(tokens: Sequence[Token], heads: tuple[str, ...], first: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words after the first are those of the phrase, without punctuation between them."""
    last = first + len(phrase) - 1
    if len(phrase) > 2 and heads[first + 1 : last] != phrase[1:-1]:
        return False
    if phrase[-1] not in (heads[last], heads[last].split("'", 1)[0]):
        return False
    return not any(tokens[at].text[-1] in _STRIPPED for at in range(first, last))


@lru_cache(maxsize=32)
def _phrases(locutions: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The words of each set phrase, by the last part of its first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in locutions:
        words = tuple(phrase.split())
        if len(words) > 1:
            found.setdefault(_tail(words[0]), []).append(words)
    return found


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
        opens = _tail(left) in (language.clause & language.clinging) - language.stressed
        return PHRASE if opens else COMMA
    if left[-1] in "»”)]}":
        return BRACKET
    cost = _between_words(left, right, after, language)
    return BRACKET if right[0] in "«“„([{" and cost < LEANING else cost


def _between_words(left: str, right: str, after: str, language: Captioning) -> float:
    tail, head = _tail(left), _head(right)
    if _is_number(left) and (_is_number(after) or head not in language.phrase | language.clause):
        return UNIT if right.strip(_STRIPPED).lower() in UNITS else NUMBER
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
    if head in language.clinging:
        return NEUTRAL
    if _are_noun_and_adjective(left, right, language):
        return ADJECTIVE
    if head in language.leaning:
        return NEUTRAL
    is_adverb = language.adverb_ending and tail.endswith(language.adverb_ending)
    return LEANING if is_adverb else CONTENT


def _are_noun_and_adjective(left: str, right: str, language: Captioning) -> bool:
    """Whether the one that would be the adjective in this language ends as many do."""
    endings = language.adjective_endings
    if not language.adjectives_follow:
        nouns = language.capitals_are_names or (right[0].isupper() and left[0].islower())
        return nouns and _tail(left).endswith(endings)
    word = _head(right)
    return word.endswith(endings) or (word.endswith("s") and word[:-1].endswith(endings))


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


def _is_minute(text: str) -> bool:
    return len(text.strip(_STRIPPED)) == 2


def _tail(text: str) -> str:
    """The last word of a token, after its last apostrophe: ``qu’il`` gives ``il``, ``l’`` gives ``l``."""
    return _bare(text).rsplit("'", 1)[-1]


def _head(text: str) -> str:
    """The first word of a token, before its first apostrophe: ``qu’il`` gives ``qu``."""
    return _bare(text).split("'", 1)[0]


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """A token in lower case without the punctuation around it."""
    return text.replace("’", "'").replace("ʼ", "'").strip(_STRIPPED).lower()


def _is_initial(text: str) -> bool:
    word = text.strip(_STRIPPED)
    return len(word) == 1 and word.isupper()


def _is_name(text: str) -> bool:
    word = text.strip(_STRIPPED)
    return len(word) > 1 and word[0].isupper() and not word.isupper()
