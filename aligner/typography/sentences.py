"""Sentences: where one ends, which of them are shown, and how quotation marks nest in them.

A mark opens where a word follows and none comes before it, and closes the other way round; where that does not tell,
its shape does. That reads „deutsch“, »deutsch«, “English” and « français » alike. A single mark between letters, or
without a partner, is an apostrophe.

A sentence of which nothing is spoken is left out, and so is a stage direction beside it. Words without a time inside a
spoken sentence stay in it so that it reads whole; a longer run of them is left out, since it would take the time in
which what is said can be read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, takewhile

from aligner.languages import Captioning, language_of, of_all
from aligner.model import Span
from aligner.typography.tokens import DASHES, Token, tokens_width

_OPENING, _CLOSING, _EITHER = "«“„‟‹‘‚‛", "»”›’", "\"'"
_SINGLE = "‘’‚‛'"
_PAUSES = " \u00a0\u202f\n,;:–—"
_WITHIN = " \u00a0\u202f"  # between a mark and its quotation
_SPACES = _WITHIN + "\n"
_BRACKETS = "([{"
# What closes a quotation of which only the opening mark is known, and the other way round.
_CLOSED_BY = str.maketrans("«»“”„‟‹›‘’‚‛", "»«””“”›‹’’‘’")
_OPENED_BY = str.maketrans("»«”“›‹’‘", "«»“„‹›‘‚")

_MOST_MARKS = 1000  # half an hour of talk has a tenth of that; what has more is no text to be nested

Marks = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark at an index of a text."""

    at: int
    opens: bool
    single: bool


def quoted(text: str, outer: Marks, inner: Marks) -> str:
    """The text between the ``outer`` marks, quotations in it between the ``inner`` ones, and so on in turn.

    A pause at its end is dropped. A quotation of which it has only one end is closed at the other; a text that is a
    quotation as a whole has one pair of marks.

    Examples
    --------
    >>> quoted("Il dit « oui », ", ("«", "»"), ("“", "”"))
    '«Il dit “oui”»'
    """
    text = without_pause(text.strip())
    marks = list(_marks(text))
    if len(marks) > _MOST_MARKS:
        return text.join(outer)
    pairs = list(_paired(text, marks))
    whole = any(start <= 0 and len(text) - 1 <= end and (start, end) != (-1, len(text)) for start, end in pairs)
    put: dict[int, str] = {}
    # From without to within: what begins before the text, or ends after it, nests too.
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        depth = sum((s < start and end <= e) or (s <= start and end < e) for s, e in pairs)
        opening, closing = (outer, inner)[(depth + (not whole)) % 2]
        if not any(map(str.isalnum, text[max(start, 0) : end])):  # a mark of what lies outside the text
            opening = closing = ""
        put[start] = put.get(start, "") + opening
        put[end] = closing + put.get(end, "")
    body = put.get(-1, "") + _set(text, put, {start for start, _ in pairs}) + put.get(len(text), "")
    return body if whole else body.join(outer)


def lost_marks(text: str, before: str = "", after: str = "") -> tuple[str, str]:
    """What must stand at the beginning and at the end of a text that was cut out, so that each quotation is whole.

    ``before`` and ``after`` are what it was cut from: a mark that is there is written as it is there.

    Examples
    --------
    >>> lost_marks("dit « non,", after=" jamais ».")
    ('', ' »')
    """
    whole, first, end = before + text + after, len(before), len(before) + len(text)
    marks = list(_marks(whole))
    if len(marks) > _MOST_MARKS:
        return "", ""
    pairs = list(_paired(whole, marks))
    lost_ends = [(start, stop) for start, stop in pairs if first <= start < end <= stop]
    lost_starts = [(start, stop) for start, stop in pairs if start < first <= stop < end]
    closing = "".join(
        _written(whole, stop, -1) if stop < len(whole) else _written(whole, start, 1)[::-1].translate(_CLOSED_BY)
        for start, stop in sorted(lost_ends, key=lambda pair: (pair[1], -pair[0]))
        if "\n" + whole[start] not in whole[start:end]  # else each of its paragraphs opens with the mark
    )
    opening = "".join(
        _written(whole, start, 1) if start >= 0 else _written(whole, stop, -1)[::-1].translate(_OPENED_BY)
        for start, stop in sorted(lost_starts, key=lambda pair: (pair[0], -pair[1]))
    )
    return opening, closing


def marks_lost_between(parts: Sequence[str], shown: Sequence[bool]) -> dict[int, Marks]:
    """What must stand before and after some parts of a text so that quotations are whole where parts are not shown.

    A quotation of which one mark is shown gets the other beside what is shown of it.

    Examples
    --------
    >>> marks_lost_between(["dit", " « oui", " mais", " non »", " et part"], [True, True, False, False, True])
    {1: ('', ' »')}
    """
    whole, ends = "".join(parts), list(accumulate(map(len, parts)))
    marks = list(_marks(whole))
    if len(marks) > _MOST_MARKS:
        return {}
    pairs = [(start, stop) for start, stop in _paired(whole, marks) if start >= 0 and stop < len(whole)]
    count = len(parts)
    last_shown = list(accumulate((at if is_shown else -1 for at, is_shown in enumerate(shown)), max))
    first_shown = list(accumulate((at if shown[at] else count for at in reversed(range(count))), min))[::-1]
    lost: dict[int, Marks] = {}
    for start, stop in sorted(pairs, key=lambda pair: pair[1]):
        first, last = bisect_right(ends, start), bisect_right(ends, stop)
        if shown[first] and not shown[last]:
            opening, closing = lost.get(last_shown[last], ("", ""))
            lost[last_shown[last]] = opening, closing + _written(whole, stop, -1)
        elif shown[last] and not shown[first]:
            opening, closing = lost.get(first_shown[first], ("", ""))
            lost[first_shown[first]] = _written(whole, start, 1) + opening, closing
    return lost


def _written(text: str, at: int, side: int) -> str:
    """The mark at an index with the space on that ``side``, 1 or -1, if there is one."""
    space = text[at + side : at + side + 1] if at + side >= 0 else ""
    mark = text[at] + (space if space in _WITHIN else "")
    return mark[::side]


def without_pause(text: str) -> str:
    """Without a comma or the like at the end, or before the marks at the end: what was to follow was not quoted.

    Examples
    --------
    >>> without_pause("un tandem de 1958\u202f:")
    'un tandem de 1958'
    """
    text = text.rstrip(_PAUSES)
    core = text.rstrip(_CLOSING + '"' + _SPACES)
    return core.rstrip(_PAUSES) + text[len(core) :] if core[-1:] in _PAUSES else text


def _marks(text: str) -> Iterator[_Mark]:
    """The marks that may be of quotations, in order."""
    depth = 0
    for at, character in enumerate(text):
        if character not in _OPENING + _CLOSING + _EITHER:
            continue
        before, after = text[at - 1 : at] if at else " ", text[at + 1 : at + 2] or " "
        if character in _SINGLE and before.isalnum() and after.isalnum():
            continue
        opens = before in _SPACES + _BRACKETS + DASHES + _OPENING
        closes = not after.isalnum() and after not in _OPENING
        if opens == closes:
            opens = character in _OPENING or (character in _EITHER and not depth)
        depth += 1 if opens else -1
        yield _Mark(at, opens, character in _SINGLE)


def _paired(text: str, marks: Sequence[_Mark]) -> Iterator[tuple[int, int]]:
    """The indices of the marks of each quotation; -1 where it began before the text, its length where it ends after."""
    waiting: list[_Mark] = []
    for mark in marks:
        partner = next((k for k in reversed(range(len(waiting))) if waiting[k].single == mark.single), None)
        if mark.opens:
            waiting.append(mark)
        elif partner is not None:
            yield waiting[partner].at, mark.at
            yield from ((other.at, mark.at) for other in waiting[partner + 1 :] if not other.single)
            del waiting[partner:]
        elif not mark.single and not (text[mark.at] == '"' and text[mark.at - 1].isdigit()):  # inches
            yield -1, mark.at
    yield from ((mark.at, len(text)) for mark in waiting if not mark.single)


def _set(text: str, put: dict[int, str], starts: Set[int]) -> str:
    """The text with other marks at some indices; each brings its own space within, if any."""
    parts: list[str] = []
    opened = False
    for at, character in enumerate(text):
        if at in put:
            while parts and at not in starts and parts[-1] in _SPACES:
                parts.pop()
            parts.append(put[at])
            opened = at in starts
        elif not (opened and character in _SPACES):
            parts.append(character)
            opened = False
    return "".join(parts)


CLOSERS = "»”’\"')]}›*_ \u00a0\u202f"
OPENERS = "«“„‹([{¿¡\"'‘*_ \u00a0\u202f–—-"
TERMINALS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
# A sentence may hold so many characters in a row that nobody says, half a line: readers have time for no more.
READS_WHOLE = 21
_SHORT_FORMS = of_all(lambda language: language.captioning.short_forms)
_ORDINAL = re.compile(r"\d{1,3}")
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence, or of a stage direction that stands between two."""

    tokens: list[Token]

    @property
    def stage(self) -> bool:
        return all(token.stage for token in self.tokens)

    @property
    def start(self) -> float:
        """When its first timed token starts; 0 where none has a time."""
        return next((token.span.start for token in self.tokens if token.span), 0.0)

    @property
    def end(self) -> float:
        """When its last timed token ends; 0 where none has a time."""
        return next((token.span.end for token in reversed(self.tokens) if token.span), 0.0)

    def spans(self) -> list[Span]:
        """When each token is said; the untimed are points, where the next timed one starts or the last ends."""
        upcoming = max((token.span.end for token in self.tokens if token.span), default=0.0)
        spans: list[Span] = []
        for token in reversed(self.tokens):
            spans.append(token.span or Span(upcoming, upcoming))
            upcoming = spans[-1].start
        return spans[::-1]


def ends_sentence(text: str, following: str, language: Captioning) -> bool:
    """Whether a token ends its sentence, given the text of the next one (empty at the end of a paragraph)."""
    if not following:
        return True
    if not text.rstrip(CLOSERS).endswith(TERMINALS) or goes_on_after_stop(text, following, language):
        return False
    return not following.lstrip(OPENERS)[:1].islower()


def goes_on_after_stop(text: str, following: str, language: Captioning) -> bool:
    """Whether the full stop that a token ends with is that of an abbreviation, or of an ordinal in figures."""
    core = text.rstrip(CLOSERS)
    if not core.endswith(".") or core.endswith(".."):
        return False
    word = core[:-1].lstrip(OPENERS)
    return _is_abbreviation(word, language) or (language.ordinal_stop and _is_ordinal(word, following, language))


def _is_abbreviation(word: str, language: Captioning) -> bool:
    if (len(word) == 1 and word.isupper()) or re.fullmatch(r"(\w\.)+\w", word):
        return True
    small = word.lower()
    elided = small.replace("’", "'").rpartition("'")[2]
    return small in _SHORT_FORMS or elided in language.short_forms | language.own_short_forms


def _is_ordinal(word: str, following: str, language: Captioning) -> bool:
    """Whether a number is the ordinal of what follows: a noun, or a name of a month, begins few sentences."""
    first = _FIRST_WORD.match(following.lstrip(OPENERS))
    if not _ORDINAL.fullmatch(word) or first is None or not first[0][0].isalpha():
        return False
    return first[0].lower() not in language.clinging | language.leaning | language.clause | language.openers


def read_sentences(paragraphs: list[list[Token]], words: range | None = None) -> list[Sentence]:
    """The sentences and stage directions of the paragraphs, or of that part of them that ``words`` indexes."""
    return _shown(_sentences(_within(paragraphs, words)))


def without_stage(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences without stage directions, neither between them nor within."""
    return [Sentence([t for t in each.tokens if not t.stage]) for each in sentences if not each.stage]


def with_whole_quotations(sentences: list[Sentence], paragraphs: list[list[Token]]) -> list[Sentence]:
    """The sentences that are shown of the paragraphs, with the marks that quotations lost in what is not."""
    shown = {id(token) for sentence in sentences for token in sentence.tokens}
    marked: dict[int, Token] = {}
    for paragraph in paragraphs:
        tokens = [token for token in paragraph if not token.stage]
        is_shown = [id(token) in shown for token in tokens]
        if all(is_shown) or not any(is_shown):
            continue
        lost = marks_lost_between([token.before + token.text for token in tokens], is_shown)
        for at, (opening, closing) in lost.items():
            marked[id(tokens[at])] = replace(tokens[at], text=opening + tokens[at].text + closing)
    return (
        [Sentence([marked.get(id(token), token) for token in each.tokens]) for each in sentences]
        if marked
        else sentences
    )


def as_excerpt(sentences: list[Sentence], paragraphs: list[list[Token]]) -> list[Sentence]:
    """The sentences of a part of the paragraphs, with the marks of each quotation that was cut in two, and without a
    pause at the end."""
    tokens = [token for sentence in sentences for token in sentence.tokens if not token.stage]
    if not tokens:
        return sentences
    first, last = tokens[0], tokens[-1]
    opening, closing = marks_lost_by(tokens, paragraphs)

    def marked(token: Token) -> Token:
        text = opening * (token is first) + token.text + closing * (token is last)
        return replace(token, text=without_pause(text) if token is last else text)

    return [Sentence([marked(token) for token in sentence.tokens]) for sentence in sentences]


def marks_lost_by(tokens: list[Token], paragraphs: list[list[Token]]) -> tuple[str, str]:
    """What must stand before and after the tokens, a part of the paragraphs, so that their quotations are whole."""
    first, last = tokens[0], tokens[-1]
    opened = next(each for each in paragraphs if each[0].paragraph == first.paragraph)
    closed = next(each for each in paragraphs if each[0].paragraph == last.paragraph)
    parts = opened[: opened.index(first)], tokens, closed[closed.index(last) + 1 :]
    before, text, after = ("".join(_spaced(part)) for part in parts)
    return lost_marks(text.removeprefix(first.before), before + first.before, after)


def _spaced(tokens: list[Token]) -> Iterator[str]:
    """The text of each token with what stands before it, a line for each paragraph."""
    for number, token in enumerate(tokens):
        starts = number > 0 and token.paragraph != tokens[number - 1].paragraph
        yield "\n" + token.text if starts else token.before + token.text


def sentence_words(paragraphs: Iterable[list[Token]]) -> Iterator[range]:
    """The words of each sentence, spoken or not, in order; those of stage directions belong to none."""
    for sentence in _sentences([token for token in paragraph if not token.stage] for paragraph in paragraphs):
        words = [token.word for token in sentence.tokens if token.word is not None]
        if words:
            yield range(words[0], words[-1] + 1)


def _within(paragraphs: list[list[Token]], words: range | None) -> list[list[Token]]:
    if words is None:
        return paragraphs
    tokens = [token for paragraph in paragraphs for token in paragraph]
    inside = [position for position, token in enumerate(tokens) if token.word is not None and token.word in words]
    if not inside:
        return []
    kept: list[list[Token]] = []
    for token in tokens[inside[0] : inside[-1] + 1]:
        if not kept or kept[-1][-1].paragraph != token.paragraph:
            kept.append([])
        kept[-1].append(token)
    return kept


def _sentences(paragraphs: Iterable[list[Token]]) -> Iterator[Sentence]:
    for paragraph in paragraphs:
        sentence: list[Token] = []
        for position, token in enumerate(paragraph):
            if sentence and sentence[-1].stage and not token.stage and all(other.stage for other in sentence):
                yield Sentence(sentence)
                sentence = []
            sentence.append(token)
            following = paragraph[position + 1].text if position + 1 < len(paragraph) else ""
            language = language_of(token.language).captioning
            if not token.stage and ends_sentence(token.text, following, language):
                yield Sentence(sentence)
                sentence = []
        if sentence:
            yield Sentence(sentence)


def _shown(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Leave out sentences without a spoken word, and stage directions beside them: their place is not known."""
    kept: list[Sentence] = []
    pending: list[Sentence] = []
    known = True
    for sentence in sentences:
        if sentence.stage:
            pending.append(sentence)
            continue
        spoken = any(token.timed for token in sentence.tokens)
        if spoken:
            kept += pending * known + [_said(sentence)]
        known, pending = spoken, []
    return kept + pending * (known and bool(kept))


def _said(sentence: Sentence) -> Sentence:
    """The sentence without the long runs of words in it that nobody says."""
    tokens = sentence.tokens
    edges = [at for at, (one, other) in enumerate(pairwise(tokens), start=1) if one.timed != other.timed]
    said: list[Token] = []
    for first, last in pairwise([0, *edges, len(tokens)]):
        run = tokens[first:last]
        if run[0].timed or tokens_width(token for token in run if not token.stage) <= READS_WHOLE:
            said += run
            continue
        # Stage directions next to what is said have their place beside it.
        said += takewhile(_is_stage, run if first else ())
        said += reversed(list(takewhile(_is_stage, reversed(run if last < len(tokens) else ()))))
    return Sentence(said)


def _is_stage(token: Token) -> bool:
    return token.stage
