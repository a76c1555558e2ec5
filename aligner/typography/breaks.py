"""How well a reader bears a break between two tokens: the marks, phrases and orphans on either side.

Between a word and the marks beside it, as French writes them (« mot » : ; ? !), between the groups of a number, and
between a number and its unit. Only spaces that are there change, one for one: what is shown has the length of the text,
and an offset means the same place in both.

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
from itertools import accumulate

from aligner.languages import Captioning, language_of, of_all
from aligner.typography.tokens import (
    CLOSERS,
    DASHES,
    OPENERS,
    TERMINALS,
    Token,
    ends_sentence,
    goes_on_after_stop,
    is_unspaced,
    width,
)

STRIPPED = CLOSERS + OPENERS + ".,;:!?…"
_SHORT_QUOTE = 42
_INNER_MARK = re.compile("['–—]")

Pair = tuple[str, str]


def recurring_pairs(tokens: Sequence[Token], language: Captioning) -> frozenset[Pair]:
    """Pairs of neighbours that are a set phrase in this text: ``click workers``, ``machine learning``.

    Both words mean something, stand together half of the times that the rarer one is there, and do so beside
    different words: a passage that comes again makes no phrases. None are told in a language whose common words are
    not known.
    """
    known = language.breaks
    common = known.clinging | known.leaning | known.clause | known.phrase
    words = [bare(token.text) for token in tokens] if common else []
    counts = Counter(words)
    beside: dict[Pair, set[Pair]] = {}
    for position in range(1, len(words)):
        left, right = words[position - 1], words[position]
        if counts[left] > 1 and counts[right] > 1 and last_word(left) not in common and first_word(right) not in common:
            before = words[position - 2] if position > 1 else ""
            after = words[position + 1] if position + 1 < len(words) else ""
            beside.setdefault((left, right), set()).add((before, after))
    return frozenset(
        pair
        for pair, places in beside.items()
        if len({before for before, _ in places}) > 1 and 2 * len(places) >= min(counts[pair[0]], counts[pair[1]])
    )


def inside_locutions(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """The positions of tokens that lie within a set phrase of the language, its first token not counted."""
    phrases = _phrases(language.breaks.locutions)
    heads = tuple(bare(token.text) for token in tokens)
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
    return not any(tokens[at].text[-1] in STRIPPED for at in range(first, last))


@lru_cache(maxsize=32)
def _phrases(locutions: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The words of each set phrase, by the last part of its first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in locutions:
        words = tuple(phrase.split())
        if len(words) > 1:
            found.setdefault(last_word(words[0]), []).append(words)
    return found


def inside_short_quotes(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
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


def last_word(text: str) -> str:
    """The last word of a token, after its last apostrophe or dash: ``qu’il`` gives ``il``, ``l’`` gives ``l``, and
    ``town—the`` gives ``the``."""
    return _INNER_MARK.split(bare(text))[-1]


def first_word(text: str) -> str:
    """The first word of a token, before its first apostrophe or dash: ``qu’il`` gives ``qu``."""
    return _INNER_MARK.split(bare(text), maxsplit=1)[0]


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A token in lower case without the punctuation around it."""
    return text.replace("’", "'").replace("ʼ", "'").strip(STRIPPED).lower()


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
    lambda language: language.captioning.numerals.counted,
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
        known = language.breaks
        opens = last_word(left) in (known.clause & known.clinging) - known.stressed
        return PHRASE if opens else COMMA
    if left[-1] in "»”)]}":
        return BRACKET
    cost = _between_words(left, right, after, language)
    return BRACKET if right[0] in "«“„([{" and cost < LEANING else cost


def _between_words(left: str, right: str, after: str, language: Captioning) -> float:
    tail, head, words = last_word(left), first_word(right), language.breaks
    if _is_number(left) and (_is_number(after) or head not in words.phrase | words.clause):
        return UNIT if right.strip(STRIPPED).lower() in UNITS else NUMBER
    if _make_one_number(left, right, after, language):
        return NUMBER
    opens_clause = head in words.clause and not (head in words.relative and tail in words.phrase)
    if _is_number(right) and (left[-1] in _MONEY or (tail in _HOURS and _is_minute(right))):
        return UNIT
    if tail in words.clinging and not (opens_clause and tail in words.stressed):
        return CLINGING
    if tail in words.leaning or left.lower() in words.leaning:
        return CLAUSE if opens_clause else LEANING
    if head in words.of and (tail in words.amounts or left.endswith("%") or _is_number(left)):
        return LEANING
    if _is_numbered(right, after, language):
        return NUMBER
    if language.capitals_are_names and _is_name(right) and (_is_name(left) or _is_initial(left)):
        return NAME
    if opens_clause:
        return CLAUSE
    if head in words.separable and _ends_clause(right, after, language):
        return LEANING
    if head in words.phrase:
        return PHRASE
    if left.endswith("%"):
        return LEANING
    if _owns(left, language):
        return POSSESSIVE
    if head in words.clinging:
        return NEUTRAL
    if _are_noun_and_adjective(left, right, language):
        return ADJECTIVE
    if head in words.leaning:
        return NEUTRAL
    is_adverb = language.endings.adverb and tail.endswith(language.endings.adverb)
    return LEANING if is_adverb else CONTENT


def _make_one_number(left: str, right: str, after: str, language: Captioning) -> bool:
    """Whether two words are parts of one number that is written in words: ``cent | vingt``, ``treinta | y dos``."""
    one, other = _numerals(left, language), _numerals(right, language)
    if not one or not left[-1].isalnum():
        return False
    words = language.numerals
    if one[-1] in words.tens | words.multipliers:
        return bool(other or (first_word(right) in words.joint and _numerals(after, language)))
    return bool(other) and other[0] in words.multipliers


def _numerals(text: str, language: Captioning) -> list[str]:
    """The words of a number, of which several may have hyphens between them; none where it is no number."""
    parts = bare(text).split("-")
    known = language.numerals.numerals | language.numerals.tens | language.numerals.multipliers
    if parts[0] not in known:
        return []
    known |= language.breaks.clinging
    return parts if known.issuperset(parts) else []


def _owns(text: str, language: Captioning) -> bool:
    """Whether the word says whose the next one is."""
    return text.lower().replace("’", "'").endswith(language.endings.possessive)


def _are_noun_and_adjective(left: str, right: str, language: Captioning) -> bool:
    """Whether the one that would be the adjective in this language ends as many do."""
    endings = language.endings.adjective
    if not language.endings.adjectives_follow:
        nouns = language.capitals_are_names or (right[0].isupper() and left[0].islower())
        return nouns and last_word(left).endswith(endings)
    word = first_word(right)
    return word.endswith(endings) or (word.endswith("s") and word[:-1].endswith(endings))


def _ends_clause(word: str, after: str, language: Captioning) -> bool:
    """Whether a word is the last of its clause, as the parted half of a verb is, and a preposition is not."""
    return not after or not word[-1].isalnum() or first_word(after) in language.breaks.clause


def _is_numbered(number: str, after: str, language: Captioning) -> bool:
    """Whether a number counts nothing that follows, so that it is the number of what goes before: ``plot 27 at``."""
    if not _is_number(number):
        return False
    words = language.breaks
    return not number[-1].isdigit() or not after or first_word(after) in words.phrase | words.clause


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


# A word or two after a comma, cut off from what follows; worse after a full stop, as the head of a sentence.
ORPHAN = 10.0
ORPHAN_WIDTH = 10
HEAD = 120.0
# The same with a line or a cue for itself; two of one word each ("So, Desmond,") are whole.
HEAD_ALONE = 8.0
HEADS_ALONE = 2.0
_STRONG = ":;" + DASHES


class Orphans:
    """What a reader minds of them, in the unit of ``breaks``, wherever a line of ``tokens`` may end.

    ``costs`` are those of a break before each token, as ``break_costs`` gives them. Positions index the tokens; a line
    that ends at one ends before it. ``last_sentence`` is, for each position, the last before it that begins a sentence.
    """

    def __init__(self, tokens: Sequence[Token], costs: Sequence[float]) -> None:
        self._costs = costs
        self._last_rest = last_breaks(costs, COMMA)
        self.last_sentence = last_breaks(costs, SENTENCE)
        befores = [width(token.before) for token in tokens]
        read = list(accumulate((b + width(token.text) for b, token in zip(befores, tokens, strict=True)), initial=0))
        since = [read[end] - read[rest] - befores[rest] for end, rest in enumerate(self._last_rest[: len(tokens)])]
        self._behind = [self._left_behind(end, since[end]) for end in range(len(tokens))]
        self._alone = [self._head_alone(end, tokens[end - 1].text[-1]) for end in range(len(tokens))]

    def cost(self, start: int, end: int) -> float:
        """What a line from ``start`` to ``end`` costs for what it leaves at its end."""
        if self.last_sentence[end] == start:
            return self._alone[end]
        return 0.0 if self._last_rest[end] == start else self._behind[end]

    def behind(self, end: int) -> float:
        """What is left at ``end`` costs where something else goes before it on its line."""
        return self._behind[end]

    def wholes(self, end: int) -> tuple[int, int]:
        """Where a line must begin so that it ends at ``end`` and leaves nothing behind something else."""
        return self.last_sentence[end], self._last_rest[end]

    def _left_behind(self, end: int, since_rest: int) -> float:
        rest, sentence = self._last_rest[end], self.last_sentence[end]
        if self._costs[end] <= SENTENCE:
            return 0.0
        if end - sentence <= HEAD_WORDS:
            return HEAD
        if self._costs[end] <= (COMMA if self._costs[rest] > SENTENCE else SENTENCE):
            return 0.0
        return ORPHAN * (since_rest < ORPHAN_WIDTH)

    def _head_alone(self, end: int, last: str) -> float:
        """What the words cost that begin a sentence and end before a position, where they are all of their line."""
        first = self.last_sentence[end]
        if self._costs[end] <= SENTENCE or end - first > HEAD_WORDS or last in _STRONG:
            return 0.0
        return HEADS_ALONE if first < self._last_rest[end] else HEAD_ALONE


NO_BREAK, NARROW = "\u00a0", "\u202f"

# A mark that is written on to a word, as in "…et puis" or the German »so«, belongs to that word instead.
_BEFORE_MARKS = re.compile(r" (?=[;:!?…»”›%‰°€$£–—](?!\w))")
_AFTER_MARKS = re.compile(r"(?:(?<=[\s(\[’'—–][«„“‹¿¡])|(?<=^[«„“‹¿¡])) (?=\S)", re.MULTILINE)
_GROUPED_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_OPENING = frozenset("«„“‹([{¿¡")
_APART = _OPENING | {*DASHES, "/"}  # from the word before
_UNIT = re.compile(r"(?<=\d) (?=([°%‰€$£]?[^\W\d_]*)(?![\w’']))")
_MINUTES = re.compile(r"(?<=\d[ \u00a0]h) (?=\d\d(?!\w))")


def unbroken(text: str, language: str) -> str:
    """The text with no-break spaces where a line must not end, narrow ones where the language, by its code, has those.

    Examples
    --------
    >>> unbroken("Tu viens ? Il y a 12 000 km.", "fr")
    'Tu viens\\u202f? Il y a 12\\u202f000\\xa0km.'
    """
    return _unbroken(text, language_of(language).captioning)


def _unbroken(text: str, language: Captioning) -> str:
    if " " not in text:
        return text
    grouping = NARROW if language.narrow_before else NO_BREAK

    def before_mark(found: re.Match[str]) -> str:
        return NARROW if text[found.end()] in language.narrow_before else NO_BREAK

    def before_unit(found: re.Match[str]) -> str:
        word = found[1].lower()
        # "from 5 to 6": in another language it is a unit.
        return NO_BREAK if word in UNITS and word not in language.breaks.phrase | language.breaks.clause else " "

    # No step changes an offset, so that the marks are those of the text as it came.
    shown = _BEFORE_MARKS.sub(before_mark, text)
    shown = _AFTER_MARKS.sub(NO_BREAK, shown)
    shown = _GROUPED_NUMBER.sub(lambda number: number[0].replace(" ", grouping), shown)
    shown = _MINUTES.sub(NO_BREAK, shown)
    return _UNIT.sub(before_unit, shown)


def unbroken_tokens(tokens: Sequence[Token], language: Captioning) -> Iterator[tuple[str, str]]:
    """What stands before each token on its line, and its text, as they are shown one after the other."""
    shown = _unbroken("".join(token.before + token.text for token in tokens), language)
    at = 0
    for token in tokens:
        start = at + len(token.before)
        end = start + len(token.text)
        yield shown[at:start], shown[start:end]
        at = end


def with_marks(text: str, start: int, end: int, within: range) -> tuple[int, int]:
    """Where a word of an ``unbroken`` text begins and ends with the marks that belong to it, which stand on to it
    or are parted from it by a no-break space; they are sought ``within``, where no other word is.

    What opens a quotation or a bracket belongs to the word after it, a dash and a slash to none, all else to the word
    before.

    Examples
    --------
    >>> with_marks("dit «\\xa0oui\\u202f!\\xa0»\\xa0– et", 6, 9, range(3, 16))
    (4, 13)
    """
    while end < within.stop:
        mark = end + (text[end] in (NO_BREAK, NARROW))
        if mark >= within.stop or text[mark].isspace() or text[mark] in _APART:
            break
        end = mark + 1
    while within.start < start:
        mark = start - 1 - (text[start - 1] in (NO_BREAK, NARROW))
        if mark < within.start or text[mark] not in _OPENING:
            break
        start = mark
    return start, end


def widened(text: str) -> str:
    """The text with wide no-break spaces for narrow ones.

    For what is read elsewhere: U+00A0 is in every font and every programme for text, and is one character to those who
    count them, where U+202F is a box to some, and two characters in a post on X.
    """
    return text.replace(NARROW, NO_BREAK)
