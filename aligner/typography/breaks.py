"""Rate line breaks between tokens, and insert no-break spaces where no line may end.

Conventions
-----------
- The cost of a break is 0 at the end of a sentence and about 12 where there is no reason to prefer or to avoid a break.
  A line ends at a cost of ``GLUE`` or more only if the text does not fit otherwise.
- No-break spaces stand between a word and punctuation in the French style (« mot » : ; ? !), between the groups of a
  number, and between a number and its unit. Each one replaces a space of the text, so offsets stay the same.
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
    """Return pairs of words that recur as a set phrase in a text: ``click workers``, ``machine learning``.

    Neither word is in the lists of common words in ``language``; without lists, there are no pairs. A pair is counted
    once for each context (previous and next word), so a repeated passage counts once. The count must be at least half
    the number of times that the rarer word occurs, and the word before the pair must vary.
    """
    known = language.breaks
    common = known.clinging | known.leaning | known.clause | known.phrase
    words = [bare(token.text) for token in tokens] if common else []
    counts = Counter(words)
    neighbours: dict[Pair, set[Pair]] = {}
    for position in range(1, len(words)):
        left, right = words[position - 1], words[position]
        if counts[left] > 1 and counts[right] > 1 and last_word(left) not in common and first_word(right) not in common:
            before = words[position - 2] if position > 1 else ""
            after = words[position + 1] if position + 1 < len(words) else ""
            neighbours.setdefault((left, right), set()).add((before, after))
    return frozenset(
        pair
        for pair, around in neighbours.items()
        if len({before for before, _ in around}) > 1 and 2 * len(around) >= min(counts[pair[0]], counts[pair[1]])
    )


def inside_locutions(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """Yield the indices of the second and later tokens of each set phrase: no line may end before them."""
    phrases = _phrases(language.breaks.locutions)
    bare_words = tuple(bare(token.text) for token in tokens)
    for first, word in enumerate(bare_words):
        for phrase in phrases.get(word.rsplit("'", 1)[-1], ()):
            last = first + len(phrase) - 1
            if last < len(bare_words) and _follows(tokens, bare_words, first, phrase):
                yield from range(first + 1, last + 1)


def _follows(tokens: Sequence[Token], bare_words: tuple[str, ...], first: int, phrase: tuple[str, ...]) -> bool:
    """Return whether the tokens from ``first`` on are the words of ``phrase``, without punctuation between them. The
    first word is known to match. ``bare_words`` holds the tokens in lower case without punctuation."""
    last = first + len(phrase) - 1
    if len(phrase) > 2 and bare_words[first + 1 : last] != phrase[1:-1]:
        return False
    if phrase[-1] not in (bare_words[last], bare_words[last].split("'", 1)[0]):
        return False
    return not any(tokens[at].text[-1] in STRIPPED for at in range(first, last))


@lru_cache(maxsize=32)
def _phrases(locutions: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """Group set phrases, as tuples of words, by the first word without an elided part (``il`` for ``qu'il``)."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in locutions:
        words = tuple(phrase.split())
        if len(words) > 1:
            found.setdefault(last_word(words[0]), []).append(words)
    return found


def inside_short_quotes(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """Yield the index of each token before which a line break would split a quotation that fits on one line."""
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
    _, mark, rest = text[-3:].rpartition(closer)
    return bool(mark) and not any(map(str.isalpha, rest))


def last_word(text: str) -> str:
    """Split a token at apostrophes and dashes, and return the last part: ``il`` of ``qu’il``."""
    return _INNER_MARK.split(bare(text))[-1]


def first_word(text: str) -> str:
    """Split a token at apostrophes and dashes, and return the first part: ``qu`` of ``qu’il``."""
    return _INNER_MARK.split(bare(text), maxsplit=1)[0]


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Return a token in lower case without the punctuation around it."""
    return text.replace("’", "'").replace("ʼ", "'").strip(STRIPPED).lower()


GLUE = 1000.0
SENTENCE = 0.0
STRONG = 1.5
COMMA = 2.5
BRACKET = 3.0
CLAUSE = 4.5
PHRASE = 8.0
NEUTRAL = 12.0
# Two content words are more often than not a noun and its modifier.
CONTENT = 18.0
# After an auxiliary or the like: acceptable to keep the reading speed, unlike the higher costs below.
LEANING = 50.0
# Between a possessive and its noun, an adjective and its noun (by its ending), words that recur as a set phrase.
POSSESSIVE = 60.0
ADJECTIVE = 60.0
EXPRESSION = 90.0
NAME = 320.0
NUMBER = 320.0
CLINGING = 400.0
UNIT = 500.0
# Inside a quotation that fits on a line, such as a title.
QUOTED = 320.0
# The first words of a sentence, too few to end a line without the rest.
OPENING_WORDS = 2
# A silence of this many seconds lowers the cost of a fair break.
PAUSE = 0.25
PAUSE_EASES = 0.6

_NUMBER = re.compile(r"[.,\u00a0\u202f ]*+\d[\d.,\u00a0\u202f ]*+")
UNITS = of_all(
    lambda language: language.captioning.numerals.counted,
    "% ‰ € $ £ ° °c km m cm mm kg g mg l ml h min s ms go mo to ko gb mb tb kb kw kwh mw gw twh w v hz khz mhz ghz",
)
_MONEY = frozenset("$€£¥₹₽")
_HOURS = frozenset(("h", "uhr"))  # stand between the hour and the minutes


def break_costs(
    tokens: Sequence[Token], pauses: Sequence[float], language: Captioning, expressions: AbstractSet[Pair] = frozenset()
) -> list[float]:
    """Return the cost of a break before each token; the first cost is 0. ``pauses`` holds the silence before each token
    in seconds, ``expressions`` the set phrases of the whole text (see ``recurring_pairs``)."""
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
    """Return for each token, and for the end of the text, the last break before it that costs at most ``most``: the
    index of the token after the break, or 0 if no earlier break is so cheap."""
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
        # Text in brackets is read as a unit, though other punctuation may follow.
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
        # "des gens qui, | à longueur de journée," separates the first word of a clause from the rest.
        known = language.breaks
        opens = last_word(left) in (known.clause & known.clinging) - known.stressed
        return PHRASE if opens else COMMA
    if left[-1] in "»”)]}":
        return BRACKET
    cost = _between_words(left, right, after, language)
    return BRACKET if right[0] in "«“„([{" and cost < LEANING else cost


def _between_words(left: str, right: str, after: str, language: Captioning) -> float:
    previous, following, words = last_word(left), first_word(right), language.breaks
    if _is_number(left) and (_is_number(after) or following not in words.phrase | words.clause):
        return UNIT if right.strip(STRIPPED).lower() in UNITS else NUMBER
    if _make_one_number(left, right, after, language):
        return NUMBER
    opens_clause = following in words.clause and not (following in words.relative and previous in words.phrase)
    if _is_number(right) and (left[-1] in _MONEY or (previous in _HOURS and len(right.strip(STRIPPED)) == 2)):
        return UNIT
    if previous in words.clinging and not (opens_clause and previous in words.stressed):
        return CLINGING
    if previous in words.leaning or left.lower() in words.leaning:
        return CLAUSE if opens_clause else LEANING
    if following in words.of and (previous in words.amounts or left.endswith("%") or _is_number(left)):
        return LEANING
    if _is_numbered(right, after, language):
        return NUMBER
    if language.capitals_are_names and _is_name(right) and (_is_name(left) or _is_initial(left)):
        return NAME
    if opens_clause:
        return CLAUSE
    if following in words.separable and _ends_clause(right, after, language):
        return LEANING
    if following in words.phrase:
        return PHRASE
    if left.endswith("%"):
        return LEANING
    if left.lower().replace("’", "'").endswith(language.endings.possessive):
        return POSSESSIVE
    if following in words.clinging:
        return NEUTRAL
    if _are_noun_and_adjective(left, right, language):
        return ADJECTIVE
    if following in words.leaning:
        return NEUTRAL
    is_adverb = language.endings.adverb and previous.endswith(language.endings.adverb)
    return LEANING if is_adverb else CONTENT


def _make_one_number(left: str, right: str, after: str, language: Captioning) -> bool:
    """Return whether two words belong to one number: ``cent | vingt``, or ``treinta | y`` if ``after`` is ``dos``."""
    one, other = _numerals(left, language), _numerals(right, language)
    if not one or not left[-1].isalnum():
        return False
    words = language.numerals
    if one[-1] in words.tens | words.multipliers:
        return bool(other or (first_word(right) in words.joint and _numerals(after, language)))
    return bool(other) and other[0] in words.multipliers


def _numerals(text: str, language: Captioning) -> list[str]:
    parts = bare(text).split("-")
    known = language.numerals.numerals | language.numerals.tens | language.numerals.multipliers
    if parts[0] not in known:
        return []
    known |= language.breaks.clinging
    return parts if known.issuperset(parts) else []


def _are_noun_and_adjective(left: str, right: str, language: Captioning) -> bool:
    """Return whether two words may be a noun and its adjective. In languages with adjectives after nouns, the ending of
    the second word decides, in other languages the ending of the first."""
    endings = language.endings.adjective
    if not language.endings.adjectives_follow:
        nouns = language.capitals_are_names or (right[0].isupper() and left[0].islower())
        return nouns and last_word(left).endswith(endings)
    word = first_word(right)
    return word.endswith(endings) or (word.endswith("s") and word[:-1].endswith(endings))


def _ends_clause(word: str, after: str, language: Captioning) -> bool:
    """Return whether ``word`` is the last word of a clause; ``after`` is the next word, "" if there is none."""
    return not after or not word[-1].isalnum() or first_word(after) in language.breaks.clause


def _is_numbered(number: str, after: str, language: Captioning) -> bool:
    """Return whether a number refers to the word before it, as in ``plot 27``, and not to the word ``after`` it."""
    if not _is_number(number):
        return False
    words = language.breaks
    return not number[-1].isdigit() or not after or first_word(after) in words.phrase | words.clause


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text.strip(STRIPPED)))


def _is_initial(text: str) -> bool:
    word = text.strip(STRIPPED)
    return len(word) == 1 and word.isupper()


def _is_name(text: str) -> bool:
    word = text.strip(STRIPPED)
    return len(word) > 1 and word[0].isupper() and not word.isupper()


# The cost of an orphan: a few characters after a comma at the end of a line, or the first words of a sentence.
ORPHAN = 10.0
ORPHAN_WIDTH = 10
OPENING = 120.0
# The cost of the first words of a sentence on a line of their own, without and with a comma ("So, Desmond,").
OPENING_ALONE = 8.0
OPENINGS_ALONE = 2.0
_STRONG = ":;" + DASHES


class Orphans:
    """The costs of orphans: a few characters after a comma, or the first words of a sentence, at the end of a line.

    ``costs`` come from ``break_costs``. A line consists of the tokens ``[start, end)``. ``last_sentence[end]`` is the
    first token of the last sentence that starts before token ``end``.
    """

    def __init__(self, tokens: Sequence[Token], costs: Sequence[float]) -> None:
        self._costs = costs
        self._last_comma = last_breaks(costs, COMMA)
        self.last_sentence = last_breaks(costs, SENTENCE)
        spaces = [width(token.before) for token in tokens]
        token_widths = (space + width(token.text) for space, token in zip(spaces, tokens, strict=True))
        offsets = list(accumulate(token_widths, initial=0))
        commas = self._last_comma[: len(tokens)]
        widths = [offsets[end] - offsets[comma] - spaces[comma] for end, comma in enumerate(commas)]
        self._behind = [self._left_behind(end, widths[end]) for end in range(len(tokens))]
        self._alone = [self._opening_alone(end, tokens[end - 1].text[-1]) for end in range(len(tokens))]

    def cost(self, start: int, end: int) -> float:
        """Return the cost of the orphan at the end of the line of tokens ``[start, end)``; 0 if there is none."""
        if self.last_sentence[end] == start:
            return self._alone[end]
        return 0.0 if self._last_comma[end] == start else self._behind[end]

    def behind(self, end: int) -> float:
        """Return the cost of the orphan at the end of a line that ends before token ``end``, if the line has other
        words before the orphan (see ``wholes``); 0 if there is no orphan."""
        return self._behind[end]

    def wholes(self, end: int) -> tuple[int, int]:
        """Return two token indices: the starts of the last sentence before token ``end`` and of the text after the
        last comma. For a line that starts at one of them, ``behind`` is not the cost: no words precede the orphan."""
        return self.last_sentence[end], self._last_comma[end]

    def _left_behind(self, end: int, width_since_comma: int) -> float:
        comma, sentence = self._last_comma[end], self.last_sentence[end]
        if self._costs[end] <= SENTENCE:
            return 0.0
        if end - sentence <= OPENING_WORDS:
            return OPENING
        if self._costs[end] <= (COMMA if self._costs[comma] > SENTENCE else SENTENCE):
            return 0.0
        return ORPHAN * (width_since_comma < ORPHAN_WIDTH)

    def _opening_alone(self, end: int, last: str) -> float:
        first = self.last_sentence[end]
        if self._costs[end] <= SENTENCE or end - first > OPENING_WORDS or last in _STRONG:
            return 0.0
        return OPENINGS_ALONE if first < self._last_comma[end] else OPENING_ALONE


NO_BREAK, NARROW = "\u00a0", "\u202f"

# A mark that touches a word belongs to that word, as in "…et puis" or the German »so«.
_BEFORE_MARKS = re.compile(r" (?=[;:!?…»”›%‰°€$£–—](?!\w))")
_AFTER_MARKS = re.compile(r"(?:(?<=[\s(\[’'—–][«„“‹¿¡])|(?<=^[«„“‹¿¡])) (?=\S)", re.MULTILINE)
_GROUPED_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_OPENING = frozenset("«„“‹([{¿¡")
_APART = _OPENING | {*DASHES, "/"}  # marks that do not belong to the previous word
_UNIT = re.compile(r"(?<=\d) (?=([°%‰€$£]?[^\W\d_]*)(?![\w’']))")
_MINUTES = re.compile(r"(?<=\d[ \u00a0]h) (?=\d\d(?!\w))")


def unbroken(text: str, language: str) -> str:
    """Replace each space at which no line may end by a no-break space, a narrow one if usual in the language.

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
        # In "from 5 to 6", "to" is no unit, as it is in another language.
        return NO_BREAK if word in UNITS and word not in language.breaks.phrase | language.breaks.clause else " "

    # No step changes an offset, so that ``before_mark`` may look at the original text.
    shown = _BEFORE_MARKS.sub(before_mark, text)
    shown = _AFTER_MARKS.sub(NO_BREAK, shown)
    shown = _GROUPED_NUMBER.sub(lambda number: number[0].replace(" ", grouping), shown)
    shown = _MINUTES.sub(NO_BREAK, shown)
    return _UNIT.sub(before_unit, shown)


def unbroken_tokens(tokens: Sequence[Token], language: Captioning) -> Iterator[tuple[str, str]]:
    """Yield (space before the token, text of the token) for each token, with no-break spaces where no line may end."""
    shown = _unbroken("".join(token.before + token.text for token in tokens), language)
    at = 0
    for token in tokens:
        start = at + len(token.before)
        end = start + len(token.text)
        yield shown[at:start], shown[start:end]
        at = end


def with_punctuation(text: str, start: int, end: int, within: range) -> tuple[int, int]:
    """Extend the range of a word, ``[start, end)``, to include its punctuation. ``text`` comes from ``unbroken``.

    Punctuation touches the word or a no-break space beside it. Opening marks belong to the next word, dashes and
    slashes to none, all other marks to the previous word. The result stays in ``within``, a range without other words.

    Examples
    --------
    >>> with_punctuation("dit «\\xa0oui\\u202f!\\xa0»\\xa0– et", 6, 9, range(3, 16))
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
    """Replace narrow no-break spaces by wide ones, for text that other apps will display. Every font has U+00A0, but
    some show U+202F as a box, and X counts U+202F as two characters."""
    return text.replace(NARROW, NO_BREAK)
