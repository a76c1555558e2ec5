"""Nest quotation marks, and complete the quotation marks of an excerpt.

A mark after a space opens a quotation, and a mark before a space or punctuation closes one; if both or neither is true,
the mark's shape decides. So „deutsch“, »deutsch«, “English” and « français » are all recognised. A single mark is an
apostrophe if it stands between letters, or if its counterpart is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from aligner.typography.tokens import DASHES, Sentence, Token

_OPENING, _CLOSING, _EITHER = "«“„‟‹‘‚‛", "»”›’", "\"'"
_SINGLE = "‘’‚‛'"
_PAUSES = " \u00a0\u202f\n,;:–—"
_INNER_SPACES = " \u00a0\u202f"  # between a mark and its quotation
_SPACES = _INNER_SPACES + "\n"
_BRACKETS = "([{"
# The closing mark for each opening mark, and the reverse.
_CLOSED_BY = str.maketrans("«»“”„‟‹›‘’‚‛", "»«””“”›‹’’‘’")
_OPENED_BY = str.maketrans("»«”“›‹’‘", "«»“„‹›‘‚")

_MAX_MARKS = 1000  # ten times as many as in half an hour of speech; the time to nest grows with their square

Marks = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark: its index in the text, whether it opens a quotation, and whether it is a single mark."""

    at: int
    opens: bool
    single: bool


def quoted(text: str, outer: Marks, inner: Marks) -> str:
    """Put a text in ``outer`` marks, quotations inside the text in ``inner`` marks, and so on alternately.

    A comma or similar mark at the end is removed. A quotation without a closing mark gets one at the end of the text. A
    text that is a quotation as a whole gets one pair of marks.

    Examples
    --------
    >>> quoted("Il dit « oui », ", ("«", "»"), ("“", "”"))
    '«Il dit “oui”»'
    """
    text = without_pause(text.strip())
    marks = list(_marks(text))
    if len(marks) > _MAX_MARKS:
        return text.join(outer)
    pairs = list(_paired(text, marks))
    whole = any(start <= 0 and len(text) - 1 <= end and (start, end) != (-1, len(text)) for start, end in pairs)
    marked: dict[int, str] = {}
    # From the outermost inwards; a quotation may start before the text or end after it.
    for start, end in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        depth = sum((s < start and end <= e) or (s <= start and end < e) for s, e in pairs)
        opening, closing = (outer, inner)[(depth + (not whole)) % 2]
        if not any(map(str.isalnum, text[max(start, 0) : end])):  # the quotation lies outside the text
            opening = closing = ""
        marked[start] = marked.get(start, "") + opening
        marked[end] = closing + marked.get(end, "")
    body = _with_marks(text, marked, {start for start, _ in pairs})
    body = marked.get(-1, "") + body + marked.get(len(text), "")
    return body if whole else body.join(outer)


def lost_marks(text: str, before: str = "", after: str = "") -> tuple[str, str]:
    """Return the marks to add at the start and at the end of an excerpt, so that each quotation is complete.

    ``before`` and ``after`` are the text around the excerpt. If they contain the missing mark, it is copied.

    Examples
    --------
    >>> lost_marks("dit « non,", after=" jamais ».")
    ('', ' »')
    """
    whole, first, end = before + text + after, len(before), len(before) + len(text)
    marks = list(_marks(whole))
    if len(marks) > _MAX_MARKS:
        return "", ""
    pairs = list(_paired(whole, marks))
    lost_ends = [(start, stop) for start, stop in pairs if first <= start < end <= stop]
    lost_starts = [(start, stop) for start, stop in pairs if start < first <= stop < end]
    closing = "".join(
        _written(whole, stop, -1) if stop < len(whole) else _written(whole, start, 1)[::-1].translate(_CLOSED_BY)
        for start, stop in sorted(lost_ends, key=lambda pair: (pair[1], -pair[0]))
        if "\n" + whole[start] not in whole[start:end]  # unless each paragraph of the quotation opens with the mark
    )
    opening = "".join(
        _written(whole, start, 1) if start >= 0 else _written(whole, stop, -1)[::-1].translate(_OPENED_BY)
        for start, stop in sorted(lost_starts, key=lambda pair: (pair[0], -pair[1]))
    )
    return opening, closing


def _written(text: str, at: int, side: int) -> str:
    """Return the quotation mark at index ``at``, and the space between the mark and the quotation if there is one.
    ``side`` is 1 for an opening mark, -1 for a closing mark."""
    space = text[at + side : at + side + 1] if at + side >= 0 else ""
    mark = text[at] + (space if space in _INNER_SPACES else "")
    return mark[::side]


def without_pause(text: str) -> str:
    """Return the text without a comma or similar mark at its end or before its final quotation marks.

    Examples
    --------
    >>> without_pause("un tandem de 1958\u202f:")
    'un tandem de 1958'
    """
    text = text.rstrip(_PAUSES)
    core = text.rstrip(_CLOSING + '"' + _SPACES)
    return core.rstrip(_PAUSES) + text[len(core) :] if core[-1:] in _PAUSES else text


def _marks(text: str) -> Iterator[_Mark]:
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
    """Yield the indices of the two marks of each quotation. The index of a missing mark is -1 or the text's length."""
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


def _with_marks(text: str, marked: dict[int, str], starts: Set[int]) -> str:
    """Replace quotation marks, and remove spaces between a mark and the quotation. ``marked`` holds the new marks by
    the index of the old mark; ``starts`` holds the indices of opening marks."""
    parts: list[str] = []
    opened = False
    for at, character in enumerate(text):
        if at in marked:
            while parts and at not in starts and parts[-1] in _SPACES:
                parts.pop()
            parts.append(marked[at])
            opened = at in starts
        elif not (opened and character in _SPACES):
            parts.append(character)
            opened = False
    return "".join(parts)


def as_excerpt(sentences: list[Sentence], paragraphs: list[list[Token]]) -> list[Sentence]:
    """Complete the quotation marks of the excerpt ``sentences``, and remove a comma at the end of the excerpt.
    ``paragraphs`` holds the whole paragraphs from which the excerpt is taken."""
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
    """Return the marks to add before and after ``tokens``, an excerpt of ``paragraphs``, to complete quotations."""
    first, last = tokens[0], tokens[-1]
    opened = next(each for each in paragraphs if each[0].paragraph == first.paragraph)
    closed = next(each for each in paragraphs if each[0].paragraph == last.paragraph)
    parts = opened[: opened.index(first)], tokens, closed[closed.index(last) + 1 :]
    before, text, after = ("".join(_spaced(part)) for part in parts)
    return lost_marks(text.removeprefix(first.before), before + first.before, after)


def _spaced(tokens: list[Token]) -> Iterator[str]:
    for number, token in enumerate(tokens):
        starts = number > 0 and token.paragraph != tokens[number - 1].paragraph
        yield "\n" + token.text if starts else token.before + token.text
